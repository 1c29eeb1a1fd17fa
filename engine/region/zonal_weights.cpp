#include "engine/region/zonal_weights.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

#include "engine/region/reproject.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr double kEmpty = 1e-12;  // share below which a cell counts as outside, and above 1 - which as inside

// Area per radian of longitude between the equator and latitude (degrees) on WGS 84: Snyder (1987), eq. 3-12.
double strip_area(double latitude) {
  constexpr double a = 6378137.0, f = 1 / 298.257223563;
  const double e2 = f * (2 - f), e = std::sqrt(e2);
  const double s = std::sin(std::clamp(latitude, -90.0, 90.0) * std::numbers::pi / 180);
  return a * a * (1 - e2) / 2 * (s / (1 - e2 * s * s) + std::atanh(e * s) / e);
}

// The plane in which polygons are clipped: x in columns (cell i spans [i, i+1)), s in units of area per column width.
class Plane {
 public:
  explicit Plane(const Grid& grid) : grid_(grid), per_column_(grid.is_latlon() ? grid.dx() * std::numbers::pi / 180 : grid.dx()) {
    for (std::int64_t j = 0; j <= grid.ny(); ++j) edges_.push_back(measure(grid.y(static_cast<double>(j) - 0.5)));
  }
  double column(double x) const { return grid_.column_of(x) + 0.5; }
  double measure(double y) const { return (grid_.is_latlon() ? strip_area(y) : y) * per_column_; }
  // Rows run north to south, so edges fall.
  const std::vector<double>& edges() const { return edges_; }
  std::int64_t row_of(double s) const {  // row whose half-open span holds s; -1 above, ny below
    const auto it = std::upper_bound(edges_.begin(), edges_.end(), s, [](double a, double b) { return a > b; });
    return it - edges_.begin() - 1;
  }

 private:
  const Grid& grid_;
  double per_column_;
  std::vector<double> edges_;
};

struct Vertex {
  double u, s;  // column, measure
};

double signed_area(const std::vector<Vertex>& ring) {
  double twice = 0;
  for (std::size_t k = 0; k + 1 < ring.size(); ++k) {
    twice += (ring[k].u - ring[0].u) * (ring[k + 1].s - ring[0].s) - (ring[k + 1].u - ring[0].u) * (ring[k].s - ring[0].s);
  }
  return twice / 2;
}

// Accumulates covered shares of one region: after a prefix sum along each row, entry (row, column) is the share.
class Accumulator {
 public:
  Accumulator(std::int64_t row0, std::int64_t rows, std::int64_t col0, std::int64_t cols)
      : row0_(row0), rows_(rows), col0_(col0), cols_(cols), sum_(static_cast<std::size_t>(rows * (cols + 2)), 0.0) {}

  void add_ring(const std::vector<Vertex>& ring, double sign, const Plane& plane) {
    for (std::size_t k = 0; k + 1 < ring.size(); ++k) add_edge(ring[k], ring[k + 1], sign, plane);
  }

  template <typename Emit>
  void shares(Emit&& emit) const {
    for (std::int64_t j = 0; j < rows_; ++j) {
      double share = 0;
      for (std::int64_t i = 0; i < cols_; ++i) {
        share += sum_[static_cast<std::size_t>(j * (cols_ + 2) + i)];
        if (std::abs(share) > kEmpty) emit(row0_ + j, col0_ + i, share);
      }
    }
  }

 private:
  void add_edge(Vertex a, Vertex b, double sign, const Plane& plane) {
    if (a.s == b.s) return;
    if (a.s < b.s) {
      std::swap(a, b);
      sign = -sign;
    }
    // a is north of b. Rows are crossed one by one, each piece with exact shared end points.
    const auto& edges = plane.edges();
    const double slope = (b.u - a.u) / (b.s - a.s);
    std::int64_t row = std::max(plane.row_of(a.s), row0_);
    for (; row < row0_ + rows_; ++row) {
      const double top = edges[static_cast<std::size_t>(row)], bottom = edges[static_cast<std::size_t>(row) + 1];
      if (b.s >= top) break;
      const double s0 = std::min(a.s, top), s1 = std::max(b.s, bottom);
      if (s0 <= s1) continue;
      const double u0 = s0 == a.s ? a.u : a.u + slope * (s0 - a.s);
      const double u1 = s1 == b.s ? b.u : a.u + slope * (s1 - a.s);
      add_in_row(row - row0_, u0 - static_cast<double>(col0_), u1 - static_cast<double>(col0_), sign * (s0 - s1) / (top - bottom));
    }
  }

  // An edge piece inside one row that covers `height` (signed share of the row's height), between columns u0 and u1.
  void add_in_row(std::int64_t j, double u0, double u1, double height) {
    double* row = &sum_[static_cast<std::size_t>(j * (cols_ + 2))];
    const auto width = static_cast<double>(cols_);
    if (u0 > u1) std::swap(u0, u1);
    if (u0 >= width) return;
    if (u1 <= 0) {
      row[0] += height;
      return;
    }
    const double per_column = u1 > u0 ? height / (u1 - u0) : 0;
    if (u0 < 0) {  // the part west of the window covers every column of it
      row[0] += per_column * -u0;
      height -= per_column * -u0;
      u0 = 0;
    }
    if (u1 > width) {
      height -= per_column * (u1 - width);
      u1 = width;
    }
    auto i = static_cast<std::int64_t>(u0);
    if (u1 <= static_cast<double>(i + 1)) {
      const double middle = (u0 + u1) / 2 - static_cast<double>(i);
      row[i] += height * (1 - middle);
      row[i + 1] += height * middle;
      return;
    }
    for (double from = u0; from < u1; ++i) {
      const double to = std::min(u1, static_cast<double>(i + 1));
      const double part = per_column * (to - from), middle = (from + to) / 2 - static_cast<double>(i);
      row[i] += part * (1 - middle);
      row[i + 1] += part * middle;
      from = to;
    }
  }

  std::int64_t row0_, rows_, col0_, cols_;
  std::vector<double> sum_;
};

struct RegionWeights {
  std::vector<ZonalWeights::Run> runs;
  std::vector<ZonalWeights::Cell> cells;
  double total_area = 0, covered_area = 0;
};

std::vector<Vertex> to_plane(const Ring& ring, const Plane& plane, double shift) {
  std::vector<Vertex> out;
  out.reserve(ring.size());
  for (const Point& p : ring) out.push_back({plane.column(p.x + shift), plane.measure(p.y)});
  return out;
}

void overlap(const MultiPolygon& shape, const Grid& grid, const Plane& plane, double shift, RegionWeights& w, bool count_total) {
  std::vector<std::pair<std::vector<Vertex>, double>> rings;  // with the sign that makes outer rings positive
  double u_min = 1e300, u_max = -1e300, s_min = 1e300, s_max = -1e300;
  for (const Polygon& p : shape) {
    const auto add = [&](const Ring& r, double wanted) {
      auto ring = to_plane(r, plane, shift);
      const double area = signed_area(ring);
      // Along a counter-clockwise ring (positive area) the western edges run south: those open the coverage.
      if (count_total) w.total_area += wanted * std::abs(area);
      for (const Vertex& v : ring) {
        u_min = std::min(u_min, v.u);
        u_max = std::max(u_max, v.u);
        s_min = std::min(s_min, v.s);
        s_max = std::max(s_max, v.s);
      }
      rings.emplace_back(std::move(ring), area >= 0 ? wanted : -wanted);
    };
    add(p.outer, 1);
    for (const Ring& hole : p.holes) add(hole, -1);
  }
  if (rings.empty()) return;
  const auto clamp_index = [](double v, std::int64_t high) {
    return static_cast<std::int64_t>(std::clamp(std::floor(v), 0.0, static_cast<double>(high)));
  };
  if (u_max <= 0 || u_min >= static_cast<double>(grid.nx())) return;
  const std::int64_t col0 = clamp_index(u_min, grid.nx() - 1), col1 = clamp_index(u_max, grid.nx() - 1);
  const std::int64_t row0 = std::clamp<std::int64_t>(plane.row_of(s_max), 0, grid.ny()), row1 = std::min(plane.row_of(s_min), grid.ny() - 1);
  if (row1 < row0) return;
  Accumulator acc(row0, row1 - row0 + 1, col0, col1 - col0 + 1);
  for (const auto& [ring, sign] : rings) acc.add_ring(ring, sign, plane);
  const auto& edges = plane.edges();
  acc.shares([&](std::int64_t row, std::int64_t col, double share) {
    const auto r = static_cast<std::int32_t>(row), c = static_cast<std::int32_t>(col);
    const double area = edges[static_cast<std::size_t>(row)] - edges[static_cast<std::size_t>(row) + 1];
    w.covered_area += share * area;
    if (std::abs(share - 1) < kEmpty) {
      if (!w.runs.empty() && w.runs.back().row == r && w.runs.back().end == c) ++w.runs.back().end;
      else w.runs.push_back({r, c, c + 1});
    } else {
      w.cells.push_back({r, c, static_cast<float>(share)});
    }
  });
}

}  // namespace

ZonalWeights compute_zonal_weights(const Grid& grid, const RegionSet& set) {
  const Plane plane(grid);
  const RegionProjector projector(set.crs, grid);
  std::vector<RegionWeights> parts(set.regions.size());
  parallel_for(static_cast<std::int64_t>(set.regions.size()), 8, [&](std::int64_t begin, std::int64_t end) {
    for (auto k = static_cast<std::size_t>(begin); k < static_cast<std::size_t>(end); ++k) {
      const MultiPolygon shape = projector(set.regions[k].shape);
      overlap(shape, grid, plane, 0, parts[k], true);
      if (grid.is_latlon()) {  // the same land, written one turn east or west
        overlap(shape, grid, plane, 360, parts[k], false);
        overlap(shape, grid, plane, -360, parts[k], false);
      }
    }
  });
  ZonalWeights w;
  w.nx = grid.nx();
  w.ny = grid.ny();
  for (std::int64_t j = 0; j < grid.ny(); ++j) {
    w.row_area.push_back(plane.edges()[static_cast<std::size_t>(j)] - plane.edges()[static_cast<std::size_t>(j) + 1]);
  }
  for (const RegionWeights& p : parts) {
    ZonalWeights::Region r;
    r.run_begin = w.runs.size();
    r.cell_begin = w.cells.size();
    w.runs.insert(w.runs.end(), p.runs.begin(), p.runs.end());
    w.cells.insert(w.cells.end(), p.cells.begin(), p.cells.end());
    r.run_end = w.runs.size();
    r.cell_end = w.cells.size();
    r.total_area = p.total_area;
    r.covered_area = p.covered_area;
    w.regions.push_back(r);
  }
  return w;
}

}  // namespace guyu
