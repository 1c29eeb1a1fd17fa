#pragma once
#include <span>

#include "engine/core/time.h"
#include "engine/motion/motion.h"

namespace guyu {

struct MotionOptions {
  std::int64_t max_cells = 400'000;   // frames are averaged by 2, 4, 8 ... until they have no more cells than this
  int window = 3;                     // half width of the estimation window, in control nodes (4 averaged cells each)
  int iterations = 6;                 // per level
  float stiffness = 2e-3F;            // pull towards the next coarser level, in squared log-rain gradient per cell, for frames 5 minutes apart
  float residual_scale = 1.2F;        // log-rain mismatch at which a cell counts half (clutter, growth, decay)
  float max_cells_per_second = 0.5F;  // faster motion is not looked for and cut to this; 0.5 is 150 cells in 5 minutes
};

// Dense motion from two or more rain-rate frames (mm/h, NaN = missing), oldest first, at any increasing
// times. Four frames or more serve best, most of all of 2-minute mosaics. Repeated scans do not count as standing echo
// (repeated_scans.h). A search for the one shift that
// best explains the newest frame, as far as max_cells_per_second reaches, then coarse-to-fine Lucas-Kanade on ln(1 + rain / 0.2): one velocity explains every
// earlier frame against the newest one that can be used; iteratively reweighted against cells that do not move with the rest; nodes without echo take the
// motion of the coarser levels and finally the mean of all echo. Frames without data, out of order or of another shape than the newest are left out and named
// in the note. Fewer than two usable frames, or no echo: zero motion and a note. The result does not depend on the number of threads.
Motion estimate_motion(std::span<const FieldView<const float>> frames, std::span<const TimePoint> times, const MotionOptions& options = {});

}  // namespace guyu
