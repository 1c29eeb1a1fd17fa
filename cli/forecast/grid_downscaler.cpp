#include "cli/forecast/grid_downscaler.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "cli/forecast/terrain.h"
#include "engine/core/error.h"
#include "engine/downscale/exposure.h"
#include "engine/downscale/region_operator.h"
#include "engine/forecast/derived.h"
#include "engine/regrid/apply.h"
#include "engine/regrid/cell_size.h"
#include "engine/regrid/land_mask.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu::cli {
namespace {

constexpr std::int64_t kRowChunk = 32;
constexpr double kDegree = std::numbers::pi / 180;

}  // namespace

GridDownscaler::GridDownscaler(Grid target, FineGround ground) : target_(std::move(target)), ground_(std::move(ground)) {
  if (!ground_.land.empty()) land_ = raster_on(target_, ground_.land, false);
  if (ground_.elevation.empty()) return;
  elevation_ = terrain_on(target_, ground_.elevation);
  std::size_t bare = 0;
  for (float& z : elevation_->values()) {
    if (!std::isnan(z)) continue;
    ++bare;
    if (ground_.sea) z = 0;
  }
  const double share = static_cast<double>(bare) / static_cast<double>(target_.size());
  if (bare > 0 && !ground_.sea)
    say_once(fmt::format("{:.1f} % of the grid has no elevation: temperature, dew point and pressure are missing there (--sea takes it for sea)", 100 * share));
  slopes_ = slope_and_aspect(std::as_const(*elevation_).view(), target_);
  exposure_ = wind_exposure(std::as_const(*elevation_).view(), cell_size_km(target_));
}

void GridDownscaler::say_once(const std::string& note) {
  if (std::find(notes_.begin(), notes_.end(), note) == notes_.end()) notes_.push_back(note);
}

GridDownscaler::Source& GridDownscaler::source(const Grid& grid) {
  const std::string key = grid.hash();
  if (const auto it = sources_.find(key); it != sources_.end()) return it->second;
  return sources_.emplace(key, Source{BilinearSampler(grid, target_), std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt, {}}).first->second;
}

void GridDownscaler::find_coasts(Source& s, const StepField& in) {
  if (!land_ || s.coasts) return;
  if (!in.land) return say_once("the forecast holds no land_binary_mask: coasts are not told apart");
  s.coasts = compute_land_aware_weights(in.field->grid(), in.land->view(), target_, std::as_const(*land_).view(), RegridMethod::bilinear);
}

void GridDownscaler::by_height(const Source& s, const HeightLine& line, FieldView<const float> orography, FieldView<float> out) const {
  const FieldView<const float> ground = std::as_const(*elevation_).view();
  if (!s.coasts) return downscale_by_elevation(s.sampler, line.values.view(), line.slope.view(), orography, ground, out);
  Plane level(line.values.ny, line.values.nx), slope(out.ny, out.nx);
  reduce_to_sea_level(line.values.view(), line.slope.view(), orography, level.view());
  apply_weights(*s.coasts, std::as_const(level).view(), {}, out);
  apply_weights(*s.coasts, line.slope.view(), {}, slope.view());
  for (std::int64_t j = 0; j < out.ny; ++j)
    for (std::int64_t i = 0; i < out.nx; ++i) out(j, i) += slope.row(j)[i] * ground(j, i);
}

void GridDownscaler::sample(const Source& s, bool coasts, FieldView<const float> from, FieldView<float> to) const {
  if (coasts && s.coasts) return apply_weights(*s.coasts, from, {}, to);
  parallel_for(s.sampler.rows(), kRowChunk, [&](std::int64_t begin, std::int64_t end) {
    BilinearSampler::Scratch scratch;
    for (std::int64_t j = begin; j < end; ++j) s.sampler.row(j, from, to.row(j), scratch);
  });
}

// From the tiles themselves, which may reach further than the target; beyond them is taken for sea.
FieldView<const float> GridDownscaler::own_orography(Source& s, const Grid& grid) {
  say_once("the forecast holds no orography: the elevation averaged to its cells stands for it");
  if (!s.orography) {
    s.orography = terrain_on(grid, ground_.elevation);
    for (float& z : s.orography->values())
      if (std::isnan(z)) z = 0;
  }
  return std::as_const(*s.orography).view();
}

Field GridDownscaler::operator()(const StepField& in) {
  const Field& field = *in.field;
  const TerrainRule rule = terrain_rule(field.meta.quantity, field.meta.level);
  Source& s = source(field.grid());
  find_coasts(s, in);
  Field out(target_, field.meta);
  if (rule == TerrainRule::direction) {
    Plane east(field.grid().ny(), field.grid().nx()), north(east.ny, east.nx);
    for (std::size_t k = 0; k < east.values.size(); ++k) {
      const double angle = static_cast<double>(field.values()[k]) * kDegree;
      east.values[k] = static_cast<float>(-std::sin(angle)), north.values[k] = static_cast<float>(-std::cos(angle));
    }
    return direction_of(s, std::as_const(east).view(), s, std::as_const(north).view(), field.meta);
  }
  if (needs_elevation(rule)) {
    if (!elevation_)
      throw Error("", field.meta.quantity.name + " on a fine grid follows the ground", "give --elevation FILES; guyu regrid interpolates without it");
    const FieldView<const float> orography = in.orography ? in.orography->view() : own_orography(s, field.grid());
    const HeightLine line = height_line(rule, field, in.temperature.get(), s.lapse.of(ground_.lapse, in.temperature, orography, lapse_levels(in)).view());
    by_height(s, line, orography, out.view());
    if (line.logarithm)
      for (float& v : out.values()) v = std::exp(v);
    return out;
  }
  if (rule == TerrainRule::rain && ground_.disaggregate) {
    if (!s.rain) s.rain.emplace(field.grid(), target_, RainfarmOptions{.seed = ground_.seed});
    (*s.rain)(field.view(), field.meta.valid.end, static_cast<std::uint32_t>(field.meta.member.value_or(0)), out.view());
    return out;
  }
  sample(s, differs_across_coasts(rule, field.meta.level), field.view(), out.view());
  if (rule == TerrainRule::rain && !ground_.rain_climatology.empty()) {
    if (!s.climatology) s.climatology = rain_climatology_on(target_, ground_.rain_climatology, field.grid());
    for (std::size_t k = 0; k < s.climatology->values.size(); ++k) out.values()[k] *= s.climatology->values[k];
  }
  if (rule == TerrainRule::radiation && slopes_) radiation_on_terrain(out.view(), field.meta.valid, is_amount(field.meta.quantity), target_, *slopes_);
  if (rule == TerrainRule::wind_speed && !ground_.roughness.empty()) {
    if (!s.roughness) s.roughness = roughness_on(target_, ground_.roughness, field.grid());
    for (std::size_t k = 0; k < s.roughness->values.size(); ++k) out.values()[k] *= s.roughness->values[k];
  }
  if (rule == TerrainRule::wind_speed && exposure_)
    for (std::size_t k = 0; k < exposure_->values.size(); ++k) out.values()[k] *= exposure_->values[k];
  return out;
}

Field GridDownscaler::direction(const StepField& eastward, const StepField& northward, FieldMeta meta) {
  for (const StepField* component : {&eastward, &northward}) find_coasts(source(component->field->grid()), *component);
  const Source &e = source(eastward.field->grid()), &n = source(northward.field->grid());
  return direction_of(e, eastward.field->view(), n, northward.field->view(), std::move(meta));
}

Field GridDownscaler::direction_of(const Source& e, FieldView<const float> east, const Source& n, FieldView<const float> north, FieldMeta meta) const {
  Plane fine_east(target_.ny(), target_.nx());
  Field out(target_, std::move(meta));
  const bool coasts = differs_across_coasts(TerrainRule::direction, out.meta.level);
  sample(e, coasts, east, fine_east.view());
  sample(n, coasts, north, out.view());
  const auto formulas = derivations();
  const auto formula = std::find_if(formulas.begin(), formulas.end(), [](const Derivation& d) { return d.output == "wind_from_direction"; });
  parallel_for(target_.ny(), kRowChunk, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> row(static_cast<std::size_t>(target_.nx()));
    for (std::int64_t j = begin; j < end; ++j) {
      float* const to = out.view().row(j);
      const std::vector<const float*> inputs{fine_east.row(j), to};
      formula->evaluate(inputs, row.data(), row.size());
      std::copy(row.begin(), row.end(), to);
    }
  });
  return out;
}

}  // namespace guyu::cli
