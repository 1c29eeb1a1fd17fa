#include "hpc/bench/nowcast.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>

#include "engine/motion/optical_flow.h"
#include "engine/nowcast/ensemble.h"
#include "engine/nowcast/region_ensemble.h"
#include "hpc/bench/workload.h"

namespace guyu::bench {
namespace {

constexpr int kMembers = 24, kSteps = 12;
constexpr std::int64_t kRows = 760, kColumns = 1226;
// Planes of the field that a member-step moves at the least: two states, the strength and the sum of the finest level read, a state and the sum written,
// the mapping twice over and the carrying along; coarser levels add a third to the first six.
constexpr double kPlanes = 6 * 4.0 / 3 + 3 + 2;

double peak_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return 1024.0 * static_cast<double>(usage.ru_maxrss);
}

struct Case {
  Rain rain;
  std::vector<FieldView<const float>> views;
  Motion motion;
  explicit Case(Rain r) : rain(std::move(r)) {
    for (const Field& f : rain.frames) views.push_back(f.view());
    motion = estimate_motion(views, rain.times);
  }
};

EnsembleOptions options_of(int members, int scales) {
  EnsembleOptions o;
  o.members = members;
  o.steps = kSteps;
  o.cascade.scales = scales;
  return o;
}

double traffic(const Case& c, int members) { return 4.0 * kPlanes * static_cast<double>(c.rain.grid.size()) * members * kSteps; }

Measurement time_one(const std::string& name, const Case& c, int members, int repeats) {
  Measurement m{name,
                fmt::format("{}, {} x {}: {} members, {} steps, 6 scales", c.rain.origin, c.rain.grid.ny(), c.rain.grid.nx(), members, kSteps),
                0,
                repeats,
                traffic(c, members),
                0,
                {},
                {},
                {}};
  double guard = 0;
  m.seconds = median_seconds(repeats, [&] {
    run_ensemble(c.views, c.rain.times, c.motion, options_of(members, 6),
                 [&](int, int, FieldView<const float> rate) { guard += static_cast<double>(rate(0, 0)); });
  });
  return m;
}

// The mosaic repeated to the size of a national grid.
Rain repeated(const Rain& from, std::int64_t ny, std::int64_t nx) {
  Rain out{Grid("EPSG:4326", 73.005, 54.995, 0.01, 0.01, nx, ny), {}, from.times, from.origin + " repeated"};
  for (const Field& f : from.frames) {
    out.frames.emplace_back(out.grid, f.meta);
    const auto source = f.view();
    const auto target = out.frames.back().view();
    for (std::int64_t j = 0; j < ny; ++j)
      for (std::int64_t i = 0; i < nx; ++i) target(j, i) = source(j % source.ny, i % source.nx);
  }
  return out;
}

}  // namespace

std::vector<Measurement> ensemble(const StageOptions& o) {
  const Case c(cut(mosaic(3), kRows, kColumns));
  Measurement m = time_one("ensemble", c, kMembers, std::min(o.repeats, 3));
  m.bar_seconds = 4.0;
  m.peak_bytes = peak_bytes();
  return {m};
}

std::vector<Measurement> ensemble_growth(const StageOptions& o) {
  const Rain all = mosaic(3);
  std::vector<Measurement> out;
  for (const int members : {6, 12, 24}) out.push_back(time_one("ensemble.members", Case(cut(all, kRows, kColumns)), members, std::min(o.repeats, 3)));
  for (const std::int64_t part : {4, 2, 1})
    out.push_back(time_one("ensemble.cells", Case(cut(all, 2 * kRows / part, 2 * kColumns)), 6, std::min(o.repeats, 3)));
  return out;
}

std::vector<Measurement> ensemble_national(const StageOptions&) {
  const Case c(repeated(mosaic(3), 4200, 6200));
  const RegionSet regions = mesh_regions(73.2, 13.2, 133.2, 53.2, 0.245);
  const ZonalWeights weights = compute_zonal_weights(c.rain.grid, regions);
  Measurement m{"ensemble.national",
                fmt::format("{}, {} x {}, {} regions: {} members, {} steps, 8 scales", c.rain.origin, c.rain.grid.ny(), c.rain.grid.nx(),
                            regions.regions.size(), kMembers, kSteps),
                0,
                1,
                traffic(c, kMembers),
                0,
                360.0,
                8.0 * 1024 * 1024 * 1024,
                {}};
  RegionEnsemble table(weights, c.views.back(), kMembers, kSteps, Seconds(300));
  const auto start = std::chrono::steady_clock::now();
  run_ensemble(c.views, c.rain.times, c.motion, options_of(kMembers, 8),
               [&](int member, int step, FieldView<const float> rate) { table.add(member, step, rate); });
  region_probability(table, Seconds(3600), {10, 20, 50}, {0.5});
  m.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  m.peak_bytes = peak_bytes();
  return {m};
}

}  // namespace guyu::bench
