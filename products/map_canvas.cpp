#include "products/map_canvas.h"

#include <pango/pangocairo.h>

#include <algorithm>
#include <cmath>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"

namespace guyu {
namespace {

constexpr const char* kFont = "Noto Sans CJK SC";
constexpr int kHatchPeriod = 8;  // pixels

// Diagonal lines, one pixel wide at half strength on either side so that they look smooth.
cairo_surface_t* hatch_tile() {
  cairo_surface_t* tile = cairo_image_surface_create(CAIRO_FORMAT_RGB24, kHatchPeriod, kHatchPeriod);
  cairo_surface_flush(tile);
  unsigned char* bytes = cairo_image_surface_get_data(tile);
  const int stride = cairo_image_surface_get_stride(tile);
  for (int y = 0; y < kHatchPeriod; ++y) {
    auto* row = reinterpret_cast<std::uint32_t*>(bytes + y * stride);
    for (int x = 0; x < kHatchPeriod; ++x) {
      const int k = (x + y) % kHatchPeriod;
      const double strength = k == 0 ? 1 : k == 1 || k == kHatchPeriod - 1 ? 0.45 : 0;
      const Color c = mix(map_colors::hatch_paper, map_colors::hatch_line, strength);
      row[x] = static_cast<std::uint32_t>(c.red << 16 | c.green << 8 | c.blue);
    }
  }
  cairo_surface_mark_dirty(tile);
  return tile;
}

cairo_status_t append(void* closure, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

}  // namespace

Color mix(Color a, Color b, double t) {
  const auto channel = [t](int from, int to) { return static_cast<std::uint8_t>(std::lround(from + (to - from) * std::clamp(t, 0.0, 1.0))); };
  return {channel(a.red, b.red), channel(a.green, b.green), channel(a.blue, b.blue)};
}

void MapCanvas::Release::operator()(PangoLayout* l) const { g_object_unref(l); }

MapCanvas::MapCanvas(int width, int height)
    : width_(width), height_(height), surface_(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height)), cairo_(cairo_create(surface_.get())) {
  if (cairo_surface_status(surface_.get()) != CAIRO_STATUS_SUCCESS) {
    throw Error("", "no picture of " + std::to_string(width) + " x " + std::to_string(height) + " pixels is possible", "make it smaller");
  }
  cairo_surface_t* tile = hatch_tile();
  hatch_.reset(cairo_pattern_create_for_surface(tile));
  cairo_surface_destroy(tile);
  cairo_pattern_set_extend(hatch_.get(), CAIRO_EXTEND_REPEAT);
  cairo_pattern_set_filter(hatch_.get(), CAIRO_FILTER_NEAREST);

  // Grey smoothing without hinting: the same glyphs whatever the desktop is set to.
  cairo_font_options_t* font = cairo_font_options_create();
  cairo_font_options_set_antialias(font, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(font, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(font, CAIRO_HINT_METRICS_OFF);
  layout_.reset(pango_cairo_create_layout(cairo_.get()));
  pango_cairo_context_set_font_options(pango_layout_get_context(layout_.get()), font);
  pango_cairo_context_set_resolution(pango_layout_get_context(layout_.get()), 96);
  cairo_font_options_destroy(font);

  color(map_colors::paper);
  cairo_paint(cairo());
}

void MapCanvas::color(Color c) const { cairo_set_source_rgb(cairo(), c.red / 255.0, c.green / 255.0, c.blue / 255.0); }
void MapCanvas::hatch() const { cairo_set_source(cairo(), hatch_.get()); }

void MapCanvas::set_layout(const std::string& text, const TextStyle& style) const {
  PangoLayout* layout = layout_.get();
  PangoFontDescription* font = pango_font_description_from_string(kFont);
  pango_font_description_set_absolute_size(font, style.size * PANGO_SCALE);
  pango_font_description_set_weight(font, style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description(layout, font);
  pango_font_description_free(font);
  pango_layout_set_width(layout, style.wrap_width > 0 ? static_cast<int>(style.wrap_width * PANGO_SCALE) : -1);
  pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text(layout, text.data(), static_cast<int>(text.size()));
}

TextSize MapCanvas::measure(const std::string& text, const TextStyle& style) const {
  if (text.empty()) return {};
  set_layout(text, style);
  int w = 0, h = 0;
  pango_layout_get_size(layout_.get(), &w, &h);
  return {static_cast<double>(w) / PANGO_SCALE, static_cast<double>(h) / PANGO_SCALE};
}

TextSize MapCanvas::text(double x, double y, const std::string& text, const TextStyle& style, Anchor anchor) const {
  const TextSize size = measure(text, style);  // leaves the layout set
  if (text.empty()) return size;
  cairo_move_to(cairo(), x - (anchor == Anchor::left ? 0 : anchor == Anchor::centre ? size.width / 2 : size.width), y);
  if (style.halo) {
    cairo_save(cairo());
    pango_cairo_layout_path(cairo(), layout_.get());
    cairo_set_source_rgba(cairo(), 1, 1, 1, 0.85);
    cairo_set_line_join(cairo(), CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_width(cairo(), style.size * 0.22);
    cairo_stroke_preserve(cairo());
    color(style.color);
    cairo_fill(cairo());
    cairo_restore(cairo());
  } else {
    color(style.color);
    pango_cairo_show_layout(cairo(), layout_.get());
  }
  cairo_new_path(cairo());
  return size;
}

void MapCanvas::save(const std::string& path) const {
  std::string png;
  const cairo_status_t status = cairo_surface_write_to_png_stream(surface_.get(), append, &png);
  if (status != CAIRO_STATUS_SUCCESS) throw Error(path, std::string("cannot be drawn: ") + cairo_status_to_string(status));
  write_file_atomically(path, png);
}

}  // namespace guyu
