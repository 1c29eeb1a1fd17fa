#include "engine/hydrology/xinanjiang_parameters.h"

#include <fmt/format.h>

#include <set>

#include "engine/config/toml_source.h"
#include "engine/core/error.h"

namespace guyu {
namespace {

using P = ParamType;

struct Member {
  const char* key;
  double XinanjiangParameters::*value;
  const char* doc;
  double least, most;
};

// Bounds hold what published calibrations search, rounded outwards: Zhao (1992), J. Hydrology 135; Zhao and Liu (1995), The Xinanjiang model, in Singh (ed.),
// Computer Models of Watershed Hydrology; table 1 of Mathematical Problems in Engineering 2014, 985054. Rates and recessions of a day.
const Member kMembers[] = {
    {"evaporation_factor", &XinanjiangParameters::evaporation_factor, "K, of the potential evaporation", 0.2, 1.5},
    {"upper_mm", &XinanjiangParameters::upper_mm, "WUM, tension water of the upper layer", 5, 60},
    {"lower_mm", &XinanjiangParameters::lower_mm, "WLM, of the lower layer", 10, 175},
    {"deep_mm", &XinanjiangParameters::deep_mm, "WDM, of the deep layer", 0, 150},
    {"curve", &XinanjiangParameters::curve, "B, how the tension water capacity is spread", 0.05, 1.5},
    {"deep_evaporation", &XinanjiangParameters::deep_evaporation, "C, evaporation from the deep layer", 0.05, 0.3},
    {"impervious", &XinanjiangParameters::impervious, "IM, share of the area", 0, 0.3},
    {"free_mm", &XinanjiangParameters::free_mm, "SM, free water capacity", 5, 80},
    {"free_curve", &XinanjiangParameters::free_curve, "EX, how it is spread", 0.1, 2},
    {"interflow_rate", &XinanjiangParameters::interflow_rate, "KI, of the free water in a day", 0.01, 0.7},
    {"groundwater_rate", &XinanjiangParameters::groundwater_rate, "KG, of the free water in a day; KI + KG at most 1", 0.01, 0.7},
    {"interflow_recession", &XinanjiangParameters::interflow_recession, "CI, what is left of interflow after a day", 0.1, 0.95},
    {"groundwater_recession", &XinanjiangParameters::groundwater_recession, "CG, what is left of groundwater after a day", 0.6, 0.999},
};

XinanjiangSoil soil_of(const ConfigTable& t) {
  XinanjiangSoil soil{static_cast<int>(t.integer("class")), t.text("calibrated_on"), {}};
  for (const Member& m : kMembers) soil.parameters.*m.value = t.number(m.key);
  soil.parameters.stable_infiltration_mm_h = t.number("stable_infiltration_mm_h");
  try {
    check(soil.parameters);
  } catch (const Error& e) {
    throw Error(t.place("interflow_rate"), e.what());
  }
  return soil;
}

}  // namespace

TableSpec xinanjiang_spec() {
  TableSpec soil{"soil", "Parameters of one class of ground", true, true, {}, {}};
  soil.params = {{"class", P::integer, "Number in the map of classes", "1", "", 0, 32767},
                 {"calibrated_on", P::text, "Record that the set was fitted to; without it results are told as not calibrated", ""}};
  for (const Member& m : kMembers) soil.params.push_back({m.key, P::number, m.doc, {}, "", m.least, m.most});
  soil.params.push_back(
      {"stable_infiltration_mm_h", P::number, "Above 0: the split in two of Zhao and others (1980) instead of the free water", "0", "", 0, 30});
  return {"", "Parameters of the Xinanjiang model", false, false, {}, {soil}};
}

std::vector<XinanjiangSoil> read_xinanjiang_parameters(const std::string& path) {
  const Config config = load_config(path, xinanjiang_spec());
  std::vector<XinanjiangSoil> out;
  std::set<int> classes;
  for (const ConfigTable& t : config.root.tables("soil")) {
    out.push_back(soil_of(t));
    if (!classes.insert(out.back().soil_class).second)
      throw Error(t.place("class"), fmt::format("class {} is told twice", out.back().soil_class), "give each [[soil]] a class of its own");
  }
  return out;
}

}  // namespace guyu
