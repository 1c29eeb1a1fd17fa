#include "engine/gauge/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr std::int64_t kMostNodes = 1 << 14;  // keeps the neighbourhoods of the largest grids within memory

void merge_in_one_system(const Field& radar, const MergeModel& model, Field& out) {
  const GridGround ground(radar.grid());
  const std::int64_t nx = radar.grid().nx();
  parallel_for(radar.grid().ny(), 4, [&](std::int64_t begin, std::int64_t end) {
    std::vector<GroundPoint> places;
    for (std::int64_t j = begin; j < end; ++j) {
      ground.row(j, 0, nx, places);
      for (std::int64_t i = 0; i < nx; ++i) {
        out.view()(j, i) = static_cast<float>(model.at(places[static_cast<std::size_t>(i)], double{radar.view()(j, i)}));
      }
    }
  });
}

// Nodes every `step` cells along an axis of n cells, from its first cell on; the last lies on or behind the last cell.
struct Lattice {
  std::int64_t step, ny, nx;
  static Lattice over(const Grid& grid, std::int64_t least) {
    const double cells = static_cast<double>(grid.size());
    const auto step =
        std::max<std::int64_t>(std::max<std::int64_t>(least, 1), static_cast<std::int64_t>(std::ceil(std::sqrt(cells / static_cast<double>(kMostNodes)))));
    const auto nodes = [&](std::int64_t n) { return (n + step - 2) / step + 1; };
    return {step, nodes(grid.ny()), nodes(grid.nx())};
  }
};

double blend(double a, double b, double weight) {
  if (weight == 0) return a;
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) ? b : a;
  return a + weight * (b - a);
}

void merge_in_neighbourhoods(const Field& radar, const MergePlan& plan, std::span<const RainPair> pairs, const MergeSettings& s, Field& out) {
  const Grid& grid = radar.grid();
  const Lattice lattice = Lattice::over(grid, s.least_neighbourhood_cells);
  const GridGround ground(grid);
  std::vector<std::optional<MergeModel>> models(static_cast<std::size_t>(lattice.ny * lattice.nx));
  parallel_for(lattice.ny, 1, [&](std::int64_t begin, std::int64_t end) {
    std::vector<GroundPoint> places;
    for (std::int64_t nj = begin; nj < end; ++nj) {
      ground.row(std::min(nj * lattice.step, grid.ny() - 1), 0, grid.nx(), places);
      for (std::int64_t ni = 0; ni < lattice.nx; ++ni) {
        const GroundPoint& centre = places[static_cast<std::size_t>(std::min(ni * lattice.step, grid.nx() - 1))];
        models[static_cast<std::size_t>(nj * lattice.nx + ni)].emplace(plan, nearest_pairs(pairs, centre, s.neighbours), s);
      }
    }
  });
  parallel_for(grid.ny(), 4, [&](std::int64_t begin, std::int64_t end) {
    std::vector<GroundPoint> places;
    for (std::int64_t j = begin; j < end; ++j) {
      ground.row(j, 0, grid.nx(), places);
      const std::int64_t nj = j / lattice.step, below = std::min(nj + 1, lattice.ny - 1);
      const double v = static_cast<double>(j - nj * lattice.step) / static_cast<double>(lattice.step);
      for (std::int64_t i = 0; i < grid.nx(); ++i) {
        const std::int64_t ni = i / lattice.step, right = std::min(ni + 1, lattice.nx - 1);
        const double u = static_cast<double>(i - ni * lattice.step) / static_cast<double>(lattice.step);
        const auto at = [&](std::int64_t row, std::int64_t column) {
          return models[static_cast<std::size_t>(row * lattice.nx + column)]->at(places[static_cast<std::size_t>(i)], double{radar.view()(j, i)});
        };
        const auto along = [&](std::int64_t row) { return u == 0 ? at(row, ni) : blend(at(row, ni), at(row, right), u); };
        out.view()(j, i) = static_cast<float>(v == 0 ? along(nj) : blend(along(nj), along(below), v));
      }
    }
  });
}

}  // namespace

void require_merge_settings(const MergeSettings& s) {
  const auto refuse = [](const char* name, double value, const char* remedy) { throw Error("", fmt::format("{} is {}", name, value), remedy); };
  if (!(s.reach_km > 0)) refuse("the gauges' reach", s.reach_km, "give a distance above 0 km");
  if (!(s.most_beyond >= 1)) refuse("the bound on estimates beyond the gauges", s.most_beyond, "give 1 or more");
  if (!(s.wet_mm >= 0)) refuse("the amount from which it is wet", s.wet_mm, "give 0 mm or more");
  for (const Variogram& v : {s.default_variogram, s.variogram.value_or(s.default_variogram)}) {
    if (!(v.range_km > 0)) refuse("the range of the variogram", v.range_km, "give a distance above 0 km");
    if (!(v.nugget >= 0 && v.nugget < 1)) refuse("the nugget of the variogram", v.nugget, "give a share of at least 0 and below 1");
  }
}

MergedRain merge_rain(const Field& radar, std::span<const GaugeAmount> gauges, const MergeSettings& s) {
  if (!(radar.meta.quantity == quantities::precipitation_amount()) || radar.meta.valid.begin >= radar.meta.valid.end) {
    throw Error(radar.meta.source, "gauges merge with a rain amount over an interval, not with " + radar.meta.quantity.name,
                "accumulate the radar's rates first");
  }
  require_merge_settings(s);
  const std::vector<RainPair> pairs = rain_pairs(radar, gauges);
  const bool structure = !s.variogram && s.method >= MergeMethod::mean_field_bias;
  MergedRain merged{Field(radar.grid(), radar.meta), plan_merge(pairs, structure ? radar_variogram(radar) : std::nullopt, s), 0, false};
  if (pairs.size() <= s.most_global) merge_in_one_system(radar, MergeModel(merged.plan, pairs, s), merged.field);
  else merge_in_neighbourhoods(radar, merged.plan, pairs, s, merged.field);
  const auto was = radar.values();
  const auto is = std::as_const(merged.field).values();
  merged.gauges_alone = std::all_of(was.begin(), was.end(), [](float v) { return std::isnan(v); });
  for (std::size_t k = 0; k < was.size(); ++k) merged.cells_from_gauges += std::isnan(was[k]) && !std::isnan(is[k]) ? 1 : 0;
  return merged;
}

}  // namespace guyu
