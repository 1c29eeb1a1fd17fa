#pragma once
#include <vector>

#include "hpc/bench/stages.h"

namespace guyu::bench {

// A field of 0.25 degrees over China to 4200 x 6200 cells of 0.01 degree: bilinear with lapse rate and elevation.
std::vector<Measurement> downscale_grid(const StageOptions& options);
// The same to 40,000 townships: the sparse rows once, then 51 members x 40 steps x 5 variables through them.
std::vector<Measurement> downscale_townships(const StageOptions& options);
// Conservative weights of a 3500 x 7000 mosaic to 0.25 degrees, and their use.
std::vector<Measurement> regrid_conservative(const StageOptions& options);

}  // namespace guyu::bench
