#include "products/grid_netcdf.h"

#include <netcdf.h>

#include <algorithm>
#include <cassert>
#include <numeric>
#include <optional>

#include "engine/core/error.h"
#include "products/cf_names.h"
#include "products/chunk_output.h"
#include "products/grid_mapping.h"
#include "products/netcdf_output.h"

namespace guyu {
namespace {

constexpr std::int64_t kChunkCells = 1 << 19;  // 2 MB of float: whole rows, few enough to be read one by one

// As grid_mapping(), with the file named when PROJ does not understand the CRS.
GridMapping mapping_for(const std::string& path, const Grid& grid) {
  try {
    return grid_mapping(grid.crs());
  } catch (const Error& e) {
    throw Error(path, e.reason(), e.remedy());
  }
}

}  // namespace

struct GridNetcdfWriter::State {
  State(const std::string& file, Grid g, const Provenance& provenance, int level)
      : path(file), grid(std::move(g)), issue(provenance.issue), deflate(level), nc(file, provenance) {
    define_grid();
  }

  void define_grid() {
    const bool degrees = grid.is_latlon();
    const char *y_name = degrees ? "lat" : "y", *x_name = degrees ? "lon" : "x";
    y_dim = nc.dimension(y_name, static_cast<std::size_t>(grid.ny()));
    x_dim = nc.dimension(x_name, static_cast<std::size_t>(grid.nx()));
    y = nc.variable(y_name, NC_DOUBLE, {y_dim});
    x = nc.variable(x_name, NC_DOUBLE, {x_dim});
    const GridMapping from = mapping_for(path, grid);
    to_metres = from.to_metres;
    const bool rotated = from.rotated;
    nc.text(y, "standard_name", degrees ? "latitude" : rotated ? "grid_latitude" : "projection_y_coordinate");
    nc.text(x, "standard_name", degrees ? "longitude" : rotated ? "grid_longitude" : "projection_x_coordinate");
    nc.text(y, "units", degrees ? "degrees_north" : rotated ? "degrees" : "m");
    nc.text(x, "units", degrees ? "degrees_east" : rotated ? "degrees" : "m");
    nc.text(y, "axis", "Y");
    nc.text(x, "axis", "X");
    const int mapping = nc.variable("crs", NC_INT, {});
    for (const auto& [key, value] : from.attributes) {
      if (const auto* text = std::get_if<std::string>(&value)) nc.text(mapping, key.c_str(), *text);
      else nc.numbers(mapping, key.c_str(), std::get<std::vector<double>>(value));
    }
    reference = nc.time_variable("forecast_reference_time", {}, "forecast_reference_time");
  }

  struct Axis {
    std::vector<Interval> times;
    int dimension = 0, variable = 0, bounds = -1;
  };
  const Axis& axis_for(const std::vector<Interval>& times, bool intervals) {
    for (const Axis& a : axes)
      if (a.times == times && (a.bounds >= 0) == intervals) return a;
    const std::string name = axes.empty() ? "time" : "time_" + std::to_string(axes.size());
    Axis a;
    a.times = times;
    a.dimension = nc.dimension(name, times.size());
    a.variable = nc.time_variable(name, {a.dimension}, "time");
    nc.text(a.variable, "axis", "T");
    if (intervals) {
      if (bounds_dim < 0) bounds_dim = nc.dimension("bounds", 2);
      nc.text(a.variable, "bounds", name + "_bounds");
      a.bounds = nc.variable(name + "_bounds", NC_DOUBLE, {a.dimension, bounds_dim});
    }
    axes.push_back(std::move(a));
    return axes.back();
  }

  int members_axis(const GridVariable& v) {
    const int members = v.members;
    std::vector<int> numbers = v.member_numbers;
    if (numbers.empty()) {
      numbers.resize(static_cast<std::size_t>(members));
      std::iota(numbers.begin(), numbers.end(), 0);
    }
    if (member_dim < 0) {
      member_numbers = numbers;
      member_dim = nc.dimension("member", static_cast<std::size_t>(members));
      member = nc.variable("member", NC_INT, {member_dim});
      nc.text(member, "standard_name", "realization");
      nc.text(member, "units", "1");
    }
    if (numbers != member_numbers) throw Error(path, "its variables have different members");
    return member_dim;
  }

  void begin_data() {
    if (writing) return;
    writing = true;
    nc.end_definitions();
    std::vector<double> centres(static_cast<std::size_t>(grid.ny()));
    for (std::size_t j = 0; j < centres.size(); ++j) centres[j] = grid.y(static_cast<double>(j)) * to_metres;
    nc.check(nc_put_var_double(nc.id(), y, centres.data()));
    centres.resize(static_cast<std::size_t>(grid.nx()));
    for (std::size_t i = 0; i < centres.size(); ++i) centres[i] = grid.x(static_cast<double>(i)) * to_metres;
    nc.check(nc_put_var_double(nc.id(), x, centres.data()));
    if (member_dim >= 0) nc.check(nc_put_var_int(nc.id(), member, member_numbers.data()));
    const double issued = netcdf_time(issue);
    nc.check(nc_put_var_double(nc.id(), reference, &issued));
    for (const Axis& a : axes) {
      std::vector<double> ends, bounds;
      for (const Interval& i : a.times) {
        ends.push_back(netcdf_time(i.end));
        bounds.push_back(netcdf_time(i.begin));
        bounds.push_back(netcdf_time(i.end));
      }
      nc.check(nc_put_var_double(nc.id(), a.variable, ends.data()));
      if (a.bounds >= 0) nc.check(nc_put_var_double(nc.id(), a.bounds, bounds.data()));
    }
    planes.emplace(nc.finish(), path);
  }

  std::string path;
  Grid grid;
  TimePoint issue;
  int deflate;
  double to_metres = 1;
  NetcdfOutput nc;
  int y_dim = 0, x_dim = 0, bounds_dim = -1, member_dim = -1, y = 0, x = 0, reference = 0, member = 0;
  std::vector<int> member_numbers;
  bool writing = false;
  std::vector<Axis> axes;
  struct Variable {
    std::string name;
    bool has_members;
  };
  std::int64_t chunk_rows() const { return std::clamp<std::int64_t>(kChunkCells / grid.nx(), 1, grid.ny()); }
  std::optional<ChunkOutput> planes;  // once the rest of the file is written
  std::vector<Variable> variables;
};

GridNetcdfWriter::GridNetcdfWriter(std::string path, Grid grid, const Provenance& provenance, int deflate_level)
    : state_(std::make_unique<State>(path, std::move(grid), provenance, deflate_level)) {}

GridNetcdfWriter::~GridNetcdfWriter() = default;

std::size_t GridNetcdfWriter::add(GridVariable v) {
  State& s = *state_;
  assert(!s.writing);
  if (v.times.empty()) throw Error(s.path, "the variable " + v.name + " has no time");
  const State::Axis axis = s.axis_for(v.times, v.kind != TimeKind::instant);
  const auto nx = static_cast<std::size_t>(s.grid.nx());
  const auto rows = static_cast<std::size_t>(s.chunk_rows());
  std::vector<int> dimensions{axis.dimension, s.y_dim, s.x_dim};
  std::vector<std::size_t> chunks{1, rows, nx};
  if (v.members > 0) {
    dimensions.insert(dimensions.begin(), s.members_axis(v));
    chunks.insert(chunks.begin(), 1);
  }
  const int id = s.nc.field(v.name, dimensions, chunks, s.deflate);
  s.nc.text(id, "long_name", v.long_name);
  s.nc.text(id, "standard_name", cf_standard_name(v.quantity));
  s.nc.text(id, "units", v.quantity.unit);
  s.nc.text(id, "cell_methods", "time: " + cf_method(v.kind));
  s.nc.text(id, "grid_mapping", "crs");
  s.nc.text(id, "level", v.level);
  s.variables.push_back({v.name, v.members > 0});
  return s.variables.size() - 1;
}

void GridNetcdfWriter::write(std::size_t variable, std::size_t step, FieldView<const float> plane, std::size_t member) {
  State& s = *state_;
  s.begin_data();
  assert(plane.ny == s.grid.ny() && plane.nx == s.grid.nx());
  const State::Variable& v = s.variables.at(variable);
  std::vector<std::size_t> place{step};
  if (v.has_members) place.insert(place.begin(), member);
  s.planes->write(v.name, place, plane, s.chunk_rows(), s.deflate);
}

void GridNetcdfWriter::close() {
  state_->begin_data();
  state_->planes->close();
  state_->nc.commit();
}

}  // namespace guyu
