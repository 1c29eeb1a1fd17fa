#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cli/verify/pairing.h"
#include "engine/region/region_set.h"
#include "engine/verify/missing_forecast.h"
#include "engine/verify/score_sums.h"

namespace guyu::cli::verify {

struct PairScoring {
  std::string quantity;
  ScoreSettings settings;
  MissingForecast missing = MissingForecast::skip;
  Seconds block{3600};                 // of issue times, for the bootstrap
  const RegionSet* regions = nullptr;  // then their area means are scored instead of the cells
  std::string cache;                   // folder that keeps their weights
};

// A region's mean stands for it when so much of its area is known.
inline constexpr float kLeastRegionCoverage = 0.8F;

// Sums by lead and by block of issue time.
using BlockSums = std::map<Seconds, std::map<std::int64_t, ScoreSums>>;

// Reads pair after pair: never more than one observation and one forecast with its members are held. A file
// that cannot be read costs its pair and goes to `problems`. Throws Error for forecasts on another grid than
// the observation, and when nothing could be scored.
BlockSums score_pairs(const Pairing& pairing, const PairScoring& scoring, std::vector<std::string>& problems,
                      const std::function<void(std::size_t done, std::size_t all)>& progress);

}  // namespace guyu::cli::verify
