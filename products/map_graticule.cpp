#include "products/map_graticule.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "products/map_palette.h"

namespace guyu {
namespace {

constexpr double kLeastGap = 6;  // degrees' labels keep this far apart, in text sizes sideways

double degree_step(double range) {
  constexpr std::array steps{0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 45.0};
  constexpr double kLines = 6;
  for (const double s : steps) {
    if (range / s <= kLines) return s;
  }
  return 60;
}

std::string degree_text(double degree, char positive, char negative) {
  const double r = std::round(degree * 1000) / 1000;
  if (r == 0) return "0°";
  return fmt::format("{:g}°{}", std::abs(r), r > 0 ? positive : negative);
}

double wrapped(double longitude) { return longitude - 360 * std::floor((longitude + 180) / 360); }

std::string longitude_text(double degree) {
  const double w = wrapped(degree);
  return std::abs(std::abs(w) - 180) < 1e-6 ? "180°" : degree_text(w, 'E', 'W');
}

// Degrees of longitude that the view spans at the scale of its middle; a projected view spans more of them towards a pole.
double middle_longitudes(const MapView& view) {
  const PixelBox& box = view.box();
  const MapTransform to_degrees(view.crs(), kLonLat);
  const double x = box.x + box.width / 2, y = box.y + box.height / 2;
  const double west = to_degrees.forward(view.to_crs({x - 1, y})).x, east = to_degrees.forward(view.to_crs({x + 1, y})).x;
  const double range = std::abs(wrapped(east - west)) / 2 * box.width;
  return std::isfinite(range) ? std::max(range, 1e-3) : 360;
}

}  // namespace

Graticule::Graticule(const MapView& view) : view_(view) {
  MapArea degrees = bounds_in(view.area(), view.crs(), kLonLat);
  if (degrees.empty()) return;
  degrees.south = std::max(degrees.south, -90.0);
  degrees.north = std::min(degrees.north, 90.0);
  const double lon_step = degree_step(std::min(degrees.width(), middle_longitudes(view))), lat_step = degree_step(degrees.height());
  const MapTransform to_view(kLonLat, view.crs());
  for (double m = std::ceil(degrees.west / lon_step); m * lon_step <= degrees.east; ++m) trace(true, m * lon_step, degrees, to_view);
  for (double p = std::ceil(degrees.south / lat_step); p * lat_step <= degrees.north; ++p) trace(false, p * lat_step, degrees, to_view);
}

void Graticule::trace(bool meridian, double degree, const MapArea& degrees, const MapTransform& to_view) {
  constexpr int kPoints = 200;
  const std::string text = meridian ? longitude_text(degree) : degree_text(degree, 'N', 'S');
  const double longest = std::max(view_.box().width, view_.box().height);
  Line line;
  for (int k = 0; k <= kPoints; ++k) {
    const double t = static_cast<double>(k) / kPoints;
    const Point at = meridian ? Point{degree, degrees.south + degrees.height() * t} : Point{degrees.west + degrees.width() * t, degree};
    const Point p = view_.to_pixel(to_view.forward(at));
    const bool finite = std::isfinite(p.x) && std::isfinite(p.y) && std::abs(p.x) < 1e6 && std::abs(p.y) < 1e6;
    const bool joins = finite && !line.empty() && std::hypot(p.x - line.back().x, p.y - line.back().y) < longest;
    if (joins) add_segment(line.back(), p, meridian, text);
    if (!joins && !line.empty()) lines_.push_back(std::exchange(line, {}));
    if (finite) line.push_back(p);
  }
  if (!line.empty()) lines_.push_back(std::move(line));
}

// Meridians are labelled where they cross the frame's bottom, parallels where they cross its left side.
void Graticule::add_segment(Point a, Point b, bool meridian, const std::string& text) {
  constexpr double kSlack = 0.01;  // a line on the very corner counts
  const PixelBox& box = view_.box();
  const double edge = meridian ? box.bottom() : box.x;
  const double from = (meridian ? a.y : a.x) - edge, to = (meridian ? b.y : b.x) - edge;
  if (std::min(from, to) > kSlack || std::max(from, to) < -kSlack || from == to) return;
  const double t = std::clamp(from / (from - to), 0.0, 1.0);
  const Point at{a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t};
  const bool inside = meridian ? at.x >= box.x && at.x <= box.right() : at.y >= box.y && at.y <= box.bottom();
  std::vector<Label>& labels = meridian ? below_ : left_;
  if (inside && (labels.empty() || labels.back().text != text)) labels.push_back({at, text});
}

void Graticule::draw_lines(const MapCanvas& canvas) const {
  cairo_t* c = canvas.cairo();
  cairo_save(c);
  cairo_set_source_rgba(c, 0.25, 0.3, 0.36, 0.28);
  cairo_set_line_width(c, 0.7);
  for (const Line& line : lines_) {
    for (const Point& p : line) cairo_line_to(c, p.x, p.y);
    cairo_stroke(c);
  }
  cairo_restore(c);
}

void Graticule::draw_labels(const MapCanvas& canvas, double size) const {
  const TextStyle style{.size = size, .color = map_colors::faint_ink};
  const double tick = size * 0.35;
  canvas.color(map_colors::frame);
  cairo_set_line_width(canvas.cairo(), 1);
  std::vector<Label> drawn;
  const auto free = [&](Point at, double dx, double dy) {
    return std::none_of(drawn.begin(), drawn.end(), [&](const Label& o) { return std::abs(o.at.x - at.x) < dx && std::abs(o.at.y - at.y) < dy; });
  };
  for (const Label& l : below_) {
    if (!free(l.at, size * kLeastGap * 0.7, size)) continue;
    canvas.text(l.at.x, l.at.y + tick * 1.3, l.text, style, Anchor::centre);
    drawn.push_back(l);
  }
  for (const Label& l : left_) {
    if (!free(l.at, size * kLeastGap, size * 1.6)) continue;
    canvas.text(l.at.x - tick * 1.8, l.at.y - canvas.measure(l.text, style).height / 2, l.text, style, Anchor::right);
    drawn.push_back(l);
  }
}

double draw_scale_bar(const MapCanvas& canvas, const MapView& view, double x, double y, double width, double text_size) {
  const PixelBox& box = view.box();
  const Point middle{box.x + box.width / 2, box.y + box.height / 2};
  const MapTransform to_degrees(view.crs(), kLonLat);
  const Point a = to_degrees.forward(view.to_crs({middle.x - 5, middle.y})), b = to_degrees.forward(view.to_crs({middle.x + 5, middle.y}));
  if (!std::isfinite(a.x) || !std::isfinite(b.x) || std::abs(a.y) > 90 || std::abs(b.y) > 90) return 0;
  const double metres_per_pixel = ground_distance(a, b) / 10;
  if (!(metres_per_pixel > 0)) return 0;
  const double longest = width * metres_per_pixel;  // m
  double length = nice_step(longest, 1);
  while (length > longest) length = nice_step(length / 2.6, 1);
  const double pixels = length / metres_per_pixel, thick = text_size * 0.45;
  canvas.color(map_colors::ink);
  cairo_set_line_width(canvas.cairo(), 1);
  cairo_rectangle(canvas.cairo(), x, y, pixels, thick);
  cairo_stroke(canvas.cairo());
  cairo_rectangle(canvas.cairo(), x, y, pixels / 2, thick);
  cairo_fill(canvas.cairo());
  const std::string text = length >= 1000 ? fmt::format("{:g} km", length / 1000) : fmt::format("{:g} m", length);
  const TextStyle style{.size = text_size, .color = map_colors::faint_ink};
  return thick + text_size * 0.2 + canvas.text(x, y + thick + text_size * 0.2, text, style).height;
}

}  // namespace guyu
