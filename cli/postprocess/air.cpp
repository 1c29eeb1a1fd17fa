#include <fmt/format.h>

#include <memory>

#include "cli/app.h"
#include "cli/field_file.h"
#include "cli/postprocess/fields.h"
#include "engine/core/error.h"
#include "engine/core/plane.h"
#include "engine/post/grid_wind.h"
#include "engine/post/lapse_rate.h"
#include "engine/post/moisture.h"
#include "engine/post/orographic_enhancement.h"
#include "engine/regrid/apply.h"
#include "engine/regrid/cell_size.h"
#include "engine/regrid/weights.h"

namespace guyu::cli {
namespace {

struct AirArguments {
  PostprocessFiles files;
  std::vector<std::string> ground, target_ground;
  LapseRateFit fit;
  int radius_cells = 7;
};

std::string where(const std::vector<std::string>& paths) { return fmt::format("{}", fmt::join(paths, ", ")); }

int finish(const AirArguments& a, const PostprocessInput& in, const Grid& grid, const std::string& title, const FieldSet& out) {
  std::vector<std::string> inputs = a.files.inputs;
  inputs.insert(inputs.end(), a.ground.begin(), a.ground.end());
  inputs.insert(inputs.end(), a.target_ground.begin(), a.target_ground.end());
  write_fields(a.files.out, grid, title, inputs, out);
  return in.problems == 0 ? exit_done : exit_degraded;
}

void require_same_grid(const Field& a, const Field& b) {
  if (!(a.grid() == b.grid()))
    throw Error(b.meta.source, fmt::format("{} stands on another grid than {}", b.meta.quantity.name, a.meta.quantity.name),
                "bring them together with guyu regrid");
}

FieldPtr ground_field(const std::vector<std::string>& paths, const std::string& quantity) {
  return only_field(read_fields(paths, "", "").fields, quantity, where(paths));
}

int run_lapse_rate(const AirArguments& a) {
  const PostprocessInput in = read_fields(a.files.inputs, "air_temperature", a.files.level);
  const FieldPtr height = ground_field(a.ground, "surface_altitude");
  const FieldPtr land = ground_field(a.ground, "land_binary_mask");
  const FieldPtr target = a.target_ground.empty() ? nullptr : ground_field(a.target_ground, "surface_altitude");
  LapseRateFit fit = a.fit;
  fit.radius = a.radius_cells;
  FieldSet out;
  for (const auto& [key, t] : in.fields) {
    require_same_grid(*t, *height), require_same_grid(*t, *land);
    Field rate(t->grid(), t->meta);
    rate.meta.quantity = {"air_temperature_lapse_rate", "K m-1", -0.1, 0.1};
    temperature_lapse_rate(t->view(), height->view(), land->view(), fit, rate.view());
    if (target) {
      require_same_grid(*t, *target);
      Field adjusted(t->grid(), t->meta);
      apply_lapse_rate(t->view(), rate.view(), height->view(), target->view(), adjusted.view());
      out.insert(std::make_shared<const Field>(std::move(adjusted)));
    }
    out.insert(std::make_shared<const Field>(std::move(rate)));
  }
  return finish(a, in, in.grid(), target ? "temperature carried to finer ground by its lapse rate" : "change of temperature with height", out);
}

// The field of another quantity at the same level, time and member; the surface's pressure will do for the air's.
FieldPtr beside(const FieldSet& fields, const FieldKey& key, std::initializer_list<const char*> quantities) {
  for (const char* q : quantities) {
    FieldKey other = key;
    other.quantity = q;
    if (FieldPtr f = fields.find(other)) return f;
    FieldPtr only;
    int n = 0;
    for (const auto& [k, f] : fields) {
      if (k.quantity == q && k.valid == key.valid && k.member == key.member) only = f, ++n;
    }
    if (n == 1) return only;
  }
  return nullptr;
}

int run_wet_bulb(const AirArguments& a) {
  const PostprocessInput in = read_fields(a.files.inputs, "", a.files.level);
  FieldSet out;
  for (const auto& [key, t] : in.fields) {
    if (key.quantity != "air_temperature") continue;
    const FieldPtr humidity = beside(in.fields, key, {"relative_humidity", "dew_point_temperature"}),
                   pressure = beside(in.fields, key, {"air_pressure", "surface_air_pressure"});
    if (!humidity || !pressure)
      throw Error(t->meta.source, fmt::format("beside {} there is no {}", key.describe(), humidity ? "pressure" : "relative humidity or dew point"),
                  "give the files that hold them, of the same time and level, with --input");
    Plane rh(t->grid().ny(), t->grid().nx());
    const bool dew = humidity->meta.quantity.name == "dew_point_temperature";
    if (dew) relative_humidity(t->view(), humidity->view(), rh.view());
    Field wet(t->grid(), t->meta);
    wet.meta.quantity = {"wet_bulb_temperature", "K", 150, 350};
    wet_bulb_temperature(t->view(), dew ? FieldView<const float>(rh.view()) : humidity->view(), pressure->view(), wet.view());
    out.insert(std::make_shared<const Field>(std::move(wet)));
  }
  if (out.empty()) throw Error(where(a.files.inputs), "there is no air_temperature", "guyu inspect lists what is there");
  return finish(a, in, in.grid(), "wet-bulb temperature", out);
}

int run_orographic(const AirArguments& a) {
  const PostprocessInput in = read_fields(a.files.inputs, "", a.files.level);
  const std::string files = where(a.files.inputs);
  const FieldPtr t = only_field(in.fields, "air_temperature", files), rh = only_field(in.fields, "relative_humidity", files);
  const FieldPtr p = only_field(in.fields, "air_pressure", files), speed = only_field(in.fields, "wind_speed", files);
  const FieldPtr direction = only_field(in.fields, "wind_from_direction", files), height = ground_field(a.ground, "surface_altitude");
  const Grid &source = in.grid(), &target = height->grid();
  if (target.is_latlon()) throw Error(where(a.ground), "the ground stands on longitudes and latitudes", "bring it to a projection in metres with guyu regrid");
  Plane u(source.ny(), source.nx()), v = u;
  wind_along_axes(source, target.crs(), speed->view(), direction->view(), u.view(), v.view());
  const RegridWeights weights = compute_regrid_weights(source, target, RegridMethod::bilinear);
  const auto on_target = [&](FieldView<const float> f) {
    Plane out(target.ny(), target.nx());
    apply_weights(weights, f, {}, out.view());
    return out;
  };
  const Plane temperature = on_target(t->view()), humidity = on_target(rh->view()), pressure = on_target(p->view()), east = on_target(u.view()),
              north = on_target(v.view());
  Field rain(target, t->meta);
  rain.meta.quantity = {"orographic_enhancement", "mm h-1", 0, 100};
  orographic_enhancement({temperature.view(), humidity.view(), pressure.view(), east.view(), north.view(), height->view(), cell_size_km(target) * 1000}, {},
                         rain.view());
  FieldSet out;
  out.insert(std::make_shared<const Field>(std::move(rain)));
  return finish(a, in, target, "rain that the ground adds", out);
}

}  // namespace

void add_postprocess_air(Verb& postprocess) {
  {
    Verb verb = postprocess.verb("lapse-rate", "change of temperature with height, and temperature on finer ground");
    auto a = std::make_shared<AirArguments>();
    a->files.declare(verb);
    verb.option("--level", a->files.level, "only temperatures of this level");
    verb.option("--ground", a->ground, "files with surface_altitude and land_binary_mask on the same grid").required();
    verb.option("--target-ground", a->target_ground, "file with the finer surface_altitude; writes the temperature there too");
    verb.option("--radius-cells", a->radius_cells, "half side of the square that a slope is fitted in").shows_default().at_least_zero();
    verb.option("--max-height-difference", a->fit.max_height_difference, "m; cells further above or below do not count").shows_default().at_least_zero();
    verb.option("--least", a->fit.least, "K m-1").shows_default();
    verb.option("--greatest", a->fit.greatest, "K m-1").shows_default();
    verb.action([a] { return run_lapse_rate(*a); });
  }
  {
    Verb verb = postprocess.verb("wet-bulb", "wet-bulb temperature from temperature, humidity or dew point, and pressure");
    auto a = std::make_shared<AirArguments>();
    a->files.declare(verb);
    verb.option("--level", a->files.level, "only fields of this level");
    verb.action([a] { return run_wet_bulb(*a); });
  }
  {
    Verb verb = postprocess.verb("orographic", "rain that the ground adds, from the air above it");
    auto a = std::make_shared<AirArguments>();
    a->files.declare(verb);
    verb.option("--level", a->files.level, "level at the top of the boundary layer, e.g. \"height 1000 m\"");
    verb.option("--ground", a->ground, "file with surface_altitude on a projected grid of about a kilometre; the result's grid").required();
    verb.action([a] { return run_orographic(*a); });
  }
}

}  // namespace guyu::cli
