#include "engine/hydrology/xinanjiang.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/error.h"

namespace guyu {
namespace {

constexpr double kPulse = 5;  // mm

// Where the distribution of capacities stands when so much is filled: the largest local capacity times the filled share's root.
double level_of(double filled, double capacity, double largest, double curve) {
  return largest * (1 - std::pow(std::max(0.0, 1 - filled / capacity), 1 / (1 + curve)));
}
// What overflows when `more` comes onto a store with a distributed capacity.
double overflow(double more, double filled, double capacity, double curve) {
  if (filled >= capacity) return more;
  const double largest = capacity * (1 + curve), level = level_of(filled, capacity, largest, curve);
  const double out = more - (capacity - filled);
  return std::clamp(more + level < largest ? out + capacity * std::pow(1 - (more + level) / largest, 1 + curve) : out, 0.0, more);
}

struct Evaporation {
  double upper, lower, deep;
  double all() const { return upper + lower + deep; }
};
Evaporation evaporate(const XinanjiangParameters& p, const XinanjiangState& s, double rain, double wanted) {
  Evaporation e{std::min(rain + s.upper, wanted), 0, 0};
  const double rest = wanted - e.upper;
  if (rest <= 0) return e;
  if (s.lower >= p.deep_evaporation * p.lower_mm) {
    e.lower = std::min(s.lower, rest * s.lower / p.lower_mm);
  } else if (s.lower >= p.deep_evaporation * rest) {
    e.lower = p.deep_evaporation * rest;
  } else {
    e.lower = s.lower;
    e.deep = std::min(s.deep, p.deep_evaporation * rest - e.lower);
  }
  return e;
}

// The free-water store: `excess` mm fell above evaporation in the pulse, `runoff` of them on full ground.
struct Split {
  double surface = 0, interflow = 0, groundwater = 0;
};
// Free water finds room, in the share of the area that makes runoff, or flows off at the surface, which is given. That share takes the free water with it, but
// never shrinks below what holds that water: a drizzle after a storm makes no flood of it.
double fill_free_water(const XinanjiangParameters& p, double& free, double& runoff_share, double excess, double runoff) {
  runoff_share = std::clamp(std::max(runoff / excess, free / p.free_mm), 1e-3, 1.0);
  const double more = runoff / runoff_share, depth = std::min(free / runoff_share, p.free_mm);
  const double surface = std::min(runoff, overflow(more, depth, p.free_mm, p.free_curve) * runoff_share);
  free += runoff - surface;
  return surface;
}
// drained_share: of the free water in the pulse, as interflow and groundwater together and in their proportion (Zhao 1992).
Split three_ways(const XinanjiangParameters& p, XinanjiangState& s, double excess, double runoff, double drained_share) {
  Split out;
  if (runoff > 0) out.surface = fill_free_water(p, s.free, s.runoff_share, excess, runoff);
  const double both = p.interflow_rate + p.groundwater_rate, drained = s.free * drained_share;
  out.interflow = both > 0 ? drained * p.interflow_rate / both : 0;
  out.groundwater = both > 0 ? drained - out.interflow : 0;
  s.free = std::max(0.0, s.free - drained);
  return out;
}

Split two_ways(const XinanjiangParameters& p, double excess, double runoff, double days) {
  if (!(runoff > 0)) return {};
  const double ground = std::min(runoff, p.stable_infiltration_mm_h * 24 * days * runoff / excess);
  return {runoff - ground, 0, ground};
}

void must(bool holds, const char* name, double value, const char* sense) {
  if (!holds) throw Error("Xinanjiang parameters", fmt::format("{} = {} lies outside its sense", name, value), sense);
}

}  // namespace

void check(const XinanjiangParameters& p) {
  must(p.evaporation_factor >= 0, "evaporation_factor", p.evaporation_factor, "at least 0");
  must(p.upper_mm > 0, "upper_mm", p.upper_mm, "above 0");
  must(p.lower_mm > 0, "lower_mm", p.lower_mm, "above 0");
  must(p.deep_mm >= 0, "deep_mm", p.deep_mm, "at least 0");
  must(p.curve >= 0, "curve", p.curve, "at least 0");
  must(p.deep_evaporation >= 0 && p.deep_evaporation <= 1, "deep_evaporation", p.deep_evaporation, "0 to 1");
  must(p.impervious >= 0 && p.impervious < 1, "impervious", p.impervious, "0 to below 1");
  must(p.free_mm > 0, "free_mm", p.free_mm, "above 0");
  must(p.free_curve >= 0, "free_curve", p.free_curve, "at least 0");
  const double both = p.interflow_rate + p.groundwater_rate;
  must(p.interflow_rate >= 0 && p.groundwater_rate >= 0 && both <= 1, "interflow_rate + groundwater_rate", both, "each at least 0, together at most 1");
  must(p.interflow_recession >= 0 && p.interflow_recession < 1, "interflow_recession", p.interflow_recession, "0 to below 1");
  must(p.groundwater_recession >= 0 && p.groundwater_recession < 1, "groundwater_recession", p.groundwater_recession, "0 to below 1");
  must(p.stable_infiltration_mm_h >= 0, "stable_infiltration_mm_h", p.stable_infiltration_mm_h, "at least 0");
}

XinanjiangState xinanjiang_state(const XinanjiangParameters& p, double fullness) {
  XinanjiangState s;
  s.upper = fullness * p.upper_mm, s.lower = fullness * p.lower_mm, s.deep = fullness * p.deep_mm;
  return s;
}

double stored_mm(const XinanjiangParameters& p, const XinanjiangState& s) {
  return (1 - p.impervious) * (s.upper + s.lower + s.deep + s.free + s.interflow + s.groundwater);
}

double fullness(const XinanjiangParameters& p, const XinanjiangState& s) { return (s.upper + s.lower + s.deep) / (p.upper_mm + p.lower_mm + p.deep_mm); }

XinanjiangStep xinanjiang_step_of(const XinanjiangParameters& p, double step_hours) {
  const double days = step_hours / 24;
  return {days, 1 - std::pow(1 - (p.interflow_rate + p.groundwater_rate), days), 1 - std::pow(p.interflow_recession, days),
          1 - std::pow(p.groundwater_recession, days)};
}

XinanjiangFlux xinanjiang_step(const XinanjiangParameters& p, XinanjiangState& s, double rain, double potential, double step_hours) {
  return xinanjiang_step(p, xinanjiang_step_of(p, step_hours), s, rain, potential);
}

XinanjiangFlux xinanjiang_step(const XinanjiangParameters& p, const XinanjiangStep& step, XinanjiangState& s, double rain, double potential) {
  if (std::isnan(rain) || std::isnan(potential)) {
    constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
    return {kNaN, kNaN, kNaN, kNaN};
  }
  const double wanted = p.evaporation_factor * potential;
  XinanjiangFlux out;
  const Evaporation e = evaporate(p, s, rain, wanted);
  const double pervious = 1 - p.impervious, excess = std::max(0.0, rain - e.upper);
  // What evaporates first comes from the rain, then from the layers.
  s.upper -= std::max(0.0, e.upper - rain), s.lower -= e.lower, s.deep -= e.deep;
  const double paved_loss = std::min(rain, wanted);
  out.evaporation = pervious * e.all() + p.impervious * paved_loss;
  out.surface = p.impervious * (rain - paved_loss);

  const int pulses = std::max(1, static_cast<int>(std::ceil(excess / kPulse)));
  const double pulse = excess / pulses, capacity = p.upper_mm + p.lower_mm + p.deep_mm, part = step.days / pulses;
  const double drained_share = pulses == 1 ? step.drained_share : 1 - std::pow(1 - (p.interflow_rate + p.groundwater_rate), part);
  for (int k = 0; k < pulses; ++k) {
    double runoff = 0;
    if (pulse > 0) {
      runoff = overflow(pulse, std::min(s.upper + s.lower + s.deep, capacity), capacity, p.curve);
      double soak = pulse - runoff;
      const double upper = std::min(soak, p.upper_mm - s.upper), lower = std::min(soak - upper, p.lower_mm - s.lower);
      soak -= upper + lower;
      const double deep = std::min(soak, p.deep_mm - s.deep);
      s.upper += upper, s.lower += lower, s.deep += deep;
      runoff += soak - deep;  // rounding only
    }
    const Split split = p.stable_infiltration_mm_h > 0 ? two_ways(p, pulse, runoff, part) : three_ways(p, s, pulse, runoff, drained_share);
    s.interflow += split.interflow, s.groundwater += split.groundwater;
    out.surface += pervious * split.surface;
  }
  const double interflow = s.interflow * step.interflow_share, groundwater = s.groundwater * step.groundwater_share;
  s.interflow -= interflow, s.groundwater -= groundwater;
  out.interflow = pervious * interflow, out.groundwater = pervious * groundwater;
  return out;
}

void come_near(const XinanjiangParameters& p, XinanjiangState& s, double level, double left) {
  const auto near = [&](double& water, double capacity) {
    const double target = level * capacity;
    if (water < target) water = target + (water - target) * left;
  };
  near(s.upper, p.upper_mm), near(s.lower, p.lower_mm), near(s.deep, p.deep_mm);
}

XinanjiangRain::XinanjiangRain(const XinanjiangParameters& p)
    : p_(p), capacity_(p.upper_mm + p.lower_mm + p.deep_mm), largest_(capacity_ * (1 + p.curve)),
      log_free_left_(std::log(1 - (p.interflow_rate + p.groundwater_rate))) {}

XinanjiangRain::Critical XinanjiangRain::critical(double runoff_mm, double hours) const {
  const XinanjiangStep whole = xinanjiang_step_of(p_, hours), half = xinanjiang_step_of(p_, hours / 2);
  const double both = p_.interflow_rate + p_.groundwater_rate;
  // What drains within the duration is in its store for half of it in the mean.
  if (p_.stable_infiltration_mm_h > 0) return {runoff_mm, hours, whole.interflow_share, whole.groundwater_share, half.groundwater_share};
  const double drained = both > 0 ? (p_.interflow_rate * half.interflow_share + p_.groundwater_rate * half.groundwater_share) / both : 0;
  return {runoff_mm, hours, whole.interflow_share, whole.groundwater_share, drained};
}

double XinanjiangRain::critical_rain(const Critical& c, const XinanjiangState& s, double fell, double most) const {
  const double pervious = 1 - p_.impervious, wanted = wanted_runoff(c, s), filled = s.upper + s.lower + s.deep;
  if (std::isnan(wanted) || std::isnan(fell)) return std::numeric_limits<double>::quiet_NaN();
  if (wanted <= 0) return 0;
  const bool two_way = p_.stable_infiltration_mm_h > 0;
  const double days = c.hours / 24, per_mm = days / fell;
  double left_of_pulse = two_way ? 1 : std::exp(log_free_left_ * per_mm * kPulse);
  double water = std::min(filled, capacity_), level = level_of(water, capacity_, largest_, p_.curve);
  double free = s.free, share = 0, drained = 0, surface = 0, runoff_sum = 0, gone = 0;
  for (double rain = 0; rain < most;) {
    const double pulse = std::min(kPulse, most - rain);
    level += pulse;
    const double after = level < largest_ ? capacity_ * (1 - std::pow(1 - level / largest_, 1 + p_.curve)) : capacity_;
    const double runoff = std::clamp(pulse - (after - water), 0.0, pulse);
    water = after;
    double total = 0;
    if (two_way) {
      // Even rain of so much in the duration: what falls no faster than the stable infiltration goes to the ground, of which a part leaves.
      runoff_sum += runoff;
      const double ground = runoff_sum * std::min(1.0, p_.stable_infiltration_mm_h * c.hours / (rain + pulse));
      total = pervious * (runoff_sum - ground + c.drained_share * ground);
    } else {
      if (runoff > 0) surface += fill_free_water(p_, free, share, pulse, runoff);
      if (pulse < kPulse) left_of_pulse = std::exp(log_free_left_ * per_mm * pulse);
      drained += free * (1 - left_of_pulse);
      free *= left_of_pulse;
      total = pervious * (surface + c.drained_share * drained);
    }
    total += p_.impervious * (rain + pulse);
    if (total >= wanted) return rain + pulse * (wanted - gone) / (total - gone);
    gone = total, rain += pulse;
  }
  return std::max(most, 0.0) + (wanted - gone);  // no more leaves than falls
}

}  // namespace guyu
