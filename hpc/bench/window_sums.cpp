#include "hpc/bench/window_sums.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "engine/core/plane.h"
#include "engine/window_sums/window_sums.h"

namespace guyu::bench {
namespace {

constexpr int kHours = 24, kSteps = 12;
constexpr Seconds kStep{600};

// Rain areas that drift: about a tenth of the cells are wet.
Plane rain_at(const Grid& grid, double hour) {
  Plane p(grid.ny(), grid.nx());
  for (std::int64_t j = 0; j < grid.ny(); ++j)
    for (std::int64_t i = 0; i < grid.nx(); ++i) {
      const double x = static_cast<double>(i) * 0.003 - 0.4 * hour, y = static_cast<double>(j) * 0.004;
      const double v = std::sin(x) * std::cos(y) + 0.5 * std::sin(3 * x + y) - 0.75;
      p.row(j)[i] = static_cast<float>(std::max(0.0, 20 * v));
    }
  return p;
}

}  // namespace

std::vector<Measurement> sum_up_places(const StageOptions& o) {
  const Grid grid("EPSG:4326", -129.995, 54.995, 0.01, 0.01, 7000, 3500);
  const ZonalWeights weights = compute_zonal_weights(grid, mesh_regions(-129, 21, -61, 54, 0.24));
  const TimePoint issue = parse_time("2024-07-01T00:00:00Z");
  WindowPlan plan;
  plan.wanted = {{std::chrono::hours(3), parse_zonal_statistics("max")}, {std::chrono::hours(24), parse_zonal_statistics("max,p90")}};
  std::size_t wet = 0;
  for (int h = -kHours; h < 0; ++h) {
    const Plane amount = rain_at(grid, h);
    plan.observed.push_back(
        std::make_shared<const RainPlane>(rain_plane(amount.view(), {issue + std::chrono::hours(h), issue + std::chrono::hours(h + 1)}, {})));
    wet += plan.observed.back()->amount.size();
  }
  std::vector<Plane> steps;
  for (int s = 1; s <= kSteps; ++s) {
    steps.push_back(rain_at(grid, s / 6.0));
    plan.ends.push_back(issue + s * kStep);
  }
  const WindowSums sums(plan, weights);
  // An end: the sums of each window are read once.
  const double bytes = 4.0 * static_cast<double>(grid.size()) * kSteps * static_cast<double>(plan.wanted.size() + 1);
  Measurement m{"windows.member",
                fmt::format("synthetic, {} regions on {} x {} cells, {} steps, windows of 3 and 24 h, {:.0f} % of cells wet", weights.regions.size(), grid.nx(),
                            grid.ny(), kSteps, 100.0 * static_cast<double>(wet) / static_cast<double>(grid.size()) / kHours),
                0,
                std::min(o.repeats, 3),
                bytes,
                0,
                {},
                {},
                {}};
  m.seconds = median_seconds(m.repeats, [&] {
    WindowSums::Future future = sums.future();
    for (int s = 0; s < kSteps; ++s)
      future.add(rain_plane(std::as_const(steps[static_cast<std::size_t>(s)]).view(), {issue + s * kStep, issue + (s + 1) * kStep}, {}));
    if (future.finish().empty()) m.skipped = "nothing was summed up";
  });
  return {m};
}

}  // namespace guyu::bench
