#include <algorithm>
#include <string>

#include "engine/core/error.h"
#include "models/computed_series.h"
#include "models/models.h"

namespace guyu {

// One line each, by name.
const std::vector<const SeriesModel*>& series_models() {
  static const std::vector<const SeriesModel*> all{
      &fire_weather_index_model(), &flash_flood_model(), &landslide_ratio_model(), &seismic_intensity_model(), &waterlogging_model(),
  };
  return all;
}

const SeriesModel& series_model(const std::string& name) {
  std::vector<std::string> names;
  for (const SeriesModel* m : series_models()) {
    if (m->info().name == name) return *m;
    names.push_back(m->info().name);
  }
  std::string list;
  for (const std::string& n : names) list += (list.empty() ? "" : ", ") + n;
  const std::string near = nearest_word(name, names);
  throw Error("", "there is no model \"" + name + "\"" + (near.empty() ? "" : "; did you mean \"" + near + "\"?"), "the models are " + list);
}

ModelParams default_params(const SeriesModel& model) {
  ModelParams out;
  for (const ParamSpec& p : model.info().params) {
    const std::string& text = p.fallback.value();
    if (p.type == ParamType::text || p.type == ParamType::path) {
      out.words[p.key] = text;
      continue;
    }
    out.numbers[p.key] = p.type == ParamType::duration ? parse_duration(text) : p.type == ParamType::quantity ? parse_quantity(text, p.unit) : std::stod(text);
  }
  return out;
}

std::vector<TableSpec> model_tables() {
  std::vector<TableSpec> out;
  for (const SeriesModel* m : series_models()) {
    const ModelInfo& i = m->info();
    out.push_back(
        {i.name, i.title + " (" + i.source + "): gives " + i.quantity + " " + i.statistic + ". See models/" + i.name + ".md.", false, false, i.params});
  }
  return out;
}

}  // namespace guyu
