#pragma once
#include <vector>

#include "engine/cells/echo_pixels.h"
#include "engine/cells/grid_scale.h"
#include "engine/cells/identify.h"

namespace guyu {

// Where a cell starts: the piece of pixels of at least `level` thresholds around the pixel.
struct CoreSeed {
  std::int32_t pixel = 0;  // of its maximum
  std::uint8_t level = 1;
};

// The cores of all pieces, by pixel; identify_cells says when a core stands alone. O(echo).
std::vector<CoreSeed> find_cores(const EchoPixels& echo, const GridScale& scale, const IdentifyOptions& options);

}  // namespace guyu
