#include "engine/post/lapse_rate.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
constexpr double kNoSpread = 1e-8;  // standard deviation, K or m, that counts as none

struct Point {
  double height, temperature;
};

// NaN when there is nothing to fit.
double slope(const std::vector<Point>& points) {
  const auto n = static_cast<double>(points.size());
  double height = 0, temperature = 0;
  for (const Point& p : points) height += p.height, temperature += p.temperature;
  height /= n, temperature /= n;
  double together = 0, heights = 0, temperatures = 0;
  for (const Point& p : points) {
    const double h = p.height - height, t = p.temperature - temperature;
    together += h * t, heights += h * h, temperatures += t * t;
  }
  if (std::sqrt(heights / n) <= kNoSpread || std::sqrt(temperatures / n) <= kNoSpread) return std::numeric_limits<double>::quiet_NaN();
  return together / heights;
}

void check(const LapseRateFit& fit) {
  if (fit.radius < 0) throw Error("lapse rate", "radius of " + std::to_string(fit.radius) + " cells", "give 0 or more");
  if (!(fit.max_height_difference >= 0)) throw Error("lapse rate", "negative height difference", "give metres, 0 or more");
  if (!(fit.least <= fit.greatest)) throw Error("lapse rate", "the least is above the greatest", "give least <= greatest in K m-1");
}

}  // namespace

void temperature_lapse_rate(FieldView<const float> temperature, FieldView<const float> height, FieldView<const float> land, const LapseRateFit& fit,
                            FieldView<float> lapse_rate) {
  check(fit);
  const std::int64_t ny = temperature.ny, nx = temperature.nx;
  assert(height.ny == ny && height.nx == nx && land.ny == ny && land.nx == nx && lapse_rate.ny == ny && lapse_rate.nx == nx);
  const auto fitted = [&](std::int64_t j, std::int64_t i, std::vector<Point>& points) {
    const float middle = height(j, i);
    points.clear();
    for (std::int64_t y = std::max<std::int64_t>(0, j - fit.radius); y <= std::min(ny - 1, j + fit.radius); ++y) {
      for (std::int64_t x = std::max<std::int64_t>(0, i - fit.radius); x <= std::min(nx - 1, i + fit.radius); ++x) {
        // Comparisons with NaN are false: a missing neighbour is left out.
        const bool alike = std::abs(double{height(y, x)} - double{middle}) <= fit.max_height_difference;
        if (land(y, x) >= 0.5F && alike && !std::isnan(temperature(y, x))) points.push_back({double{height(y, x)}, double{temperature(y, x)}});
      }
    }
    const double rate = slope(points);
    return std::clamp(std::isnan(rate) ? kDryAdiabaticLapseRate : rate, fit.least, fit.greatest);
  };
  parallel_for(ny, 4, [&](std::int64_t begin, std::int64_t end) {
    std::vector<Point> points;
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < nx; ++i) {
        const bool known = !std::isnan(temperature(j, i)) && !std::isnan(height(j, i)) && !std::isnan(land(j, i));
        const double sea = std::clamp(kDryAdiabaticLapseRate, fit.least, fit.greatest);
        lapse_rate(j, i) = !known ? kMissing : static_cast<float>(land(j, i) >= 0.5F ? fitted(j, i, points) : sea);
      }
    }
  });
}

double lapse_rate_adjustment(double lapse_rate, double rise, double limit) {
  const double near = std::clamp(rise, -limit, limit);
  return lapse_rate * near + kStandardAtmosphereLapseRate * (rise - near);
}

void apply_lapse_rate(FieldView<const float> temperature, FieldView<const float> lapse_rate, FieldView<const float> source_height,
                      FieldView<const float> target_height, FieldView<float> adjusted, double limit) {
  assert(temperature.ny == adjusted.ny && lapse_rate.ny == adjusted.ny && source_height.ny == adjusted.ny && target_height.ny == adjusted.ny);
  parallel_for(adjusted.ny, 32, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < adjusted.nx; ++i) {
        const double rise = double{target_height(j, i)} - double{source_height(j, i)};
        const bool known = !std::isnan(rise);  // std::clamp may not be asked about NaN
        adjusted(j, i) = known ? static_cast<float>(double{temperature(j, i)} + lapse_rate_adjustment(double{lapse_rate(j, i)}, rise, limit)) : kMissing;
      }
    }
  });
}

}  // namespace guyu
