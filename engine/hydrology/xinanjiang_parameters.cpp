#include "engine/hydrology/xinanjiang_parameters.h"

#include <fmt/format.h>

#include <set>

#include "engine/config/toml_source.h"
#include "engine/core/error.h"

namespace guyu {
namespace {

using P = ParamType;

// Bounds hold what published calibrations search, rounded outwards: Zhao (1992), J. Hydrology 135; Zhao and Liu (1995), The Xinanjiang model, in Singh (ed.),
// Computer Models of Watershed Hydrology; table 1 of Mathematical Problems in Engineering 2014, 985054. Rates and recessions of a day.
constexpr XinanjiangKey kKeys[] = {
    {"evaporation_factor", &XinanjiangParameters::evaporation_factor, "1", "K, of the potential evaporation", 0.2, 1.5},
    {"upper_mm", &XinanjiangParameters::upper_mm, "mm", "WUM, tension water of the upper layer", 5, 60},
    {"lower_mm", &XinanjiangParameters::lower_mm, "mm", "WLM, of the lower layer", 10, 175},
    {"deep_mm", &XinanjiangParameters::deep_mm, "mm", "WDM, of the deep layer", 0, 150},
    {"curve", &XinanjiangParameters::curve, "1", "B, how the tension water capacity is spread", 0.05, 1.5},
    {"deep_evaporation", &XinanjiangParameters::deep_evaporation, "1", "C, evaporation from the deep layer", 0.05, 0.3},
    {"impervious", &XinanjiangParameters::impervious, "1", "IM, share of the area", 0, 0.3},
    {"free_mm", &XinanjiangParameters::free_mm, "mm", "SM, free water capacity", 5, 80},
    {"free_curve", &XinanjiangParameters::free_curve, "1", "EX, how it is spread", 0.1, 2},
    {"interflow_rate", &XinanjiangParameters::interflow_rate, "1", "KI, of the free water in a day", 0.01, 0.7},
    {"groundwater_rate", &XinanjiangParameters::groundwater_rate, "1", "KG, of the free water in a day; KI + KG at most 1", 0.01, 0.7},
    {"interflow_recession", &XinanjiangParameters::interflow_recession, "1", "CI, what is left of interflow after a day", 0.1, 0.95},
    {"groundwater_recession", &XinanjiangParameters::groundwater_recession, "1", "CG, what is left of groundwater after a day", 0.6, 0.999},
    {"stable_infiltration_mm_h", &XinanjiangParameters::stable_infiltration_mm_h, "mm h-1",
     "Above 0: the split in two of Zhao and others (1980) instead of the free water", 0, 30, "0"},
};

XinanjiangSoil soil_of(const ConfigTable& t) {
  XinanjiangSoil soil{static_cast<int>(t.integer("class")), t.text("calibrated_on"), {}};
  for (const XinanjiangKey& k : kKeys) soil.parameters.*k.value = t.number(k.key);
  try {
    check(soil.parameters);
  } catch (const Error& e) {
    throw Error(t.place("interflow_rate"), e.what());
  }
  return soil;
}

}  // namespace

std::span<const XinanjiangKey> xinanjiang_keys() { return kKeys; }

TableSpec xinanjiang_spec() {
  TableSpec soil{"soil", "Parameters of one class of ground", true, true, {}, {}};
  soil.params = {{"class", P::integer, "Number in the map of classes", "1", "", 0, 32767},
                 {"calibrated_on", P::text, "Record that the set was fitted to; without it results are told as not calibrated", ""}};
  for (const XinanjiangKey& k : kKeys) {
    soil.params.push_back({k.key, P::number, k.doc, {}, "", k.least, k.most});
    if (k.fallback) soil.params.back().fallback = k.fallback;
  }
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
