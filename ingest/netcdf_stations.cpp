#include "ingest/netcdf_stations.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "engine/core/error.h"
#include "ingest/netcdf_cf.h"
#include "ingest/netcdf_packing.h"
#include "ingest/netcdf_time.h"

namespace guyu {
namespace {
using Variable = NetcdfFile::Variable;

constexpr std::size_t kMostValues = std::size_t{1} << 26;

struct Places {
  int dim = -1;
  std::vector<StationTable::Station> stations;  // without values
};

// The last dimension of text holds its characters.
std::size_t rank_of(const NetcdfFile& f, const Variable& v) { return v.dims.size() - (f.is_text(v) && !f.is_string(v) && !v.dims.empty() ? 1 : 0); }

// The names of stations: by cf_role, else by custom, else by the variable of the dimension.
std::vector<std::string> codes(const NetcdfFile& f, int dim, std::size_t n) {
  const auto stands = [&](const Variable* v) { return v && rank_of(f, *v) == 1 && v->dims[0] == dim; };
  const Variable* found = nullptr;
  for (const Variable& v : f.variables()) {
    if (!found && stands(&v) && f.text(v, "cf_role") == "timeseries_id") found = &v;
  }
  for (const char* name : {"station_id", "station_code", "id", "station", "station_name"}) {
    if (const Variable* v = f.find(name); !found && stands(v)) found = v;
  }
  if (const Variable* v = f.find(f.dim_name(dim)); !found && stands(v)) found = v;
  std::vector<std::string> texts = found ? f.texts(*found) : std::vector<std::string>();
  for (std::size_t k = texts.size(); k < n; ++k) texts.push_back(std::to_string(k));
  return texts;
}

std::optional<Places> places_of(const NetcdfFile& f) {
  const Variable *lon = nullptr, *lat = nullptr, *height = nullptr;
  for (const Variable& v : f.variables()) {
    if (!f.is_numeric(v) || v.dims.size() != 1) continue;
    const Role role = cf_role(f, v);
    if (role == Role::longitude && !lon) lon = &v;
    if (role == Role::latitude && !lat) lat = &v;
    const std::string standard = f.text(v, "standard_name");
    if (standard == "surface_altitude" || standard == "altitude" || standard == "height" || v.name == "elevation" || v.name == "altitude") height = &v;
  }
  if (!lon || !lat || lon->dims != lat->dims) return std::nullopt;
  Places p;
  p.dim = lon->dims[0];
  const std::size_t n = f.dim_size(p.dim);
  const std::vector<double> x = f.all(*lon), y = f.all(*lat);
  std::vector<double> z;
  if (height && height->dims == lon->dims) z = f.all(*height);
  const std::vector<std::string> names = codes(f, p.dim, n);
  const NetcdfPacking unpack_x(f, *lon), unpack_y(f, *lat);
  for (std::size_t k = 0; k < n; ++k) {
    // As doubles: a float tells places a metre apart. Missing ones leave by the packing.
    const bool missing = std::isnan(unpack_x(x[k])) || std::isnan(unpack_y(y[k]));
    const double none = std::numeric_limits<double>::quiet_NaN();
    p.stations.push_back(
        {names[k], missing ? none : x[k], missing ? none : y[k], z.empty() ? std::numeric_limits<float>::quiet_NaN() : NetcdfPacking(f, *height)(z[k]), 0});
  }
  return p;
}

struct Series {
  Quantity quantity;
  std::string unit;
  std::optional<Seconds> sum;  // the unit tells the length of the amounts
};

// nullopt for variables that are none of the engine's quantities.
std::optional<Series> series_of(const NetcdfFile& f, const Variable& v, std::vector<std::string>& notes) {
  std::string name = cf_quantity(f.text(v, "standard_name"));
  if (name.empty()) name = cf_quantity(v.name);
  const Quantity* q = name.empty() ? nullptr : find_quantity(name);
  if (!q) return std::nullopt;
  Series s{*q, f.text(v, "units"), {}};
  if (const auto sum = cf_sum_length(s.unit); sum && s.quantity == quantities::precipitation_amount()) {
    s.sum = sum;
    s.unit = "mm";
  }
  if (s.unit.empty() && s.quantity.unit != "1") {
    s.unit = s.quantity.unit;
    notes.push_back(fmt::format("{}: the variable {} states no unit: taken as {}", f.path(), v.name, s.unit));
  }
  if (!units_convertible(s.unit, s.quantity.unit)) throw Error(f.path(), fmt::format("variable {} cannot be {} in '{}'", v.name, q->name, s.unit));
  return s;
}

// Amounts whose time has no bounds hold since the time before.
void give_lengths(std::vector<FieldMeta>& metas, const std::optional<Seconds>& sum, const std::string& place, std::vector<std::string>& notes,
                  std::vector<std::string>& problems) {
  std::optional<Seconds> step = sum;
  for (std::size_t k = 1; k < metas.size() && !sum; ++k) {
    const Seconds gap = metas[k].valid.end - metas[k - 1].valid.end;
    if (gap > Seconds(0)) step = step ? std::min(*step, gap) : gap;
  }
  bool without = false;
  for (FieldMeta& m : metas) {
    if (m.valid.begin < m.valid.end) continue;
    without = true;
    if (!step) continue;
    m.kind = TimeKind::accumulation;
    m.valid.begin = m.valid.end - *step;
  }
  if (without && !step) problems.push_back(place + " holds amounts at one time without bounds: their period is not known");
  else if (without && !sum) notes.push_back(fmt::format("{} holds amounts without bounds of time: taken over the {} min before", place, step->count() / 60));
}

void read_series(const NetcdfFile& f, const Variable& v, const Places& places, const ReadRequest& request, std::vector<StationTable>& tables,
                 std::vector<std::string>& notes, std::vector<std::string>& problems) {
  const auto series = series_of(f, v, notes);
  if (!series || !request.wants(series->quantity)) return;
  const std::size_t stations = places.stations.size(), along = v.dims[0] == places.dim ? 0 : 1;
  const std::size_t times = v.dims.size() == 1 ? 1 : f.dim_size(v.dims[1 - along]);
  if (stations == 0 || times > kMostValues / stations) throw Error(f.path(), fmt::format("variable {} claims {} x {} values", v.name, stations, times));
  const NetcdfTimes when(f, v);
  if (v.dims.size() == 2 && !when.is_time_dim(1 - along))
    throw Error(f.path(), "variable " + v.name + " has no time", "its second dimension needs a CF time coordinate");
  std::vector<FieldMeta> metas(times);
  std::vector<std::size_t> index(v.dims.size(), 0);
  for (std::size_t t = 0; t < times; ++t) {
    metas[t].quantity = series->quantity;
    metas[t].source = f.path();
    metas[t].format = "NetCDF";
    if (v.dims.size() == 2) index[1 - along] = t;
    when.place(index, metas[t]);
  }
  if (series->quantity == quantities::precipitation_amount()) give_lengths(metas, series->sum, f.path() + ": variable " + v.name, notes, problems);

  std::vector<double> raw;
  std::vector<std::size_t> count;
  for (const int d : v.dims) count.push_back(f.dim_size(d));
  f.slab(v, std::vector<std::size_t>(v.dims.size(), 0), count, raw);
  const NetcdfPacking unpack(f, v);
  const UnitConversion convert = convert_units(series->unit, series->quantity.unit);
  for (std::size_t t = 0; t < times; ++t) {
    StationTable table;
    table.meta = std::move(metas[t]);
    table.stations = places.stations;
    for (std::size_t s = 0; s < stations; ++s) {
      const float value = unpack(raw[along == 0 ? s * times + t : t * stations + s]);
      table.stations[s].value = static_cast<float>(convert(static_cast<double>(value)));
    }
    tables.push_back(std::move(table));
  }
}

}  // namespace

std::vector<StationTable> netcdf_station_tables(const NetcdfFile& f, const ReadRequest& request) {
  std::vector<StationTable> tables;
  const auto places = places_of(f);
  if (!places) return tables;
  std::vector<std::string> notes, problems;
  for (const Variable& v : f.variables()) {
    const bool stands = f.is_numeric(v) && !v.dims.empty() && v.dims.size() <= 2 && std::count(v.dims.begin(), v.dims.end(), places->dim) == 1;
    if (!stands) continue;
    if (const Role r = cf_role(f, v); r == Role::longitude || r == Role::latitude || r == Role::time) continue;
    try {
      read_series(f, v, *places, request, tables, notes, problems);
    } catch (const Error& e) {
      problems.push_back(f.path() + ": " + e.reason());
    }
  }
  if (tables.empty() && !problems.empty()) throw Error(f.path(), problems.front().substr(f.path().size() + 2));
  std::stable_sort(tables.begin(), tables.end(), [](const StationTable& a, const StationTable& b) { return a.meta.valid.end < b.meta.valid.end; });
  if (!tables.empty()) tables.front().notes = std::move(notes), tables.front().problems = std::move(problems);
  return tables;
}

}  // namespace guyu
