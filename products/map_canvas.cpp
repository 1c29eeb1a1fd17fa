#include "products/map_canvas.h"

#include <cairo.h>
#include <pango/pangocairo.h>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"

namespace guyu {
namespace {

struct Unref {
  void operator()(PangoLayout* p) const { g_object_unref(p); }
};
using Layout = std::unique_ptr<PangoLayout, Unref>;

Layout lay_out(cairo_t* cairo, const std::string& utf8, const TextStyle& style) {
  Layout layout(pango_cairo_create_layout(cairo));
  PangoFontDescription* font = pango_font_description_from_string("Noto Sans CJK SC, sans-serif");
  pango_font_description_set_absolute_size(font, style.size * PANGO_SCALE);
  pango_font_description_set_weight(font, style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description(layout.get(), font);
  pango_font_description_free(font);
  pango_layout_set_text(layout.get(), utf8.data(), static_cast<int>(utf8.size()));
  return layout;
}

// One tile of the diagonal lines, made once per use: they then continue from box to box.
cairo_pattern_t* hatch_pattern() {
  constexpr int kTile = 6;
  cairo_surface_t* tile = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, kTile, kTile);
  cairo_t* c = cairo_create(tile);
  cairo_set_source_rgb(c, 0.93, 0.93, 0.93);
  cairo_paint(c);
  cairo_set_source_rgb(c, 0.72, 0.72, 0.72);
  cairo_set_line_width(c, 1);
  for (int k = -1; k <= 1; ++k) {
    cairo_move_to(c, k * kTile - 1, kTile + 1);
    cairo_line_to(c, k * kTile + kTile + 1, -1);
  }
  cairo_stroke(c);
  cairo_destroy(c);
  cairo_pattern_t* pattern = cairo_pattern_create_for_surface(tile);
  cairo_surface_destroy(tile);
  cairo_pattern_set_extend(pattern, CAIRO_EXTEND_REPEAT);
  return pattern;
}

}  // namespace

MapCanvas::MapCanvas(int width, int height)
    : width_(width), height_(height), surface_(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height)), cairo_(cairo_create(surface_)) {
  fill({0, 0, static_cast<double>(width), static_cast<double>(height)}, {1, 1, 1});
}

MapCanvas::~MapCanvas() {
  cairo_destroy(cairo_);
  cairo_surface_destroy(surface_);
}

void MapCanvas::use(const Colour& c) { cairo_set_source_rgba(cairo_, c.r, c.g, c.b, c.a); }

void MapCanvas::fill(const Box& b, const Colour& colour) {
  use(colour);
  cairo_rectangle(cairo_, b.x, b.y, b.width, b.height);
  cairo_fill(cairo_);
}

void MapCanvas::hatch(const Box& b) {
  cairo_rectangle(cairo_, b.x, b.y, b.width, b.height);
  hatch_path();
}

void MapCanvas::hatch_path() {
  cairo_pattern_t* pattern = hatch_pattern();
  cairo_set_source(cairo_, pattern);
  cairo_fill(cairo_);
  cairo_pattern_destroy(pattern);
}

void MapCanvas::outline(const Box& b, const Colour& colour, double line_width) {
  use(colour);
  cairo_set_line_width(cairo_, line_width);
  cairo_rectangle(cairo_, b.x, b.y, b.width, b.height);
  cairo_stroke(cairo_);
}

Box MapCanvas::text_box(const std::string& utf8, double x, double y, Align align, const TextStyle& style) {
  const Layout layout = lay_out(cairo_, utf8, style);
  int w = 0, h = 0;
  pango_layout_get_pixel_size(layout.get(), &w, &h);
  const double left = align == Align::left ? x : align == Align::right ? x - w : x - w / 2.0;
  return {left, y - h / 2.0, static_cast<double>(w), static_cast<double>(h)};
}

void MapCanvas::text(const std::string& utf8, double x, double y, Align align, const TextStyle& style) {
  const Box box = text_box(utf8, x, y, align, style);
  const Layout layout = lay_out(cairo_, utf8, style);
  cairo_move_to(cairo_, box.x, box.y);
  if (style.halo) {
    pango_cairo_layout_path(cairo_, layout.get());
    use({1, 1, 1, 0.75});
    cairo_set_line_width(cairo_, style.size / 4.5);
    cairo_set_line_join(cairo_, CAIRO_LINE_JOIN_ROUND);
    cairo_stroke(cairo_);
    cairo_move_to(cairo_, box.x, box.y);
  }
  use(style.colour);
  pango_cairo_show_layout(cairo_, layout.get());
  cairo_new_path(cairo_);
}

void MapCanvas::save(const std::string& path) {
  AtomicFile file(path);
  const cairo_status_t status = cairo_surface_write_to_png(surface_, file.temporary_path().c_str());
  if (status != CAIRO_STATUS_SUCCESS) throw Error(path, std::string("cannot be written: ") + cairo_status_to_string(status), "look at the folder's permissions and free space");
  file.commit();
}

}  // namespace guyu
