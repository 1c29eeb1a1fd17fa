#include "engine/regrid/land_mask.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "engine/core/error.h"
#include "engine/regrid/crs_transform.h"
#include "engine/regrid/row_band.h"
#include "engine/regrid/source_index.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr double kPower = 1.8;         // of the inverse distance
constexpr double kAlmostZero = 1e-7;   // m; a target on a source cell
constexpr double kInTriangle = -1e-8;  // weight below which the target lies outside

enum class Kind { sea, land, none };
Kind kind_of(float mask) { return std::isnan(mask) ? Kind::none : mask >= 0.5F ? Kind::land : Kind::sea; }

struct Point {
  double x, y, z;
};

struct Neighbour {
  double distance;
  std::int64_t cell;
  bool operator<(const Neighbour& o) const { return distance != o.distance ? distance < o.distance : cell < o.cell; }
};

struct Share {
  std::int64_t cell;
  double weight;
};
using Shares = std::vector<Share>;

class LandAware {
 public:
  LandAware(const Grid& source, FieldView<const float> land, RegridMethod method, double vicinity)
      : grid_(source), index_(source), land_(land), method_(method), vicinity_(vicinity) {}

  // Of a target of this kind at source coordinates x, y; empty outside.
  Shares shares(double x, double y, Kind kind) const {
    const std::optional<SourcePosition> at = index_.find(x, y);
    if (!at) return {};
    const Square four = around(*at);
    int alike = 0;
    for (const Share& s : four.corners) alike += is(s.cell, kind) ? 1 : 0;
    return method_ == RegridMethod::nearest ? nearest(*at, four, alike, kind) : bilinear(*at, four, alike, kind);
  }

 private:
  struct Square {
    std::array<Share, 4> corners;  // (row, column): (0, 0), (0, 1), (1, 0), (1, 1), with bilinear weights
    double right, down;            // share of the way from the first corner
  };
  bool is(std::int64_t cell, Kind kind) const { return kind != Kind::none && kind_of(land_(cell / grid_.nx(), cell % grid_.nx())) == kind; }

  Square around(const SourcePosition& at) const {
    const auto first = [](double position, std::int64_t n) {
      return std::clamp(static_cast<std::int64_t>(std::floor(position)), std::int64_t{0}, std::max<std::int64_t>(n - 2, 0));
    };
    const std::int64_t row = first(at.row, grid_.ny());
    const std::int64_t column = index_.wraps() ? static_cast<std::int64_t>(std::floor(at.column)) : first(at.column, grid_.nx());
    const double right = std::clamp(at.column - static_cast<double>(column), 0.0, 1.0), down = std::clamp(at.row - static_cast<double>(row), 0.0, 1.0);
    const auto cell = [&](std::int64_t r, std::int64_t c) {
      const std::int64_t inside = index_.wraps() ? index_.wrapped(c) : std::min(c, grid_.nx() - 1);
      return std::min(r, grid_.ny() - 1) * grid_.nx() + inside;
    };
    return {{{{cell(row, column), (1 - down) * (1 - right)},
              {cell(row, column + 1), (1 - down) * right},
              {cell(row + 1, column), down * (1 - right)},
              {cell(row + 1, column + 1), down * right}}},
            right,
            down};
  }

  Shares nearest(const SourcePosition& at, const Square& four, int alike, Kind kind) const {
    if (alike == 4) {
      const auto corner = static_cast<std::size_t>((four.down > 0.5 ? 2 : 0) + (four.right > 0.5 ? 1 : 0));
      return {{four.corners[corner].cell, 1}};
    }
    const std::vector<Neighbour> next = neighbours(at);
    for (std::size_t k = 0; k < next.size(); ++k) {
      if (is(next[k].cell, kind) && (k < 4 || next[k].distance <= vicinity_)) return {{next[k].cell, 1}};
    }
    return {{next[0].cell, 1}};
  }

  Shares bilinear(const SourcePosition& at, const Square& four, int alike, Kind kind) const {
    const Shares plain(four.corners.begin(), four.corners.end());
    if (alike == 4) return plain;
    if (alike == 3) {
      const Shares plane = triangle(four, kind);
      if (!plane.empty()) return plane;
    }
    const std::vector<Neighbour> next = neighbours(at);
    std::vector<Neighbour> chosen;
    if (alike > 0) {
      for (std::size_t k = 0; k < next.size() && k < 4; ++k) {
        if (is(next[k].cell, kind)) chosen.push_back(next[k]);
      }
    }
    for (std::size_t k = 0; chosen.empty() && k < 1; ++k) {
      for (const Neighbour& n : next) {
        if (is(n.cell, kind) && n.distance <= vicinity_ && chosen.size() < 4) chosen.push_back(n);
      }
    }
    return chosen.empty() ? plain : by_distance(chosen);
  }

  // The plane through the three corners of the kind; empty outside their triangle. The corner opposite to the missing one has what the others leave.
  static Shares weights_without(const Square& four, std::size_t missing) {
    const std::size_t opposite = 3 - missing, beside = missing ^ 1U, across = missing ^ 2U;  // in the same row; in the same column
    // Towards `missing` along the row and the column, seen from the opposite corner.
    const double along_row = (missing & 1U) ? four.right : 1 - four.right, along_column = (missing & 2U) ? four.down : 1 - four.down;
    return {{four.corners[across].cell, along_row}, {four.corners[beside].cell, along_column}, {four.corners[opposite].cell, 1 - along_row - along_column}};
  }
  Shares triangle(const Square& four, Kind kind) const {
    std::size_t missing = 0;
    while (is(four.corners[missing].cell, kind)) ++missing;
    Shares s = weights_without(four, missing);
    for (const Share& share : s) {
      if (!(share.weight > kInTriangle)) return {};
    }
    return s;
  }

  static Shares by_distance(const std::vector<Neighbour>& chosen) {
    Shares s;
    double sum = 0;
    for (const Neighbour& n : chosen) {
      s.push_back({n.cell, std::pow(n.distance + kAlmostZero, -kPower)});
      sum += s.back().weight;
    }
    for (Share& share : s) share.weight /= sum;
    return s;
  }

  Point place(double x, double y) const {
    if (!grid_.is_in_degrees()) return {x, y, 0};
    constexpr double kA = 6378137.0, kF = 1 / 298.257223563, kE2 = kF * (2 - kF), kDegree = std::numbers::pi / 180;
    const double lat = y * kDegree, lon = x * kDegree, n = kA / std::sqrt(1 - kE2 * std::sin(lat) * std::sin(lat));
    return {n * std::cos(lat) * std::cos(lon), n * std::cos(lat) * std::sin(lon), n * (1 - kE2) * std::sin(lat)};
  }

  // The eight next cells (fewer on a small grid), nearest first.
  std::vector<Neighbour> neighbours(const SourcePosition& at) const {
    const double y = grid_.y(at.row);
    const double wide = grid_.dx() * (grid_.is_in_degrees() ? std::max(0.01, std::cos(y * std::numbers::pi / 180)) : 1), high = grid_.dy();
    // As many cells each way as hold three of the longer side.
    const auto reach = [](double longer, double side, std::int64_t most) { return std::min(most, static_cast<std::int64_t>(std::ceil(3 * longer / side))); };
    const std::int64_t rows = reach(std::max(wide, high), high, grid_.ny()), columns = reach(std::max(wide, high), wide, grid_.nx() / (index_.wraps() ? 2 : 1));
    const auto row = static_cast<std::int64_t>(std::lround(at.row)), column = static_cast<std::int64_t>(std::lround(at.column));
    const Point here = place(grid_.x(at.column), y);
    std::vector<Neighbour> all;
    for (std::int64_t j = std::max<std::int64_t>(0, row - rows); j <= std::min(grid_.ny() - 1, row + rows); ++j) {
      for (std::int64_t i = column - columns; i <= column + columns; ++i) {
        if (!index_.wraps() && (i < 0 || i >= grid_.nx())) continue;
        const Point there = place(grid_.x(static_cast<double>(i)), grid_.y(static_cast<double>(j)));
        all.push_back({std::hypot(here.x - there.x, here.y - there.y, here.z - there.z), j * grid_.nx() + index_.wrapped(i)});
      }
    }
    const auto kept = static_cast<std::ptrdiff_t>(std::min<std::size_t>(8, all.size()));
    std::partial_sort(all.begin(), all.begin() + kept, all.end());
    all.resize(static_cast<std::size_t>(kept));
    return all;
  }

  Grid grid_;
  SourceIndex index_;
  FieldView<const float> land_;
  RegridMethod method_;
  double vicinity_;
};

void check_shape(const char* which, FieldView<const float> mask, const Grid& grid) {
  if (mask.ny != grid.ny() || mask.nx != grid.nx())
    throw Error(
        std::string(which) + " land mask",
        "is " + std::to_string(mask.ny) + " x " + std::to_string(mask.nx) + ", its grid " + std::to_string(grid.ny()) + " x " + std::to_string(grid.nx()),
        "bring it to the grid first (method nearest)");
}

}  // namespace

RegridWeights compute_land_aware_weights(const Grid& source, FieldView<const float> source_land, const Grid& target, FieldView<const float> target_land,
                                         RegridMethod method, double vicinity_m) {
  if (method == RegridMethod::conservative) throw Error("land-aware regridding", "cannot be conservative", "give nearest or bilinear");
  check_shape("source", source_land, source);
  check_shape("target", target_land, target);
  const CrsTransform transform(target.crs(), source.crs());
  const LandAware choice(source, source_land, method, vicinity_m);
  constexpr std::int64_t kRows = 8;
  std::vector<RowBand> bands(static_cast<std::size_t>((target.ny() + kRows - 1) / kRows));
  parallel_for(target.ny(), kRows, [&](std::int64_t begin, std::int64_t end) {
    RowBand& band = bands[static_cast<std::size_t>(begin / kRows)];
    const auto n = static_cast<std::size_t>(target.nx());
    std::vector<double> x(n), y(n);
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::size_t i = 0; i < n; ++i) x[i] = target.x(static_cast<double>(i)), y[i] = target.y(static_cast<double>(j));
      transform.forward(x.data(), y.data(), n, sizeof(double));
      for (std::size_t i = 0; i < n; ++i) {
        band.next();
        for (const Share& s : choice.shares(x[i], y[i], kind_of(target_land(j, static_cast<std::int64_t>(i))))) {
          if (s.weight > 0) band.add(s.cell, s.weight);
        }
        band.tidy();
      }
    }
  });
  RegridWeights weights{source.nx(), source.ny(), target.nx(), target.ny(), {0}, {}};
  for (const RowBand& band : bands) {
    weights.entries.insert(weights.entries.end(), band.entries.begin(), band.entries.end());
    for (const std::int64_t count : band.counts) weights.row_begin.push_back(weights.row_begin.back() + count);
  }
  return weights;
}

}  // namespace guyu
