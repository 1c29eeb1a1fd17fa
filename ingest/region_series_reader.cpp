#include "ingest/region_series_reader.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>

#include "engine/core/error.h"
#include "ingest/hdf5_file.h"
#include "ingest/netcdf_file.h"

namespace guyu {
namespace {

using Variable = NetcdfFile::Variable;
constexpr const char* kSeriesRemedy = "give a file that guyu forecast has written";

const Variable& series_variable(const NetcdfFile& f, const std::string& name) {
  if (const Variable* v = f.find(name)) return *v;
  throw Error(f.path(), "has no variable " + name + ": it holds no township series", kSeriesRemedy);
}

TimePoint point_of(double s) { return TimePoint(Seconds(std::llround(s))); }

// "area: mean time: sum" -> the word after `what`.
std::string method_of(const std::string& methods, const std::string& what) {
  const std::size_t at = methods.find(what + ": ");
  if (at == std::string::npos) return "";
  const std::size_t begin = at + what.size() + 2;
  return methods.substr(begin, methods.find(' ', begin) - begin);
}

TimeKind kind_of(const std::string& method) {
  return method == "sum"       ? TimeKind::accumulation
         : method == "mean"    ? TimeKind::mean
         : method == "maximum" ? TimeKind::maximum
         : method == "minimum" ? TimeKind::minimum
                               : TimeKind::instant;
}

// How near to where people live a level is; less is nearer.
int level_rank(const std::string& level) {
  const std::vector<std::string> order{"2 m", "10 m", "surface", ""};
  return static_cast<int>(std::find(order.begin(), order.end(), level) - order.begin());
}

std::vector<Interval> steps_of(const NetcdfFile& f, int dim) {
  const Variable& time = series_variable(f, f.dim_name(dim));
  const std::vector<double> ends = f.all(time);
  const std::string bounds = f.text(time, "bounds");
  std::vector<Interval> steps;
  if (bounds.empty()) {
    for (const double t : ends) steps.push_back({point_of(t), point_of(t)});
    return steps;
  }
  const std::vector<double> both = f.all(series_variable(f, bounds));
  if (both.size() != 2 * ends.size()) throw Error(f.path(), bounds + " does not fit its times", kSeriesRemedy);
  for (std::size_t k = 0; k < ends.size(); ++k) steps.push_back({point_of(both[2 * k]), point_of(both[2 * k + 1])});
  return steps;
}

HazardSeries read_one(const NetcdfFile& f, const Variable& v, const Quantity& quantity) {
  const bool has_members = v.dims.size() == 3;
  const std::string methods = f.text(v, "cell_methods");
  HazardSeries s{quantity, method_of(methods, "area").empty() ? "mean" : method_of(methods, "area"), kind_of(method_of(methods, "time")), {}, {}};
  const std::vector<Interval> steps = steps_of(f, v.dims[v.dims.size() - 2]);
  const std::size_t members = has_members ? f.dim_size(v.dims[0]) : 1, regions = f.dim_size(v.dims.back());
  const UnitConversion convert = convert_units(f.text(v, "units"), quantity.unit);
  const Variable* coverage = f.find(f.text(v, "ancillary_variables"));
  std::vector<double> raw, seen;
  for (std::size_t t = 0; t < steps.size(); ++t) {
    SeriesPiece p{steps[t], Origin::forecast, std::vector<float>(regions), std::vector<float>(regions, 1.0F), {}};
    std::vector<double> sum(regions, 0.0);
    std::vector<int> known(regions, 0);
    for (std::size_t m = 0; m < members; ++m) {
      const std::vector<std::size_t> start = has_members ? std::vector<std::size_t>{m, t, 0} : std::vector<std::size_t>{t, 0};
      const std::vector<std::size_t> count = has_members ? std::vector<std::size_t>{1, 1, regions} : std::vector<std::size_t>{1, regions};
      f.slab(v, start, count, raw);
      const auto fill = f.number(v, "_FillValue");
      std::vector<float> values(regions);
      for (std::size_t r = 0; r < regions; ++r) {
        const bool missing = std::isnan(raw[r]) || (fill && raw[r] == *fill);
        values[r] = missing ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(convert(raw[r]));
        if (!missing) sum[r] += double{values[r]}, ++known[r];
      }
      if (coverage && coverage->dims == v.dims) {  // of the member that sees most: what one lacks is missing in its values
        f.slab(*coverage, start, count, seen);
        if (m == 0) std::fill(p.coverage.begin(), p.coverage.end(), 0.0F);
        for (std::size_t r = 0; r < regions; ++r)
          if (seen[r] > double{p.coverage[r]}) p.coverage[r] = static_cast<float>(std::min(seen[r], 1.0));
      }
      if (has_members) p.members.push_back(std::move(values));
      else p.values = std::move(values);
    }
    for (std::size_t r = 0; has_members && r < regions; ++r)
      p.values[r] = known[r] > 0 ? static_cast<float>(sum[r] / known[r]) : std::numeric_limits<float>::quiet_NaN();
    s.pieces.push_back(std::move(p));
  }
  return s;
}

}  // namespace

RegionSeriesFile read_region_series(const std::string& path, const std::vector<std::string>& quantities) {
  const std::lock_guard lock(hdf5_mutex());
  const NetcdfFile f(path);
  RegionSeriesFile file;
  file.path = path;
  file.codes = f.strings(series_variable(f, "code"));
  file.reference = point_of(f.all(series_variable(f, "forecast_reference_time")).at(0));
  std::vector<int> ranks;
  for (const Variable& v : f.variables()) {
    const std::string name = f.text(v, "quantity");
    const Quantity* quantity = name.empty() ? nullptr : find_quantity(name);
    if (!quantity || (v.dims.size() != 2 && v.dims.size() != 3) || f.dim_size(v.dims.back()) != file.codes.size()) continue;
    if (!quantities.empty() && std::find(quantities.begin(), quantities.end(), name) == quantities.end()) continue;
    const int rank = level_rank(f.text(v, "level"));
    std::size_t at = 0;
    while (at < file.series.size() && file.series[at].quantity.name != name) ++at;
    if (at < file.series.size() && ranks[at] <= rank) continue;
    HazardSeries s = read_one(f, v, *quantity);
    if (at < file.series.size()) {
      file.series[at] = std::move(s);
      ranks[at] = rank;
    } else {
      file.series.push_back(std::move(s));
      ranks.push_back(rank);
    }
  }
  return file;
}

}  // namespace guyu
