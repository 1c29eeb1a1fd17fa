#include "engine/post/vicinity.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "engine/core/error.h"
#include "engine/core/plane.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr float kNothing = -std::numeric_limits<float>::infinity();
constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

// Greatest of the 2 radius + 1 values around each, by van Herk's and Gil and Werman's running maxima: the line is cut into blocks of the window's length, and
// every window is the end of one block and the start of the next. `step` parts neighbours of the line; three comparisons a value.
class LineMaximum {
 public:
  LineMaximum(std::int64_t n, std::int64_t radius)
      : n_(n), radius_(radius), padded_((n + 2 * radius + 2 * radius) / (2 * radius + 1) * (2 * radius + 1) + 2 * radius + 1),
        from_start_(static_cast<std::size_t>(padded_)), to_end_(static_cast<std::size_t>(padded_)) {}
  void run(const float* in, std::int64_t step, float* out, std::int64_t out_step) {
    const std::int64_t window = 2 * radius_ + 1;
    const auto at = [&](std::int64_t k) { return k < radius_ || k >= n_ + radius_ ? kNothing : in[(k - radius_) * step]; };
    for (std::int64_t k = 0; k < padded_; ++k)
      from_start_[static_cast<std::size_t>(k)] = k % window == 0 ? at(k) : std::max(from_start_[static_cast<std::size_t>(k - 1)], at(k));
    for (std::int64_t k = padded_ - 1; k >= 0; --k)
      to_end_[static_cast<std::size_t>(k)] = k % window == window - 1 ? at(k) : std::max(to_end_[static_cast<std::size_t>(k + 1)], at(k));
    for (std::int64_t i = 0; i < n_; ++i)
      out[i * out_step] = std::max(to_end_[static_cast<std::size_t>(i)], from_start_[static_cast<std::size_t>(i + window - 1)]);
  }

 private:
  std::int64_t n_, radius_, padded_;
  std::vector<float> from_start_, to_end_;
};

void box_maximum(Plane& plane, std::int64_t radius) {
  Plane across(plane.ny, plane.nx);
  parallel_for(plane.ny, 32, [&](std::int64_t begin, std::int64_t end) {
    LineMaximum line(plane.nx, radius);
    for (std::int64_t j = begin; j < end; ++j) line.run(plane.row(j), 1, across.row(j), 1);
  });
  parallel_for(plane.nx, 32, [&](std::int64_t begin, std::int64_t end) {
    LineMaximum line(plane.ny, radius);
    for (std::int64_t i = begin; i < end; ++i) line.run(across.row(0) + i, plane.nx, plane.row(0) + i, plane.nx);
  });
}

struct Sums {
  double count = 0, sum = 0, squares = 0;
  void add(float v, double sign) {
    if (std::isnan(v)) return;
    count += sign, sum += sign * double{v}, squares += sign * double{v} * double{v};
  }
  Sums& operator+=(const Sums& o) {
    count += o.count, sum += o.sum, squares += o.squares;
    return *this;
  }
  Sums operator-(const Sums& o) const { return {count - o.count, sum - o.sum, squares - o.squares}; }
};

std::int64_t continued(std::int64_t k, std::int64_t n) { return std::clamp<std::int64_t>(k, 0, n - 1); }

// Sums by column run down the rows of a band, a prefix sum across gives the squares. Bands start anew, so that the result does not depend on the threads.
void box_moments(const Plane& plane, std::int64_t radius, bool deviation, const Plane& seen, FieldView<float> result) {
  const std::int64_t ny = plane.ny, nx = plane.nx;
  parallel_for(ny, 64, [&](std::int64_t begin, std::int64_t end) {
    std::vector<Sums> column(static_cast<std::size_t>(nx)), prefix(static_cast<std::size_t>(nx + 2 * radius + 1));
    const auto take = [&](std::int64_t j, double sign) {
      const float* row = plane.row(continued(j, ny));
      for (std::int64_t i = 0; i < nx; ++i) column[static_cast<std::size_t>(i)].add(row[i], sign);
    };
    for (std::int64_t j = begin - radius; j < begin + radius; ++j) take(j, 1);
    for (std::int64_t j = begin; j < end; ++j) {
      take(j + radius, 1);
      if (j > begin) take(j - radius - 1, -1);
      for (std::int64_t k = 0; k < nx + 2 * radius; ++k) {
        prefix[static_cast<std::size_t>(k + 1)] = prefix[static_cast<std::size_t>(k)];
        prefix[static_cast<std::size_t>(k + 1)] += column[static_cast<std::size_t>(continued(k - radius, nx))];
      }
      for (std::int64_t i = 0; i < nx; ++i) {
        if (std::isnan(seen.row(j)[i])) continue;
        const Sums s = prefix[static_cast<std::size_t>(i + 2 * radius + 1)] - prefix[static_cast<std::size_t>(i)];
        const double mean = s.sum / s.count;
        result(j, i) = static_cast<float>(deviation ? std::sqrt(std::max(0.0, s.squares / s.count - mean * mean)) : mean);
      }
    }
  });
}

}  // namespace

VicinityStatistic parse_vicinity_statistic(std::string_view text) {
  if (text == "max") return VicinityStatistic::maximum;
  if (text == "min") return VicinityStatistic::minimum;
  if (text == "mean") return VicinityStatistic::mean;
  if (text == "std") return VicinityStatistic::standard_deviation;
  throw Error("vicinity", "\"" + std::string(text) + "\" is no statistic of it", "give max, min, mean or std");
}

void vicinity(FieldView<const float> field, std::int64_t radius, VicinityStatistic statistic, std::optional<FieldView<const float>> land,
              FieldView<float> result) {
  assert(field.ny == result.ny && field.nx == result.nx && (!land || (land->ny == field.ny && land->nx == field.nx)));
  if (radius < 0) throw Error("vicinity", "radius of " + std::to_string(radius) + " cells", "give 0 or more");
  const bool moments = statistic == VicinityStatistic::mean || statistic == VicinityStatistic::standard_deviation;
  const float sign = statistic == VicinityStatistic::minimum ? -1.0F : 1.0F;
  for (std::int64_t j = 0; j < result.ny; ++j) std::fill(result.row(j), result.row(j) + result.nx, kMissing);
  for (const bool on_land : {false, true}) {
    if (on_land && !land) break;
    Plane kind(field.ny, field.nx);  // the field where it is of the kind in turn, else missing
    for (std::int64_t j = 0; j < field.ny; ++j) {
      for (std::int64_t i = 0; i < field.nx; ++i) kind.row(j)[i] = land && ((*land)(j, i) >= 0.5F) != on_land ? kMissing : sign * field(j, i);
    }
    if (moments) {
      box_moments(kind, radius, statistic == VicinityStatistic::standard_deviation, kind, result);
      continue;
    }
    Plane greatest = kind;
    for (float& v : greatest.values) {
      if (std::isnan(v)) v = kNothing;
    }
    box_maximum(greatest, radius);
    for (std::int64_t j = 0; j < field.ny; ++j) {
      for (std::int64_t i = 0; i < field.nx; ++i) {
        if (!std::isnan(kind.row(j)[i])) result(j, i) = sign * greatest.row(j)[i];
      }
    }
  }
}

std::int64_t cells_in_radius(double radius_m, double cell_size_m) {
  const double cells = std::floor(radius_m / cell_size_m + 1e-6);  // coordinates in float make 20000 / 2000 just less than 10
  if (!(cells >= 1))
    throw Error("radius", std::to_string(radius_m) + " m is less than a cell of " + std::to_string(cell_size_m) + " m", "give a radius of a cell or more");
  return static_cast<std::int64_t>(cells);
}

}  // namespace guyu
