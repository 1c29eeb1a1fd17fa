#include "cli/forecast/township_downscaler.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "cli/forecast/terrain.h"
#include "engine/downscale/bilinear_sampler.h"
#include "engine/downscale/exposure.h"
#include "engine/downscale/lapse_rate.h"
#include "engine/regrid/apply.h"
#include "engine/regrid/cell_size.h"

namespace guyu::cli {
namespace {

constexpr float kGravityOverGas = 9.80665F / 287.05F;  // K/m: of dry air
constexpr float kStandardTemperature = 288.15F;

bool is_temperature(const std::string& name) {
  return name == "air_temperature" || name == "dew_point_temperature" || name == "wet_bulb_temperature" || name == "apparent_air_temperature";
}

}  // namespace

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
  const Plane exposure = wind_exposure(terrain.elevation, cell_size_km(fine));
  terrain.factor = exposure.view();
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

const Plane& TownshipDownscaler::lapse_rate(Operators& ops, const Inputs& in, FieldView<const float> orography) {
  if (ops.lapse && ops.lapse_of == in.temperature) return *ops.lapse;
  ops.lapse = in.temperature ? local_lapse_rate(in.temperature->view(), orography) : Plane(orography.ny, orography.nx, LapseRateOptions{}.standard);
  ops.lapse_of = in.temperature;
  return *ops.lapse;
}

void TownshipDownscaler::operator()(const Inputs& in, std::span<float> values, std::span<float> coverage) {
  const Field& field = *in.field;
  Operators& ops = operators(field.grid());
  const std::string& name = field.meta.quantity.name;
  if (!elevation_) return apply(ops.plain, field.view(), {}, values, coverage);
  const bool own = in.orography && in.orography->grid() == field.grid();
  const FieldView<const float> orography = own ? in.orography->view() : std::as_const(ops.orography).view();
  if (!own && (is_temperature(name) || name == "surface_air_pressure"))
    say_once("the forecast holds no orography: the fine elevation averaged to its cells stands for it");
  Plane work(field.grid().ny(), field.grid().nx()), lapse;
  if (is_temperature(name)) {
    lapse = lapse_rate(ops, in, orography);
    if (name == "dew_point_temperature" && in.temperature) {
      // At the same relative humidity de/e = des/es, so that by Clausius-Clapeyron the two temperatures change as their squares.
      const auto t = in.temperature->values(), d = field.values();
      for (std::size_t k = 0; k < lapse.values.size(); ++k) lapse.values[k] *= (d[k] / t[k]) * (d[k] / t[k]);
    }
    reduce_to_sea_level(field.view(), lapse.view(), orography, work.view());
    return apply(ops.plain, std::as_const(work).view(), std::as_const(lapse).view(), values, coverage);
  }
  if (name == "surface_air_pressure") {
    // The logarithm of pressure is nearly linear in height; its slope is g / (R T).
    Plane logarithm(work.ny, work.nx);
    lapse = Plane(work.ny, work.nx);
    const auto p = field.values();
    for (std::size_t k = 0; k < p.size(); ++k) {
      const float t = in.temperature ? in.temperature->values()[k] : kStandardTemperature;
      logarithm.values[k] = std::log(p[k]);
      lapse.values[k] = -kGravityOverGas / t;
    }
    reduce_to_sea_level(std::as_const(logarithm).view(), std::as_const(lapse).view(), orography, work.view());
    apply(ops.plain, std::as_const(work).view(), std::as_const(lapse).view(), values, coverage);
    for (float& v : values) v = std::exp(v);
    return;
  }
  const bool wind = name == "wind_speed" || name == "wind_speed_of_gust";
  const bool rain = !settings_.rain_climatology.empty() && (name == "precipitation_amount" || name == "rainfall_rate");
  apply(wind ? ops.wind : rain ? ops.rain : ops.plain, field.view(), {}, values, coverage);
}

}  // namespace guyu::cli
