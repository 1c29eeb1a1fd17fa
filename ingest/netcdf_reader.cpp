#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>

#include "engine/core/error.h"
#include "ingest/hdf5_file.h"
#include "ingest/netcdf_cf.h"
#include "ingest/netcdf_file.h"
#include "ingest/reader.h"

// CF NetCDF, classic and netCDF-4. One field for each plane of each variable that stands on two coordinate axes.
namespace guyu {
namespace {
using Variable = NetcdfFile::Variable;

struct Axis {
  double first = 0, step = 1;
  std::vector<double> values;
  bool even = true, descending = false;
};

Axis read_axis(const NetcdfFile& f, const Variable& v, double scale) {
  Axis a;
  a.values = f.all(v);
  for (double& x : a.values) x *= scale;
  if (a.values.size() < 2) throw Error(f.path(), "coordinate " + v.name + " has fewer than two values");
  a.descending = a.values.back() < a.values.front();
  if (a.descending) std::reverse(a.values.begin(), a.values.end());
  a.first = a.values.front();
  a.step = (a.values.back() - a.first) / static_cast<double>(a.values.size() - 1);
  for (std::size_t i = 1; i < a.values.size(); ++i) {
    if (!(a.values[i] > a.values[i - 1])) throw Error(f.path(), "coordinate " + v.name + " is not monotonic");
    // float32 coordinates wobble by their last digit
    if (std::abs(a.values[i] - (a.first + static_cast<double>(i) * a.step)) > 0.01 * a.step) a.even = false;
  }
  return a;
}

struct Raster {
  Grid grid;
  bool flip_x = false, flip_y = false;
};

// The grid of a variable's last two dimensions; nullopt when they are no coordinate axes at all.
std::optional<Raster> raster_of(const NetcdfFile& f, const Variable& v) {
  if (v.dims.size() < 2) return std::nullopt;
  const Variable* yv = f.find(f.dim_name(v.dims[v.dims.size() - 2]));
  const Variable* xv = f.find(f.dim_name(v.dims[v.dims.size() - 1]));
  if (!yv || !xv || yv->dims.size() != 1 || xv->dims.size() != 1) return std::nullopt;
  const Role yr = cf_role(f, *yv), xr = cf_role(f, *xv);
  const bool geographic = yr == Role::latitude && xr == Role::longitude;
  if (!geographic && !(yr == Role::y && xr == Role::x)) return std::nullopt;
  std::string crs = "+proj=longlat +datum=WGS84 +no_defs";
  double scale = 1;
  if (!geographic) {
    const std::string mapping = f.text(v, "grid_mapping");
    const Variable* m = mapping.empty() ? nullptr : f.find(mapping.substr(0, mapping.find(':')));
    if (m) {
      crs = cf_crs(f, *m);
    } else if (const std::string proj = f.global_text("gdal_projection"); !proj.empty()) {
      crs = proj;  // NWC SAF products
    } else {
      throw Error(f.path(), "variable " + v.name + " names no grid mapping", "add the CF attribute grid_mapping");
    }
    if (f.text(*xv, "units") == "km") scale = 1000;
  }
  Axis x = read_axis(f, *xv, scale), y = read_axis(f, *yv, scale);
  if (!x.even) throw Error(f.path(), "the columns of " + v.name + " are not evenly spaced");
  Raster r;
  r.flip_x = x.descending;
  r.flip_y = !y.descending;  // row 0 north
  if (geographic && x.first >= 180) x.first -= 360;
  const auto nx = static_cast<std::int64_t>(x.values.size());
  if (y.even) {
    r.grid = Grid(crs, x.first, y.first + y.step * static_cast<double>(y.values.size() - 1), x.step, y.step, nx, static_cast<std::int64_t>(y.values.size()));
  } else {
    r.grid = Grid(crs, x.first, x.step, nx, std::vector<double>(y.values.rbegin(), y.values.rend()));
  }
  return r;
}

struct Packing {
  double scale = 1, offset = 0;
  std::vector<double> missing;  // raw values
  double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity();
  float operator()(double raw) const {
    if (std::isnan(raw) || raw < low || raw > high) return std::numeric_limits<float>::quiet_NaN();
    for (const double m : missing) {
      if (raw == m) return std::numeric_limits<float>::quiet_NaN();
    }
    return static_cast<float>(raw * scale + offset);
  }
};

Packing packing_of(const NetcdfFile& f, const Variable& v) {
  Packing p;
  p.scale = f.number(v, "scale_factor").value_or(1);
  p.offset = f.number(v, "add_offset").value_or(0);
  for (const char* name : {"_FillValue", "missing_value"}) {
    for (const double m : f.numbers(v, name)) p.missing.push_back(m);
  }
  if (const auto range = f.numbers(v, "valid_range"); range.size() == 2) {
    p.low = range[0];
    p.high = range[1];
  }
  if (const auto lo = f.number(v, "valid_min")) p.low = *lo;
  if (const auto hi = f.number(v, "valid_max")) p.high = *hi;
  // Default fill values of the library for files that declare none (netcdf.h).
  if (p.missing.empty()) p.missing = {9.969209968386869e+36};
  return p;
}

// Valid interval at index k of a time coordinate; scalar coordinates have one value.
class Times {
 public:
  Times(const NetcdfFile& f, const Variable& v) : unit_(*cf_time_unit(f.text(v, "units"))), values_(f.all(v)) {
    if (const Variable* b = f.find(f.text(v, "bounds")); b && f.size_of(*b) == 2 * values_.size()) bounds_ = f.all(*b);
  }
  TimePoint end(std::size_t k) const { return bounds_.empty() ? unit_.at(values_[k]) : unit_.at(bounds_[2 * k + 1]); }
  TimePoint begin(std::size_t k) const { return bounds_.empty() ? end(k) : unit_.at(bounds_[2 * k]); }
  bool has_bounds() const { return !bounds_.empty(); }

 private:
  TimeUnit unit_;
  std::vector<double> values_, bounds_;
};

const Variable* scalar_time(const NetcdfFile& f, const char* standard_name) {
  for (const Variable& v : f.variables()) {
    if (f.size_of(v) == 1 && f.text(v, "standard_name") == standard_name && cf_time_unit(f.text(v, "units"))) return &v;
  }
  return nullptr;
}

TimeKind kind_of(const std::string& cell_methods) {
  const auto at = cell_methods.find("time:");
  if (at == std::string::npos) return TimeKind::instant;
  const std::string rest = cell_methods.substr(at);
  if (rest.find("sum") != std::string::npos) return TimeKind::accumulation;
  if (rest.find("mean") != std::string::npos) return TimeKind::mean;
  if (rest.find("maximum") != std::string::npos) return TimeKind::maximum;
  if (rest.find("minimum") != std::string::npos) return TimeKind::minimum;
  return TimeKind::instant;
}

class NetcdfReader final : public Reader {
 public:
  std::string_view format() const override { return "NetCDF"; }

  bool recognises(std::span<const std::byte> head, const std::string&) const override {
    const bool classic = head.size() >= 4 && std::memcmp(head.data(), "CDF", 3) == 0;
    return classic || is_hdf5(head);
  }

  void read(const std::string& path, const ReadRequest& request, const std::function<void(Field&&)>& sink,
            const std::function<void(const std::string&)>& problem) const override {
    const std::lock_guard lock(hdf5_mutex());
    const NetcdfFile file(path);
    std::size_t rasters = 0;
    for (const Variable& v : file.variables()) {
      if (!file.is_numeric(v)) continue;
      try {
        const auto raster = raster_of(file, v);
        if (!raster) continue;
        ++rasters;
        read_variable(file, v, *raster, request, sink);
      } catch (const Error& e) {
        ++rasters;
        problem(e.place().empty() ? path + ": " + e.what() : e.what());
      }
    }
    if (rasters == 0) {
      throw Error(path, "no variable stands on two coordinate axes",
                  "a CF grid needs 1-D x and y, or longitude and latitude, coordinate variables; curvilinear grids are not read");
    }
  }

 private:
  static Quantity quantity_of(const NetcdfFile& f, const Variable& v, std::string& unit) {
    const std::string standard = f.text(v, "standard_name");
    std::string name = cf_quantity(standard);
    if (name.empty()) name = cf_quantity(v.name);
    unit = f.text(v, "units");
    if (standard == "lwe_precipitation_rate" && (unit == "m s-1" || unit == "m/s")) unit = "m s-1 of water";
    const Quantity* q = name.empty() ? nullptr : find_quantity(name);
    if (q && units_convertible(unit, q->unit)) return *q;
    return {standard.empty() ? v.name : standard, unit.empty() ? "1" : unit};
  }

  static void read_variable(const NetcdfFile& f, const Variable& v, const Raster& raster, const ReadRequest& request,
                            const std::function<void(Field&&)>& sink) {
    std::string unit;
    FieldMeta meta;
    meta.quantity = quantity_of(f, v, unit);
    if (!request.wants(meta.quantity.name)) return;
    meta.source = f.path();
    meta.format = "NetCDF";
    meta.kind = kind_of(f.text(v, "cell_methods"));
    const Packing packing = packing_of(f, v);

    const std::size_t lead = v.dims.size() - 2;
    std::size_t planes = 1;
    for (std::size_t k = 0; k < lead; ++k) planes *= f.dim_size(v.dims[k]);
    std::optional<Times> times;
    std::optional<std::size_t> time_at;
    for (std::size_t k = 0; k < lead; ++k) {
      const Variable* c = f.find(f.dim_name(v.dims[k]));
      if (c && c->dims.size() == 1 && cf_role(f, *c) == Role::time && cf_time_unit(f.text(*c, "units"))) {
        times.emplace(f, *c);
        time_at = k;
      }
    }
    std::optional<TimePoint> start;
    if (!times) {
      if (const Variable* c = scalar_time(f, "time")) times.emplace(f, *c);
      if (const Variable* c = f.find("start_time"); c && f.size_of(*c) == 1) {
        if (const auto u = cf_time_unit(f.text(*c, "units"))) start = u->at(f.all(*c).front());
      }
      if (!times) {
        if (const std::string g = f.global_text("nominal_product_time"); !g.empty()) {
          const TimePoint t = parse_time(g);
          meta.valid = {t, t};
        }
      }
    }
    std::optional<TimePoint> reference;
    if (const Variable* c = scalar_time(f, "forecast_reference_time")) reference = Times(f, *c).end(0);

    const std::int64_t ny = raster.grid.ny(), nx = raster.grid.nx();
    std::vector<double> raw;
    for (std::size_t p = 0; p < planes; ++p) {
      std::vector<std::size_t> index(lead);
      std::size_t rest = p;
      for (std::size_t k = lead; k-- > 0;) {
        index[k] = rest % f.dim_size(v.dims[k]);
        rest /= f.dim_size(v.dims[k]);
      }
      FieldMeta m = meta;
      if (times) {
        const std::size_t k = time_at ? index[*time_at] : 0;
        m.valid = {times->begin(k), times->end(k)};
        if (start && *start < m.valid.end) m.valid.begin = *start;
      }
      if (m.valid.begin < m.valid.end && m.kind == TimeKind::instant) {
        m.kind = m.quantity == quantities::precipitation_amount() ? TimeKind::accumulation : TimeKind::mean;
      }
      if (m.valid.begin == m.valid.end && m.kind != TimeKind::instant) m.kind = TimeKind::instant;
      m.reference = reference.value_or(m.valid.end);
      for (std::size_t k = 0; k < lead; ++k) {
        const Variable* c = f.find(f.dim_name(v.dims[k]));
        if (time_at && *time_at == k) continue;
        const bool labelled = c && c->dims.size() == 1 && f.is_numeric(*c);
        const double value = labelled ? f.all(*c)[index[k]] : static_cast<double>(index[k]);
        if (labelled && cf_role(f, *c) == Role::member) m.member = static_cast<int>(value);
        else m.level += fmt::format("{}{} {:g} {}", m.level.empty() ? "" : ", ", f.dim_name(v.dims[k]), value, labelled ? f.text(*c, "units") : std::string());
      }
      Field field(raster.grid, m);
      f.plane(v, index, raw);
      const auto out = field.values();
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = packing(raw[i]);
      if (raster.flip_y) flip_rows(out, ny, nx);
      if (raster.flip_x) flip_columns(out, ny, nx);
      if (unit != m.quantity.unit && !unit.empty()) convert_in_place(out, unit, m.quantity);
      sink(std::move(field));
    }
  }
};

}  // namespace

const Reader& netcdf_reader() {
  static const NetcdfReader reader;
  return reader;
}

}  // namespace guyu
