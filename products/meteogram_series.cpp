#include "products/meteogram_series.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace guyu {
namespace {

std::vector<double> known_members(const PlaceSeries& s, std::size_t step) {
  std::vector<double> v;
  for (const auto& member : s.members)
    if (step < member.size() && std::isfinite(member[step])) v.push_back(static_cast<double>(member[step]));
  if (v.size() * 2 < s.members.size()) v.clear();
  return v;
}

double percentile_of_sorted(const std::vector<double>& v, double percent) {
  const double at = percent / 100 * static_cast<double>(v.size() - 1);
  const auto k = static_cast<std::size_t>(at);
  return k + 1 < v.size() ? v[k] + (at - static_cast<double>(k)) * (v[k + 1] - v[k]) : v[k];
}

}  // namespace

ShownSeries shown_series(const PlaceSeries& s, const UnitConversion& to_shown) {
  ShownSeries out{s.kind, s.members.size() > 1, {}};
  for (std::size_t k = 0; k < s.times.size(); ++k) {
    ShownSeries::Step step;
    step.time = s.times[k];
    if (s.kind == TimeKind::instant) step.time.begin = step.time.end;
    std::vector<double> v = known_members(s, k);
    std::sort(v.begin(), v.end());
    step.known = !v.empty();
    for (std::size_t p = 0; p < out.kPercentiles.size() && step.known; ++p) step.percentile[p] = to_shown(percentile_of_sorted(v, out.kPercentiles[p]));
    out.steps.push_back(step);
  }
  return out;
}

std::vector<double> mean_directions(const PlaceSeries& s) {
  constexpr double kDegree = std::numbers::pi / 180, kNoDirection = 0.05;  // length of the mean of unit vectors
  std::vector<double> out;
  for (std::size_t k = 0; k < s.times.size(); ++k) {
    double x = 0, y = 0;
    const std::vector<double> v = known_members(s, k);
    for (const double d : v) x += std::sin(d * kDegree), y += std::cos(d * kDegree);
    const double length = v.empty() ? 0 : std::hypot(x, y) / static_cast<double>(v.size());
    out.push_back(length < kNoDirection ? std::numeric_limits<double>::quiet_NaN() : std::atan2(x, y) / kDegree);
  }
  return out;
}

std::vector<Interval> unknown_times(const ShownSeries& s, const Interval& all) {
  std::vector<Interval> known;
  for (std::size_t k = 0; k < s.steps.size(); ++k) {
    if (!s.steps[k].known) continue;
    if (s.kind != TimeKind::instant) known.push_back(s.steps[k].time);
    else if (k + 1 < s.steps.size() && s.steps[k + 1].known) known.push_back({s.steps[k].time.end, s.steps[k + 1].time.end});
  }
  std::sort(known.begin(), known.end(), [](const Interval& a, const Interval& b) { return a.begin < b.begin; });
  std::vector<Interval> gaps;
  TimePoint at = all.begin;
  for (const Interval& i : known) {
    if (i.begin > at) gaps.push_back({at, std::min(i.begin, all.end)});
    at = std::max(at, i.end);
  }
  if (at < all.end) gaps.push_back({at, all.end});
  return gaps;
}

}  // namespace guyu
