#pragma once
#include <cmath>
#include <string>
#include <vector>

#include "models/computed_series.h"

namespace guyu::test {

// Rain by hour around an issue time, for models of water: observed before it, futures after it.
struct HourlyRain {
  TimePoint issue = parse_time("2024-07-01T00:00:00Z");
  std::size_t regions = 1, members = 1;
  HazardInputs inputs;
  explicit HourlyRain(std::size_t n = 1, std::size_t m = 1) : regions(n), members(m), inputs{issue, issue + std::chrono::hours(12), n, m} {
    inputs.series.push_back({quantities::precipitation_amount(), "mean", TimeKind::accumulation, {}, issue, {}});
  }
  // mm(hour, member, region) of the hour that begins `hour` hours after the issue time.
  template <class Amount>
  void fill(int from, int to, const Amount& mm) {
    auto& pieces = inputs.series[0].pieces;
    pieces.clear();
    for (int h = from; h < to; ++h) {
      SeriesPiece p{{issue + std::chrono::hours(h), issue + std::chrono::hours(h + 1)},
                    h < 0 ? Origin::observed : Origin::extrapolated,
                    {},
                    std::vector<float>(regions, 1.0F),
                    {}};
      for (std::size_t r = 0; r < regions; ++r) p.values.push_back(static_cast<float>(mm(h, std::size_t{0}, r)));
      for (std::size_t m = 0; h >= 0 && members > 1 && m < members; ++m) {
        p.members.emplace_back();
        for (std::size_t r = 0; r < regions; ++r) p.members.back().push_back(static_cast<float>(mm(h, m, r)));
      }
      pieces.push_back(std::move(p));
    }
  }
  void attribute(const std::string& name, const std::vector<float>& values, const std::string& unit = "1") {
    inputs.attributes.push_back({name, unit, values});
  }
};

// Of the piece that ends `hour` hours after the issue time; NaN where there is none.
inline float value_at(const SeriesModel::Result& r, TimePoint issue, int hour, std::size_t member, std::size_t region) {
  for (const SeriesPiece& p : r.series.pieces)
    if (p.interval.end == issue + std::chrono::hours(hour)) return p.of(member)[region];
  return std::nanf("");
}
inline float coverage_at(const SeriesModel::Result& r, TimePoint issue, int hour, std::size_t region) {
  for (const SeriesPiece& p : r.series.pieces)
    if (p.interval.end == issue + std::chrono::hours(hour)) return p.coverage[region];
  return 0;
}

}  // namespace guyu::test
