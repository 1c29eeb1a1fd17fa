#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "engine/blend/scale_skill.h"
#include "engine/core/plane.h"
#include "engine/core/time.h"
#include "engine/nowcast/autoregression.h"
#include "engine/nowcast/ensemble.h"
#include "engine/nowcast/scale_pyramid.h"

namespace guyu {

// Rain rate of a forecast over an interval, on the nowcast's grid: mm/h, NaN = not known.
struct ForecastRate {
  Interval valid;
  Plane rate;
};

// Forecasts that the nowcast's members go on as, one list of intervals a forecast member, ascending. Member m of the nowcast takes forecast member
// m modulo their number.
struct BlendForecast {
  std::vector<std::vector<ForecastRate>> members;
  ScaleSkill skill;
};

// Joins nowcast and forecast scale by scale while members are made: put between run_ensemble() and what takes its rates. The nowcast's skill is the
// correlation that its own cascade model measured (`memory` of each level); weights by blend_weights(); the result has the distribution of rates that
// lies between the two, rank by rank over the cells that both know, with the weight of the forecast's part in the total variance. Where only one of the two is
// known that one stands; where neither is, NaN. A time that no forecast interval holds is the nowcast's alone. Three passes of a pyramid a member and step. Not
// for concurrent calls.
class ForecastBlend {
 public:
  // `start`: the newest frame's time; `step` that of the ensemble. Throws Error when forecast planes are of another shape than ny x nx.
  ForecastBlend(BlendForecast forecast, std::vector<Decorrelation> memory, TimePoint start, Seconds step, std::int64_t ny, std::int64_t nx);

  // The member's rates at a step, blended; the view is valid until the next call.
  FieldView<const float> operator()(int member, int step, FieldView<const float> rate);
  // Part of the forecast in the result at a step, 0 to 1, by variance over the levels; for the report.
  double forecast_part(int step) const;

 private:
  struct Prepared {  // of one forecast interval
    const ForecastRate* source = nullptr;
    ScalePyramid pyramid;  // made when it is first needed
  };
  const Prepared* prepared(int member, TimePoint at);
  void match_rates(FieldView<const float> member, const Prepared& forecast, double part);

  BlendForecast forecast_;
  std::vector<Decorrelation> memory_;
  TimePoint start_;
  Seconds step_;
  std::vector<std::vector<Prepared>> prepared_;
  Plane out_;
  std::vector<double> part_;
};

}  // namespace guyu
