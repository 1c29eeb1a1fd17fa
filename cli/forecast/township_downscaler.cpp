#include "cli/forecast/township_downscaler.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <utility>

#include "cli/forecast/terrain.h"
#include "engine/core/hash.h"
#include "engine/downscale/exposure.h"
#include "engine/regrid/apply.h"
#include "engine/regrid/cell_size.h"
#include "engine/regrid/land_mask.h"

namespace guyu::cli {

TownshipDownscaler::TownshipDownscaler(const RegionSet& regions, DownscaleSettings settings) : regions_(regions), settings_(std::move(settings)) {
  settings_.statistics = settings_.statistics || settings_.disaggregate;
  if (settings_.elevation.empty()) return;
  const Grid fine = grid_over(regions, settings_.spacing);
  elevation_ = terrain_on(fine, settings_.elevation);
  if (!settings_.importance.empty()) importance_ = raster_on(fine, settings_.importance, true);
  on_fine_ = load_or_compute_zonal_weights(settings_.cache, fine, regions);
}

void TownshipDownscaler::say_once(const std::string& note) {
  if (std::find(notes_.begin(), notes_.end(), note) == notes_.end()) notes_.push_back(note);
}

TownshipDownscaler::Operators& TownshipDownscaler::operators(const Grid& grid, const FieldPtr& land) {
  if (land && land != land_) {
    const auto values = land->values();
    land_ = land, land_hash_ = Hasher().bytes(values.data(), values.size_bytes()).short_hex();
  }
  const std::string key = grid.hash() + (land ? land_hash_ : "");
  if (const auto found = operators_.find(key); found != operators_.end()) return found->second;
  Operators& ops = operators_[key];
  if (land) say_once("the forecast tells land from sea: townships have the values of its land, of rain and radiation those of all cells (--sea-too takes all)");
  if (!elevation_) {
    const ZonalWeights on_grid = load_or_compute_zonal_weights(settings_.cache, grid, regions_);
    const FieldView<const float> mask = land ? land->view() : FieldView<const float>{};
    ops.plain = region_operator(on_grid);
    ops.ground = land ? region_operator(on_grid, mask) : ops.plain;
    if (settings_.statistics) ops.all_cells = counted_cells(on_grid, {}), ops.ground_cells = counted_cells(on_grid, mask);
    return ops;
  }
  const Grid& fine = elevation_->grid();
  FineTerrain terrain{std::as_const(*elevation_).view(), {}, {}, settings_.lowest_part};
  if (importance_) terrain.importance = std::as_const(*importance_).view();
  Plane exposure = wind_exposure(terrain.elevation, cell_size_km(fine));
  if (!settings_.roughness.empty()) {
    const Plane factor = roughness_on(fine, settings_.roughness, grid);
    for (std::size_t k = 0; k < factor.values.size(); ++k) exposure.values[k] *= factor.values[k];
  }
  if (settings_.statistics) ops.fine.emplace(grid, fine);
  const auto of_surface = [&](const RegridWeights& to_fine) {
    terrain.factor = {};
    if (settings_.statistics) ops.ground_cells = counted_cells(*on_fine_, to_fine, terrain);
    ops.ground = region_operator(*on_fine_, to_fine, terrain);
    terrain.factor = std::as_const(exposure).view();
    ops.wind = region_operator(*on_fine_, to_fine, terrain);
  };
  // Weights of a large fine grid are the most there is in memory: one set at a time.
  if (land) {
    const Plane all_land(fine.ny(), fine.nx(), 1);
    terrain.source_land = land->view();
    const RegridWeights to_land = compute_land_aware_weights(grid, land->view(), fine, all_land.view(), RegridMethod::bilinear);
    of_surface(to_land);
    if (ops.fine) ops.fine->keep_coasts(land->view(), to_land, ops.ground_cells);
    terrain.source_land = {};
  }
  {
    const RegridWeights to_fine = load_or_compute_regrid_weights(settings_.cache, grid, fine, RegridMethod::bilinear);
    if (!land) of_surface(to_fine);
    terrain.factor = {};
    ops.plain = land ? region_operator(*on_fine_, to_fine, terrain) : ops.ground;
    if (settings_.statistics) ops.all_cells = land ? counted_cells(*on_fine_, to_fine, terrain) : ops.ground_cells;
    if (!settings_.rain_climatology.empty()) {
      Plane ratio = rain_climatology_on(fine, settings_.rain_climatology, grid, settings_.cache);
      terrain.factor = ratio.view();
      ops.rain = region_operator(*on_fine_, to_fine, terrain);
      if (settings_.statistics) ops.rain_factor = std::move(ratio);
    }
  }
  if (settings_.statistics) ops.wind_factor = std::move(exposure);
  const RegridWeights to_coarse = load_or_compute_regrid_weights(settings_.cache, fine, grid, RegridMethod::conservative);
  ops.orography = Plane(grid.ny(), grid.nx());
  apply_weights(to_coarse, std::as_const(*elevation_).view(), {MissingPolicy::renormalise, 0.2}, ops.orography.view());
  for (float& z : ops.orography.values)
    if (std::isnan(z)) z = 0;  // beyond the regions and their terrain; the sea
  return ops;
}

FieldView<const float> TownshipDownscaler::orography_of(const StepField& in, const Operators& ops) {
  if (!in.orography) say_once("the forecast holds no orography: the fine elevation averaged to its cells stands for it");
  return in.orography ? in.orography->view() : ops.orography.view();
}

HeightLine TownshipDownscaler::height_line_of(const StepField& in, TerrainRule rule, Operators& ops, FieldView<const float> orography) {
  return height_line(rule, *in.field, in.temperature.get(), ops.lapse.of(settings_.lapse, in.temperature, orography, lapse_levels(in)).view());
}

void TownshipDownscaler::operator()(const StepField& in, std::span<float> values, std::span<float> coverage) {
  const Field& field = *in.field;
  const TerrainRule rule = terrain_rule(field.meta.quantity, field.meta.level);
  if (elevation_ && settings_.disaggregate && rule == TerrainRule::rain) {
    const ZonalTable means = statistics(in, nullptr, std::array{ZonalStatistic{ZonalStatistic::Kind::mean, 0, "mean"}}, coverage);
    std::copy(means.columns.front().begin(), means.columns.front().end(), values.begin());
    return;
  }
  const bool coasts = differs_across_coasts(rule, field.meta.level);
  Operators& ops = operators(field.grid(), settings_.sea_too ? nullptr : in.land);
  if (!elevation_) return apply(coasts ? ops.ground : ops.plain, field.view(), {}, values, coverage);
  if (!needs_elevation(rule)) {
    const bool rain = rule == TerrainRule::rain && !settings_.rain_climatology.empty();
    return apply(rule == TerrainRule::wind_speed ? ops.wind : rain ? ops.rain : coasts ? ops.ground : ops.plain, field.view(), {}, values, coverage);
  }
  const FieldView<const float> orography = orography_of(in, ops);
  const HeightLine line = height_line_of(in, rule, ops, orography);
  Plane at_sea_level(field.grid().ny(), field.grid().nx());
  reduce_to_sea_level(line.values.view(), line.slope.view(), orography, at_sea_level.view());
  apply(ops.ground, std::as_const(at_sea_level).view(), line.slope.view(), values, coverage);
  if (line.logarithm)
    for (float& v : values) v = std::exp(v);
}

FieldView<const float> TownshipDownscaler::fine_values(const StepField& in, TerrainRule rule, bool coasts, Operators& ops, const Field* more) {
  const Grid& fine = elevation_->grid();
  if (fine_.values.empty()) fine_ = Plane(fine.ny(), fine.nx());
  if (needs_elevation(rule)) {
    const FieldView<const float> orography = orography_of(in, ops);
    ops.fine->by_height(height_line_of(in, rule, ops, orography), orography, std::as_const(*elevation_).view(), coasts, fine_.view());
    return std::as_const(fine_).view();
  }
  if (rule == TerrainRule::rain && settings_.disaggregate) {
    if (!ops.rain_structures) ops.rain_structures.emplace(in.field->grid(), fine, RainfarmOptions{.seed = settings_.seed});
    const FieldMeta& m = in.field->meta;
    (*ops.rain_structures)(in.field->view(), m.valid.end, static_cast<std::uint32_t>(m.member.value_or(0)), fine_.view());
    return std::as_const(fine_).view();
  }
  ops.fine->interpolated(in.field->view(), coasts, fine_.view());
  if (rule == TerrainRule::wind_speed) multiply(fine_.view(), std::as_const(ops.wind_factor).view());
  if (rule == TerrainRule::rain && !ops.rain_factor.values.empty()) multiply(fine_.view(), std::as_const(ops.rain_factor).view());
  if (more) add_interpolated(more_.try_emplace(more->grid().hash(), more->grid(), fine).first->second, more->view(), fine_.view());
  return std::as_const(fine_).view();
}

ZonalTable TownshipDownscaler::statistics(const StepField& in, const Field* more, std::span<const ZonalStatistic> wanted, std::span<float> coverage) {
  const Field& field = *in.field;
  const TerrainRule rule = terrain_rule(field.meta.quantity, field.meta.level);
  assert(settings_.statistics && rule != TerrainRule::direction);
  const bool coasts = differs_across_coasts(rule, field.meta.level);
  Operators& ops = operators(field.grid(), settings_.sea_too ? nullptr : in.land);
  std::vector<ZonalStatistic> all(wanted.begin(), wanted.end());
  all.push_back({ZonalStatistic::Kind::coverage, 0, "coverage"});
  const ZonalWeights& cells = coasts ? ops.ground_cells : ops.all_cells;
  ZonalTable table = zonal_statistics(elevation_ ? fine_values(in, rule, coasts, ops, more) : field.view(), cells, all);
  std::copy(table.columns.back().begin(), table.columns.back().end(), coverage.begin());
  table.columns.pop_back(), table.statistics.pop_back();
  return table;
}

}  // namespace guyu::cli
