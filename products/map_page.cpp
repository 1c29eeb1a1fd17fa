#include "products/map_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/core/error.h"
#include "products/map_graticule.h"

namespace guyu {
namespace {

// Measures for unit 1, pixels.
constexpr double kMargin = 26, kPageGap = 10, kLegendGap = 22, kLeftLabels = 44, kBelowLabels = 24, kScaleBar = 56, kDegreeText = 11.5;
constexpr double kFlattest = 0.3, kTallest = 1.3;  // height over width of the map's box

TextStyle title_style(double unit, double width) { return {.size = 26 * unit, .bold = true, .wrap_width = width}; }
TextStyle subtitle_style(double unit, double width) { return {.size = 15 * unit, .color = map_colors::faint_ink, .wrap_width = width}; }
TextStyle footer_style(double unit, double width) { return {.size = 11.5 * unit, .color = map_colors::faint_ink, .wrap_width = width}; }

double unit_of(int width) {
  if (width < 400 || width > 16000) throw Error("", fmt::format("a map {} pixels wide is not possible", width), "400 to 16000");
  return std::max(0.6, width / 1200.0);
}

}  // namespace

MapPage::MapPage(const MapText& text, const MapOptions& options, Legend legend, const std::string& crs, const MapArea& area)
    : text_(text), legend_(std::move(legend)), unit_(unit_of(options.width)),
      sheet_(lay_out(options.width, crs, area.empty() ? MapArea{area.west - 0.5, area.south - 0.5, area.west + 0.5, area.south + 0.5} : area)) {}

MapPage::Sheet MapPage::lay_out(int width, const std::string& crs, const MapArea& area) const {
  const MapCanvas ruler(1, 1);
  const double margin = kMargin * unit_, text_width = width - 2 * margin;
  const TextSize legend = measure_legend(ruler, legend_, unit_);
  double top = margin;
  if (!text_.title.empty()) top += ruler.measure(text_.title, title_style(unit_, text_width)).height;
  if (!text_.subtitle.empty()) top += ruler.measure(text_.subtitle, subtitle_style(unit_, text_width)).height;
  if (top > margin) top += kPageGap * unit_;

  PixelBox box;
  box.x = std::round(margin + kLeftLabels * unit_);
  box.y = std::round(top);
  box.width = std::floor(width - box.x - kLegendGap * unit_ - legend.width - margin);
  const double wanted = box.width * std::clamp(drawn_aspect(crs, area), kFlattest, kTallest);
  box.height = std::round(std::max(wanted, legend.height + kScaleBar * unit_));
  const double footer_y = box.bottom() + kBelowLabels * unit_ + (text_.footer.empty() ? 0 : kPageGap * unit_ / 2);
  const double footer = text_.footer.empty() ? 0 : ruler.measure(text_.footer, footer_style(unit_, text_width)).height;
  const double below = text_.footer.empty() ? 0.4 * margin : 0.7 * margin;
  return {MapCanvas(width, static_cast<int>(std::ceil(footer_y + footer + below))), MapView(crs, area, box), footer_y};
}

void MapPage::begin_map() const {
  const PixelBox& b = view().box();
  cairo_save(canvas().cairo());
  cairo_rectangle(canvas().cairo(), b.x, b.y, b.width, b.height);
  cairo_clip(canvas().cairo());
}

void MapPage::end_map() const {
  cairo_restore(canvas().cairo());
  const PixelBox& b = view().box();
  canvas().color(map_colors::frame);
  cairo_set_line_width(canvas().cairo(), 1);
  cairo_rectangle(canvas().cairo(), b.x - 0.5, b.y - 0.5, b.width + 1, b.height + 1);
  cairo_stroke(canvas().cairo());
}

void MapPage::draw_texts() const {
  const double margin = kMargin * unit_, text_width = canvas().width() - 2 * margin;
  const double below_title = margin * 0.8 + canvas().text(margin, margin * 0.8, text_.title, title_style(unit_, text_width)).height;
  canvas().text(margin, below_title, text_.subtitle, subtitle_style(unit_, text_width));
  canvas().text(margin, sheet_.footer_y, text_.footer, footer_style(unit_, text_width));
}

void MapPage::save(const std::string& path) const {
  const PixelBox& b = view().box();
  const double x = b.right() + kLegendGap * unit_, width = canvas().width() - kMargin * unit_ - x;
  draw_texts();
  draw_legend(canvas(), legend_, x, b.y, unit_);
  draw_scale_bar(canvas(), view(), std::round(x) + 0.5, std::round(b.bottom() - 36 * unit_) + 0.5, std::min(width, 150 * unit_), 12 * unit_);
  Graticule(view()).draw_labels(canvas(), kDegreeText * unit_);
  canvas().save(path);
}

MapArea area_to_show(const MapOptions& options, const std::string& crs, const MapArea& all) {
  if (options.west >= options.east) return all;
  const MapArea asked{options.west, options.south, options.east, options.north};
  if (!(asked.south < asked.north) || asked.south < -90 || asked.north > 90 || asked.width() > 360) {
    throw Error("", fmt::format("{:g},{:g},{:g},{:g} is no area of the earth", asked.west, asked.south, asked.east, asked.north),
                "west,south,east,north in degrees");
  }
  const MapArea area = bounds_in(asked, kLonLat, crs);
  if (area.empty()) throw Error("", fmt::format("the area {:g},{:g},{:g},{:g} cannot be shown in {}", asked.west, asked.south, asked.east, asked.north, crs));
  return area;
}

}  // namespace guyu
