#include "engine/region/zonal_weights.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/region/reproject.h"
#include "engine/regrid/cell_coverage.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

struct RegionWeights {
  std::vector<ZonalWeights::Run> runs;
  std::vector<ZonalWeights::Cell> cells;
  double total_area = 0, covered_area = 0;
};

std::vector<PlanePoint> to_plane(const Ring& ring, const CellPlane& plane) {
  std::vector<PlanePoint> out;
  out.reserve(ring.size());
  for (const Point& p : ring) out.push_back({plane.column(p.x), plane.measure(p.y)});
  return out;
}

// A region's rings in the plane, each with the sign that makes outer rings positive and holes negative.
struct PlaneShape {
  std::vector<std::pair<std::vector<PlanePoint>, double>> rings;
  double u_min = 1e300, u_max = -1e300, s_min = 1e300, s_max = -1e300;
  double area = 0;

  PlaneShape(const MultiPolygon& shape, const CellPlane& plane) {
    for (const Polygon& p : shape) {
      add(to_plane(p.outer, plane), 1);
      for (const Ring& hole : p.holes) add(to_plane(hole, plane), -1);
    }
  }

 private:
  void add(std::vector<PlanePoint> ring, double wanted) {
    // Along a counter-clockwise ring (positive area) the western edges run south: those open the coverage.
    const double a = signed_area(ring);
    area += wanted * std::abs(a);
    for (const PlanePoint& v : ring) {
      u_min = std::min(u_min, v.u);
      u_max = std::max(u_max, v.u);
      s_min = std::min(s_min, v.s);
      s_max = std::max(s_max, v.s);
    }
    rings.emplace_back(std::move(ring), a >= 0 ? wanted : -wanted);
  }
};

// Adds the overlap of the shape, moved east by `shift` columns, with the grid.
void overlap(const PlaneShape& shape, const CellPlane& plane, double shift, RegionWeights& w) {
  CoverageWindow window(plane);
  if (shape.rings.empty() || !window.reset_to(shape.u_min + shift, shape.u_max + shift, shape.s_min, shape.s_max)) return;
  for (const auto& [ring, sign] : shape.rings) window.add_ring(ring, sign, shift);
  window.shares([&](std::int64_t row, std::int64_t col, double share) {
    const auto r = static_cast<std::int32_t>(row), c = static_cast<std::int32_t>(col);
    w.covered_area += share * plane.row_area(row);
    if (std::abs(share - 1) < CoverageWindow::kEmpty) {
      if (!w.runs.empty() && w.runs.back().row == r && w.runs.back().end == c) ++w.runs.back().end;
      else w.runs.push_back({r, c, c + 1});
    } else {
      w.cells.push_back({r, c, static_cast<float>(share)});
    }
  });
}

}  // namespace

ZonalWeights compute_zonal_weights(const Grid& grid, const RegionSet& set) {
  const CellPlane plane(grid);
  const RegionProjector projector(set.crs, grid);
  std::vector<RegionWeights> parts(set.regions.size());
  parallel_for(static_cast<std::int64_t>(set.regions.size()), 8, [&](std::int64_t begin, std::int64_t end) {
    for (auto k = static_cast<std::size_t>(begin); k < static_cast<std::size_t>(end); ++k) {
      const PlaneShape shape(projector(set.regions[k].shape), plane);
      parts[k].total_area = shape.area;
      overlap(shape, plane, 0, parts[k]);
      if (plane.period() > 0) {  // the same land, written one turn east or west
        overlap(shape, plane, plane.period(), parts[k]);
        overlap(shape, plane, -plane.period(), parts[k]);
      }
    }
  });
  ZonalWeights w;
  w.nx = grid.nx();
  w.ny = grid.ny();
  for (std::int64_t j = 0; j < grid.ny(); ++j) w.row_area.push_back(plane.row_area(j));
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
