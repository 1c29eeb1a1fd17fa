#include "models/rules/region_values.h"

#include <algorithm>
#include <limits>

namespace guyu {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
double seconds(Seconds s) { return static_cast<double>(s.count()); }

double at_place(const std::vector<double>& sums, const AxisPlace& p) {
  const double a = sums[p.piece];
  return p.part > 0 ? a + p.part * (sums[p.piece + 1] - a) : a;
}

}  // namespace

RegionValues::RegionValues(const SeriesAxis& axis, double least_coverage)
    : axis_(axis), least_coverage_(least_coverage), partly_(axis.series()), rows_(axis.rows(0)), totals_(axis.size() + 1), known_time_(axis.size() + 1),
      ranges_(axis.size()), full_(axis.size()) {}

void RegionValues::load(std::size_t region, std::size_t member) {
  if (region == region_ && member == member_) return;
  region_ = region;
  member_ = member;
  rows_ = axis_.rows(member);
  all_read_ = false;
}

RegionValues::Seen RegionValues::see(std::size_t piece) const {
  const SeriesPiece& p = axis_.piece(piece);
  const float value = rows_[piece][region_], coverage = p.coverage[region_];
  const bool missing_in_all = p.members.empty() && value != value;
  return {value, missing_in_all || !(coverage > 0) ? 0.0F : std::min(coverage, 1.0F)};
}

ValueRange RegionValues::range_of(const Seen& s) const {
  if (s.missing() || !(s.known > 0)) return {-kInfinity, kInfinity};
  return s.known >= static_cast<float>(least_coverage_) ? ValueRange{s.value, s.value} : partly_.range(s.value, s.known);
}

void RegionValues::read_all() {
  if (all_read_) return;
  all_read_ = all_full_ = true;
  lost_ = false;
  const bool amount = is_amount(axis_.series().quantity);
  const auto least = static_cast<float>(least_coverage_);
  for (std::size_t p = 0; p < axis_.size(); ++p) {
    const Seen s = see(p);
    const double length = seconds(axis_.span(p).length());
    full_[p] = s.known >= 1 ? 1 : 0;
    all_full_ = all_full_ && full_[p];
    lost_ = lost_ || (s.missing() && !axis_.piece(p).members.empty());
    ranges_[p] = range_of(s);
    known_time_[p + 1] = known_time_[p] + length * double{s.missing() ? 0.0F : s.known};
    // With too little of the area seen, only what was seen of an amount counts: the rest is at least dry.
    const float share = !amount || s.known < least ? s.known : s.known > 0 ? 1.0F : 0.0F;
    totals_[p + 1] = totals_[p] + (s.missing() ? 0.0 : double{s.value} * double{share} * (amount ? 1.0 : length));
  }
}

double RegionValues::known_seconds(const AxisWindow& w) const {
  if (all_full_ && !lost_) return w.share * seconds(w.time.length());
  return at_place(known_time_, w.end) - at_place(known_time_, w.begin);
}

bool RegionValues::enough_for_all(const AxisWindow& w) const {
  return w.share >= least_coverage_ && !lost_ &&
         std::all_of(full_.begin() + static_cast<std::ptrdiff_t>(w.first), full_.begin() + static_cast<std::ptrdiff_t>(w.last), [](char f) { return f != 0; });
}

ValueRange RegionValues::get(Aggregate aggregate, const AxisWindow& w) {
  // At a moment one piece speaks; of a window that is one piece, that one.
  if (is_summed() && w.last - w.first == 2) {
    const ValueRange before = range_of(see(w.first)), after = range_of(see(w.first + 1));
    return {std::min(before.lo, after.lo), std::max(before.hi, after.hi)};
  }
  if (aggregate == Aggregate::each || is_summed()) return w.first < w.last ? range_of(see(w.last - 1)) : ValueRange{-kInfinity, kInfinity};
  read_all();
  const double known = known_seconds(w);
  const bool all_enough = enough_for_all(w), enough = all_enough || known >= least_coverage_ * seconds(w.time.length()) - 1e-6;
  const double total = at_place(totals_, w.end) - at_place(totals_, w.begin);
  if (aggregate == Aggregate::sum) return {static_cast<float>(total), enough ? static_cast<float>(total) : kInfinity};
  if (aggregate == Aggregate::mean) {
    if (!enough || !(known > 0)) return {-kInfinity, kInfinity};
    return {static_cast<float>(total / known), static_cast<float>(total / known)};
  }
  ValueRange all{-kInfinity, kInfinity};
  for (std::size_t p = w.first; p < w.last; ++p) all = {std::max(all.lo, ranges_[p].lo), std::min(all.hi, ranges_[p].hi)};
  if (aggregate == Aggregate::maximum) return {all.lo, all_enough || (enough && all.lo > -kInfinity) ? all.lo : kInfinity};
  return {all_enough || (enough && all.hi < kInfinity) ? all.hi : -kInfinity, all.hi};
}

float RegionValues::observed_part(const AxisWindow& w) {
  if (!w.partly_observed) return 0;
  if (is_summed()) {
    const float part = axis_.piece(w.last - 1).observed[region_];
    return part == part ? part : 0;
  }
  read_all();
  return static_cast<float>(at_place(totals_, w.observed_end) - at_place(totals_, w.begin));
}

float RegionValues::known_share(const AxisWindow& w) {
  const double length = seconds(w.time.length());
  if (length <= 0 || is_summed()) {
    if (w.first >= w.last) return 0;
    const Seen s = see(w.last - 1);
    return s.missing() ? 0 : s.known;
  }
  read_all();
  return static_cast<float>(std::clamp(known_seconds(w) / length, 0.0, 1.0));
}

}  // namespace guyu
