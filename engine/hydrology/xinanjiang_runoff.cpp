#include "engine/hydrology/xinanjiang_runoff.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr float kNoColumn = std::numeric_limits<float>::quiet_NaN();
constexpr std::array<SoilPlane, 7> kPlanes{{{"upper_tension_water", "mm"},
                                            {"lower_tension_water", "mm"},
                                            {"deep_tension_water", "mm"},
                                            {"free_water", "mm"},
                                            {"runoff_area_share", "1"},
                                            {"interflow_store", "mm"},
                                            {"groundwater_store", "mm"}}};

void keep(SoilState& soil, std::size_t k, const XinanjiangState& s) {
  const std::array v{s.upper, s.lower, s.deep, s.free, s.runoff_share, s.interflow, s.groundwater};
  for (std::size_t n = 0; n < v.size(); ++n) soil[n].values[k] = static_cast<float>(v[n]);
}

}  // namespace

void check(const XinanjiangGrid& grid) {
  for (const XinanjiangParameters& p : grid.sets) check(p);
  if (grid.set_of.size() != static_cast<std::size_t>(grid.ny * grid.nx)) throw Error("Xinanjiang grid", "not every cell has a set", "give -1 for none");
  for (const std::int16_t s : grid.set_of)
    if (s >= static_cast<std::int16_t>(grid.sets.size()) || s < -1)
      throw Error("Xinanjiang grid", fmt::format("a cell names set {}, there are {}", s, grid.sets.size()), "number the sets from 0");
}

XinanjiangState column_state(const SoilState& soil, std::size_t cell) {
  const auto v = [&](std::size_t n) { return static_cast<double>(soil[n].values[cell]); };
  return {v(0), v(1), v(2), v(3), v(4), v(5), v(6)};
}

XinanjiangRunoff::XinanjiangRunoff(XinanjiangGrid grid, double daily_nearing) : grid_(std::move(grid)), daily_nearing_(daily_nearing) { check(grid_); }

std::span<const SoilPlane> xinanjiang_planes() { return kPlanes; }

float parameters_code(const XinanjiangParameters& p) {
  return parameters_code(std::array{p.evaporation_factor, p.upper_mm, p.lower_mm, p.deep_mm, p.curve, p.deep_evaporation, p.impervious, p.free_mm, p.free_curve,
                                    p.interflow_rate, p.groundwater_rate, p.interflow_recession, p.groundwater_recession, p.stable_infiltration_mm_h});
}

std::span<const SoilPlane> XinanjiangRunoff::planes() const { return kPlanes; }

Plane XinanjiangRunoff::parameters_code() const {
  std::vector<float> codes;
  for (const XinanjiangParameters& p : grid_.sets) codes.push_back(guyu::parameters_code(p));
  Plane out(grid_.ny, grid_.nx, kNoColumn);
  for (std::size_t k = 0; k < grid_.set_of.size(); ++k)
    if (grid_.set_of[k] >= 0) out.values[k] = codes[static_cast<std::size_t>(grid_.set_of[k])];
  return out;
}

SoilState XinanjiangRunoff::start(double wetness) const {
  SoilState out(kPlanes.size(), Plane(grid_.ny, grid_.nx, kNoColumn));
  for (std::size_t k = 0; k < grid_.set_of.size(); ++k)
    if (grid_.set_of[k] >= 0) keep(out, k, xinanjiang_state(grid_.sets[static_cast<std::size_t>(grid_.set_of[k])], std::clamp(wetness, 0.0, 1.0)));
  return out;
}

Plane XinanjiangRunoff::step(SoilState& soil, const Plane& rain, const Plane& evaporation, double seconds) const {
  const std::size_t n = grid_.set_of.size();
  bool fits = rain.values.size() == n && evaporation.values.size() == n && soil.size() == kPlanes.size();
  for (const Plane& p : soil) fits = fits && p.values.size() == n;
  if (!fits) throw Error("Xinanjiang grid", "rain, evaporation or state has not the grid's shape", "bring them to the grid of the columns");
  Plane runoff(grid_.ny, grid_.nx, kNoColumn);
  const double hours = seconds / 3600, left = std::pow(daily_nearing_, seconds / 86400);
  std::vector<XinanjiangStep> step_of;
  for (const XinanjiangParameters& p : grid_.sets) step_of.push_back(xinanjiang_step_of(p, hours));
  parallel_for(static_cast<std::int64_t>(n), 1024, [&](std::int64_t begin, std::int64_t end) {
    for (auto k = static_cast<std::size_t>(begin); k < static_cast<std::size_t>(end); ++k) {
      if (grid_.set_of[k] < 0) continue;
      const auto set = static_cast<std::size_t>(grid_.set_of[k]);
      const XinanjiangParameters& p = grid_.sets[set];
      const bool seen = !std::isnan(rain.values[k]), dries = seen && evaporation.values[k] > 0;
      XinanjiangState s = column_state(soil, k);
      const double fell = seen ? std::max(0.0, static_cast<double>(rain.values[k])) : 0;
      runoff.values[k] = static_cast<float>(xinanjiang_step(p, step_of[set], s, fell, dries ? static_cast<double>(evaporation.values[k]) : 0).runoff());
      if (!seen) come_near(p, s, 1, left);
      keep(soil, k, s);
    }
  });
  return runoff;
}

}  // namespace guyu
