#include "engine/region/region_set.h"

#include <fmt/format.h>

#include <cmath>

#include "engine/core/error.h"
#include "engine/core/hash.h"

namespace guyu {

std::string RegionSet::hash() const {
  Hasher h;
  h.text(crs).integer(static_cast<std::int64_t>(regions.size()));
  const auto ring = [&](const Ring& r) {
    h.integer(static_cast<std::int64_t>(r.size()));
    if (!r.empty()) h.bytes(r.data(), r.size() * sizeof(Point));
  };
  for (const Region& region : regions) {
    h.text(region.code).integer(static_cast<std::int64_t>(region.shape.size()));
    for (const Polygon& p : region.shape) {
      ring(p.outer);
      h.integer(static_cast<std::int64_t>(p.holes.size()));
      for (const Ring& hole : p.holes) ring(hole);
    }
  }
  return h.short_hex();
}

RegionSet mesh_regions(double west, double south, double east, double north, double spacing) {
  const double columns = std::round((east - west) / spacing), rows = std::round((north - south) / spacing);
  if (!(spacing > 0) || !(columns >= 1) || !(rows >= 1) || columns * rows > 1e7) {
    throw Error("", fmt::format("a mesh from {}, {} to {}, {} with cells of {} degrees is not possible", west, south, east, north, spacing));
  }
  RegionSet set;
  set.crs = "+proj=longlat +datum=WGS84 +no_defs";
  for (int j = 0; j < static_cast<int>(rows); ++j) {
    for (int i = 0; i < static_cast<int>(columns); ++i) {
      const double x0 = west + i * spacing, x1 = west + (i + 1) * spacing;
      const double y1 = north - j * spacing, y0 = north - (j + 1) * spacing;
      Region r;
      r.code = fmt::format("r{:03}c{:03}", j, i);
      r.name = fmt::format("{:.2f}, {:.2f}", (y0 + y1) / 2, (x0 + x1) / 2);
      r.shape = {{{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}, {}}};
      set.regions.push_back(std::move(r));
    }
  }
  return set;
}

}  // namespace guyu
