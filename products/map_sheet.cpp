#include "products/map_sheet.h"

#include <cairo.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/core/error.h"
#include "engine/region/reproject.h"

namespace guyu {
namespace {

const std::string kLonLat = "EPSG:4326";
const Colour kInk{0.13, 0.13, 0.13}, kGrey{0.42, 0.42, 0.42};

struct Margins {
  double left = 56, right = 236, top = 78, bottom = 52;  // on a sheet of 1200 pixels
};

// Height over width of the extent on the ground, held to what fits a page; the extent grows where it is held.
double fit_shape(const std::string& crs, Extent& e) {
  const Grid probe(crs, 0, 0, 1, 1, 1, 1);
  const double cosine = probe.is_latlon() ? std::max(0.2, std::cos((e.south + e.north) / 2 * std::numbers::pi / 180)) : 1;
  const double shape = (e.north - e.south) / ((e.east - e.west) * cosine);
  const double held = std::clamp(shape, 0.4, 1.4);
  if (held > shape) {
    const double more = (e.north - e.south) * (held / shape - 1) / 2;
    e.south -= more;
    e.north += more;
  } else if (held < shape) {
    const double more = (e.east - e.west) * (shape / held - 1) / 2;
    e.west -= more;
    e.east += more;
  }
  return held;
}

Extent usable(Extent e) {
  if (!e.empty()) return e;
  const double half = e.east > e.west ? (e.east - e.west) / 2 : e.north > e.south ? (e.north - e.south) / 2 : 0.5;
  const double x = (e.west + e.east) / 2, y = (e.south + e.north) / 2;
  return {x - half, y - half, x + half, y + half};
}

Box plot_box(const std::string& crs, Extent& e, double scale, int width) {
  const Margins m;
  const double w = width - (m.left + m.right) * scale;
  return {std::round(m.left * scale), std::round(m.top * scale), std::round(w), std::round(w * fit_shape(crs, e))};
}

std::vector<double> round_values(double from, double to) {
  std::vector<double> values;
  double step = 90;
  for (const double s : {45.0, 30.0, 20.0, 10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01})
    if ((to - from) / step < 3.5) step = s;
  for (double v = std::ceil(from / step) * step; v <= to + 1e-9; v += step) values.push_back(std::abs(v) < 1e-9 ? 0 : v);
  return values;
}

std::string degrees(double v, bool meridian) {
  const double turned = meridian ? std::remainder(v, 360.0) : v;
  const char* side = turned == 0 ? "" : meridian ? (turned > 0 ? "E" : "W") : (turned > 0 ? "N" : "S");
  return fmt::format("{:g}°{}", std::round(std::abs(turned) * 100) / 100, side);
}

MultiPolygon as_shape(Ring ring) { return {{std::move(ring), {}}}; }

// Longitudes and latitudes inside the plot, from its outline; nothing where PROJ has no answer (beyond the projection's limits).
Extent lonlat_of(const std::string& crs, const Extent& e) {
  Extent out{1e9, 1e9, -1e9, -1e9};
  const RegionProjector back(crs, Grid(kLonLat, 0, 0, 1, 1, 1, 1));
  Ring outline;
  constexpr int kSide = 24;
  for (int k = 0; k < kSide; ++k) outline.push_back({e.west + (e.east - e.west) * k / kSide, e.north});
  for (int k = 0; k < kSide; ++k) outline.push_back({e.east, e.north - (e.north - e.south) * k / kSide});
  for (int k = 0; k < kSide; ++k) outline.push_back({e.east - (e.east - e.west) * k / kSide, e.south});
  for (int k = 0; k <= kSide; ++k) outline.push_back({e.west, e.south + (e.north - e.south) * k / kSide});
  out.include(back(as_shape(std::move(outline))));
  return out;
}

}  // namespace

void Extent::include(const MultiPolygon& shape) {
  for (const Polygon& p : shape) {
    for (const Point& q : p.outer) {
      if (!std::isfinite(q.x) || !std::isfinite(q.y)) continue;
      west = std::min(west, q.x), east = std::max(east, q.x);
      south = std::min(south, q.y), north = std::max(north, q.y);
    }
  }
}

MapSheet::MapSheet(const std::string& crs, Extent extent, const MapText& text, int width)
    : crs_(crs), extent_(usable(extent)), scale_(width / 1200.0), plot_(plot_box(crs, extent_, scale_, width)),
      canvas_(width, static_cast<int>(plot_.y + plot_.height + Margins().bottom * scale_)) {
  canvas_.text(text.title, plot_.x, 28 * scale_, Align::left, {24 * scale_, true, kInk});
  canvas_.text(text.subtitle, plot_.x, 58 * scale_, Align::left, {14 * scale_, false, kGrey});
  canvas_.text(text.footer, plot_.x, plot_.y + plot_.height + 38 * scale_, Align::left, {12 * scale_, false, kGrey});
}

bool MapSheet::trace(const MultiPolygon& shape) {
  Extent e{1e300, 1e300, -1e300, -1e300};
  e.include(shape);
  if (!(e.east >= extent_.west && e.west <= extent_.east && e.north >= extent_.south && e.south <= extent_.north)) return false;
  cairo_t* c = canvas_.cairo();
  const auto add = [&](const Ring& ring) {
    double last_x = 1e300, last_y = 1e300;
    bool open = false;
    for (const Point& p : ring) {
      const double x = px(p.x), y = py(p.y);
      if (!std::isfinite(x) || !std::isfinite(y)) continue;
      if (open && std::abs(x - last_x) < 0.5 && std::abs(y - last_y) < 0.5) continue;
      if (open) cairo_line_to(c, x, y);
      else cairo_move_to(c, x, y);
      open = true;
      last_x = x, last_y = y;
    }
    if (open) cairo_close_path(c);
  };
  for (const Polygon& p : shape) {
    add(p.outer);
    for (const Ring& hole : p.holes) add(hole);
  }
  return true;
}

void MapSheet::clip_to_plot() {
  cairo_save(canvas_.cairo());
  cairo_rectangle(canvas_.cairo(), plot_.x, plot_.y, plot_.width, plot_.height);
  cairo_clip(canvas_.cairo());
}

void MapSheet::unclip() { cairo_restore(canvas_.cairo()); }

void MapSheet::degree_labels(const std::vector<double>& values, bool meridians, const Extent& lonlat) {
  const RegionProjector project(kLonLat, Grid(crs_, 0, 0, 1, 1, 1, 1));
  cairo_t* c = canvas_.cairo();
  const TextStyle style{11 * scale_, false, kGrey};
  for (const double v : values) {
    Ring line;
    constexpr int kPoints = 60;
    for (int k = 0; k <= kPoints; ++k) {
      const double t = static_cast<double>(k) / kPoints;
      line.push_back(meridians ? Point{v, lonlat.south + t * (lonlat.north - lonlat.south)} : Point{lonlat.west + t * (lonlat.east - lonlat.west), v});
    }
    const MultiPolygon projected = project(as_shape(std::move(line)));
    if (projected.empty()) continue;
    const Ring& points = projected.front().outer;
    clip_to_plot();
    cairo_set_source_rgba(c, 0.3, 0.3, 0.3, 0.25);
    cairo_set_line_width(c, 0.7 * scale_);
    for (std::size_t k = 0; k < points.size(); ++k) {
      if (k == 0) cairo_move_to(c, px(points[k].x), py(points[k].y));
      else cairo_line_to(c, px(points[k].x), py(points[k].y));
    }
    cairo_stroke(c);
    unclip();
    // The label stands where the line meets the lower edge (meridians) or the left edge (parallels).
    for (std::size_t k = 1; k < points.size(); ++k) {
      const Point a = points[k - 1], b = points[k];
      const double edge = meridians ? extent_.south : extent_.west, from = meridians ? a.y : a.x, to = meridians ? b.y : b.x;
      if ((from - edge) * (to - edge) > 0 || from == to) continue;
      const double t = (edge - from) / (to - from), x = a.x + t * (b.x - a.x), y = a.y + t * (b.y - a.y);
      const bool inside = meridians ? x > extent_.west && x < extent_.east : y > extent_.south && y < extent_.north;
      if (!inside) continue;
      if (meridians) canvas_.text(degrees(v, true), px(x), plot_.y + plot_.height + 12 * scale_, Align::centre, style);
      else canvas_.text(degrees(v, false), plot_.x - 6 * scale_, py(y), Align::right, style);
      break;
    }
  }
}

void MapSheet::graticule() {
  Extent lonlat;
  try {
    lonlat = lonlat_of(crs_, extent_);
  } catch (const Error&) {
    return;  // a plane that no place on earth belongs to has no meridians
  }
  if (lonlat.empty()) return;
  lonlat.south = std::max(lonlat.south - 1e-6, -90.0);
  lonlat.north = std::min(lonlat.north + 1e-6, 90.0);
  const double margin_x = (lonlat.east - lonlat.west) * 0.05, margin_y = (lonlat.north - lonlat.south) * 0.05;
  const Extent wide{lonlat.west - margin_x, std::max(-90.0, lonlat.south - margin_y), lonlat.east + margin_x, std::min(90.0, lonlat.north + margin_y)};
  degree_labels(round_values(lonlat.west, lonlat.east), true, wide);
  degree_labels(round_values(lonlat.south, lonlat.north), false, wide);
}

void MapSheet::legend(const std::string& heading, const std::vector<LegendRow>& rows) {
  const double x = plot_.x + plot_.width + 24 * scale_, swatch = 26 * scale_, row = 26 * scale_;
  double y = plot_.y + 12 * scale_;
  canvas_.text(heading, x, y, Align::left, {15 * scale_, true, kInk});
  y += 28 * scale_;
  for (const LegendRow& r : rows) {
    const Box box{x, y - 9 * scale_, swatch, 18 * scale_};
    if (r.known) canvas_.fill(box, r.colour);
    else canvas_.hatch(box);
    canvas_.outline(box, {0.35, 0.35, 0.35}, 0.8 * scale_);
    canvas_.text(r.label, x + swatch + 10 * scale_, y, Align::left, {13 * scale_, false, kInk});
    if (!r.note.empty()) canvas_.text(r.note, canvas_.width() - 16 * scale_, y, Align::right, {13 * scale_, true, kInk});
    y += row;
  }
}

void MapSheet::finish(const std::string& path) {
  canvas_.outline(plot_, {0.25, 0.25, 0.25}, 1.2 * scale_);
  canvas_.save(path);
}

}  // namespace guyu
