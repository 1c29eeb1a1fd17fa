#include "products/cell_map.h"

#include <algorithm>
#include <cmath>

#include "engine/cells/cell_outline.h"
#include "products/map_borders.h"
#include "products/map_graticule.h"
#include "products/map_legend.h"
#include "products/map_outline.h"
#include "products/map_page.h"
#include "products/map_palette.h"
#include "products/map_raster.h"

namespace guyu {
namespace {

constexpr Color kSwath{108, 44, 150}, kCell{20, 16, 32};
constexpr Seconds kStroke{15 * 60};

// Smaller marks where the cells are small in the picture, or nothing but marks would be seen.
double mark_size(const MapPage& page, const CellScene& scene) {
  std::vector<double> widths;
  for (const CellForecast& f : scene.forecasts) {
    double left = 1e30, right = -1e30;
    for (const CellPlace& p : f.swath) left = std::min(left, p.column), right = std::max(right, p.column);
    widths.push_back((right - left) * scene.frame->grid().dx() * page.view().pixels_per_x());
  }
  if (widths.empty()) return 1;
  const auto middle = widths.begin() + static_cast<std::ptrdiff_t>(widths.size() / 2);
  std::nth_element(widths.begin(), middle, widths.end());
  return std::clamp(*middle / (70 * page.unit()), 0.35, 1.0);
}

class CellPainter {
 public:
  CellPainter(const MapPage& page, const CellScene& scene)
      : page_(page), scene_(scene), grid_(scene.frame->grid()), cairo_(page.canvas().cairo()), size_(mark_size(page, scene)) {}

  void swaths() const {
    for (const CellForecast& f : scene_.forecasts) {
      trace(f.swath);
      cairo_set_source_rgba(cairo_, kSwath.red / 255.0, kSwath.green / 255.0, kSwath.blue / 255.0, 0.06);
      cairo_fill_preserve(cairo_);
      cairo_set_source_rgba(cairo_, kSwath.red / 255.0, kSwath.green / 255.0, kSwath.blue / 255.0, 0.6);
      cairo_set_line_width(cairo_, 1.0 * page_.unit() * size_);
      cairo_stroke(cairo_);
    }
  }

  void cells() const {
    cairo_set_line_join(cairo_, CAIRO_LINE_JOIN_ROUND);
    std::size_t next = 0;
    for (const StormTrack& t : scene_.tracks) {
      if (!t.seen()) continue;
      page_.canvas().color(kCell);
      cairo_new_path(cairo_);
      for (const CellOutline& o : cell_outlines(t.cell.runs)) {
        add_ring(o.outer);
        for (const auto& hole : o.holes) add_ring(hole);
      }
      cairo_set_line_width(cairo_, 1.5 * page_.unit() * size_);
      cairo_stroke(cairo_);
      past(t);
      ahead(scene_.forecasts[next++]);
    }
  }

  // Greatest cells first; none where another number stands.
  void numbers() const {
    struct Label {
      const StormTrack* track;
      Point at;
    };
    std::vector<Label> labels;
    for (const StormTrack& t : scene_.tracks) {
      if (t.seen()) labels.push_back({&t, pixel(t.cell.middle)});
    }
    std::stable_sort(labels.begin(), labels.end(), [](const Label& a, const Label& b) { return a.track->cell.area_km2 > b.track->cell.area_km2; });
    const TextStyle style{.size = 12 * page_.unit(), .bold = true, .color = kCell, .halo = true};
    std::vector<PixelBox> taken;
    const PixelBox& whole = page_.view().box();
    for (const Label& l : labels) {
      const std::string number = std::to_string(l.track->id);
      const TextSize size = page_.canvas().measure(number, style);
      double top = l.at.y;  // above the outline, so that the echo stays to be seen
      for (const CellPlace& p : l.track->cell.hull) top = std::min(top, pixel(p).y);
      const PixelBox b{l.at.x - size.width / 2, top - size.height - 1, size.width, size.height};
      if (b.x < whole.x || b.y < whole.y || b.right() > whole.right() || b.bottom() > whole.bottom()) continue;
      const auto meets = [&](const PixelBox& o) { return b.x < o.right() && o.x < b.right() && b.y < o.bottom() && o.y < b.bottom(); };
      if (std::any_of(taken.begin(), taken.end(), meets)) continue;
      taken.push_back(b);
      page_.canvas().text(l.at.x, b.y, number, style, Anchor::centre);
    }
  }

 private:
  Point pixel(CellPlace p) const { return page_.view().to_pixel({grid_.x(p.column), grid_.y(p.row)}); }
  void trace(const std::vector<CellPlace>& hull) const {
    cairo_new_path(cairo_);
    add_ring(hull);
  }
  void add_ring(const std::vector<CellPlace>& ring) const {
    cairo_new_sub_path(cairo_);
    for (const CellPlace& p : ring) {
      const Point q = pixel(p);
      cairo_line_to(cairo_, q.x, q.y);
    }
    cairo_close_path(cairo_);
  }
  void past(const StormTrack& t) const {
    cairo_new_path(cairo_);
    for (const TrackPoint& p : t.points) {
      const Point q = pixel(p.place);
      cairo_line_to(cairo_, q.x, q.y);
    }
    cairo_set_line_width(cairo_, 1.0 * page_.unit() * size_);
    cairo_stroke(cairo_);
    for (const TrackPoint& p : t.points) {
      const Point q = pixel(p.place);
      cairo_arc(cairo_, q.x, q.y, (&p == &t.points.back() ? 2.4 : 1.4) * page_.unit() * size_, 0, 6.2831853);
      cairo_fill(cairo_);
    }
  }
  void ahead(const CellForecast& f) const {
    const Point a = pixel(f.leads.front().place), b = pixel(f.leads.back().place);
    const double length = std::hypot(b.x - a.x, b.y - a.y), head = 7 * page_.unit() * size_;
    if (length < head) return;
    const Point along{(b.x - a.x) / length, (b.y - a.y) / length};
    cairo_set_line_width(cairo_, 1.2 * page_.unit() * size_);
    cairo_move_to(cairo_, a.x, a.y);
    cairo_line_to(cairo_, b.x - along.x * head * 0.6, b.y - along.y * head * 0.6);
    for (const auto& lead : f.leads) {
      if (length < 60 * page_.unit() || lead.lead.count() == 0 || lead.lead.count() % kStroke.count() != 0 || &lead == &f.leads.back()) continue;
      const Point p = pixel(lead.place);
      const double half = 3 * page_.unit();
      cairo_move_to(cairo_, p.x - along.y * half, p.y + along.x * half);
      cairo_line_to(cairo_, p.x + along.y * half, p.y - along.x * half);
    }
    cairo_stroke(cairo_);
    cairo_move_to(cairo_, b.x, b.y);
    cairo_line_to(cairo_, b.x - head * along.x - 0.45 * head * along.y, b.y - head * along.y + 0.45 * head * along.x);
    cairo_line_to(cairo_, b.x - head * along.x + 0.45 * head * along.y, b.y - head * along.y - 0.45 * head * along.x);
    cairo_close_path(cairo_);
    cairo_fill(cairo_);
  }

  const MapPage& page_;
  const CellScene& scene_;
  const Grid& grid_;
  cairo_t* cairo_;
  double size_;  // of marks, 1 where swaths are large in the picture
};

MapArea area_of(const CellScene& scene) {
  const Grid& g = scene.frame->grid();
  double top = 1e30, left = 1e30, bottom = -1e30, right = -1e30;
  for (const CellForecast& f : scene.forecasts) {
    for (const CellPlace& p : f.swath)
      top = std::min(top, p.row), bottom = std::max(bottom, p.row), left = std::min(left, p.column), right = std::max(right, p.column);
  }
  const double nx = static_cast<double>(g.nx()), ny = static_cast<double>(g.ny());
  if (top > bottom) top = left = -0.5, bottom = ny - 0.5, right = nx - 0.5;
  const double margin = 0.05 * std::max(bottom - top, right - left);
  top = std::max(top - margin, -0.5), left = std::max(left - margin, -0.5), bottom = std::min(bottom + margin, ny - 0.5),
  right = std::min(right + margin, nx - 0.5);
  return {g.x(left), g.y(bottom), g.x(right), g.y(top)};
}

}  // namespace

void draw_cell_map(const std::string& path, const CellScene& scene, const RegionSet* regions, const MapText& text, const MapOptions& options) {
  const ColorScale scale = color_scale(*scene.frame);
  const std::string& crs = scene.frame->grid().crs();
  const MapPage page(text, options, field_legend(scale), crs, area_to_show(options, crs, area_of(scene)));
  page.begin_map();
  page.canvas().hatch();
  cairo_paint(page.canvas().cairo());
  paint_field(page.canvas(), page.view(), *scene.frame, scale);
  Graticule(page.view()).draw_lines(page.canvas());
  if (regions) {
    const std::vector<RegionOutline> outlines = region_outlines(*regions, page.view());
    draw_borders(page.canvas(), outlines, *regions, border_style(page.view().box(), *regions, outlines, page.unit()));
  }
  const CellPainter painter(page, scene);
  painter.swaths();
  painter.cells();
  if (options.labels) painter.numbers();
  page.end_map();
  page.save(path);
}

}  // namespace guyu
