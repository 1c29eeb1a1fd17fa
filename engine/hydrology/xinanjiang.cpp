#include "engine/hydrology/xinanjiang.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "engine/hydrology/xinanjiang_curves.h"

namespace guyu {
namespace {

using namespace xinanjiang_curves;

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

}  // namespace guyu
