#pragma once
#include <optional>

#include "engine/core/time.h"
#include "engine/nowcast/beyond_view.h"
#include "engine/nowcast/displacement.h"
#include "engine/nowcast/motion_spread.h"
#include "engine/nowcast/seen_area.h"
#include "engine/nowcast/uniform_blocks.h"

namespace guyu {

// out = `in` carried along by the displacement: each cell takes the bilinear value of where it came from.
// Missing and outside cells take no part; a value with less than half of its weight known is missing, so what
// flows in from beyond the edge is missing, not dry. No value leaves the range of `in`. `out` may not overlap
// `in`.
void advect(FieldView<const float> in, const DisplacementView& displacement, FieldView<float> out);

// Beyond the edge of the grid a field goes on as it is there, where the edge was `seen`, for `reach` cells (rows and columns).
struct BeyondGrid {
  const SeenArea& seen;
  double reach = 0;
};
// The same, and what comes from so far beyond the grid has the value at the nearest place of the edge.
void advect(FieldView<const float> in, const DisplacementView& displacement, const BeyondGrid& beyond, FieldView<float> out);

struct AccumulationOptions {
  Seconds longest_substep{60};     // shorter than a cell takes to pass, or fast cells leave stripes
  float least_known_time = 0.75F;  // share of the interval with a known rate below which the amount is missing
};

// Extrapolates one frame along a steady motion. The frame's values must outlive the object. Leads are counted
// from the frame's time; ascending leads are cheapest.
class Extrapolator {
 public:
  Extrapolator(FieldView<const float> newest, const Motion& motion);
  // From now on step_to() also tells what comes from beyond the view, as far as the place is uncertain by `spread` (one standard deviation; beyond_view.h).
  // accumulate() stays with what was seen: amounts decide warnings.
  void look_beyond(const MotionSpread& spread);
  void step_to(Seconds lead, FieldView<float> out);
  // Amount (mm when the frame is mm/h) over (from, to] by the trapezoid rule over sub-steps. Unknown time
  // within the allowed share counts at the mean rate of the known time.
  void accumulate(Seconds from, Seconds to, FieldView<float> out, const AccumulationOptions& options = {});

 private:
  FieldView<const float> newest_;
  Displacement displacement_;
  UniformBlocks blocks_;
  std::optional<BeyondView> beyond_;
  MotionSpread spread_;
};

inline void accumulate_extrapolation(Extrapolator& extrapolator, Seconds from, Seconds to, FieldView<float> out, const AccumulationOptions& options = {}) {
  extrapolator.accumulate(from, to, out, options);
}

}  // namespace guyu
