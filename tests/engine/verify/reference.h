#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "engine/core/field.h"

// Plain versions of the scores, straight from their definitions, and made-up rain to feed them.
namespace guyu::test {

struct Plane {
  std::int64_t ny = 0, nx = 0;
  std::vector<float> values;
  float& at(std::int64_t j, std::int64_t i) { return values[static_cast<std::size_t>(j * nx + i)]; }
  FieldView<const float> view() const { return {values.data(), ny, nx, nx}; }
};

// A linear congruential generator: any spread of values does.
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : state_(seed * 2654435761U + 1) {}
  double roll() {
    state_ = state_ * 1664525U + 1013904223U;
    return static_cast<double>(state_ >> 8) / static_cast<double>(1U << 24);
  }

 private:
  std::uint32_t state_;
};

// Rain in steps of 0.25 (so that ties are common), about half of it 0, `missing` of it NaN.
inline Plane rain(std::int64_t ny, std::int64_t nx, std::uint32_t seed, double missing = 0.05) {
  Dice dice(seed);
  Plane p{ny, nx, {}};
  for (std::int64_t k = 0; k < ny * nx; ++k) {
    const double v = std::floor(16 * std::max(0.0, dice.roll() - 0.5)) / 4 * (1 + static_cast<double>(k % 5));
    p.values.push_back(dice.roll() < missing ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(v));
  }
  return p;
}

inline std::vector<std::vector<float>> ensemble(std::size_t members, std::size_t places, std::uint32_t seed, double missing = 0.01) {
  std::vector<std::vector<float>> all;
  for (std::size_t m = 0; m < members; ++m)
    all.push_back(rain(1, static_cast<std::int64_t>(places), seed + 17 * static_cast<std::uint32_t>(m), missing).values);
  return all;
}

inline std::vector<std::span<const float>> spans(const std::vector<std::vector<float>>& members) { return {members.begin(), members.end()}; }

inline bool all_known(const std::vector<std::vector<float>>& members, const std::vector<float>& observation, std::size_t k) {
  bool known = !std::isnan(observation[k]);
  for (const auto& m : members) known = known && !std::isnan(m[k]);
  return known;
}

// mean |x - y| - 1/2 sum |x - x'| / divisor, by double loop.
inline double plain_crps(const std::vector<double>& x, double y, bool fair) {
  double distance = 0, pairs = 0;
  for (const double a : x) {
    distance += std::abs(a - y);
    for (const double b : x) pairs += std::abs(a - b);
  }
  const auto m = static_cast<double>(x.size());
  return distance / m - pairs / (2 * m * (fair ? m - 1 : m));
}

// FSS by counting each square cell by cell.
inline double plain_fss(const Plane& f, const Plane& o, float threshold, std::int64_t scale) {
  double apart = 0, squares = 0;
  for (std::int64_t j = 0; j < f.ny; ++j) {
    for (std::int64_t i = 0; i < f.nx; ++i) {
      double pf = 0, po = 0;
      for (std::int64_t jj = std::max<std::int64_t>(0, j - scale / 2); jj <= std::min(f.ny - 1, j + scale / 2); ++jj) {
        for (std::int64_t ii = std::max<std::int64_t>(0, i - scale / 2); ii <= std::min(f.nx - 1, i + scale / 2); ++ii) {
          const float a = f.view()(jj, ii), b = o.view()(jj, ii);
          if (std::isnan(a) || std::isnan(b)) continue;
          pf += a >= threshold ? 1 : 0, po += b >= threshold ? 1 : 0;
        }
      }
      pf /= static_cast<double>(scale * scale), po /= static_cast<double>(scale * scale);
      apart += (pf - po) * (pf - po), squares += pf * pf + po * po;
    }
  }
  return 1 - apart / squares;
}

}  // namespace guyu::test
