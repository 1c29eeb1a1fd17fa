#include "tests/cli/run/small_case.h"

#include "engine/core/atomic_file.h"
#include "engine/core/field.h"
#include "products/grid_netcdf.h"
#include "tests/support/test_data.h"

namespace guyu::test {
namespace {
const char* const kRegions = R"({"type": "FeatureCollection", "features": [
 {"type": "Feature", "properties": {"code": "110000000001", "name": "西镇", "county": "示范县"},
  "geometry": {"type": "Polygon", "coordinates": [[[110.1, 30.1], [110.5, 30.1], [110.5, 30.9], [110.1, 30.9], [110.1, 30.1]]]}},
 {"type": "Feature", "properties": {"code": "110000000002", "name": "东镇", "county": "示范县"},
  "geometry": {"type": "Polygon", "coordinates": [[[110.5, 30.1], [110.9, 30.1], [110.9, 30.9], [110.5, 30.9], [110.5, 30.1]]]}}]})";

const char* const kConfig = R"(name = "small"
title = "小样例"
[regions]
path = "towns.geojson"
name = "name"
parent = "county"
[radar]
pattern = "radar/r_%Y%m%d%H%M.nc"
interval = "5 min"
[history]
dry_before = "2024-07-01T00:00:00Z"
[alerts]
clear_hold = "10 min"
[products]
map_width = 400
)";
}  // namespace

SmallCase::SmallCase(const std::string& name) : data(temporary_folder(name) + "/data"), out(data + "/../out") {
  write_file_atomically(data + "/towns.geojson", kRegions);
  write_file_atomically(config(), kConfig);
}

std::string SmallCase::frame_path(TimePoint t) const {
  const std::string stamp = to_compact(t);  // 20240701T000000Z
  return data + "/radar/r_" + stamp.substr(0, 8) + stamp.substr(9, 4) + ".nc";
}

void SmallCase::frames(TimePoint from, TimePoint to, float west_mm_h) const {
  frames_of(from, to, [west_mm_h](double x, double, TimePoint) { return x < 110.5 ? west_mm_h : 0.0F; });
}

void SmallCase::frames_of(TimePoint from, TimePoint to, const Rate& rate_at) const {
  const Grid grid("+proj=longlat +datum=WGS84 +no_defs", 110.01, 30.99, 0.02, 0.02, 50, 50);
  for (TimePoint t = from; t <= to; t += Seconds(300)) {
    Field f(grid, {quantities::rainfall_rate(), TimeKind::instant, {t, t}, t, "surface", {}, "", ""});
    for (std::int64_t j = 0; j < grid.ny(); ++j)
      for (std::int64_t i = 0; i < grid.nx(); ++i) f.view()(j, i) = rate_at(grid.x(static_cast<double>(i)), grid.y(static_cast<double>(j)), t);
    GridNetcdfWriter writer(frame_path(t), grid, {"a frame", "test", "", {}, t});
    const std::size_t rate = writer.add({"rainfall_rate", "rain rate", quantities::rainfall_rate(), TimeKind::instant, {{t, t}}, "surface"});
    writer.write(rate, 0, f.view());
    writer.close();
  }
}

}  // namespace guyu::test
