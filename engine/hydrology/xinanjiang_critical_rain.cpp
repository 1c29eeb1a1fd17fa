#include "engine/hydrology/xinanjiang_critical_rain.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/hydrology/xinanjiang_curves.h"

namespace guyu {

using namespace xinanjiang_curves;

void XinanjiangCriticalRain::begin(const XinanjiangParameters& parameters, double threshold_runoff_mm, double hours) {
  p_ = parameters, runoff_ = threshold_runoff_mm, hours_ = hours;
  const XinanjiangStep whole = xinanjiang_step_of(p_, hours), half = xinanjiang_step_of(p_, hours / 2);
  interflow_share_ = whole.interflow_share, groundwater_share_ = whole.groundwater_share;
  // What drains within the duration is in its store for half of it in the mean.
  const double both = p_.interflow_rate + p_.groundwater_rate;
  if (p_.stable_infiltration_mm_h > 0) drained_share_ = half.groundwater_share;
  else drained_share_ = both > 0 ? (p_.interflow_rate * half.interflow_share + p_.groundwater_rate * half.groundwater_share) / both : 0;
  log_free_left_ = std::log(1 - both) / 24;
  for (Node& n : nodes_) n[0] = -1;
}

double XinanjiangCriticalRain::wanted_mm(const XinanjiangState& s) const {
  const double given = (1 - p_.impervious) * (s.interflow * interflow_share_ + s.groundwater * groundwater_share_);
  return std::isnan(s.upper + s.lower + s.deep + s.free) ? std::numeric_limits<double>::quiet_NaN() : runoff_ - given;
}

// Rain falls in pulses until the threshold runoff has left; on the way the rains are kept at which parts of it have.
void XinanjiangCriticalRain::search(double water, double free, double rain_per_hour, Node& node) const {
  const double capacity = p_.upper_mm + p_.lower_mm + p_.deep_mm, largest = capacity * (1 + p_.curve), pervious = 1 - p_.impervious;
  const bool two_way = p_.stable_infiltration_mm_h > 0;
  const double drains = 1 - std::exp(log_free_left_ * kPulse / rain_per_hour);  // share of the free water in a pulse
  double level = level_of(water, capacity, largest, p_.curve), share = 0, drained = 0, surface = 0, runoff_sum = 0, gone = 0;
  node[0] = 0;
  int part = 1;
  for (double rain = 0; rain < kMost && part <= kParts; rain += kPulse) {
    level += kPulse;
    const double after = level < largest ? capacity * (1 - std::pow(1 - level / largest, 1 + p_.curve)) : capacity;
    const double runoff = std::clamp(kPulse - (after - water), 0.0, kPulse);
    water = after;
    double left = 0;
    if (two_way) {
      // Even rain of so much in the duration: what falls no faster than the stable infiltration goes to the ground.
      runoff_sum += runoff;
      const double ground = runoff_sum * std::min(1.0, p_.stable_infiltration_mm_h * hours_ / (rain + kPulse));
      left = pervious * (runoff_sum - ground + drained_share_ * ground);
    } else {
      if (runoff > 0) surface += fill_free_water(p_, free, share, kPulse, runoff);
      const double out = free * drains;
      free -= out, drained += out;
      left = pervious * (surface + drained_share_ * drained);
    }
    left += p_.impervious * (rain + kPulse);
    for (; part <= kParts && left >= runoff_ * part / kParts; ++part)
      node[static_cast<std::size_t>(part)] = static_cast<float>(rain + kPulse * (runoff_ * part / kParts - gone) / (left - gone));
    gone = left;
  }
  for (; part <= kParts; ++part) node[static_cast<std::size_t>(part)] = static_cast<float>(kMost);
}

const XinanjiangCriticalRain::Node& XinanjiangCriticalRain::node(int wet, int free) {
  Node& n = nodes_[static_cast<std::size_t>(wet * kFree + free)];
  if (n[0] >= 0) return n;
  const double dry = 1 - static_cast<double>(wet) / (kWet - 1), capacity = p_.upper_mm + p_.lower_mm + p_.deep_mm;
  const double water = capacity * (1 - dry * dry), stands = p_.free_mm * free / (kFree - 1);
  // How fast critical rain falls is known when it is found: what drains meanwhile wants a second search, no more.
  search(water, stands, (runoff_ + 0.6 * (capacity - water) + 0.6 * (p_.free_mm - stands)) / hours_, n);
  if (p_.stable_infiltration_mm_h <= 0) search(water, stands, static_cast<double>(n[kParts]) / hours_, n);
  return n;
}

double XinanjiangCriticalRain::operator()(const XinanjiangState& s) {
  const double wanted = wanted_mm(s);
  if (std::isnan(wanted) || wanted <= 0) return std::isnan(wanted) ? wanted : 0;
  // Nodes crowd where the column is nearly full: there its curve is steep.
  const double full = std::clamp((s.upper + s.lower + s.deep) / (p_.upper_mm + p_.lower_mm + p_.deep_mm), 0.0, 1.0);
  const double x = (1 - std::sqrt(1 - full)) * (kWet - 1), y = std::clamp(s.free / p_.free_mm, 0.0, 1.0) * (kFree - 1), z = wanted / runoff_ * kParts;
  const int i = std::min(static_cast<int>(x), kWet - 2), j = std::min(static_cast<int>(y), kFree - 2), k = std::min(static_cast<int>(z), kParts - 1);
  const auto at = [&](int wet, int free) {
    const Node& n = node(wet, free);
    const auto low = static_cast<double>(n[static_cast<std::size_t>(k)]);
    return low + (z - k) * (static_cast<double>(n[static_cast<std::size_t>(k) + 1]) - low);
  };
  const auto between = [](double a, double b, double part) { return a + part * (b - a); };
  return std::max(wanted, between(between(at(i, j), at(i, j + 1), y - j), between(at(i + 1, j), at(i + 1, j + 1), y - j), x - i));
}

}  // namespace guyu
