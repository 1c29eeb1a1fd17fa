#pragma once
#include <cmath>
#include <cstdint>

#include "engine/core/plane.h"

namespace guyu::test {

// The same values on every machine, 0 to 10 in steps that repeat; one cell in `one_missing_of` is missing (0: none).
inline Plane random_plane(std::int64_t ny, std::int64_t nx, std::uint32_t seed, std::uint32_t one_missing_of = 0) {
  Plane p(ny, nx);
  std::uint32_t state = seed * 2654435761U + 12345U;
  const auto next = [&] { return (state = state * 1664525U + 1013904223U) >> 8; };
  for (float& v : p.values) {
    v = static_cast<float>(next() % 1000) / 100;
    if (one_missing_of && next() % one_missing_of == 0) v = NAN;
  }
  return p;
}

inline bool same(float a, float b, double tolerance = 0) {
  return std::isnan(a) || std::isnan(b) ? std::isnan(a) && std::isnan(b) : std::abs(double{a} - double{b}) <= tolerance;
}

inline std::size_t differing(const Plane& a, const Plane& b, double tolerance = 0) {
  std::size_t n = a.ny == b.ny && a.nx == b.nx ? 0 : 1;
  for (std::size_t k = 0; n == 0 || k < a.values.size(); ++k) {
    if (k >= a.values.size()) break;
    n += same(a.values[k], b.values[k], tolerance) ? 0 : 1;
  }
  return n;
}

}  // namespace guyu::test
