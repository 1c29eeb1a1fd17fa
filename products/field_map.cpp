#include <cairo.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/region/reproject.h"
#include "hpc/parallel/parallel_for.h"
#include "products/map.h"
#include "products/map_palette.h"
#include "products/map_sheet.h"

namespace guyu {
namespace {

Extent extent_of(const Grid& g) {
  const auto nx = static_cast<double>(g.nx()), ny = static_cast<double>(g.ny());
  return {g.x(-0.5), g.y(ny - 1) - g.dy() / 2, g.x(nx - 0.5), g.y(0) + g.dy() / 2};
}

// The part of the map that the options ask for, in the grid's CRS.
Extent wanted(const Grid& g, const MapOptions& o) {
  if (!(o.east > o.west && o.north > o.south)) return extent_of(g);
  Extent e{1e300, 1e300, -1e300, -1e300};
  e.include(RegionProjector("EPSG:4326", g)({{{{o.west, o.south}, {o.east, o.south}, {o.east, o.north}, {o.west, o.north}, {o.west, o.south}}, {}}}));
  return e.west > e.east ? extent_of(g) : e;
}

struct Cells {
  std::int64_t begin = 0, end = 0;  // empty: outside
};

// The cells whose centres lie in a pixel; where cells are larger than pixels, the one that holds the pixel's middle.
Cells cells_between(double a, double b, std::int64_t n) {
  auto begin = static_cast<std::int64_t>(std::ceil(std::clamp(a, -1e9, 1e9))), end = static_cast<std::int64_t>(std::ceil(std::clamp(b, -1e9, 1e9)));
  if (begin >= end) {
    begin = static_cast<std::int64_t>(std::floor(std::clamp((a + b) / 2, -1e9, 1e9) + 0.5));
    end = begin + 1;
  }
  return {std::max<std::int64_t>(0, begin), std::min(n, end)};
}

// Longitudes may be counted from -180 or from 0: the turn that brings x onto the grid.
double onto(const Grid& g, double x) {
  if (!g.is_latlon()) return x;
  const double west = g.x(-0.5), east = g.x(static_cast<double>(g.nx()) - 0.5);
  for (const double turn : {0.0, 360.0, -360.0})
    if (x + turn >= west && x + turn <= east) return x + turn;
  return x;
}

std::uint32_t pixel(const Colour& c) {
  const auto byte = [](double v) { return static_cast<std::uint32_t>(std::lround(v * 255)); };
  return 0xFF000000U | byte(c.r) << 16U | byte(c.g) << 8U | byte(c.b);
}

// The field as pixels of the plot: the mean of a pixel's valid cells; transparent where there is none.
std::vector<std::uint32_t> rasterise(const Field& f, const MapSheet& sheet, const Palette& palette) {
  const Grid& g = f.grid();
  const auto w = static_cast<std::int64_t>(sheet.plot().width), h = static_cast<std::int64_t>(sheet.plot().height);
  const Extent& e = sheet.extent();
  const double dx = (e.east - e.west) / static_cast<double>(w), dy = (e.north - e.south) / static_cast<double>(h);
  std::vector<Cells> columns(static_cast<std::size_t>(w));
  for (std::int64_t i = 0; i < w; ++i) {
    const double left = g.column_of(onto(g, e.west + (static_cast<double>(i) + 0.5) * dx)) - dx / g.dx() / 2;
    columns[static_cast<std::size_t>(i)] = cells_between(left, left + dx / g.dx(), g.nx());
  }
  std::vector<std::uint32_t> out(static_cast<std::size_t>(w * h), 0);
  const FieldView<const float> values = f.view();
  parallel_for(h, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      const Cells rows = cells_between(g.row_of(e.north - static_cast<double>(j) * dy), g.row_of(e.north - static_cast<double>(j + 1) * dy), g.ny());
      for (std::int64_t i = 0; i < w; ++i) {
        const Cells& cols = columns[static_cast<std::size_t>(i)];
        double sum = 0;
        std::int64_t n = 0;
        for (std::int64_t r = rows.begin; r < rows.end; ++r) {
          for (std::int64_t k = cols.begin; k < cols.end; ++k) {
            const float v = values(r, k);
            if (std::isnan(v)) continue;
            sum += double{v};
            ++n;
          }
        }
        if (n > 0) out[static_cast<std::size_t>(j * w + i)] = pixel(palette.of(sum / static_cast<double>(n)));
      }
    }
  });
  return out;
}

void paint(MapSheet& sheet, std::vector<std::uint32_t> pixels) {
  const auto w = static_cast<int>(sheet.plot().width), h = static_cast<int>(sheet.plot().height);
  cairo_surface_t* image = cairo_image_surface_create_for_data(reinterpret_cast<unsigned char*>(pixels.data()), CAIRO_FORMAT_ARGB32, w, h, w * 4);
  cairo_t* c = sheet.canvas().cairo();
  cairo_set_source_surface(c, image, sheet.plot().x, sheet.plot().y);
  cairo_paint(c);
  cairo_surface_destroy(image);
}

void draw_borders(MapSheet& sheet, const RegionSet& regions, const Grid& grid) {
  const RegionProjector project(regions.crs, grid);
  cairo_t* c = sheet.canvas().cairo();
  std::size_t drawn = 0;
  for (const Region& r : regions.regions) drawn += sheet.trace(project(r.shape)) ? 1 : 0;
  cairo_set_source_rgba(c, 0.2, 0.2, 0.2, drawn > 1500 ? 0.4 : 0.6);
  cairo_set_line_width(c, (drawn > 1500 ? 0.35 : 0.6) * sheet.scale());
  cairo_stroke(c);
}

std::vector<MapSheet::LegendRow> legend_rows(const Palette& p, bool rain) {
  std::vector<MapSheet::LegendRow> rows;
  for (std::size_t k = p.classes.size(); k-- > 0;) {
    const bool top = k + 1 == p.classes.size();
    rows.push_back({p.classes[k].colour, true, top && rain ? fmt::format("≥ {:g}", p.classes[k].from) : fmt::format("{:g} – {:g}", p.classes[k].from, top ? 2 * p.classes[k].from - p.classes[k - (k > 0)].from : p.classes[k + 1].from), ""});
  }
  if (rain) rows.push_back({p.below, true, fmt::format("< {:g}", p.classes.front().from), ""});
  rows.push_back({{}, false, "无资料 No data", ""});
  return rows;
}

}  // namespace

void draw_field_map(const std::string& path, const Field& field, const RegionSet* regions, const MapText& text, const MapOptions& options) {
  const FieldStatistics s = statistics(field.view());
  const Palette palette = palette_for(field.meta.quantity, field.meta.kind, s.min, s.max);
  const bool open_ended = field.meta.quantity == quantities::rainfall_rate() || field.meta.quantity == quantities::precipitation_amount() || field.meta.quantity == quantities::reflectivity();
  MapSheet sheet(field.grid().crs(), wanted(field.grid(), options), text, options.width);
  sheet.canvas().hatch(sheet.plot());
  sheet.clip_to_plot();
  paint(sheet, rasterise(field, sheet, palette));
  if (regions) draw_borders(sheet, *regions, field.grid());
  sheet.unclip();
  sheet.graticule();
  sheet.legend(palette.unit.empty() || palette.unit == "1" ? field.meta.quantity.name : palette.unit, legend_rows(palette, open_ended));
  sheet.finish(path);
}

}  // namespace guyu
