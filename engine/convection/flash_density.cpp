#include "engine/convection/flash_density.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "engine/cells/grid_scale.h"
#include "engine/core/error.h"
#include "engine/regrid/crs_transform.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr float kNot = std::numeric_limits<float>::quiet_NaN();

std::vector<const Flash*> in_window(const FlashRecord& record, const Interval& window) {
  std::vector<const Flash*> out;
  for (const Flash& f : record.flashes) {
    if (f.time > window.begin && f.time <= window.end) out.push_back(&f);
  }
  return out;
}

// Hours of the window that were watched; NaN when they are too few to speak.
double watched_hours(const FlashRecord& record, const Interval& window) {
  if (!(window.end > window.begin)) throw Error("lightning", "the window is empty", "give one of some minutes");
  const double share = record.watched_share(window);
  return share < kLeastWatchedShare ? std::numeric_limits<double>::quiet_NaN() : share * static_cast<double>(window.length().count()) / 3600;
}

bool within(const Ring& ring, double x, double y) {
  bool in = false;
  for (std::size_t k = 0; k + 1 < ring.size(); ++k) {
    const Point &a = ring[k], &b = ring[k + 1];
    if ((a.y > y) != (b.y > y) && x < a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x)) in = !in;
  }
  return in;
}

bool within(const MultiPolygon& shape, double x, double y) {
  return std::any_of(shape.begin(), shape.end(), [&](const Polygon& p) {
    return within(p.outer, x, y) && std::none_of(p.holes.begin(), p.holes.end(), [&](const Ring& hole) { return within(hole, x, y); });
  });
}

}  // namespace

bool FlashRecord::sees(double longitude, double latitude) const {
  if (!(latitude >= south && latitude <= north)) return false;
  if (east - west >= 360) return true;
  const double width = east >= west ? east - west : east - west + 360;
  double from_west = std::fmod(longitude - west, 360);
  if (from_west < 0) from_west += 360;
  return from_west <= width;
}

double FlashRecord::watched_share(const Interval& window) const {
  std::vector<Interval> parts = watched;
  std::sort(parts.begin(), parts.end(), [](const Interval& a, const Interval& b) { return std::tie(a.begin, a.end) < std::tie(b.begin, b.end); });
  Seconds sum{0};
  TimePoint covered = window.begin;
  for (const Interval& p : parts) {
    const TimePoint from = std::max(p.begin, covered), to = std::min(p.end, window.end);
    if (to > from) sum += to - from, covered = to;
  }
  return window.end > window.begin ? static_cast<double>(sum.count()) / static_cast<double>(window.length().count()) : 0;
}

void FlashRecord::merge(const FlashRecord& other) {
  if (watched.empty()) {
    west = other.west, south = other.south, east = other.east, north = other.north;
  } else if (west != other.west || east != other.east) {
    // The part that both see; a common width below a half turn is taken for granted.
    const double turn = 360 * std::round((west - other.west) / 360), w = other.west + turn;
    const double width = east >= west ? east - west : east - west + 360,
                 other_width = other.east >= other.west ? other.east - other.west : other.east - other.west + 360;
    const double end = std::min(west + width, w + other_width);
    west = std::max(west, w), east = std::max(west, end);
  }
  south = watched.empty() ? south : std::max(south, other.south), north = watched.empty() ? north : std::min(north, other.north);
  watched.insert(watched.end(), other.watched.begin(), other.watched.end());
  flashes.insert(flashes.end(), other.flashes.begin(), other.flashes.end());
  const auto key = [](const Flash& f) { return std::tie(f.time, f.longitude, f.latitude); };
  std::sort(flashes.begin(), flashes.end(), [&](const Flash& a, const Flash& b) { return key(a) < key(b); });
  flashes.erase(std::unique(flashes.begin(), flashes.end(), [&](const Flash& a, const Flash& b) { return key(a) == key(b); }), flashes.end());
  notes.insert(notes.end(), other.notes.begin(), other.notes.end());
}

void flash_density(const FlashRecord& record, const Interval& window, const Grid& grid, FieldView<float> out) {
  if (out.ny != grid.ny() || out.nx != grid.nx()) throw Error("lightning", "output of another shape than the grid");
  const double hours = watched_hours(record, window);
  const GridScale scale(grid);
  if (std::isnan(hours)) {
    for (std::int64_t j = 0; j < out.ny; ++j) std::fill_n(out.row(j), out.nx, kNot);
    return;
  }
  const CrsTransform to_earth(grid.crs(), "EPSG:4326");
  parallel_for(out.ny, 32, [&](std::int64_t begin, std::int64_t end) {
    std::vector<double> x(static_cast<std::size_t>(out.nx)), y(x.size());
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::size_t i = 0; i < x.size(); ++i) x[i] = grid.x(static_cast<double>(i)), y[i] = grid.y(static_cast<double>(j));
      if (!to_earth.is_identity()) to_earth.forward(x.data(), y.data(), x.size(), sizeof(double));
      for (std::size_t i = 0; i < x.size(); ++i) out(j, static_cast<std::int64_t>(i)) = record.sees(x[i], y[i]) ? 0.0F : kNot;
    }
  });
  const CrsTransform to_grid("EPSG:4326", grid.crs());
  for (const Flash* f : in_window(record, window)) {
    double x = f->longitude, y = f->latitude;
    if (!to_grid.is_identity()) to_grid.forward(&x, &y, 1, sizeof(double));
    if (!std::isfinite(x) || !std::isfinite(y)) continue;
    if (grid.is_latlon()) {  // the file's convention of longitudes against the grid's
      while (grid.column_of(x) < -0.5) x += 360;
      while (grid.column_of(x) >= static_cast<double>(grid.nx()) - 0.5 && grid.column_of(x - 360) >= -0.5) x -= 360;
    }
    const double row = std::round(grid.row_of(y)), column = std::round(grid.column_of(x));
    if (!(row >= 0 && row < static_cast<double>(out.ny) && column >= 0 && column < static_cast<double>(out.nx))) continue;
    out(static_cast<std::int64_t>(row), static_cast<std::int64_t>(column)) += static_cast<float>(1 / (scale.area_km2(row) * hours));
  }
}

std::vector<float> region_flash_density(const FlashRecord& record, const Interval& window, const RegionSet& regions, const ZonalWeights& weights) {
  if (weights.regions.size() != regions.regions.size()) throw Error("lightning", "the weights are of other regions");
  std::vector<float> out(regions.regions.size(), kNot);
  const double hours = watched_hours(record, window);
  if (std::isnan(hours) || out.empty()) return out;
  const CrsTransform to_regions("EPSG:4326", regions.crs), to_earth(regions.crs, "EPSG:4326");
  const auto flashes = in_window(record, window);
  std::vector<Point> places;
  for (const Flash* f : flashes) {
    Point p{f->longitude, f->latitude};
    if (!to_regions.is_identity()) to_regions.forward(&p.x, &p.y, 1, sizeof(double));
    places.push_back(p);
  }
  std::sort(places.begin(), places.end(), [](const Point& a, const Point& b) { return std::tie(a.x, a.y) < std::tie(b.x, b.y); });
  parallel_for(static_cast<std::int64_t>(out.size()), 64, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t k = begin; k < end; ++k) {
      const auto r = static_cast<std::size_t>(k);
      const MultiPolygon& shape = regions.regions[r].shape;
      double west = 1e300, east = -1e300, south = 1e300, north = -1e300;
      for (const Polygon& p : shape) {
        for (const Point& q : p.outer) west = std::min(west, q.x), east = std::max(east, q.x), south = std::min(south, q.y), north = std::max(north, q.y);
      }
      double x = (west + east) / 2, y = (south + north) / 2;
      if (!to_earth.is_identity()) to_earth.forward(&x, &y, 1, sizeof(double));
      const double area_km2 = 1e-6 * weights.regions[r].total_area;
      if (shape.empty() || !record.sees(x, y) || !(area_km2 > 0)) continue;
      int count = 0;
      auto p = std::lower_bound(places.begin(), places.end(), west, [](const Point& a, double w) { return a.x < w; });
      for (; p != places.end() && p->x <= east; ++p) count += p->y >= south && p->y <= north && within(shape, p->x, p->y) ? 1 : 0;
      out[r] = static_cast<float>(count / (area_km2 * hours));
    }
  });
  return out;
}

}  // namespace guyu
