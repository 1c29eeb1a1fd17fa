#include <cairo.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/region/reproject.h"
#include "products/map.h"
#include "products/map_labels.h"
#include "products/map_palette.h"
#include "products/map_sheet.h"

namespace guyu {
namespace {

constexpr std::array kLevels{Level::red, Level::orange, Level::yellow, Level::blue, Level::none, Level::unknown};

std::vector<MultiPolygon> in_lonlat(const RegionSet& regions) {
  const RegionProjector project(regions.crs, Grid("EPSG:4326", 0, 0, 1, 1, 1, 1));
  std::vector<MultiPolygon> shapes;
  for (const Region& r : regions.regions) shapes.push_back(project(r.shape));
  return shapes;
}

Extent around(const std::vector<MultiPolygon>& shapes) {
  Extent e{1e300, 1e300, -1e300, -1e300};
  for (const MultiPolygon& s : shapes) e.include(s);
  if (e.west > e.east) return {};
  const double x = (e.east - e.west) * 0.02, y = (e.north - e.south) * 0.02;
  return {e.west - x, e.south - y, e.east + x, e.north + y};
}

// Middle of the largest part, by its bounding box.
LabelWish wish(const MapSheet& sheet, const MultiPolygon& shape, const std::string& name, Level level) {
  Extent best;
  for (const Polygon& p : shape) {
    Extent e{1e300, 1e300, -1e300, -1e300};
    e.include({p});
    if ((e.east - e.west) * (e.north - e.south) > (best.east - best.west) * (best.north - best.south)) best = e;
  }
  return {name, sheet.px((best.west + best.east) / 2), sheet.py((best.south + best.north) / 2), sheet.px(best.east) - sheet.px(best.west), std::max(0, static_cast<int>(level))};
}

}  // namespace

void draw_level_map(const std::string& path, const RegionSet& regions, const RiskTable& risk, const std::string& hazard, const MapText& text,
                    const MapOptions& options) {
  std::vector<Level> levels(regions.regions.size(), Level::unknown);
  for (const RiskRow& row : risk.rows)
    if (row.hazard == hazard && row.region < levels.size()) levels[row.region] = row.level;
  const std::vector<MultiPolygon> shapes = in_lonlat(regions);
  Extent extent{options.west, options.south, options.east, options.north};
  if (extent.empty()) extent = around(shapes);
  MapSheet sheet("EPSG:4326", extent, text, options.width);
  cairo_t* c = sheet.canvas().cairo();
  sheet.canvas().fill(sheet.plot(), {0.965, 0.975, 0.985});
  sheet.clip_to_plot();
  cairo_set_fill_rule(c, CAIRO_FILL_RULE_EVEN_ODD);
  std::vector<LabelWish> wishes;
  for (std::size_t r = 0; r < shapes.size(); ++r) {
    if (!sheet.trace(shapes[r])) continue;
    wishes.push_back(wish(sheet, shapes[r], regions.regions[r].name, levels[r]));
    if (levels[r] == Level::unknown) {
      sheet.canvas().hatch_path();
      continue;
    }
    const Colour colour = level_colour(levels[r]);
    cairo_set_source_rgb(c, colour.r, colour.g, colour.b);
    cairo_fill(c);
  }
  const bool crowded = wishes.size() > 1500;
  cairo_set_source_rgba(c, 0.35, 0.38, 0.42, crowded ? 0.45 : 0.7);
  cairo_set_line_width(c, (crowded ? 0.4 : 0.8) * sheet.scale());
  for (const MultiPolygon& shape : shapes) sheet.trace(shape);
  cairo_stroke(c);
  sheet.unclip();
  sheet.graticule();
  if (options.labels) write_labels(sheet, std::move(wishes));
  std::vector<MapSheet::LegendRow> rows;
  for (const Level level : kLevels) {
    const auto n = std::count(levels.begin(), levels.end(), level);
    rows.push_back({level_colour(level), level != Level::unknown, std::string(chinese_name(level)) + " " + std::string(to_string(level)), std::to_string(n)});
  }
  sheet.legend("预警等级 Level", rows);
  sheet.finish(path);
}

}  // namespace guyu
