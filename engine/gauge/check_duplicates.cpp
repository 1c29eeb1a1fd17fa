#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "engine/regrid/ground_point.h"
#include "engine/gauge/quality_check.h"

namespace guyu::quality {
namespace {

// Two readings of the same: within a tenth of a unit or a tenth of the larger.
bool agree(float a, float b) { return std::abs(a - b) <= std::max(0.1F, 0.1F * std::max(std::abs(a), std::abs(b))); }

bool has_values(const StationSeries& series, std::size_t station) {
  const auto values = series.of_station(station);
  return std::any_of(values.begin(), values.end(), [](float v) { return !std::isnan(v); });
}

// For each station the first that it doubles, or itself.
std::vector<std::size_t> firsts_by_code(const StationSeries& series) {
  std::map<std::string, std::size_t> seen;
  std::vector<std::size_t> first(series.stations.size());
  for (std::size_t s = 0; s < first.size(); ++s) {
    const std::string& code = series.stations[s].code;
    first[s] = code.empty() ? s : seen.emplace(code, s).first->second;
  }
  return first;
}

std::vector<std::size_t> firsts_by_place(const StationSeries& series, double within_km) {
  std::vector<GroundPoint> points;
  for (const StationPlace& p : series.stations) points.push_back(ground_point(p.longitude, p.latitude));
  std::vector<std::size_t> order(points.size()), first(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::iota(first.begin(), first.end(), std::size_t{0});
  std::erase_if(order, [&](std::size_t s) { return !has_values(series, s) || !std::isfinite(points[s].z); });
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return points[a].z < points[b].z; });
  for (std::size_t a = 0; a < order.size(); ++a) {
    for (std::size_t b = a + 1; b < order.size() && points[order[b]].z - points[order[a]].z <= within_km; ++b) {
      const auto [early, late] = std::minmax(order[a], order[b]);
      if (distance_km(points[early], points[late]) <= within_km) first[late] = std::min(first[late], early);
    }
  }
  return first;
}

}  // namespace

void check_duplicates(Check check, QualityFlag which) {
  const bool by_code = which == QualityFlag::duplicate_code;
  const StationSeries& series = check.series();
  const std::vector<std::size_t> first = by_code ? firsts_by_code(series) : firsts_by_place(series, check.settings.same_place_km);
  std::vector<char> condemned(series.values.size(), 0);  // by a check before this one: what it took out is not filled
  for (const QualityFinding& f : check.control.findings) {
    for (std::size_t t = 0; t < series.times.size(); ++t) {
      if (!f.time || *f.time == t) condemned[f.station * series.times.size() + t] = 1;
    }
  }
  for (std::size_t s = 0; s < first.size(); ++s) {
    const std::size_t kept = first[s];
    if (kept == s || !has_values(series, s)) continue;
    const std::string what =
        by_code ? "the code " + series.stations[s].code + " appears again" : fmt::format("stands where station {} stands", series.stations[kept].code);
    // One code at two places: which of the two it is nobody knows, but the first was there first.
    for (std::size_t t = 0; t < series.times.size(); ++t) {
      const float mine = series.at(s, t), theirs = series.at(kept, t);
      if (std::isnan(mine)) continue;
      if (std::isnan(theirs)) {
        const StationPlace &a = series.stations[s], &b = series.stations[kept];
        const bool one_place = distance_km(ground_point(a.longitude, a.latitude), ground_point(b.longitude, b.latitude)) <= check.settings.known_within_km;
        if (!condemned[kept * series.times.size() + t] && one_place) check.control.series.at(kept, t) = mine;
      } else if (!agree(mine, theirs)) {
        check.condemn(which, kept, t, fmt::format("{} with {:g} beside {:g}; which is right is not known", what, mine, theirs));
      }
    }
    check.condemn_station(which, s, what + "; the first is kept");
  }
}

}  // namespace guyu::quality
