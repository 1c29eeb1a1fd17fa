#include "engine/gauge/station_series.h"

#include <algorithm>
#include <limits>
#include <map>

#include "engine/core/error.h"

namespace guyu {
namespace {

// The times whose intervals tile `wanted`, found by walking back from its end over the longest that fit; empty when there are none.
std::vector<std::size_t> tiles(const std::vector<Interval>& times, const Interval& wanted) {
  std::multimap<TimePoint, std::size_t> by_end;
  for (std::size_t t = 0; t < times.size(); ++t) {
    if (times[t].begin >= wanted.begin && times[t].begin < times[t].end && times[t].end <= wanted.end) by_end.emplace(times[t].end, t);
  }
  std::vector<std::size_t> used;
  TimePoint at = wanted.end;
  while (at > wanted.begin) {
    const auto [first, last] = by_end.equal_range(at);
    const auto longest = std::min_element(first, last, [&](const auto& a, const auto& b) { return times[a.second].begin < times[b.second].begin; });
    if (longest == last) return {};
    used.push_back(longest->second);
    at = times[longest->second].begin;
  }
  std::reverse(used.begin(), used.end());
  return used;
}

}  // namespace

StationSeries accumulate(const StationSeries& amounts, const std::vector<Interval>& wanted) {
  if (amounts.kind != TimeKind::accumulation) {
    throw Error("", amounts.quantity.name + " of the stations holds at instants and cannot be summed", "give amounts over intervals");
  }
  StationSeries out{amounts.quantity, TimeKind::accumulation, amounts.stations, wanted, {}};
  out.values.assign(amounts.stations.size() * wanted.size(), std::numeric_limits<float>::quiet_NaN());
  for (std::size_t w = 0; w < wanted.size(); ++w) {
    const std::vector<std::size_t> parts = tiles(amounts.times, wanted[w]);
    if (parts.empty()) continue;
    for (std::size_t s = 0; s < amounts.stations.size(); ++s) {
      double sum = 0;
      for (const std::size_t t : parts) sum += double{amounts.at(s, t)};
      out.at(s, w) = static_cast<float>(sum);
    }
  }
  return out;
}

}  // namespace guyu
