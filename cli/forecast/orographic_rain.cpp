#include "cli/forecast/orographic_rain.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "cli/forecast/terrain.h"
#include "engine/core/error.h"
#include "engine/downscale/bilinear_sampler.h"
#include "engine/post/grid_wind.h"
#include "engine/post/orographic_enhancement.h"
#include "engine/regrid/cell_size.h"
#include "engine/regrid/crs_transform.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu::cli {
namespace {

constexpr std::int64_t kRows = 32;
constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();
constexpr std::array<const char*, 4> kAir{"air_temperature", "relative_humidity", "eastward_wind", "northward_wind"};

float pressure_of(const std::string& level) {
  try {
    if (level.ends_with("Pa")) {
      std::size_t end = 0;
      const double value = std::stod(level, &end);
      const auto rest = level.find_first_not_of(' ', end);
      const double pa = units_convertible(level.substr(rest), "Pa") ? convert_units(level.substr(rest), "Pa")(value) : 0;
      if (pa >= 10000 && pa <= 110000) return static_cast<float>(pa);
    }
  } catch (const std::exception&) {}
  throw Error("--orographic", "'" + level + "' is no level of pressure in the lower air", "give one that the forecast holds, e.g. \"850 hPa\"");
}

ForecastRequest air_request(ForecastRequest request, const std::string& level) {
  request.variables.clear();
  for (const char* quantity : kAir) request.variables.push_back({quantity, level});
  return request;
}

ForecastSelection air_selection(const FieldStore& store, const ForecastRequest& request, bool arrivals_count) {
  std::vector<ForecastEntry> entries = store.entries();
  if (!arrivals_count)
    for (ForecastEntry& e : entries) e.arrival = {};
  ForecastSelection s = select_forecast(entries, request);
  for (std::size_t v = 0; v < s.plans.size(); ++v) {
    const bool any = std::any_of(s.steps.begin(), s.steps.end(), [&](const ForecastStep& step) { return step.variable == v; });
    if (!any)
      throw Error("--orographic", request.variables[v].describe() + " is not there, nor what it could be made of",
                  "name a pressure level at which the forecast holds temperature, humidity and wind");
  }
  return s;
}

}  // namespace

Grid square_cells_over(const Grid& grid, double cell_m, double margin_m) {
  const std::string earth = "+proj=longlat +datum=WGS84 +no_defs";
  const CrsTransform to_earth(grid.crs(), earth);
  double lon = grid.x(0.5 * static_cast<double>(grid.nx() - 1)), lat = grid.y(0.5 * static_cast<double>(grid.ny() - 1));
  to_earth.forward(&lon, &lat, 1, sizeof(double));
  if (!std::isfinite(lon) || !std::isfinite(lat)) throw Error("--orographic", "the middle of " + grid.describe() + " has no longitude and latitude");
  const std::string crs = fmt::format("+proj=stere +lat_0={:.4f} +lon_0={:.4f} +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs", lat, lon);
  const CrsTransform to_cells(grid.crs(), crs);
  double west = 1e300, east = -1e300, south = 1e300, north = -1e300;
  const auto take = [&](double column, double row) {
    double x = grid.x(column), y = grid.y(row);
    to_cells.forward(&x, &y, 1, sizeof(double));
    if (!std::isfinite(x) || !std::isfinite(y)) return;
    west = std::min(west, x), east = std::max(east, x), south = std::min(south, y), north = std::max(north, y);
  };
  constexpr int kSteps = 256;  // along each side
  for (int k = 0; k <= kSteps; ++k) {
    const double column = static_cast<double>(grid.nx()) * k / kSteps - 0.5, row = static_cast<double>(grid.ny()) * k / kSteps - 0.5;
    take(column, -0.5), take(column, static_cast<double>(grid.ny()) - 0.5), take(-0.5, row), take(static_cast<double>(grid.nx()) - 0.5, row);
  }
  constexpr double kWidest_m = 1.2e7;  // the projection is of no use for half a globe
  if (!(east > west && north > south) || east - west > kWidest_m || north - south > kWidest_m)
    throw Error("--orographic", grid.describe() + " is too wide for one map of square cells", "give a smaller part of the earth");
  west -= margin_m, east += margin_m, south -= margin_m, north += margin_m;
  const auto nx = static_cast<std::int64_t>(std::ceil((east - west) / cell_m)), ny = static_cast<std::int64_t>(std::ceil((north - south) / cell_m));
  return Grid(crs, west + cell_m / 2, north - cell_m / 2, cell_m, cell_m, std::max<std::int64_t>(nx, 3), std::max<std::int64_t>(ny, 3));
}

OrographicRain::OrographicRain(FieldStore& store, const ForecastRequest& request, bool arrivals_count, const Grid& over, double cell_m,
                               const std::vector<std::string>& elevation, const std::string& level, std::vector<std::string>& problems)
    : cells_(square_cells_over(over, cell_m, OrographicOptions{}.upstream_range_m + 2 * cell_m)), cell_m_(cell_size_km(cells_) * 1000), tiles_(elevation),
      height_(terrain_on(cells_, elevation)), pressure_pa_(pressure_of(level)), level_(level), request_(air_request(request, level)),
      selection_(air_selection(store, request_, arrivals_count)), fields_(store, request_, selection_, problems, false), problems_(problems) {
  for (float& z : height_.values())
    if (std::isnan(z)) z = 0;  // beyond the tiles; the sea
  for (const ForecastStep& s : selection_.steps) {
    if (s.kind != TimeKind::instant) continue;
    auto [it, fresh] = air_.try_emplace({s.reference, s.member, s.valid.end});
    if (fresh) it->second.fill(nullptr);
    it->second[s.variable] = &s;
  }
}

Plane OrographicRain::on_cells(const Grid& from, FieldView<const float> plane) {
  const BilinearSampler sampler(from, cells_);
  Plane out(cells_.ny(), cells_.nx());
  parallel_for(cells_.ny(), kRows, [&](std::int64_t begin, std::int64_t end) {
    BilinearSampler::Scratch scratch;
    for (std::int64_t j = begin; j < end; ++j) sampler.row(j, plane, out.row(j), scratch);
  });
  return out;
}

const Plane& OrographicRain::model_height(const Grid& grid, const FieldPtr& orography) {
  const std::string key = grid.hash();
  if (const auto it = model_heights_.find(key); it != model_heights_.end()) return it->second;
  if (orography) return model_heights_.emplace(key, on_cells(grid, orography->view())).first->second;
  own_ground_ = true;
  Field averaged = terrain_on(grid, tiles_);
  for (float& z : averaged.values())
    if (std::isnan(z)) z = 0;
  return model_heights_.emplace(key, on_cells(grid, std::as_const(averaged).view())).first->second;
}

const Plane* OrographicRain::rate_at(const At& at, const FieldPtr& orography) {
  if (const auto kept = rates_.find(at); kept != rates_.end()) return kept->second ? &*kept->second : nullptr;
  std::optional<Plane>& rate = rates_[at];
  const auto air = air_.find(at);
  if (air == air_.end() || std::find(air->second.begin(), air->second.end(), nullptr) != air->second.end()) return nullptr;
  std::array<FieldPtr, 4> f;
  try {
    for (std::size_t k = 0; k < f.size(); ++k) f[k] = fields_.derived(*air->second[k]);
    for (const FieldPtr& other : f)
      if (!(other->grid() == f[0]->grid())) throw Error(other->meta.source, "the air at " + level_ + " stands on different grids");
  } catch (const Error& e) {
    problems_.push_back(std::string("orographic: ") + e.what());
    return nullptr;
  }
  const Grid& grid = f[0]->grid();
  Plane speed(grid.ny(), grid.nx()), direction = speed, u = speed, v = speed;
  for (std::size_t k = 0; k < speed.values.size(); ++k) {
    const auto east = static_cast<double>(f[2]->values()[k]), north = static_cast<double>(f[3]->values()[k]);
    speed.values[k] = static_cast<float>(std::hypot(east, north));
    direction.values[k] = static_cast<float>(std::atan2(-east, -north) * 57.29577951308232);
  }
  wind_along_axes(grid, cells_.crs(), std::as_const(speed).view(), std::as_const(direction).view(), u.view(), v.view());
  const Plane temperature = on_cells(grid, f[0]->view()), humidity = on_cells(grid, f[1]->view()), along = on_cells(grid, std::as_const(u).view()),
              across = on_cells(grid, std::as_const(v).view()), pressure(cells_.ny(), cells_.nx(), pressure_pa_);
  Plane fine(cells_.ny(), cells_.nx()), coarse = fine;
  const auto over = [&](FieldView<const float> height, Plane& out) {
    orographic_enhancement({temperature.view(), humidity.view(), pressure.view(), along.view(), across.view(), height, cell_m_}, {}, out.view());
  };
  over(std::as_const(height_).view(), fine);
  over(model_height(grid, orography).view(), coarse);
  for (std::size_t k = 0; k < fine.values.size(); ++k) fine.values[k] -= coarse.values[k];
  rate = std::move(fine);
  return &*rate;
}

std::vector<std::size_t> OrographicRain::air_of(const ForecastStep& step) const {
  std::vector<std::size_t> entries;
  if (step.kind == TimeKind::accumulation)
    if (const auto air = air_.find({step.reference, step.member, step.valid.end}); air != air_.end())
      for (const ForecastStep* s : air->second)
        if (s) entries.insert(entries.end(), s->entries.begin(), s->entries.end());
  return entries;
}

FieldPtr OrographicRain::added(const ForecastStep& step, const Field& rain, const FieldPtr& orography) {
  const At begin{step.reference, step.member, step.valid.begin}, end{step.reference, step.member, step.valid.end};
  std::erase_if(rates_, [&](const auto& kept) { return kept.first != begin && kept.first != end; });  // a step begins where the one before it ended
  const Plane* const first = rate_at(begin, orography);
  const Plane* const last = rate_at(end, orography);
  if (!first && !last) {
    ++without_air_;
    return nullptr;
  }
  ++told_;
  if (!first || !last) ++with_one_end_;
  const auto hours = static_cast<float>(static_cast<double>(step.valid.length().count()) / 3600);
  const Plane fallen = on_cells(rain.grid(), rain.view());
  FieldMeta meta = rain.meta;
  meta.valid = step.valid;
  Field out(cells_, meta);
  const auto to = out.values();
  for (std::size_t k = 0; k < to.size(); ++k) {
    const float amount = fallen.values[k];
    const float rate = first && last ? 0.5F * (first->values[k] + last->values[k]) : first ? first->values[k] : last->values[k];
    if (std::isnan(amount) || std::isnan(rate)) to[k] = kUnknown;
    else if (amount < static_cast<float>(kLeastRate_mm_h) * hours) to[k] = 0;
    else to[k] = std::max(rate * hours, -amount);
  }
  return std::make_shared<const Field>(std::move(out));
}

std::vector<std::string> OrographicRain::notes() const {
  std::vector<std::string> notes{fmt::format("orographic: the ground's part was added to {} steps of rain, from the air at {}", told_, level_)};
  if (with_one_end_ > 0) notes.push_back(fmt::format("orographic: {} of them know the air at one end of the step alone", with_one_end_));
  if (without_air_ > 0)
    notes.push_back(
        fmt::format("orographic: at {} steps there is no temperature, humidity or wind at {}: their rain is as the forecast has it", without_air_, level_));
  if (own_ground_) notes.push_back("orographic: the forecast holds no orography: the elevation averaged to its cells stands for it");
  return notes;
}

}  // namespace guyu::cli
