#include "ingest/netcdf_grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>

#include "engine/core/error.h"
#include "ingest/longitude.h"
#include "ingest/netcdf_cf.h"
#include "ingest/projection.h"
#include "ingest/reader.h"

namespace guyu {
namespace {
using Variable = NetcdfFile::Variable;

constexpr const char* kLatLon = "+proj=longlat +datum=WGS84 +no_defs";

bool is_spatial(Role r) { return r == Role::x || r == Role::y || r == Role::longitude || r == Role::latitude; }

struct Axis {
  double first = 0, step = 1;
  std::vector<double> values;  // ascending
  bool even = true, descending = false;
  std::int64_t size() const { return static_cast<std::int64_t>(values.size()); }
};

// The spacing that gives every coordinate to the bit when a short decimal or the inverse of a whole number does, so that a grid read back equals the
// one written; else the mean spacing. Rows count from the north, that is the last value.
double spacing(const std::vector<double>& ascending, double mean, bool from_last) {
  const auto exact = [&](double step) {
    const std::size_t n = ascending.size();
    for (std::size_t i = 1; i < n; ++i) {
      const double k = static_cast<double>(i);
      if (from_last ? ascending[n - 1 - i] != ascending.back() - k * step : ascending[i] != ascending.front() + k * step) return false;
    }
    return true;
  };
  for (int digits = 1; digits <= 15; ++digits) {
    const double step = std::strtod(fmt::format("{:.{}g}", mean, digits).c_str(), nullptr);  // of damaged files: anything, also subnormal
    if (exact(step)) return step;
  }
  const double inverse = 1 / std::round(1 / mean);
  return std::isfinite(inverse) && exact(inverse) ? inverse : mean;
}

// Longitudes that start anew at the date line, 179, -180, go on instead.
void go_on_over_the_date_line(std::vector<double>& longitudes) {
  double turn = 0;
  for (std::size_t i = 1; i < longitudes.size(); ++i) {
    const double jump = longitudes[i] + turn - longitudes[i - 1];
    if (turn == 0 && std::abs(jump) > 180 && std::abs(jump) <= 360) turn = jump < 0 ? 360 : -360;
    longitudes[i] += turn;
  }
}

Axis read_axis(const NetcdfFile& f, const Variable& v, double scale, bool rows, bool longitudes = false) {
  Axis a;
  a.values = f.all(v);
  for (double& x : a.values) x *= scale;
  if (longitudes) go_on_over_the_date_line(a.values);
  if (a.values.size() < 2) throw Error(f.path(), "coordinate " + v.name + " has fewer than two values");
  a.descending = a.values.back() < a.values.front();
  if (a.descending) std::reverse(a.values.begin(), a.values.end());
  a.first = a.values.front();
  a.step = (a.values.back() - a.first) / static_cast<double>(a.values.size() - 1);
  a.step = spacing(a.values, a.step, rows);
  for (std::size_t i = 1; i < a.values.size(); ++i) {
    if (!(a.values[i] > a.values[i - 1])) throw Error(f.path(), "coordinate " + v.name + " is not monotonic");
    // float32 coordinates wobble by their last digit
    if (std::abs(a.values[i] - (a.first + static_cast<double>(i) * a.step)) > 0.01 * a.step) a.even = false;
  }
  return a;
}

// The mapping that the variable names, else the only one of the file.
const Variable* mapping_of(const NetcdfFile& f, const Variable& v) {
  const std::string name = f.text(v, "grid_mapping");
  if (!name.empty()) return f.find(name.substr(0, name.find(':')));
  const Variable* only = nullptr;
  for (const Variable& m : f.variables()) {
    if (f.text(m, "grid_mapping_name").empty()) continue;
    if (only) return nullptr;
    only = &m;
  }
  return only;
}

std::string projected_crs(const NetcdfFile& f, const Variable& v) {
  if (const Variable* m = mapping_of(f, v)) return cf_crs(f, *m);
  for (const char* name : {"gdal_projection", "proj_string", "proj4"}) {  // NWC SAF products, SMHI radar
    if (std::string proj = f.global_text(name); !proj.empty()) return proj;
  }
  throw Error(f.path(), "variable " + v.name + " names no grid mapping", "add the CF attribute grid_mapping");
}

// Metres (degrees for rotated grids) per unit of a projection coordinate; geostationary angles count in satellite heights.
double coordinate_scale(const NetcdfFile& f, const Variable& v, const std::string& crs) {
  static const std::map<std::string, double, std::less<>> units{{"", 1},
                                                                {"1", 1},
                                                                {"m", 1},
                                                                {"meter", 1},
                                                                {"meters", 1},
                                                                {"metre", 1},
                                                                {"metres", 1},
                                                                {"km", 1000},
                                                                {"kilometer", 1000},
                                                                {"kilometers", 1000},
                                                                {"kilometre", 1000},
                                                                {"kilometres", 1000},
                                                                {"degrees", 1},
                                                                {"degree", 1}};
  const std::string unit = f.text(v, "units");
  if (const auto it = units.find(unit); it != units.end()) return it->second;
  const double per_radian = unit == "rad" || unit == "radian" || unit == "radians" ? 1 : unit == "microradian" || unit == "microradians" ? 1e-6 : 0;
  const auto height = crs.find("+h=");
  if (per_radian > 0 && height != std::string::npos) return per_radian * std::strtod(crs.c_str() + height + 3, nullptr);
  throw Error(f.path(), "the unit '" + unit + "' of coordinate " + v.name + " is not known", "give it in m or km");
}

// Files may carry the longitude and latitude of each cell beside projected axes. True when those show the rows in the opposite order of the y axis
// (composites turned over by a tool that turned only one of them, such as OpenMRG's); the cells' own places are then right. Tells by both ends of the middle
// column.
bool rows_run_against_latitudes(const NetcdfFile& f, int y_dim, int x_dim, const std::string& crs, double first_y, double last_y) {
  const Variable *lon = nullptr, *lat = nullptr;
  for (const Variable& v : f.variables()) {
    if (!f.is_numeric(v) || v.dims != std::vector{y_dim, x_dim}) continue;
    const Role role = cf_role(f, v);
    if (role == Role::longitude || v.name == "longitudes") lon = &v;
    if (role == Role::latitude || v.name == "latitudes") lat = &v;
  }
  if (!lon || !lat) return false;
  const std::size_t last = f.dim_size(y_dim) - 1, middle = f.dim_size(x_dim) / 2;
  const auto y_of = [&](std::size_t row) {
    std::vector<double> x, y;
    f.slab(*lon, {row, middle}, {1, 1}, x);
    f.slab(*lat, {row, middle}, {1, 1}, y);
    return std::abs(x[0]) <= 360 && std::abs(y[0]) <= 90 ? project(crs, x[0], y[0]).y : std::numeric_limits<double>::quiet_NaN();
  };
  const double near = std::abs(last_y - first_y) / 10;
  try {
    return std::abs(y_of(0) - last_y) < near && std::abs(y_of(last) - first_y) < near;
  } catch (const Error&) {
    return false;  // places without an image say nothing
  }
}

}  // namespace

const NetcdfFile::Variable* coordinate_of(const NetcdfFile& f, int dim) {
  const std::string name = f.dim_name(dim);
  const auto stands_on = [&](const Variable& v) { return v.dims.size() == 1 && v.dims[0] == dim && f.is_numeric(v); };
  if (const Variable* v = f.find(name); v && stands_on(*v)) return v;
  for (const Variable& v : f.variables()) {
    if (!stands_on(v)) continue;
    if (const Role r = cf_role(f, v); is_spatial(r) || r == Role::time) return &v;
  }
  return nullptr;
}

std::optional<NetcdfRaster> NetcdfRaster::of(const NetcdfFile& f, const Variable& v) {
  NetcdfRaster r;
  const Variable *x = nullptr, *y = nullptr;
  bool longitude = false, latitude = false;
  for (std::size_t k = 0; k < v.dims.size(); ++k) {
    const Variable* c = coordinate_of(f, v.dims[k]);
    if (!c) continue;
    const Role role = cf_role(f, *c);
    if (!is_spatial(role)) continue;
    const bool along_x = role == Role::x || role == Role::longitude;
    if (along_x ? x != nullptr : y != nullptr) return std::nullopt;  // two axes of one kind: no raster
    (along_x ? x : y) = c;
    (along_x ? r.x_dim_ : r.y_dim_) = k;
    (along_x ? longitude : latitude) = role == Role::longitude || role == Role::latitude;
  }
  if (!x || !y || longitude != latitude) return std::nullopt;

  const auto length = [&](std::size_t k) { return static_cast<std::int64_t>(std::min(f.dim_size(v.dims[k]), std::size_t{1} << 31)); };
  require_plausible_size(f.path() + ": variable " + v.name, length(r.x_dim_), length(r.y_dim_), file_bytes(f.path()));
  const std::string crs = longitude ? std::string(kLatLon) : projected_crs(f, v);
  const Axis columns = read_axis(f, *x, longitude ? 1 : coordinate_scale(f, *x, crs), false, longitude);
  const Axis rows = read_axis(f, *y, longitude ? 1 : coordinate_scale(f, *y, crs), true);
  if (!columns.even) throw Error(f.path(), "the columns of " + v.name + " are not evenly spaced", "interpolate it to an even grid first");
  r.flip_x_ = columns.descending;
  r.flip_y_ = !rows.descending;
  const double south = rows.values.front(), north = rows.values.back();
  if (!longitude && rows_run_against_latitudes(f, v.dims[r.y_dim_], v.dims[r.x_dim_], crs, rows.descending ? north : south, rows.descending ? south : north)) {
    r.flip_y_ = !r.flip_y_;
    r.contradiction_ = fmt::format("the axis {} runs against the latitudes of the cells; the latitudes are taken", y->name);
  }
  r.first_longitude_ = columns.first;
  LongitudeAxis axis{columns.first, columns.step};
  if (longitude) {
    std::vector<float> one_row(columns.values.size());
    to_signed_longitudes(axis, 1, columns.size(), one_row);
  }
  if (rows.even) r.grid_ = Grid(crs, axis.first, rows.values.back(), axis.step, rows.step, columns.size(), rows.size());
  else r.grid_ = Grid(crs, axis.first, axis.step, columns.size(), {rows.values.rbegin(), rows.values.rend()});
  return r;
}

void NetcdfRaster::arrange(std::vector<float>& raw, std::span<float> out) const {
  const std::int64_t ny = grid_.ny(), nx = grid_.nx();
  if (x_dim_ < y_dim_) {  // columns first
    for (std::int64_t i = 0; i < nx; ++i) {
      for (std::int64_t j = 0; j < ny; ++j) out[static_cast<std::size_t>(j * nx + i)] = raw[static_cast<std::size_t>(i * ny + j)];
    }
  } else {
    std::copy(raw.begin(), raw.end(), out.begin());
  }
  if (flip_y_) flip_rows(out, ny, nx);
  if (flip_x_) flip_columns(out, ny, nx);
  if (grid_.is_latlon()) {
    LongitudeAxis axis{first_longitude_, grid_.dx()};
    to_signed_longitudes(axis, ny, nx, out);
  }
}

}  // namespace guyu
