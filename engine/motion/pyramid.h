#pragma once
#include <vector>

#include "engine/core/plane.h"

namespace guyu {

// ln(1 + rain rate / 0.2 mm/h) averaged over factor x factor cells. A block with less than half its cells
// valid is missing. Negative rates count as dry, infinite ones as missing.
Plane log_rain_blocks(FieldView<const float> rain_mm_h, std::int64_t factor);

// The image itself, lightly smoothed, and then halved again and again: level 0 is the finest.
std::vector<Plane> build_pyramid(Plane image, int levels);

}  // namespace guyu
