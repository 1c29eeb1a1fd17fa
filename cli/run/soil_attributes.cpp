#include "cli/run/soil_attributes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>
#include <map>
#include <set>
#include <utility>

#include "cli/runoff_choice.h"

namespace guyu::cli {

void add_soil_attributes(const std::string& path, const std::vector<XinanjiangSoil>& soils, HazardInputs& inputs, RunReport& report) {
  report.notes.push_back("soils: " + fitted_text(path, soils));
  const RegionAttribute* classes = inputs.find_attribute("soil_class");
  std::map<float, const XinanjiangSoil*> soil_of;
  for (const XinanjiangSoil& s : soils) soil_of[static_cast<float>(s.soil_class)] = &s;
  std::vector<const XinanjiangSoil*> of_region(inputs.regions, !classes && soils.size() == 1 ? &soils.front() : nullptr);
  if (!classes && soils.size() > 1)
    report.degraded.push_back(
        fmt::format("soils: {} has {} classes of soil, and no attribute soil_class tells which one a region has: add a table of it to "
                    "[regions] attribute_tables",
                    path, soils.size()));
  std::set<float> strange;
  for (std::size_t r = 0; classes && r < inputs.regions; ++r) {
    const float c = classes->values[r];
    if (const auto found = soil_of.find(c); found != soil_of.end()) of_region[r] = found->second;
    else if (c == c) strange.insert(c);
  }
  if (!strange.empty())
    report.degraded.push_back(fmt::format("soils: classes without parameters: {:g}: add a [[soil]] for each to {}", fmt::join(strange, ", "), path));
  for (const XinanjiangKey& key : xinanjiang_keys()) {
    RegionAttribute a{std::string("xinanjiang_") + key.key, key.unit, {}};
    if (inputs.find_attribute(a.name)) {
      report.notes.push_back("attributes: " + path + ": " + a.name + " is given before; the first stands");
      continue;
    }
    for (const XinanjiangSoil* s : of_region) a.values.push_back(s ? static_cast<float>(s->parameters.*key.value) : std::numeric_limits<float>::quiet_NaN());
    inputs.attributes.push_back(std::move(a));
  }
}

}  // namespace guyu::cli
