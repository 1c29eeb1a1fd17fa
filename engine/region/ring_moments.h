#pragma once
#include "engine/region/region_set.h"

namespace guyu {

// Area of a closed ring and its first moments about the origin, in its own coordinates; the centroid is (x / area, y / area). Whichever way round the corners
// are given the area is positive; 0 where the ring closes nothing in, NaN where a corner is NaN. O(corners).
struct RingMoments {
  double area = 0, x = 0, y = 0;
};
RingMoments ring_moments(const Ring& ring);

}  // namespace guyu
