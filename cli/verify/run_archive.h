#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/run/region_means.h"
#include "cli/verify/inputs.h"
#include "engine/cycle/observed_rain.h"
#include "engine/region/region_set.h"
#include "engine/verify/warning_lead.h"
#include "ingest/township_levels.h"

namespace guyu::cli::verify {

// What all cycles of a run said of one hazard, by issue time. Cycles that cannot be read go to `problems`. Throws Error when none can.
std::vector<TownshipLevels> read_cycles(const std::string& run, const std::string& hazard, std::vector<std::string>& problems);

// The township's place in a cycle's file; `guess` is asked first. Throws Error when it is not there.
std::size_t place_in(const TownshipLevels& cycle, const std::string& code, std::size_t guess);

struct RainReading {
  std::string cache;         // folder that keeps the regions' weights
  Seconds max_gap{15 * 60};  // instants further apart are not joined
};

// The rain of all regions in steps: two frames are in memory at a time.
class RegionRain {
 public:
  RegionRain(const RegionSet& regions, const RainReading& reading)
      : means_(regions, reading.cache), options_{reading.max_gap}, steps_(regions.regions.size()) {}
  void add(Field field, std::vector<std::string>& problems);
  const std::vector<RainStep>& steps(std::size_t region) const { return steps_[region]; }
  const std::optional<Interval>& observed() const { return observed_; }

 private:
  RegionMeans means_;
  ObservedRainOptions options_;
  std::vector<std::vector<RainStep>> steps_;  // [region]
  FieldPtr before_;
  std::optional<Interval> observed_;
};

// Of all observations, in order of time. What cannot be read goes to `problems`. Throws Error when they give no rain.
RegionRain read_rain(const RegionSet& regions, const RainReading& reading, std::vector<FieldEntry> observations, std::vector<std::string>& problems);

}  // namespace guyu::cli::verify
