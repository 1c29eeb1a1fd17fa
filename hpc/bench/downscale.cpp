#include "hpc/bench/downscale.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/downscale/bilinear_sampler.h"
#include "engine/downscale/region_operator.h"
#include "engine/regrid/apply.h"
#include "hpc/bench/workload.h"

namespace guyu::bench {
namespace {

const char* kDegrees = "+proj=longlat +datum=WGS84 +no_defs";
const Grid kForecast(kDegrees, 72, 56, 0.25, 0.25, 257, 177), kFine(kDegrees, 73.005, 55.995, 0.01, 0.01, 6200, 4200);

Field waves(const Grid& grid, double base, double amplitude, double scale) {
  Field f(grid, {});
  for (std::int64_t j = 0; j < grid.ny(); ++j) {
    const double y = grid.y(static_cast<double>(j));
    for (std::int64_t i = 0; i < grid.nx(); ++i)
      f.view()(j, i) = static_cast<float>(base + amplitude * std::sin(scale * grid.x(static_cast<double>(i))) * std::cos(scale * y));
  }
  return f;
}

}  // namespace

std::vector<Measurement> downscale_grid(const StageOptions& o) {
  const Field t = waves(kForecast, 285, 12, 0.3), z = waves(kForecast, 900, 700, 0.5), ground = waves(kFine, 900, 800, 3),
              lapse = waves(kForecast, -0.006, 0.001, 1);
  const BilinearSampler sampler(kForecast, kFine);
  Field out(kFine, {});
  const double cells = static_cast<double>(kFine.size());
  Measurement m{"downscale.grid", "synthetic, 177 x 257 to 4200 x 6200, bilinear + lapse rate", 0, o.repeats, 8 * cells, 0, 0.080, {}, {}};
  m.seconds = median_seconds(m.repeats, [&] { downscale_by_elevation(sampler, t.view(), lapse.view(), z.view(), ground.view(), out.view()); });
  return {m};
}

std::vector<Measurement> downscale_townships(const StageOptions& o) {
  const RegionSet regions = mesh_regions(73.5, 15, 134.5, 54.8, 0.2465);
  const Field t = waves(kForecast, 285, 12, 0.3), ground = waves(kFine, 900, 800, 3), lapse = waves(kForecast, -0.006, 0.001, 1);
  const std::string data = fmt::format("synthetic, 177 x 257 to {} townships through 4200 x 6200 cells", regions.regions.size());
  RegionOperator op;
  Measurement make{"downscale.rows", data, 0, 1, 0, 0, {}, {}, {}};
  make.seconds = median_seconds(1, [&] {
    const ZonalWeights on_fine = compute_zonal_weights(kFine, regions);
    op = region_operator(on_fine, compute_regrid_weights(kForecast, kFine, RegridMethod::bilinear), {ground.view(), {}, {}, 1});
  });
  constexpr int kFields = 51 * 40 * 5;
  std::vector<float> values(op.regions()), coverage(op.regions());
  Measurement use{
      "downscale.ensemble", data + fmt::format(", {} fields", kFields), 0, 1, 16.0 * static_cast<double>(op.entries.size()) * kFields, 0, 600, {}, {}};
  use.seconds = median_seconds(std::min(o.repeats, 1), [&] {
    for (int k = 0; k < kFields; ++k) apply(op, t.view(), lapse.view(), values, coverage);
  });
  return {make, use};
}

std::vector<Measurement> regrid_conservative(const StageOptions& o) {
  const Rain rain = mosaic(1);
  const Grid target(kDegrees, -129.875, 54.875, 0.25, 0.25, 280, 140);
  RegridWeights weights;
  Measurement make{"regrid.weights", fmt::format("{}, 3500 x 7000 to 0.25 degrees, conservative", rain.origin), 0, std::min(o.repeats, 3), 0, 0, 5.0, {}, {}};
  make.seconds = median_seconds(make.repeats, [&] { weights = compute_regrid_weights(rain.grid, target, RegridMethod::conservative); });
  Field out(target, {});
  const double bytes = 8.0 * static_cast<double>(weights.entries.size()) + 4.0 * static_cast<double>(rain.grid.size());
  Measurement use{"regrid.apply", make.data, 0, o.repeats, bytes, 0, {}, {}, {}};
  use.seconds = median_seconds(use.repeats, [&] { apply_weights(weights, rain.frames.front().view(), {MissingPolicy::renormalise, 0.5}, out.view()); });
  return {make, use};
}

}  // namespace guyu::bench
