#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "cli/run/join_rain.h"
#include "cli/run/observe.h"
#include "engine/motion/motion.h"

namespace guyu::cli {

struct ExtrapolatedRain {
  std::vector<RainOutlook> slots;  // region means, from the newest frame to issue + until
  std::optional<Field> total;      // issue to issue + until on the radar's grid (mm); a cell that any step cannot see is missing
  Motion motion;
};

// Motion from the frames and the newest one carried along it in steps. With an ensemble the slots hold its
// members' amounts, else the extrapolation's; where the plan has a forecast, members go on as it (engine/blend). Without a frame: nothing. `each` gets every
// step's extrapolated amount.
ExtrapolatedRain extrapolate_rain(const MotionFrames& frames, const CyclePlan& plan, const RunConfig& config, RegionMeans& means, RunReport& report,
                                  const std::function<void(const Field& amount)>& each);

// The steps: from the newest frame to the issue time, then by `step` to issue + until.
std::vector<Interval> extrapolation_steps(TimePoint newest, TimePoint issue, Seconds until, Seconds step);

}  // namespace guyu::cli
