#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "products/map.h"
#include "products/map_borders.h"
#include "products/map_graticule.h"
#include "products/map_labels.h"
#include "products/map_legend.h"
#include "products/map_outline.h"
#include "products/map_page.h"
#include "products/map_palette.h"

namespace guyu {
namespace {

constexpr Color kGround{246, 248, 250};  // outside the regions

std::vector<Level> levels_of(const RegionSet& regions, const RiskTable& risk, const std::string& hazard) {
  std::vector<Level> levels(regions.regions.size(), Level::unknown);
  for (const RiskRow& row : risk.rows) {
    if (row.hazard == hazard && row.region < levels.size()) levels[row.region] = row.level;
  }
  return levels;
}

std::vector<std::size_t> counts_of(const std::vector<Level>& levels) {
  std::vector<std::size_t> counts(6);
  for (const Level level : levels) ++counts[static_cast<std::size_t>(static_cast<int>(level) + 1)];
  return counts;
}

MapArea with_margin(const MapArea& a) {
  const double m = 0.03 * std::max(a.width(), a.height());
  return {a.west - m, a.south - m, a.east + m, a.north + m};
}

// Longitude and latitude bend wide countries out of shape; a conformal cone through a sixth and five sixths of the latitudes
// does not. Areas round the pole, over the equator or half the globe have no good cone.
std::string level_map_crs(const std::string& region_crs, const MapArea& degrees) {
  constexpr double kSmall = 8, kWide = 120;  // degrees
  if (!is_geographic(region_crs) || degrees.empty() || degrees.height() < kSmall || degrees.width() > kWide) return region_crs;
  if (degrees.south * degrees.north < 0 || std::max(std::abs(degrees.south), std::abs(degrees.north)) > 80) return region_crs;
  const double sixth = degrees.height() / 6;
  return fmt::format("+proj=lcc +lat_1={:.6f} +lat_2={:.6f} +lon_0={:.6f} +datum=WGS84 +units=m +no_defs", degrees.south + sixth, degrees.north - sixth,
                     (degrees.west + degrees.east) / 2);
}

void fill_regions(const MapCanvas& canvas, const std::vector<RegionOutline>& outlines, const std::vector<Level>& levels) {
  cairo_t* c = canvas.cairo();
  cairo_save(c);
  cairo_set_antialias(c, CAIRO_ANTIALIAS_NONE);  // smoothed edges of neighbours would let the ground shine through
  cairo_set_fill_rule(c, CAIRO_FILL_RULE_EVEN_ODD);
  for (const RegionOutline& o : outlines) {
    if (levels[o.region] == Level::unknown) canvas.hatch();
    else canvas.color(level_color(levels[o.region]));
    trace_outline(c, o);
    cairo_fill(c);
  }
  cairo_restore(c);
}

// Names of warned regions may pass their borders by a third.
std::vector<LabelWish> wishes_of(const std::vector<RegionOutline>& outlines, const RegionSet& regions, const std::vector<Level>& levels) {
  std::vector<LabelWish> wishes;
  for (std::size_t k = 0; k < outlines.size(); ++k) {
    const Level level = levels[outlines[k].region];
    wishes.push_back({regions.regions[outlines[k].region].name, k, std::max(static_cast<int>(level), 0), level >= Level::blue ? 0.35 : 0});
  }
  return wishes;
}

}  // namespace

void draw_level_map(const std::string& path, const RegionSet& regions, const RiskTable& risk, const std::string& hazard, const MapText& text,
                    const MapOptions& options) {
  const std::vector<Level> levels = levels_of(regions, risk, hazard);
  const MapArea bounds = region_bounds(regions);
  const bool part = options.west < options.east;
  const std::string crs = level_map_crs(regions.crs, part ? MapArea{options.west, options.south, options.east, options.north} : bounds);
  const MapPage page(text, options, level_legend(counts_of(levels)), crs, area_to_show(options, crs, with_margin(region_bounds_in(regions, crs))));
  const std::vector<RegionOutline> outlines = region_outlines(regions, page.view());

  page.begin_map();
  page.canvas().color(kGround);
  cairo_paint(page.canvas().cairo());
  fill_regions(page.canvas(), outlines, levels);
  Graticule(page.view()).draw_lines(page.canvas());
  draw_borders(page.canvas(), outlines, regions, border_style(page.view().box(), regions, outlines, page.unit()));
  if (options.labels) draw_labels(page.canvas(), page.view().box(), outlines, wishes_of(outlines, regions, levels), 12 * page.unit());
  page.end_map();
  page.save(path);
}

}  // namespace guyu
