#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "cli/ensemble/member_team.h"
#include "cli/run/join_rain.h"
#include "cli/run/observe.h"
#include "engine/core/error.h"
#include "engine/motion/motion.h"

namespace guyu::cli {

struct ExtrapolatedRain {
  std::vector<RainOutlook> slots;  // region means, from the newest frame to issue + until
  std::optional<Field> total;      // issue to issue + until on the radar's grid (mm); a cell that any step cannot see is missing
  Motion motion;
  std::vector<std::vector<float>> windows;  // of each future, the plan's sums over windows (WindowPlan::at); empty without a frame
};

// Who makes the members and where they are kept.
struct MemberHow {
  MemberTeam* team = nullptr;  // null: this process alone
  std::string folder;          // finished members are kept here for a restart; empty: they are not
  std::string writer = "run";  // this process's name among those that write there
  std::vector<int> only;       // a job of its own makes these alone; empty: all
  std::function<bool()> stop;  // asked after each member; true: Stopped is thrown. May be empty
};

// A run was asked to stop, and did where it can go on later.
struct Stopped : Error {
  explicit Stopped(const std::string& where) : Error(where, "was asked to stop", "start it again: it goes on from what it has kept") {}
};

// Motion from the frames and the newest one carried along it in steps. With an ensemble the slots hold its
// members' amounts, else the extrapolation's; where the plan has a forecast, members go on as it (engine/blend). Without a frame: nothing. `each` gets every
// step's extrapolated amount.
ExtrapolatedRain extrapolate_rain(const MotionFrames& frames, const CyclePlan& plan, const WindowPlan& windows, const RunConfig& config, RegionMeans& means,
                                  RunReport& report, const MemberHow& how, const std::function<void(const Field& amount)>& each);

// Only the members `how.only`, into `how.folder`: the part of a cycle that a job of its own does. Throws Error without a frame.
void make_group(const MotionFrames& frames, const CyclePlan& plan, const WindowPlan& windows, const RunConfig& config, RegionMeans& means, RunReport& report,
                const MemberHow& how);

// The steps: from the newest frame to the issue time, then by `step` to issue + until.
std::vector<Interval> extrapolation_steps(TimePoint newest, TimePoint issue, Seconds until, Seconds step);

}  // namespace guyu::cli
