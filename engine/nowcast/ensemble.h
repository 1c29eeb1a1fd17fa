#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "engine/core/time.h"
#include "engine/motion/motion.h"
#include "engine/nowcast/cascade_model.h"
#include "engine/nowcast/motion_spread.h"
#include "engine/nowcast/rate_mapping.h"

namespace guyu {

struct EnsembleOptions {
  int members = 24;
  int lagged = 0;  // of these, the last so many start from the frame before the newest, however far it is; from the newest where there is no other
  std::uint64_t seed = 1;
  int steps = 12;
  CascadeOptions cascade;  // with the length of a step
  Matching matching = Matching::cdf;
  MotionSpread motion;
};

// Takes rain rates (mm/h; NaN = unknown, it flowed in from where nothing is seen) of member 0 ... at step 1
// ... steps; of one step the members come in ascending order, of one member the steps. The view is valid
// during the call.
using EnsembleSink = std::function<void(int member, int step, FieldView<const float> rate)>;

// Possible futures of the rain by the STEPS family of methods: the newest frame is cut into scales; each
// fades as fast as the frames showed, and is refilled with noise of its own strength, smoothness and place;
// the sum gets the observed distribution of rates and is carried along the motion, of which each member has a
// version of its own. Member m is the same, to the bit, for any number of members, threads and ranks. As many
// members as threads are in memory at a time. O(members x steps x cells). Source: Bowler, Pierce, Seed
// (2006), STEPS: a probabilistic precipitation forecasting scheme.
void run_ensemble(std::span<const FieldView<const float>> frames, std::span<const TimePoint> times, const Motion& motion, const EnsembleOptions& options,
                  const EnsembleSink& sink);

// Some members of the ensemble after others: what one rank or one job of several makes. Each member is as run_ensemble() makes it. What members have in common
// is made with the first one that needs it and kept. The frames' cells, the times, the motion and the options must outlive it.
class MemberMaker {
 public:
  MemberMaker(std::span<const FieldView<const float>> frames, std::span<const TimePoint> times, const Motion& motion, const EnsembleOptions& options);
  ~MemberMaker();
  MemberMaker(const MemberMaker&) = delete;
  MemberMaker& operator=(const MemberMaker&) = delete;
  void make(std::span<const int> members, const EnsembleSink& sink);  // ascending; throws Error when they are not the ensemble's

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The S-PROG nowcast: each scale fades and nothing refills it, so that what is left is what can be foreseen.
// As member 0. Source: Seed (2003), A dynamic and spatial scaling approach to advection forecasting.
void run_sprog(std::span<const FieldView<const float>> frames, std::span<const TimePoint> times, const Motion& motion, const EnsembleOptions& options,
               const EnsembleSink& sink);

}  // namespace guyu
