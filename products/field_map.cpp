#include <filesystem>

#include "products/map.h"
#include "products/map_borders.h"
#include "products/map_graticule.h"
#include "products/map_labels.h"
#include "products/map_legend.h"
#include "products/map_outline.h"
#include "products/map_page.h"
#include "products/map_palette.h"
#include "products/map_raster.h"

namespace guyu {
namespace {

MapArea grid_area(const Grid& grid) {
  MapArea a{grid.x(-0.5), grid.y(static_cast<double>(grid.ny()) - 0.5), grid.x(static_cast<double>(grid.nx()) - 0.5), grid.y(-0.5)};
  if (grid.is_latlon()) a.south = std::max(a.south, -90.0), a.north = std::min(a.north, 90.0);
  return a;
}

void draw_regions(const MapPage& page, const RegionSet& regions, bool labels) {
  const std::vector<RegionOutline> outlines = region_outlines(regions, page.view());
  BorderStyle style = border_style(page.view().box(), regions, outlines, page.unit());
  style.region_color = mix(map_colors::county, map_colors::parent, 0.4);  // readable on strong colours
  draw_borders(page.canvas(), outlines, regions, style);
  if (!labels) return;
  std::vector<LabelWish> wishes;
  for (std::size_t k = 0; k < outlines.size(); ++k) wishes.push_back({regions.regions[outlines[k].region].name, k, 0, 0});
  draw_labels(page.canvas(), page.view().box(), outlines, wishes, 12 * page.unit());
}

std::string shown_time(const FieldMeta& m) {
  const std::string begin = to_iso(m.valid.begin), end = to_iso(m.valid.end);  // 2019-06-10T00:10:00Z
  const auto day = [](const std::string& iso) { return iso.substr(0, 10); };
  const auto minute = [](const std::string& iso) { return iso.substr(11, 5); };
  if (m.kind == TimeKind::instant || m.valid.begin == m.valid.end) return day(end) + " " + minute(end) + " UTC";
  return day(begin) + " " + minute(begin) + " – " + (day(begin) == day(end) ? "" : day(end) + " ") + minute(end) + " UTC";
}

}  // namespace

void draw_field_map(const std::string& path, const Field& field, const RegionSet* regions, const MapText& text, const MapOptions& options) {
  const ColorScale scale = color_scale(field);
  const std::string& crs = field.grid().crs();
  const MapPage page(text, options, field_legend(scale), crs, area_to_show(options, crs, grid_area(field.grid())));

  page.begin_map();
  page.canvas().hatch();
  cairo_paint(page.canvas().cairo());
  paint_field(page.canvas(), page.view(), field, scale);
  Graticule(page.view()).draw_lines(page.canvas());
  if (regions) draw_regions(page, *regions, options.labels);
  page.end_map();
  page.save(path);
}

MapText field_text(const Field& field) {
  const FieldMeta& m = field.meta;
  const ColorScale scale = color_scale(field);
  MapText text;
  text.title = scale.chinese.empty() ? scale.english : scale.chinese + " " + scale.english;
  text.subtitle = shown_time(m);
  if (!m.level.empty()) text.subtitle += " · " + m.level;
  if (m.member) text.subtitle += " · member " + std::to_string(*m.member);
  const std::string file = std::filesystem::path(m.source).filename().string();
  text.footer = file.empty() ? m.format : m.format.empty() ? file : file + " · " + m.format;
  return text;
}

}  // namespace guyu
