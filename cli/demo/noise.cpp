#include "cli/demo/noise.h"

#include <cmath>
#include <initializer_list>

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

NoiseRow::NoiseRow(std::uint64_t stream, double y, double t, double first, double last) : begin_(static_cast<std::int64_t>(std::floor(first))) {
  const double y0 = std::floor(y), t0 = std::floor(t), fy = smooth(y - y0), ft = smooth(t - t0);
  const auto j = static_cast<std::int64_t>(y0), k = static_cast<std::int64_t>(t0);
  for (std::int64_t i = begin_; i <= static_cast<std::int64_t>(std::floor(last)) + 1; ++i) {
    const auto line = [&](std::int64_t dk) { return between(uniform(stream, i, j, k + dk), uniform(stream, i, j + 1, k + dk), fy); };
    values_.push_back(2 * between(line(0), line(1), ft) - 1);
  }
}

double NoiseRow::at(double x) const {
  const double x0 = std::floor(x);
  const auto i = static_cast<std::size_t>(static_cast<std::int64_t>(x0) - begin_);
  return between(values_[i], values_[i + 1], smooth(x - x0));
}

}  // namespace guyu::cli::demo
