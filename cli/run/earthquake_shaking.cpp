#include "cli/run/earthquake_shaking.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/core/error.h"
#include "engine/core/hash.h"
#include "engine/seismic/shaking.h"
#include "ingest/earthquake_reader.h"

namespace guyu::cli {

void gather_shaking(const std::vector<InventoryItem>& files, const RunConfig& config, const RegionSet& regions, HazardInputs& inputs, RunReport& report) {
  StageTimer timer(report, "earthquakes");
  std::map<std::string, Earthquake> events;  // the newest report of each
  for (const InventoryItem& item : files) {
    if (item.time > inputs.issue || item.time < inputs.issue - config.earthquake_max_age) continue;
    RunReport::Input input{item.path, "earthquake", "event", "", "", item.time, inputs.issue - item.time};
    try {
      Earthquake e = read_earthquake(item.path);
      input.sha256 = hash_file(item.path);
      if (e.time > inputs.issue) throw Error(item.path, "is of an earthquake after the issue time");
      if (e.time >= inputs.issue - config.earthquake_max_age) events.insert_or_assign(e.id.empty() ? item.path : e.id, std::move(e));
    } catch (const Error& e) {
      input.error = e.reason();
      report.degraded.push_back(std::string("earthquake: ") + e.what());
    }
    report.inputs.push_back(std::move(input));
  }
  if (events.empty()) {
    report.notes.push_back("earthquake: no report of the last " + std::to_string(config.earthquake_max_age.count() / 3600) + " h: shaking is not known");
    return;
  }
  RegionAttribute intensity{"earthquake_intensity", "1", std::vector<float>(inputs.regions, std::nanf(""))}, age{"earthquake_age", "h", {}};
  TimePoint newest{};
  try {
    for (const auto& [id, event] : events) {
      newest = std::max(newest, event.time);
      const IntensityAttenuation& relation =
          config.earthquake_relation == "auto" ? usual_attenuation(event) : intensity_attenuation(config.earthquake_relation);
      const std::vector<RegionShaking> shaking = shaking_of_regions(relation, event, regions);
      for (std::size_t r = 0; r < inputs.regions; ++r)
        if (!(intensity.values[r] >= shaking[r].highest_intensity)) intensity.values[r] = shaking[r].highest_intensity;
    }
  } catch (const Error& e) {
    report.degraded.push_back(std::string("earthquake: ") + e.what());
    return;
  }
  const auto hours = static_cast<float>(static_cast<double>((inputs.issue - newest).count()) / 3600);
  age.values.assign(inputs.regions, hours);
  inputs.attributes.push_back(std::move(intensity));
  inputs.attributes.push_back(std::move(age));
}

}  // namespace guyu::cli
