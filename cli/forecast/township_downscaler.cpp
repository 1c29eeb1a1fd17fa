#include "cli/forecast/township_downscaler.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "cli/forecast/terrain.h"
#include "engine/downscale/exposure.h"
#include "engine/regrid/apply.h"
#include "engine/regrid/cell_size.h"

namespace guyu::cli {

TownshipDownscaler::TownshipDownscaler(const RegionSet& regions, DownscaleSettings settings) : regions_(regions), settings_(std::move(settings)) {
  if (settings_.elevation.empty()) return;
  const Grid fine = grid_over(regions, settings_.spacing);
  elevation_ = terrain_on(fine, settings_.elevation);
  if (!settings_.importance.empty()) importance_ = raster_on(fine, settings_.importance, true);
  on_fine_ = load_or_compute_zonal_weights(settings_.cache, fine, regions);
}

void TownshipDownscaler::say_once(const std::string& note) {
  if (std::find(notes_.begin(), notes_.end(), note) == notes_.end()) notes_.push_back(note);
}

TownshipDownscaler::Operators& TownshipDownscaler::operators(const Grid& grid) {
  const std::string key = grid.hash();
  if (const auto found = operators_.find(key); found != operators_.end()) return found->second;
  Operators& ops = operators_[key];
  if (!elevation_) {
    ops.plain = region_operator(load_or_compute_zonal_weights(settings_.cache, grid, regions_));
    return ops;
  }
  const Grid& fine = elevation_->grid();
  const RegridWeights to_fine = load_or_compute_regrid_weights(settings_.cache, grid, fine, RegridMethod::bilinear);
  FineTerrain terrain{std::as_const(*elevation_).view(), {}, {}, settings_.lowest_part};
  if (importance_) terrain.importance = std::as_const(*importance_).view();
  ops.plain = region_operator(*on_fine_, to_fine, terrain);
  Plane exposure = wind_exposure(terrain.elevation, cell_size_km(fine));
  if (!settings_.roughness.empty()) {
    const Plane factor = roughness_on(fine, settings_.roughness, grid);
    for (std::size_t k = 0; k < factor.values.size(); ++k) exposure.values[k] *= factor.values[k];
  }
  terrain.factor = std::as_const(exposure).view();
  ops.wind = region_operator(*on_fine_, to_fine, terrain);
  if (!settings_.rain_climatology.empty()) {
    const Field climate = raster_on(fine, settings_.rain_climatology, false);
    const RegridWeights to_coarse = load_or_compute_regrid_weights(settings_.cache, fine, grid, RegridMethod::conservative);
    const Field coarse = regrid(climate, grid, to_coarse, {MissingPolicy::renormalise, 0.2});
    const Field around = regrid(coarse, fine, to_fine, {MissingPolicy::renormalise, 0.2});
    const Plane ratio = climatology_ratio(climate.view(), around.view());
    terrain.factor = ratio.view();
    ops.rain = region_operator(*on_fine_, to_fine, terrain);
  }
  const RegridWeights to_coarse = load_or_compute_regrid_weights(settings_.cache, fine, grid, RegridMethod::conservative);
  ops.orography = Plane(grid.ny(), grid.nx());
  apply_weights(to_coarse, std::as_const(*elevation_).view(), {MissingPolicy::renormalise, 0.2}, ops.orography.view());
  for (float& z : ops.orography.values)
    if (std::isnan(z)) z = 0;  // beyond the regions and their terrain; the sea
  return ops;
}

void TownshipDownscaler::operator()(const StepField& in, std::span<float> values, std::span<float> coverage) {
  const Field& field = *in.field;
  Operators& ops = operators(field.grid());
  if (!elevation_) return apply(ops.plain, field.view(), {}, values, coverage);
  const TerrainRule rule = terrain_rule(field.meta.quantity, field.meta.level);
  if (!needs_elevation(rule)) {
    const bool rain = rule == TerrainRule::rain && !settings_.rain_climatology.empty();
    return apply(rule == TerrainRule::wind_speed ? ops.wind : rain ? ops.rain : ops.plain, field.view(), {}, values, coverage);
  }
  if (!in.orography) say_once("the forecast holds no orography: the fine elevation averaged to its cells stands for it");
  const FieldView<const float> orography = in.orography ? in.orography->view() : std::as_const(ops.orography).view();
  const HeightLine line = height_line(rule, field, in.temperature.get(), ops.lapse.of(settings_.lapse, in.temperature, orography, lapse_levels(in)).view());
  Plane at_sea_level(field.grid().ny(), field.grid().nx());
  reduce_to_sea_level(line.values.view(), line.slope.view(), orography, at_sea_level.view());
  apply(ops.plain, std::as_const(at_sea_level).view(), line.slope.view(), values, coverage);
  if (line.logarithm)
    for (float& v : values) v = std::exp(v);
}

}  // namespace guyu::cli
