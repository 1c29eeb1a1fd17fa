#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <sstream>

#include "engine/core/error.h"
#include "engine/core/field_set.h"
#include "ingest/hdf5_file.h"
#include "ingest/netcdf_cf.h"
#include "ingest/netcdf_grid.h"
#include "ingest/netcdf_packing.h"
#include "ingest/netcdf_stations.h"
#include "ingest/netcdf_time.h"
#include "ingest/reader.h"

// CF NetCDF, classic and netCDF-4. One field for each plane of each variable that stands on two coordinate axes.
namespace guyu {
namespace {
using Variable = NetcdfFile::Variable;

Quantity quantity_of(const NetcdfFile& f, const Variable& v, std::string& unit) {
  const std::string standard = f.text(v, "standard_name");
  std::string name = cf_quantity(standard);
  if (name.empty()) name = cf_quantity(v.name);
  if (name.empty())
    if (const auto known = grib_short_name(v.name)) name = known->quantity;
  if (name.empty()) name = cf_quantity(f.text(v, "long_name"));  // as files of this program have it where CF has no name
  unit = f.text(v, "units");
  if (cf_sum_length(unit) && name == "precipitation_amount") unit = "mm";
  if (name == "geopotential_height" && f.text(v, "GRIB_typeOfLevel") == "surface") name = "surface_altitude";  // as cfgrib writes them
  if ((name == "geopotential_height" || name == "surface_altitude") && units_convertible(unit, "m2 s-2")) unit = "m2 s-2 of geopotential";
  if (standard == "lwe_precipitation_rate" && (unit == "m s-1" || unit == "m/s")) unit = "m s-1 of water";
  const Quantity* q = name.empty() ? nullptr : find_quantity(name);
  if (q && units_convertible(unit, q->unit)) return *q;
  return {standard.empty() ? v.name : standard, unit.empty() ? "1" : unit};
}

// The value of a coordinate at a step goes to the member or, as text, to the level.
void label(const NetcdfFile& f, const Variable& c, double value, FieldMeta& meta) {
  if (cf_role(f, c) == Role::member) {
    meta.member = static_cast<int>(std::lround(value));
    return;
  }
  meta.level += (meta.level.empty() ? "" : ", ") + level_name(c.name, f.text(c, "standard_name"), f.text(c, "units"), value);
}

// Scalar coordinates that the variable names ("height realization"); times have their own place.
void label_scalars(const NetcdfFile& f, const Variable& v, FieldMeta& meta) {
  std::istringstream names(f.text(v, "coordinates"));
  for (std::string name; names >> name;) {
    const Variable* c = f.find(name);
    if (!c || !f.is_numeric(*c) || f.size_of(*c) != 1 || !c->dims.empty()) continue;
    const Role role = cf_role(f, *c);
    if (role == Role::member || role == Role::level || role == Role::other) label(f, *c, f.all(*c).front(), meta);
  }
}

// Why a file without a raster has none.
Error no_raster(const NetcdfFile& f) {
  const auto has = [&](Role role, std::size_t rank) {
    for (const Variable& v : f.variables()) {
      if (f.is_numeric(v) && v.dims.size() == rank && cf_role(f, v) == role) return true;
    }
    return false;
  };
  const auto any = [&](std::initializer_list<const char*> names) {
    for (const char* n : names) {
      if (f.find(n)) return true;
    }
    return false;
  };
  if (any({"range"}) && any({"azimuth", "elevation", "sweep_number", "ray_angle_res"})) {
    return {f.path(), "is a polar radar volume or sweep, not a composite", "make a composite of it first, e.g. ODIM_H5 object COMP"};
  }
  if (has(Role::longitude, 2) && has(Role::latitude, 2)) {
    return {f.path(), "the grid is curvilinear (two-dimensional longitude and latitude)", "regrid it to rows and columns first"};
  }
  if (has(Role::longitude, 1) && has(Role::latitude, 1))
    return {f.path(), "holds points or station series, not a grid", "give rain of stations to guyu gauges"};
  return {f.path(), "no variable stands on two coordinate axes", "a CF grid needs 1-D x and y, or longitude and latitude, coordinate variables"};
}

class NetcdfReader final : public Reader {
 public:
  std::string_view format() const override { return "NetCDF"; }

  bool recognises(std::span<const std::byte> head, const std::string&) const override {
    const bool classic = head.size() >= 4 && std::memcmp(head.data(), "CDF", 3) == 0;
    return classic || is_hdf5(head);
  }

  void read(const std::string& path, const ReadRequest& request, const std::function<void(Field&&)>& sink, const ProblemSink& problem) const override {
    each_raster(path, problem, [&](const NetcdfFile& file, const Variable& v, const NetcdfRaster& raster, std::size_t) {
      each_plane(file, v, raster, request, std::nullopt, [&](const Planes& planes, FieldMeta&& meta, std::uint64_t) {
        if (!request.select || request.select(meta)) sink(planes.field(std::move(meta)));
      });
    });
  }

  void list(const std::string& path, const ReadRequest& request, const std::function<void(FieldPlace&&)>& sink, const ProblemSink& problem) const override {
    each_raster(path, problem, [&](const NetcdfFile& file, const Variable& v, const NetcdfRaster& raster, std::size_t number) {
      each_plane(file, v, raster, request, std::nullopt, [&](const Planes&, FieldMeta&& meta, std::uint64_t plane) {
        sink({std::move(meta), number * kPlanesPerVariable + plane});
      });
    });
  }

  Field read_at(const std::string& path, const FieldPlace& place) const override {
    const std::lock_guard lock(hdf5_mutex());
    const NetcdfFile file(path);
    std::optional<Field> found;
    const std::size_t number = place.position / kPlanesPerVariable;
    if (number < file.variables().size()) {
      const Variable& v = file.variables()[number];
      const auto raster = NetcdfRaster::of(file, v);
      if (raster)
        each_plane(file, v, *raster, {}, place.position % kPlanesPerVariable, [&](const Planes& planes, FieldMeta&& meta, std::uint64_t) {
          if (FieldKey::of(meta) == FieldKey::of(place.meta)) found = planes.field(std::move(meta));
        });
    }
    if (!found) throw Error(path, FieldKey::of(place.meta).describe() + ": is not there any more: the file has changed");
    return std::move(*found);
  }

  std::vector<StationTable> station_tables(const std::string& path, const ReadRequest& request) const override {
    const std::lock_guard lock(hdf5_mutex());
    return netcdf_station_tables(NetcdfFile(path), request);
  }

 private:
  static constexpr std::uint64_t kPlanesPerVariable = std::uint64_t{1} << 40;

  // Calls visit(file, variable, raster, number of the variable) for each variable that stands on a grid.
  template <typename Visit>
  static void each_raster(const std::string& path, const ProblemSink& problem, const Visit& visit) {
    const std::lock_guard lock(hdf5_mutex());
    const NetcdfFile file(path);
    std::size_t rasters = 0;
    bool told = false;  // of a contradiction, which all variables share
    for (const Variable& v : file.variables()) {
      if (!file.is_numeric(v) || v.dims.size() < 2) continue;
      if (const Role r = cf_role(file, v); r == Role::longitude || r == Role::latitude) continue;  // auxiliary coordinates
      try {
        const auto raster = NetcdfRaster::of(file, v);
        if (!raster) continue;
        ++rasters;
        if (!raster->contradiction().empty() && !told) problem(Error(path, raster->contradiction()));
        told = told || !raster->contradiction().empty();
        visit(file, v, *raster, static_cast<std::size_t>(&v - file.variables().data()));
      } catch (const Error& e) {
        ++rasters;
        problem(in_file(path + ": variable " + v.name, e));
      }
    }
    if (rasters == 0) throw no_raster(file);
  }

  // Decodes the plane at hand.
  struct Planes {
    const NetcdfFile& file;
    const Variable& variable;
    const NetcdfRaster& raster;
    const NetcdfPacking& packing;
    const std::string& unit;
    const std::vector<std::size_t>&index, &count;

    Field field(FieldMeta meta) const {
      Field out(raster.grid(), std::move(meta));
      std::vector<double> raw;
      file.slab(variable, index, count, raw);
      std::vector<float> plane(raw.size());
      std::transform(raw.begin(), raw.end(), plane.begin(), packing);
      raster.arrange(plane, out.values());
      if (unit != out.meta.quantity.unit && find_quantity(out.meta.quantity.name)) convert_in_place(out.values(), unit, out.meta.quantity);
      return out;
    }
  };

  // Calls visit(planes, meta, number) for each plane of a variable, or for one.
  template <typename Visit>
  static void each_plane(const NetcdfFile& f, const Variable& v, const NetcdfRaster& raster, const ReadRequest& request, std::optional<std::uint64_t> only,
                         const Visit& visit) {
    std::string unit;
    FieldMeta common;
    common.quantity = quantity_of(f, v, unit);
    if (!request.wants(common.quantity)) return;
    common.source = f.path();
    common.format = "NetCDF";
    label_scalars(f, v, common);
    const NetcdfPacking packing(f, v);
    const NetcdfTimes times(f, v);
    const auto sum = cf_sum_length(f.text(v, "units"));
    // Without a coordinate: what the file (as guyu's own do) or the variable's name says, and what can only be at the surface.
    std::string level = f.text(v, "level");
    if (const auto known = grib_short_name(v.name); level.empty() && known) level = known->level;
    if (level.empty() && (is_amount(common.quantity) || common.quantity.name == "surface_air_pressure" || common.quantity.name == "surface_altitude"))
      level = "surface";

    std::vector<std::size_t> index(v.dims.size(), 0), count(v.dims.size(), 1);
    std::size_t planes = 1;
    for (std::size_t k = 0; k < v.dims.size(); ++k) {
      if (raster.is_plane_dim(k)) count[k] = f.dim_size(v.dims[k]);
      else planes *= f.dim_size(v.dims[k]);
    }
    if (planes == 0) throw Error(f.path(), "variable " + v.name + " has no step of time or level");
    std::vector<std::vector<double>> labels(v.dims.size());  // of each dimension that is not time or plane
    const Planes decoder{f, v, raster, packing, unit, index, count};
    const auto make = [&](std::size_t p) {
      FieldMeta meta = common;
      times.place(index, meta);
      if (sum && meta.kind == TimeKind::instant) meta.kind = TimeKind::accumulation, meta.valid.begin = meta.valid.end - *sum;
      for (std::size_t k = 0; k < v.dims.size(); ++k) {
        if (raster.is_plane_dim(k) || times.is_time_dim(k)) continue;
        const Variable* c = coordinate_of(f, v.dims[k]);
        if (c && labels[k].empty()) labels[k] = f.all(*c);
        if (c) label(f, *c, labels[k][index[k]], meta);
        else meta.level += fmt::format("{}{} {}", meta.level.empty() ? "" : ", ", f.dim_name(v.dims[k]), index[k]);
      }
      if (meta.level.empty()) meta.level = level;
      // An amount whose time is a single one runs from the start of the forecast, where there is a start.
      if (is_amount(meta.quantity) && meta.kind == TimeKind::instant && meta.reference < meta.valid.end) {
        meta.kind = TimeKind::accumulation;
        meta.valid.begin = meta.reference;
      }
      visit(decoder, std::move(meta), static_cast<std::uint64_t>(p));
    };
    if (only) {
      if (*only >= planes) return;
      std::size_t rest = static_cast<std::size_t>(*only);
      for (std::size_t k = v.dims.size(); k-- > 0;) {
        if (raster.is_plane_dim(k)) continue;
        index[k] = rest % f.dim_size(v.dims[k]);
        rest /= f.dim_size(v.dims[k]);
      }
      return make(static_cast<std::size_t>(*only));
    }
    for (std::size_t p = 0; p < planes; ++p) {
      make(p);
      for (std::size_t k = v.dims.size(); k-- > 0;) {  // the next plane, last dimension fastest
        if (raster.is_plane_dim(k)) continue;
        if (++index[k] < f.dim_size(v.dims[k])) break;
        index[k] = 0;
      }
    }
  }
};

}  // namespace

const Reader& netcdf_reader() {
  static const NetcdfReader reader;
  return reader;
}

}  // namespace guyu
