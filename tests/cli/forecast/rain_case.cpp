#include "tests/cli/forecast/rain_case.h"

#include <cmath>

#include "engine/core/atomic_file.h"
#include "products/grid_netcdf.h"
#include "tests/support/test_data.h"

namespace guyu::test {

RainCase::RainCase(const std::string& name) : folder(temporary_folder(name)), towns(folder + "/towns.geojson") {
  write_file_atomically(towns, R"({"type":"FeatureCollection","features":[
    {"type":"Feature","properties":{"code":"1"},"geometry":{"type":"Polygon","coordinates":[[[110.2,30.2],[110.4,30.2],[110.4,30.4],[110.2,30.4],[110.2,30.2]]]}},
    {"type":"Feature","properties":{"code":"2"},"geometry":{"type":"Polygon","coordinates":[[[110.6,30.2],[110.8,30.2],[110.8,30.4],[110.6,30.4],[110.6,30.2]]]}}]})");
}

void RainCase::write(const std::string& file, TimePoint issued, const std::vector<Interval>& steps, const std::vector<std::vector<float>>& of_townships) const {
  const Grid grid("+proj=longlat +datum=WGS84 +no_defs", 110.05, 30.55, 0.1, 0.1, 10, 5);
  GridNetcdfWriter writer(file, grid, {"rain", "test", "", {}, issued});
  const std::size_t at = writer.add({"precipitation_amount", "", *find_quantity("precipitation_amount"), TimeKind::accumulation, steps, "surface"});
  for (std::size_t t = 0; t < steps.size(); ++t) {
    Field f(grid, {});
    for (std::int64_t j = 0; j < grid.ny(); ++j)
      for (std::int64_t i = 0; i < grid.nx(); ++i) f.view()(j, i) = of_townships[i < 5 ? 0 : 1][t];
    writer.write(at, t, std::as_const(f).view());
  }
  writer.close();
}

}  // namespace guyu::test
