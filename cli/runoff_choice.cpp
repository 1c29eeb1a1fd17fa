#include "cli/runoff_choice.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "cli/forecast/terrain.h"
#include "engine/core/error.h"
#include "engine/hydrology/curve_number_runoff.h"
#include "engine/hydrology/xinanjiang_parameters.h"
#include "engine/hydrology/xinanjiang_runoff.h"
#include "engine/regrid/apply.h"
#include "ingest/reader.h"

namespace guyu::cli {
namespace {

// The class of each cell of the ground, that of the raster's nearest cell: NaN where it has none.
std::vector<float> classes_on(const Ground& g, const std::string& path) {
  std::optional<Field> raster;
  read_each(path, {}, [&](Field&& f) {
    if (!raster) raster = std::move(f);
  });
  Plane out(g.grid.ny(), g.grid.nx());
  apply_weights(compute_regrid_weights(raster->grid(), g.grid, RegridMethod::nearest), std::as_const(*raster).view(), {MissingPolicy::renormalise, 0.5},
                out.view());
  return std::move(out.values);
}

// The soils in the order of their sets, and of each cell the set of its class.
XinanjiangGrid columns_of(const Ground& g, const RunoffArguments& a, const std::vector<XinanjiangSoil>& soils) {
  XinanjiangGrid grid{g.grid.ny(), g.grid.nx(), {}, std::vector<std::int16_t>(static_cast<std::size_t>(g.grid.size()), -1)};
  std::map<int, std::int16_t> set_of;
  for (const XinanjiangSoil& s : soils) {
    set_of[s.soil_class] = static_cast<std::int16_t>(grid.sets.size());
    grid.sets.push_back(s.parameters);
  }
  if (a.classes.empty() && soils.size() > 1)
    throw Error(a.parameters, fmt::format("has {} classes of soil, and no map tells where they are", soils.size()), "give --parameter-classes FILE");
  const std::vector<float> classes = a.classes.empty() ? std::vector<float>{} : classes_on(g, a.classes);
  std::set<float> strange;
  bool any = false;
  for (const std::int32_t cell : g.network->order()) {
    const auto c = static_cast<std::size_t>(cell);
    if (classes.empty()) {
      grid.set_of[c] = 0, any = true;
      continue;
    }
    if (std::isnan(classes[c])) continue;
    const auto found = classes[c] == std::floor(classes[c]) && std::abs(classes[c]) < 1e6F ? set_of.find(static_cast<int>(classes[c])) : set_of.end();
    if (found == set_of.end()) strange.insert(classes[c]);
    else grid.set_of[c] = found->second, any = true;
  }
  if (!strange.empty())
    throw Error(a.classes, fmt::format("has classes without parameters: {:g}", fmt::join(strange, ", ")), "add a [[soil]] for each to " + a.parameters);
  if (!any) throw Error(a.classes, "has no class on the grid " + g.grid.describe(), "give a raster that covers the elevation");
  return grid;
}

}  // namespace

std::string fitted_text(const std::string& path, const std::vector<XinanjiangSoil>& soils) {
  if (path.empty()) return "runoff by Xinanjiang, the built-in parameters of a humid southern basin, NOT CALIBRATED";
  std::string fitted;
  std::size_t none = 0;
  for (const XinanjiangSoil& s : soils) {
    if (s.calibrated_on.empty()) ++none;
    else if (fitted.find(s.calibrated_on) == std::string::npos) fitted += (fitted.empty() ? "" : "; ") + s.calibrated_on;
  }
  const std::string of = none == 0 ? "" : none == soils.size() ? ", NOT CALIBRATED" : fmt::format(", {} of {} sets NOT CALIBRATED", none, soils.size());
  return fmt::format("runoff by Xinanjiang, parameters of {}{}{}", path, of, fitted.empty() ? "" : ", calibrated on " + fitted);
}

void RunoffArguments::add_options(Verb& verb) {
  verb.option("--runoff", runoff, "how the ground sheds rain").shows_default().one_of({"curve-number", "xinanjiang"});
  verb.option("--curve-number", curve_number, "of curve-number: that of moderate moisture (USDA), one for all cells, or a raster");
  verb.option("--abstraction", abstraction, "of curve-number: initial loss as a share of the retention").shows_default().between(0.0, 0.5);
  Option sets = verb.option("--parameters", parameters, "of xinanjiang: TOML file with a [[soil]] for each class; without it a set that is fitted to nothing");
  verb.option("--parameter-classes", classes, "of xinanjiang: raster with the class of each cell").needs(sets);
  verb.option("--channel-from", channels.channel_from_km2, "km2 upstream from which a cell is a channel").shows_default().at_least_zero();
  verb.option("--channel-width", channels.width_coefficient, "m: width of a channel that drains 1 km2; it grows with the area's root")
      .shows_default()
      .between(0.1, 100.0);
  verb.option("--manning", channels.channel_manning, "Manning's roughness of channels").shows_default().between(0.01, 0.5);
}

Plane curve_numbers(const Ground& g, const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  Plane out(g.grid.ny(), g.grid.nx(), std::numeric_limits<float>::quiet_NaN());
  if (!text.empty() && *end == '\0') {
    if (!(number > 0) || number > 100) throw Error("--curve-number", text + " is no curve number", "give one above 0 and up to 100, or a raster");
    std::fill(out.values.begin(), out.values.end(), static_cast<float>(number));
    return out;
  }
  const Field raster = raster_on(g.grid, text, false);
  std::size_t known = 0;
  for (std::size_t k = 0; k < out.values.size(); ++k) {
    const float v = raster.values()[k];
    if (v > 0 && v <= 100) out.values[k] = v, ++known;
  }
  if (known == 0) throw Error(text, "has no curve number on the grid " + g.grid.describe(), "give a raster with values above 0 and up to 100");
  return out;
}

RunoffChoice runoff_choice(const Ground& g, const RunoffArguments& a, double daily_recession) {
  if (!a.xinanjiang()) {
    if (!a.parameters.empty()) throw Error("--parameters", "are those of xinanjiang", "add --runoff xinanjiang");
    if (a.curve_number.empty()) throw Error("--curve-number", "is not told", "give one number or a raster, or --runoff xinanjiang");
    return {std::make_unique<CurveNumberRunoff>(*g.network, curve_numbers(g, a.curve_number), a.abstraction, daily_recession), "runoff by curve number"};
  }
  if (!a.curve_number.empty()) throw Error("--curve-number", "is not looked at by runoff by xinanjiang", "leave it out, or --runoff");
  const std::vector<XinanjiangSoil> soils = a.parameters.empty() ? std::vector<XinanjiangSoil>(1) : read_xinanjiang_parameters(a.parameters);
  XinanjiangGrid columns = columns_of(g, a, soils);
  Plane classes(columns.ny, columns.nx, std::numeric_limits<float>::quiet_NaN());
  for (std::size_t k = 0; k < columns.set_of.size(); ++k)
    if (columns.set_of[k] >= 0) classes.values[k] = static_cast<float>(soils[static_cast<std::size_t>(columns.set_of[k])].soil_class);
  return {std::make_unique<XinanjiangRunoff>(std::move(columns), daily_recession), fitted_text(a.parameters, soils), std::move(classes)};
}

}  // namespace guyu::cli
