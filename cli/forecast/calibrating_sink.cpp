#include "cli/forecast/calibrating_sink.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "hpc/parallel/parallel_for.h"

namespace guyu::cli {

CalibratingSink::CalibratingSink(const ForecastCalibration& calibration, const ForecastRequest& request, SeriesLayout& layout, const RegionSet& regions)
    : regions_(regions.regions.size()), series_(layout.series.size()) {
  for (std::size_t v = 0; v < request.variables.size(); ++v) {
    if (layout.of_variable[v] < 0) continue;
    const Variable& wanted = request.variables[v];
    Series& s = series_[static_cast<std::size_t>(layout.of_variable[v])];
    RegionSeries& shape = layout.series[static_cast<std::size_t>(layout.of_variable[v])];
    s.calibration = calibration.find(wanted.level.empty() ? wanted.quantity : wanted.quantity + "@" + wanted.level);
    s.raw_members = s.members = shape.members.size();
    s.steps = shape.times.size();
    s.least = static_cast<float>(shape.quantity.plausible_min);
    s.most = static_cast<float>(shape.quantity.name == "relative_humidity" ? 1.0 : shape.quantity.plausible_max);
    if (!s.calibration) {
      notes_.push_back(shape.name + ": the calibration does not know it; it is as the forecast has it");
      continue;
    }
    if (s.calibration->method == ForecastMethod::bias) {
      std::map<std::string, std::size_t> known;
      for (std::size_t k = 0; k < s.calibration->bias.codes.size(); ++k) known[s.calibration->bias.codes[k]] = k;
      for (const Region& r : regions.regions) {
        const auto it = known.find(r.code);
        s.place.push_back(it == known.end() ? s.calibration->bias.offsets.size() : it->second);
      }
    }
    if (s.calibration->method != ForecastMethod::emos) continue;
    if (s.raw_members == 1) {
      s.members = kQuantiles;
      shape.members.clear();
      for (int m = 0; m < kQuantiles; ++m) shape.members.emplace_back(m);
    }
    s.columns.resize(s.raw_members * s.steps);
    s.coverages.resize(s.columns.size());
  }
}

// No correction makes a wind below zero or a humidity above saturation. NaN stays.
void CalibratingSink::keep_possible(const Series& s, std::vector<float>& values) {
  for (float& v : values) v = v < s.least ? s.least : v > s.most ? s.most : v;
}

void CalibratingSink::put(std::size_t series, std::size_t member, std::size_t step, std::span<const float> values, std::span<const float> coverage) {
  Series& s = series_[series];
  if (s.calibration && s.calibration->method == ForecastMethod::emos) {
    if (s.raw_members == 1) member = 0;  // whatever number the only member bears: the layout speaks of those to come
    s.columns[member * s.steps + step].assign(values.begin(), values.end());
    s.coverages[member * s.steps + step].assign(coverage.begin(), coverage.end());
    return;
  }
  std::vector<float> changed(values.begin(), values.end());
  if (s.calibration && s.calibration->method == ForecastMethod::quantile_mapping)
    for (float& v : changed) v = s.calibration->mapping(v);
  if (s.calibration && s.calibration->method == ForecastMethod::bias)
    for (std::size_t r = 0; r < changed.size(); ++r) changed[r] = s.calibration->bias(s.place[r], changed[r]);
  if (s.calibration) keep_possible(s, changed);
  for (SeriesSink* sink : sinks_) sink->put(series, member, step, changed, coverage);
}

void CalibratingSink::finish() {
  for (std::size_t k = 0; k < series_.size(); ++k) {
    const Series& s = series_[k];
    if (s.columns.empty()) continue;
    for (std::size_t step = 0; step < s.steps; ++step) {
      std::vector<std::vector<float>> out(s.members, std::vector<float>(regions_));
      std::vector<const std::vector<float>*> raw;
      for (std::size_t m = 0; m < s.raw_members; ++m)
        if (!s.columns[m * s.steps + step].empty()) raw.push_back(&s.columns[m * s.steps + step]);
      if (raw.empty()) continue;
      parallel_for(static_cast<std::int64_t>(regions_), 256, [&](std::int64_t begin, std::int64_t end) {
        std::vector<float> of_region(raw.size()), calibrated(s.members);
        for (auto r = static_cast<std::size_t>(begin); r < static_cast<std::size_t>(end); ++r) {
          for (std::size_t m = 0; m < raw.size(); ++m) of_region[m] = (*raw[m])[r];
          calibrated_members(s.calibration->emos, of_region, calibrated);
          keep_possible(s, calibrated);
          for (std::size_t m = 0; m < s.members; ++m) out[m][r] = calibrated[m];
        }
      });
      std::vector<float> coverage;
      for (std::size_t m = 0; m < s.raw_members && coverage.empty(); ++m) coverage = s.coverages[m * s.steps + step];
      for (std::size_t m = 0; m < s.members; ++m)
        for (SeriesSink* sink : sinks_) sink->put(k, m, step, out[m], coverage);
    }
  }
}

}  // namespace guyu::cli
