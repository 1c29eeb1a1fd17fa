#include "cli/forecast/calibrating_sink.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu::cli {
namespace {

std::string length_text(Seconds s) {
  if (s == Seconds(0)) return "an instant";
  return s.count() % 3600 == 0 ? fmt::format("{} h", s.count() / 3600) : fmt::format("{:g} min", static_cast<double>(s.count()) / 60);
}

RegionSeries probability_series(const RegionSeries& of, double threshold) {
  RegionSeries p = of;
  p.quantity = {fmt::format("probability_of_{}_at_least_{:g}_{}", of.quantity.name, threshold, of.quantity.unit), "1", 0, 1};
  p.name = fmt::format("probability_of_{}_at_least_{:g}", of.name, threshold);
  for (char& c : p.name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = c == '-' ? 'm' : '_';
  p.long_name = fmt::format("probability that {} is at least {:g} {}", of.long_name, threshold, of.quantity.unit);
  p.members = {std::nullopt};
  return p;
}

}  // namespace

CalibratingSink::CalibratingSink(const ForecastCalibration& calibration, const ForecastRequest& request, SeriesLayout& layout, const RegionSet& regions)
    : regions_(regions.regions.size()), series_(layout.series.size()) {
  for (std::size_t v = 0; v < request.variables.size(); ++v) {
    if (layout.of_variable[v] < 0) continue;
    const Variable& wanted = request.variables[v];
    const auto at = static_cast<std::size_t>(layout.of_variable[v]);
    Series& s = series_[at];
    const RegionSeries as_it_was = layout.series[at];
    s.calibration = calibration.find(wanted.level.empty() ? wanted.quantity : wanted.quantity + "@" + wanted.level);
    s.raw_members = s.members = as_it_was.members.size();
    s.steps = as_it_was.times.size();
    s.least = static_cast<float>(as_it_was.quantity.plausible_min);
    s.most = static_cast<float>(as_it_was.quantity.name == "relative_humidity" ? 1.0 : as_it_was.quantity.plausible_max);
    if (!s.calibration) {
      notes_.push_back(as_it_was.name + ": the calibration does not know it; it is as the forecast has it");
      continue;
    }
    check_lengths(s, as_it_was);
    if (s.calibration->method == ForecastMethod::bias) {
      std::map<std::string, std::size_t> known;
      for (std::size_t k = 0; k < s.calibration->bias.codes.size(); ++k) known[s.calibration->bias.codes[k]] = k;
      for (const Region& r : regions.regions) {
        const auto it = known.find(r.code);
        s.place.push_back(it == known.end() ? s.calibration->bias.offsets.size() : it->second);
      }
    }
    s.distribution = s.calibration->distribution();
    if (s.distribution && s.distribution->radius_km > 0) {
      s.look_around.emplace(region_places(regions), s.distribution->radius_km);
      if (s.calibration->regions != regions.hash())
        notes_.push_back(
            fmt::format("{}: the calibration looks {:g} km around, and was learnt with other regions than these: at their rim it sees less or more",
                        as_it_was.name, s.distribution->radius_km));
    }
    if (s.distribution && s.raw_members == 1) {
      s.members = kQuantiles;
      layout.series[at].members.clear();
      for (int m = 0; m < kQuantiles; ++m) layout.series[at].members.emplace_back(m);
    }
    if (s.calibration->method == ForecastMethod::reliability) {
      s.probabilities.emplace(s.calibration->reliability);
      s.first_probability = layout.series.size();
      s.thresholds = s.calibration->reliability.events.size();
      for (const EventReliability& e : s.calibration->reliability.events) {
        layout.events.push_back({layout.series.size(), v, e.threshold});
        layout.series.push_back(probability_series(as_it_was, e.threshold));
      }
      s.earlier.resize(s.steps);
    }
    if (!s.distribution && !s.probabilities) continue;
    s.columns.resize(s.raw_members * s.steps);
    s.coverages.resize(s.columns.size());
  }
}

void CalibratingSink::check_lengths(Series& s, const RegionSeries& shape) {
  const Seconds learnt = s.calibration->interval;
  std::map<Seconds, std::size_t> others;
  std::size_t alike = 0;
  for (const Interval& t : shape.times) {
    s.fits.push_back(t.length() == learnt);
    if (s.fits.back()) ++alike;
    else ++others[t.length()];
  }
  if (others.empty()) return;
  std::string lengths;
  for (const auto& [length, n] : others) lengths += (lengths.empty() ? "" : ", ") + length_text(length);
  if (alike == 0)
    throw Error("--calibration",
                fmt::format("{} was learnt from values over {}, the forecast's hold over {}", s.calibration->variable, length_text(learnt), lengths),
                "train on forecasts with steps of that length (guyu train --interval), or leave " + s.calibration->variable + " out of the calibration");
  notes_.push_back(fmt::format("{}: {} of {} steps hold over {}, the calibration was learnt from {}: they are as the forecast has them", shape.name,
                               shape.times.size() - alike, shape.times.size(), lengths, length_text(learnt)));
}

// No correction makes a wind below zero or a humidity above saturation. NaN stays.
void CalibratingSink::keep_possible(const Series& s, std::vector<float>& values) {
  for (float& v : values) v = v < s.least ? s.least : v > s.most ? s.most : v;
}

void CalibratingSink::put(std::size_t series, std::size_t member, std::size_t step, std::span<const float> values, std::span<const float> coverage) {
  Series& s = series_[series];
  if (!s.columns.empty()) {
    const std::size_t raw = s.raw_members == 1 ? 0 : member;  // whatever number the only member bears: the layout speaks of those to come
    s.columns[raw * s.steps + step].assign(values.begin(), values.end());
    s.coverages[raw * s.steps + step].assign(coverage.begin(), coverage.end());
    if (s.distribution) return;
  }
  std::vector<float> changed(values.begin(), values.end());
  if (s.calibration && s.fits[step] && !s.probabilities) {
    if (s.calibration->method == ForecastMethod::quantile_mapping)
      for (float& v : changed) v = s.calibration->mapping(v);
    if (s.calibration->method == ForecastMethod::bias)
      for (std::size_t r = 0; r < changed.size(); ++r) changed[r] = s.calibration->bias(s.place[r], changed[r]);
    keep_possible(s, changed);
  }
  for (SeriesSink* sink : sinks_) sink->put(series, member, step, changed, coverage);
}

int CalibratingSink::runs(std::size_t series) const {
  return series < series_.size() && series_[series].probabilities ? series_[series].calibration->reliability.runs : 1;
}

void CalibratingSink::put_earlier(std::size_t series, std::size_t step, TimePoint run, std::span<const float> values) {
  series_[series].earlier[step][run].emplace_back(values.begin(), values.end());
}

void CalibratingSink::draw_members(const Series& s, std::size_t series, std::size_t step, const std::vector<const std::vector<float>*>& raw,
                                   const std::vector<float>& coverage) const {
  std::vector<std::vector<float>> out(s.members, std::vector<float>(regions_));
  const std::vector<Surroundings> around = s.look_around ? (*s.look_around)(raw) : std::vector<Surroundings>();
  parallel_for(static_cast<std::int64_t>(regions_), 256, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> of_region(raw.size()), calibrated(s.members);
    for (auto r = static_cast<std::size_t>(begin); r < static_cast<std::size_t>(end); ++r) {
      for (std::size_t m = 0; m < raw.size(); ++m) of_region[m] = (*raw[m])[r];
      if (s.fits[step]) {
        calibrated_members(*s.distribution, of_region, calibrated, around.empty() ? nullptr : &around[r]);
        keep_possible(s, calibrated);
      } else {
        for (std::size_t m = 0; m < s.members; ++m) calibrated[m] = of_region[m % of_region.size()];
      }
      for (std::size_t m = 0; m < s.members; ++m) out[m][r] = calibrated[m];
    }
  });
  for (std::size_t m = 0; m < s.members; ++m)
    for (SeriesSink* sink : sinks_) sink->put(series, m, step, out[m], coverage);
}

void CalibratingSink::add_probabilities(const Series& s, std::size_t step, std::vector<const std::vector<float>*> raw,
                                        const std::vector<float>& coverage) const {
  for (const auto& [run, columns] : s.earlier[step])
    for (const auto& column : columns) raw.push_back(&column);
  std::vector<std::vector<float>> out(s.thresholds, std::vector<float>(regions_));
  const std::vector<Surroundings> around = s.look_around ? (*s.look_around)(raw) : std::vector<Surroundings>();
  parallel_for(static_cast<std::int64_t>(regions_), 256, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> of_region(raw.size()), probabilities(s.thresholds);
    for (auto r = static_cast<std::size_t>(begin); r < static_cast<std::size_t>(end); ++r) {
      for (std::size_t m = 0; m < raw.size(); ++m) of_region[m] = (*raw[m])[r];
      (*s.probabilities)(of_region, probabilities, around.empty() ? nullptr : &around[r]);
      for (std::size_t t = 0; t < s.thresholds; ++t) out[t][r] = probabilities[t];
    }
  });
  for (std::size_t t = 0; t < s.thresholds; ++t)
    for (SeriesSink* sink : sinks_) sink->put(s.first_probability + t, 0, step, out[t], coverage);
}

void CalibratingSink::finish() {
  for (std::size_t k = 0; k < series_.size(); ++k) {
    const Series& s = series_[k];
    if (s.columns.empty()) continue;
    std::size_t without_earlier = 0;
    for (std::size_t step = 0; step < s.steps; ++step) {
      std::vector<const std::vector<float>*> raw;
      for (std::size_t m = 0; m < s.raw_members; ++m)
        if (!s.columns[m * s.steps + step].empty()) raw.push_back(&s.columns[m * s.steps + step]);
      if (raw.empty()) continue;
      std::vector<float> coverage;
      for (std::size_t m = 0; m < s.raw_members && coverage.empty(); ++m) coverage = s.coverages[m * s.steps + step];
      if (s.distribution) draw_members(s, k, step, raw, coverage);
      if (!s.probabilities || !s.fits[step]) continue;
      add_probabilities(s, step, raw, coverage);
      if (s.earlier[step].size() + 1 < static_cast<std::size_t>(s.calibration->reliability.runs)) ++without_earlier;
    }
    if (without_earlier > 0)
      notes_.push_back(fmt::format("{}: at {} of {} steps fewer than the {} runs are there whose members the calibration counted together",
                                   s.calibration->variable, without_earlier, s.steps, s.calibration->reliability.runs));
  }
}

}  // namespace guyu::cli
