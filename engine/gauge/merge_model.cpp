#include "engine/gauge/merge_model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace guyu {

std::vector<RainPair> nearest_pairs(std::span<const RainPair> pairs, const GroundPoint& place, std::size_t most) {
  if (pairs.size() <= most) return {pairs.begin(), pairs.end()};
  std::vector<std::pair<double, std::size_t>> order(pairs.size());
  for (std::size_t k = 0; k < pairs.size(); ++k) order[k] = {squared_km(pairs[k].place, place), k};
  std::nth_element(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(most), order.end());
  order.resize(most);
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  std::vector<RainPair> near;
  for (const auto& [squared, k] : order) near.push_back(pairs[k]);
  return near;
}

MergeModel::MergeModel(const MergePlan& plan, std::span<const RainPair> pairs, const MergeSettings& s)
    : settings_(s), method_(plan.method), factor_(plan.method == MergeMethod::radar_alone ? 1 : plan.bias.factor) {
  std::vector<GroundPoint> seen;
  std::vector<double> gauge, all, radar, left;
  for (const RainPair& p : pairs) {
    places_.push_back(p.place);
    all.push_back(p.gauge_mm);
    dry_.push_back(p.gauge_mm < s.wet_mm ? 1 : 0);
    most_gauge_ = std::max(most_gauge_, p.gauge_mm);
    if (std::isnan(p.radar_mm)) continue;
    seen.push_back(p.place);
    gauge.push_back(p.gauge_mm), radar.push_back(p.radar_mm), left.push_back(p.gauge_mm - factor_ * p.radar_mm);
    most_radar_ = std::max(most_radar_, p.radar_mm);
  }
  if (s.fill_gaps) gap_ = DualKriging::fit(places_, all, {}, plan.variogram);
  if (method_ == MergeMethod::external_drift) {
    main_ = DualKriging::fit(seen, gauge, radar, plan.variogram);
    // One neighbourhood of many may have no slope where the field as a whole has.
    if (!main_ || !(main_->slope() > 0)) method_ = MergeMethod::conditional;
  }
  if (method_ == MergeMethod::conditional) main_ = DualKriging::fit(seen, left, {}, plan.variogram);
}

// Keeps what the gauges make of the radar within what they can know of it.
double MergeModel::bounded(double estimate, double radar_mm) const {
  const double by_bias = factor_ * radar_mm;
  const double highest = std::max(most_gauge_, settings_.most_beyond * by_bias);
  const double lowest = radar_mm > most_radar_ ? by_bias / settings_.most_beyond : 0;
  return std::clamp(estimate, std::min(lowest, highest), highest);
}

double MergeModel::near_gauges(const GroundPoint& place, double radar_mm) const {
  if (method_ == MergeMethod::external_drift) return bounded(main_->at(place, radar_mm), radar_mm);
  return bounded(factor_ * radar_mm + main_->at(place), radar_mm);
}

double MergeModel::at(const GroundPoint& place, double radar_mm) const {
  const bool gap = std::isnan(radar_mm);
  const double by_bias = factor_ * radar_mm;
  if (gap ? !gap_ : !main_) return by_bias;
  double nearest = std::numeric_limits<double>::infinity();
  std::size_t which = 0;
  for (std::size_t k = 0; k < places_.size(); ++k) {
    const double squared = squared_km(places_[k], place);
    if (squared < nearest) nearest = squared, which = k;
  }
  const double km = std::sqrt(nearest), reach = settings_.reach_km;
  if (km > reach) return by_bias;  // NaN in a gap
  if (gap) return std::clamp(gap_->at(place), 0.0, most_gauge_);
  if (radar_mm < settings_.wet_mm && dry_[which]) return 0;
  const double say = std::min(1.0, 2 - 2 * km / reach);
  return say >= 1 ? near_gauges(place, radar_mm) : say * near_gauges(place, radar_mm) + (1 - say) * by_bias;
}

}  // namespace guyu
