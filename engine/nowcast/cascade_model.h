#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/time.h"
#include "engine/motion/motion.h"
#include "engine/nowcast/autoregression.h"
#include "engine/nowcast/scale_pyramid.h"
#include "engine/nowcast/seen_area.h"

namespace guyu {

// The noise of one level: white noise through the kernels (side, 1, side) along rows and columns, which gives
// neighbours the correlation that the level's structures have; scaled to variance 1.
struct NoiseKernel {
  float along_row = 0, along_column = 0;
};

struct CascadeOptions {
  int scales = 7;
  Seconds step{300};
  // Two scans differ not only because the rain has changed, but also by what radar and motion have wrong. So
  // structures live longer than the scans' correlation says, and vary more than their own variance. Chosen by
  // the CRPS of members over two archived days; flat around these values.
  double memory = 4;
  float noise = 2;
  // The share of the last step's change that is added once more at the start: growth and decay beyond what
  // the memory of second order holds.
  float trend = 0;
  // 1: each place varies as its own surroundings do, 0: the same everywhere as on average. The spread between
  // storms and dry land is far from even.
  float locality = 1;
};

// What the newest frames say of each scale of the rain: its state now and one step ago, how fast it forgets,
// how strongly and how smoothly it varies, and where.
struct CascadeModel {
  struct Level {
    Plane now, before;  // dB; `before` stands one step earlier, moved to where it would be now
    Autoregression memory;
    Plane strength;   // standard deviation of a step's innovation, dB; of the level's grid
    SeenArea active;  // where it is worth drawing noise for
    NoiseKernel kernel;
    Decorrelation decorrelation;
    float centre = 0;  // the level varies about this: 0 but for the coarsest level
  };
  std::vector<Level> levels;  // the finest first; what the newest frame misses is filled from around
};

// frames: rates in mm/h, NaN = missing, oldest first, of one shape; at least one. Older frames are brought to
// the newest along the motion. With one frame alone nothing is known of memory: a life of 20 minutes times
// the level's size in cells is assumed.
CascadeModel build_cascade_model(std::span<const FieldView<const float>> frames, std::span<const TimePoint> times, const Motion& motion,
                                 const CascadeOptions& options);

}  // namespace guyu
