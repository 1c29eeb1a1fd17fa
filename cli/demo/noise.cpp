#include "cli/demo/noise.h"

#include <cmath>

namespace guyu::cli::demo {
namespace {

double smooth(double f) { return f * f * (3 - 2 * f); }
double between(double a, double b, double f) { return a + f * (b - a); }

}  // namespace

std::uint64_t mixed(std::uint64_t value) {
  value += 0x9E3779B97F4A7C15ULL;
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ULL;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBULL;
  return value ^ (value >> 31);
}

double uniform(std::uint64_t stream, std::int64_t a, std::int64_t b, std::int64_t c) {
  std::uint64_t h = mixed(stream);
  for (const std::int64_t k : {a, b, c}) h = mixed(h ^ static_cast<std::uint64_t>(k));
  return static_cast<double>(h >> 11) * 0x1p-53;
}

double lattice_noise(std::uint64_t stream, double x, double y, double t) {
  const double x0 = std::floor(x), y0 = std::floor(y), t0 = std::floor(t);
  const double fx = smooth(x - x0), fy = smooth(y - y0), ft = smooth(t - t0);
  const auto i = static_cast<std::int64_t>(x0), j = static_cast<std::int64_t>(y0), k = static_cast<std::int64_t>(t0);
  const auto row = [&](std::int64_t dj, std::int64_t dk) {
    return between(uniform(stream, i, j + dj, k + dk), uniform(stream, i + 1, j + dj, k + dk), fx);
  };
  const auto plane = [&](std::int64_t dk) { return between(row(0, dk), row(1, dk), fy); };
  return 2 * between(plane(0), plane(1), ft) - 1;
}

}  // namespace guyu::cli::demo
