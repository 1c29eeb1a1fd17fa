#include "cli/run/found_files.h"

#include "engine/core/error.h"

namespace guyu::cli {

FoundFiles find_files(const RunConfig& config, const CycleOptions& options) {
  const std::string& data = options.data;
  FoundFiles found;
  const auto find = [&](const std::string& pattern, const std::string& role, std::vector<InventoryItem>& into) {
    if (pattern.empty()) return;
    try {
      into = find_inputs(data, pattern);
      if (options.sees) std::erase_if(into, [&](const InventoryItem& i) { return !options.sees(i.path, i.time); });
    } catch (const Error& e) {
      found.degraded.push_back(role + ": " + e.what());
    }
  };
  find(config.plan.radar_pattern, "radar", found.radar);
  find(config.plan.forecast_pattern, "forecast", found.forecast);
  find(config.gauge_pattern, "gauges", found.gauges);
  find(config.weather_pattern, "weather", found.weather);
  find(config.convection.pattern, "convection", found.convection.radar);
  find(config.convection.forecast_pattern, "convection forecast", found.convection.forecast);
  find(config.convection.lightning_pattern, "lightning", found.convection.lightning);
  find(config.earthquake_pattern, "earthquake", found.earthquakes);
  return found;
}

TimePoint issue_time(const CycleOptions& options, const RunConfig& config, const FoundFiles& found) {
  if (options.time) return *options.time;
  if (!config.archive_clock) return std::chrono::floor<Seconds>(std::chrono::system_clock::now());
  if (found.radar.empty()) {
    throw Error(options.data, "holds no file that fits the radar pattern \"" + config.plan.radar_pattern + "\"", "check --data, or give --time");
  }
  return found.radar.back().time;
}

}  // namespace guyu::cli
