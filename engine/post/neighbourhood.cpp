#include "engine/post/neighbourhood.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "engine/core/error.h"
#include "engine/core/plane.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

// Prefix sums along a row, continued by `radius` cells beyond both ends: [k] sums what lies before column k - radius. The count of known cells stands beside
// the values. Of a weighted circle the first and second moments are kept too, since the sum of (c - (i - i0)^2) f is made of sums of f, i f and i^2 f.
class RowPrefix {
 public:
  RowPrefix(std::int64_t nx, std::int64_t radius, bool weighted)
      : nx_(nx), radius_(radius), length_(static_cast<std::size_t>(nx + 2 * radius + 1)), sums_(length_ * (weighted ? 6 : 2)), weighted_(weighted) {}
  void fill(const float* row, bool extend) {
    double v0 = 0, n0 = 0, v1 = 0, n1 = 0, v2 = 0, n2 = 0;
    for (std::size_t k = 0; k < length_; ++k) {
      value(k) = v0, count(k) = n0;
      if (weighted_) at(2, k) = v1, at(3, k) = n1, at(4, k) = v2, at(5, k) = n2;
      const std::int64_t i = static_cast<std::int64_t>(k) - radius_;
      if (!extend && (i < 0 || i >= nx_)) continue;
      const float f = row[std::clamp<std::int64_t>(i, 0, nx_ - 1)];
      if (std::isnan(f)) continue;
      const double x = static_cast<double>(i);
      v0 += double{f}, n0 += 1;
      v1 += x * double{f}, n1 += x;
      v2 += x * x * double{f}, n2 += x * x;
    }
  }
  // Adds to the sums of every column the span of `half` cells to both sides, with weights (c - dx^2).
  void add_span(std::int64_t half, double c, double* sum, double* known) const {
    const auto first = static_cast<std::size_t>(radius_ - half), last = static_cast<std::size_t>(radius_ + half + 1);
    const auto n = static_cast<std::size_t>(nx_);
    const double *v = sums_.data(), *m = v + length_;
    if (!weighted_) {
      for (std::size_t i = 0; i < n; ++i) sum[i] += v[i + last] - v[i + first], known[i] += m[i + last] - m[i + first];
      return;
    }
    const double *v1 = m + length_, *m1 = v1 + length_, *v2 = m1 + length_, *m2 = v2 + length_;
    for (std::size_t i = 0; i < n; ++i) {
      const double x = static_cast<double>(i), near = c - x * x;
      sum[i] += near * (v[i + last] - v[i + first]) + 2 * x * (v1[i + last] - v1[i + first]) - (v2[i + last] - v2[i + first]);
      known[i] += near * (m[i + last] - m[i + first]) + 2 * x * (m1[i + last] - m1[i + first]) - (m2[i + last] - m2[i + first]);
    }
  }

 private:
  double& at(std::size_t which, std::size_t k) { return sums_[which * length_ + k]; }
  double& value(std::size_t k) { return sums_[k]; }
  double& count(std::size_t k) { return sums_[length_ + k]; }
  std::int64_t nx_, radius_;
  std::size_t length_;
  std::vector<double> sums_;
  bool weighted_;
};

// Sums of a row's neighbourhoods, handed to `emit(row, sums, counts)`.
template <class Emit>
void circle_sums(FieldView<const float> field, const Neighbourhood& hood, const Emit& emit) {
  const std::int64_t radius = hood.radius, window = 2 * radius + 1;
  const bool weighted = hood.shape == NeighbourhoodShape::weighted_circle, extend = hood.edge == NeighbourhoodEdge::extend;
  std::vector<std::int64_t> half(static_cast<std::size_t>(radius + 1));
  for (std::int64_t dy = 0; dy <= radius; ++dy) {
    auto h = static_cast<std::int64_t>(std::sqrt(static_cast<double>(radius * radius - dy * dy)));
    while ((h + 1) * (h + 1) + dy * dy <= radius * radius) ++h;
    half[static_cast<std::size_t>(dy)] = h;
  }
  parallel_for(field.ny, std::max<std::int64_t>(32, window), [&](std::int64_t begin, std::int64_t end) {
    std::vector<RowPrefix> rows(static_cast<std::size_t>(window), RowPrefix(field.nx, radius, weighted));  // row j in rows[j % window]
    const auto slot = [&](std::int64_t j) -> RowPrefix& { return rows[static_cast<std::size_t>((j + window) % window)]; };
    std::vector<double> sum(static_cast<std::size_t>(field.nx)), known(static_cast<std::size_t>(field.nx));
    const auto load = [&](std::int64_t j) {
      if (j >= 0 && j < field.ny) slot(j).fill(field.row(j), extend);
      else if (extend) slot(j).fill(field.row(j < 0 ? 0 : field.ny - 1), extend);
    };
    for (std::int64_t j = begin - radius; j < begin + radius; ++j) load(j);
    for (std::int64_t j = begin; j < end; ++j) {
      load(j + radius);
      std::fill(sum.begin(), sum.end(), 0.0);
      std::fill(known.begin(), known.end(), 0.0);
      for (std::int64_t dy = -radius; dy <= radius; ++dy) {
        if (!extend && (j + dy < 0 || j + dy >= field.ny)) continue;
        slot(j + dy).add_span(half[static_cast<std::size_t>(std::abs(dy))], static_cast<double>(radius * radius - dy * dy), sum.data(), known.data());
      }
      emit(j, sum.data(), known.data());
    }
  });
}

template <class Emit>
void square_sums(FieldView<const float> field, const Neighbourhood& hood, const Emit& emit) {
  const std::int64_t radius = hood.radius, nx = field.nx, ny = field.ny;
  const bool extend = hood.edge == NeighbourhoodEdge::extend;
  parallel_for(ny, 64, [&](std::int64_t begin, std::int64_t end) {
    const auto n = static_cast<std::size_t>(nx);
    std::vector<double> column(n), columns_known(n), prefix(n + 2 * static_cast<std::size_t>(radius) + 1), prefix_known(prefix.size());
    std::vector<double> sum(n), known(n);
    const auto take = [&](std::int64_t j, double sign) {
      if (!extend && (j < 0 || j >= ny)) return;
      const float* row = field.row(std::clamp<std::int64_t>(j, 0, ny - 1));
      for (std::size_t i = 0; i < n; ++i) {
        if (std::isnan(row[i])) continue;
        column[i] += sign * double{row[i]}, columns_known[i] += sign;
      }
    };
    for (std::int64_t j = begin - radius; j < begin + radius; ++j) take(j, 1);
    for (std::int64_t j = begin; j < end; ++j) {
      take(j + radius, 1);
      if (j > begin) take(j - radius - 1, -1);
      for (std::int64_t k = 0; k < nx + 2 * radius; ++k) {
        const std::int64_t i = k - radius;
        const auto at = static_cast<std::size_t>(k), c = static_cast<std::size_t>(std::clamp<std::int64_t>(i, 0, nx - 1));
        const bool in = extend || (i >= 0 && i < nx);
        prefix[at + 1] = prefix[at] + (in ? column[c] : 0);
        prefix_known[at + 1] = prefix_known[at] + (in ? columns_known[c] : 0);
      }
      const auto window = static_cast<std::size_t>(2 * radius + 1);
      for (std::size_t i = 0; i < n; ++i) sum[i] = prefix[i + window] - prefix[i], known[i] = prefix_known[i + window] - prefix_known[i];
      emit(j, sum.data(), known.data());
    }
  });
}

template <class Emit>
void sums(FieldView<const float> field, const Neighbourhood& hood, const Emit& emit) {
  if (hood.radius < 1) throw Error("neighbourhood", "radius of " + std::to_string(hood.radius) + " cells", "give 1 or more");
  if (hood.shape == NeighbourhoodShape::square) square_sums(field, hood, emit);
  else circle_sums(field, hood, emit);
}

// The field with what does not count made missing.
Plane counted(FieldView<const float> field, const NeighbourhoodMask& mask) {
  assert(!mask.counts || (mask.counts->ny == field.ny && mask.counts->nx == field.nx));
  Plane used(field.ny, field.nx);
  for (std::int64_t j = 0; j < field.ny; ++j) {
    for (std::int64_t i = 0; i < field.nx; ++i) {
      const bool in = !mask.counts || (!std::isnan((*mask.counts)(j, i)) && (*mask.counts)(j, i) != 0);
      used.row(j)[i] = in ? field(j, i) : kMissing;
    }
  }
  return used;
}

}  // namespace

NeighbourhoodShape parse_neighbourhood_shape(std::string_view text) {
  if (text == "square") return NeighbourhoodShape::square;
  if (text == "circle") return NeighbourhoodShape::circle;
  if (text == "weighted-circle") return NeighbourhoodShape::weighted_circle;
  throw Error("neighbourhood", "\"" + std::string(text) + "\" is no shape of it", "give square, circle or weighted-circle");
}

void neighbourhood_mean(FieldView<const float> field, const Neighbourhood& neighbourhood, const NeighbourhoodMask& mask, FieldView<float> mean) {
  assert(field.ny == mean.ny && field.nx == mean.nx);
  const Plane used = counted(field, mask);
  float least = std::numeric_limits<float>::infinity(), greatest = -least;
  for (const float v : used.values) {
    if (!std::isnan(v)) least = std::min(least, v), greatest = std::max(greatest, v);
  }
  sums(used.view(), neighbourhood, [&](std::int64_t j, const double* sum, const double* known) {
    for (std::int64_t i = 0; i < mean.nx; ++i) {
      const bool answered = known[i] > 0.5 && !(mask.keep_missing && std::isnan(used.row(j)[i]));
      mean(j, i) = answered ? std::clamp(static_cast<float>(sum[i] / known[i]), least, greatest) : kMissing;
    }
  });
}

void neighbourhood_mean_direction(FieldView<const float> degrees, const Neighbourhood& neighbourhood, const NeighbourhoodMask& mask, FieldView<float> mean) {
  assert(degrees.ny == mean.ny && degrees.nx == mean.nx);
  constexpr double kDegree = std::numbers::pi / 180;
  const Plane used = counted(degrees, mask);
  Plane east(degrees.ny, degrees.nx), north = east;
  for (std::size_t k = 0; k < used.values.size(); ++k) {
    east.values[k] = static_cast<float>(std::sin(double{used.values[k]} * kDegree));
    north.values[k] = static_cast<float>(std::cos(double{used.values[k]} * kDegree));
  }
  NeighbourhoodMask all = mask;
  all.counts.reset();  // what does not count is missing already
  Plane east_mean = east, north_mean = north;
  neighbourhood_mean(east.view(), neighbourhood, all, east_mean.view());
  neighbourhood_mean(north.view(), neighbourhood, all, north_mean.view());
  for (std::int64_t j = 0; j < mean.ny; ++j) {
    for (std::int64_t i = 0; i < mean.nx; ++i) {
      const double e = double{east_mean.row(j)[i]}, n = double{north_mean.row(j)[i]};
      const double angle = std::atan2(e, n) / kDegree;
      const auto turned = static_cast<float>(angle < 0 ? angle + 360 : angle);
      mean(j, i) = std::hypot(e, n) > 1e-6 ? turned : kMissing;
    }
  }
}

FieldView<const float> without_halo(FieldView<const float> field, std::int64_t cells) {
  if (cells < 0 || 2 * cells >= field.ny || 2 * cells >= field.nx)
    throw Error("halo", std::to_string(cells) + " cells on every side of " + std::to_string(field.ny) + " x " + std::to_string(field.nx) + " leave nothing",
                "give a smaller halo");
  return {field.data + cells * field.stride + cells, field.ny - 2 * cells, field.nx - 2 * cells, field.stride};
}

}  // namespace guyu
