#pragma once
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/quantity.h"
#include "engine/core/time.h"
#include "engine/region/region_attributes.h"

namespace guyu {

enum class Origin { observed, extrapolated, forecast };

// Values of all regions over one interval (begin == end: at an instant). Where an ensemble tells them, members holds each member's values and `values`
// their mean; the coverage is that of all. With fewer members than the run has futures, the futures take them in turn; a member that was lost is missing.
struct SeriesPiece {
  Interval interval;
  Origin origin = Origin::observed;
  std::vector<float> values, coverage;      // by region; NaN: not known; valid share of the area, 0..1
  std::vector<std::vector<float>> members;  // by member, then region; empty: the same in all futures
  std::vector<float> observed{};            // by region, of a sum over a window: what it would be without what is to come; empty: nothing of it was observed
  const std::vector<float>& of(std::size_t future) const { return members.empty() ? values : members[future % members.size()]; }
};

// HazardSeries::window of all that is to come: from the newest observation on.
inline constexpr Seconds kToCome = Seconds::max();

// One quantity by one statistic over the regions' areas. Pieces are in order and do not overlap; time between them is unknown. An amount is even within
// its piece.
struct HazardSeries {
  Quantity quantity;
  std::string statistic = "mean";  // over the area: mean, max, min, p90, frac>=20, ...
  TimeKind kind = TimeKind::accumulation;
  std::vector<SeriesPiece> pieces;
  std::optional<TimePoint> observed_to{};  // end of the newest observation
  std::optional<TimePoint> horizon{};      // the run undertakes to know it up to here; without it up to its own horizon
  // Above 0: each piece is an instant and tells, over the area, what fell in each place in the time of this length before it. Rain that is not known is not in
  // it, and the piece's coverage is the known share of area and time.
  Seconds window{0};
};

// What a cycle knows, past and to come; pure data, in the order of the regions.
struct HazardInputs {
  TimePoint issue{};
  TimePoint horizon{};  // the run undertakes to answer up to here
  std::size_t regions = 0;
  std::size_t members = 1;       // possible futures, the same ones in every series
  Seconds utc_offset{8 * 3600};  // of local days, hours and seasons
  std::vector<HazardSeries> series{};
  std::vector<RegionAttribute> attributes{};
  // nullptr when there is none.
  const HazardSeries* find_series(std::string_view quantity, std::string_view statistic, Seconds window = Seconds(0)) const;
  const RegionAttribute* find_attribute(std::string_view name) const;
};

}  // namespace guyu
