#include "products/region_series_netcdf.h"

#include <netcdf.h>

#include <map>

#include "products/cf_names.h"
#include "products/netcdf_output.h"

namespace guyu {

struct RegionSeriesWriter::State {
  State(const std::string& path, const RegionSet& regions, std::vector<RegionSeries> all, const Provenance& provenance)
      : nc(path, provenance), series(std::move(all)), count(regions.regions.size()) {}

  NetcdfOutput nc;
  std::vector<RegionSeries> series;
  std::size_t count;
  struct Variable {
    int values, coverage;
    bool members;
  };
  std::vector<Variable> variables;
};

namespace {

std::string numbered(const char* name, std::size_t k) { return k == 0 ? name : name + std::to_string(k + 1); }

bool is_share(const RegionSeries& s) { return s.statistic.starts_with("frac"); }

std::vector<int> numbers_of(const RegionSeries& s) {
  std::vector<int> numbers;
  for (const auto& m : s.members)
    if (m) numbers.push_back(*m);
  return numbers;
}

// Axes in the order in which they were first needed, so that equal content gives equal files.
template <typename Key>
struct Axes {
  std::vector<Key> keys;
  std::size_t of(const Key& key, bool& is_new) {
    for (std::size_t k = 0; k < keys.size(); ++k)
      if (keys[k] == key) return is_new = false, k;
    keys.push_back(key);
    is_new = true;
    return keys.size() - 1;
  }
};

struct TimeAxisKey {
  std::vector<Interval> times;
  bool bounds;
  bool operator==(const TimeAxisKey&) const = default;
};

}  // namespace

std::string unit_of(const RegionSeries& s) { return is_share(s) ? "1" : s.quantity.unit; }

RegionSeriesWriter::RegionSeriesWriter(const std::string& path, const RegionSet& regions, std::vector<RegionSeries> series, const Provenance& provenance)
    : state_(std::make_unique<State>(path, regions, std::move(series), provenance)) {
  State& s = *state_;
  NetcdfOutput& nc = s.nc;
  nc.text(NC_GLOBAL, "featureType", "timeSeries");
  const int region = nc.dimension("region", s.count);
  const int code = nc.variable("code", NC_STRING, {region}), name = nc.variable("name", NC_STRING, {region});
  nc.text(code, "cf_role", "timeseries_id");
  const int reference = nc.time_variable("forecast_reference_time", {}, "forecast_reference_time");
  Axes<TimeAxisKey> time_axes;
  Axes<std::vector<int>> member_axes;
  std::vector<int> time_dims, time_variables, bound_variables, member_dims, member_variables;
  int ends = -1;
  for (const RegionSeries& r : s.series) {
    bool is_new = false;
    const TimeAxisKey key{r.times, r.kind != TimeKind::instant};
    const std::size_t t = time_axes.of(key, is_new);
    if (is_new) {
      time_dims.push_back(nc.dimension(numbered("time", t), r.times.size()));
      time_variables.push_back(nc.time_variable(numbered("time", t), {time_dims[t]}, "time"));
      bound_variables.push_back(-1);
      if (key.bounds) {
        if (ends < 0) ends = nc.dimension("bnds", 2);
        bound_variables[t] = nc.variable(numbered("time_bnds", t), NC_DOUBLE, {time_dims[t], ends});
        nc.text(time_variables[t], "bounds", numbered("time_bnds", t));
      }
    }
    std::vector<int> dims{time_dims[t], region};
    std::vector<std::size_t> chunks{1, s.count};
    const std::vector<int> numbers = numbers_of(r);
    if (!numbers.empty()) {
      const std::size_t m = member_axes.of(numbers, is_new);
      if (is_new) {
        member_dims.push_back(nc.dimension(numbered("member", m), numbers.size()));
        member_variables.push_back(nc.variable(numbered("member", m), NC_INT, {member_dims[m]}));
        nc.text(member_variables[m], "standard_name", "realization");
        nc.text(member_variables[m], "units", "1");
      }
      dims.insert(dims.begin(), member_dims[m]);
      chunks.insert(chunks.begin(), 1);
    }
    const int values = nc.field(r.name, dims, chunks, 1), coverage = nc.field(r.name + "_coverage", dims, chunks, 1);
    nc.text(values, "long_name", r.long_name);
    if (!is_share(r)) nc.text(values, "standard_name", cf_standard_name(r.quantity));
    nc.text(values, "quantity", r.quantity.name);  // of the engine: CF has no standard name for some
    nc.text(values, "units", unit_of(r));
    nc.text(values, "level", r.level);
    nc.text(values, "cell_methods", cf_area_method(r.statistic) + "time: " + cf_method(r.kind));
    if (r.statistic != "mean") nc.text(values, "statistic", r.statistic);
    nc.text(values, "ancillary_variables", r.name + "_coverage");
    nc.text(coverage, "long_name", "known share of the area");
    nc.text(coverage, "units", "1");
    s.variables.push_back({values, coverage, !numbers.empty()});
  }
  nc.end_definitions();

  std::vector<const char*> codes, names;
  for (const Region& r : regions.regions) {
    codes.push_back(r.code.c_str());
    names.push_back(r.name.c_str());
  }
  nc.check(nc_put_var_string(nc.id(), code, codes.data()));
  nc.check(nc_put_var_string(nc.id(), name, names.data()));
  const double issue = netcdf_time(provenance.issue);
  nc.check(nc_put_var_double(nc.id(), reference, &issue));
  for (std::size_t t = 0; t < time_axes.keys.size(); ++t) {
    std::vector<double> at, bounds;
    for (const Interval& i : time_axes.keys[t].times) {
      at.push_back(netcdf_time(i.end));
      bounds.push_back(netcdf_time(i.begin));
      bounds.push_back(netcdf_time(i.end));
    }
    nc.check(nc_put_var_double(nc.id(), time_variables[t], at.data()));
    if (bound_variables[t] >= 0) nc.check(nc_put_var_double(nc.id(), bound_variables[t], bounds.data()));
  }
  for (std::size_t m = 0; m < member_axes.keys.size(); ++m) nc.check(nc_put_var_int(nc.id(), member_variables[m], member_axes.keys[m].data()));
}

RegionSeriesWriter::~RegionSeriesWriter() = default;

void RegionSeriesWriter::write(std::size_t series, std::size_t member, std::size_t step, std::span<const float> values, std::span<const float> coverage) {
  State& s = *state_;
  const State::Variable& v = s.variables[series];
  const std::size_t with[3] = {member, step, 0}, with_count[3] = {1, 1, s.count};
  const std::size_t* start = v.members ? with : with + 1;
  const std::size_t* count = v.members ? with_count : with_count + 1;
  s.nc.check(nc_put_vara_float(s.nc.id(), v.values, start, count, values.data()));
  s.nc.check(nc_put_vara_float(s.nc.id(), v.coverage, start, count, coverage.data()));
}

void RegionSeriesWriter::close() { state_->nc.close(); }

}  // namespace guyu
