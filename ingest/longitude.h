#pragma once
#include <cstdint>
#include <span>

namespace guyu {

// Centres of the columns of a longitude-latitude grid: first and step > 0, in degrees.
struct LongitudeAxis {
  double first = 0, step = 1;
};

// Brings columns to the longitudes that regions are written in, -180 to 180: a grid that closes the circle is rotated so that it begins
// at the antimeridian (values, ny x nx, move with it); a grid of a part of the circle moves by a whole turn when it lies wholly west
// of Greenwich or would pass 360. A part that crosses the antimeridian keeps longitudes over 180.
void to_signed_longitudes(LongitudeAxis& axis, std::int64_t ny, std::int64_t nx, std::span<float> values);

}  // namespace guyu
