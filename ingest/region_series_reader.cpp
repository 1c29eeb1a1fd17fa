#include "ingest/region_series_reader.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <optional>
#include <unordered_map>

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

// "area: maximum" of CF is "max" of rules; quantiles and shares of the area have no word in CF.
std::string statistic_of(const NetcdfFile& f, const Variable& v) {
  if (const std::string own = f.text(v, "statistic"); !own.empty()) return own;
  const std::string method = method_of(f.text(v, "cell_methods"), "area");
  return method == "maximum" ? "max" : method == "minimum" ? "min" : method.empty() ? "mean" : method;
}

// Steps [first, last) that a stretch of time asks for.
std::pair<std::size_t, std::size_t> steps_within(const std::vector<Interval>& steps, const Interval& time) {
  constexpr std::size_t kNeighbours = 2;
  std::size_t first = 0, last = steps.size();
  while (first < last && steps[first].end <= time.begin) ++first;
  while (last > first && steps[last - 1].begin >= time.end && steps[last - 1].end > time.end) --last;
  return {first - std::min(first, kNeighbours), std::min(steps.size(), last + kNeighbours)};
}

// From the file's order of codes to the one asked for; -1: the file has none of it.
using Places = std::vector<std::ptrdiff_t>;
std::vector<float> in_order(const std::vector<float>& values, const Places& places, float absent) {
  std::vector<float> out;
  out.reserve(places.size());
  for (const std::ptrdiff_t p : places) out.push_back(p < 0 ? absent : values[static_cast<std::size_t>(p)]);
  return out;
}

HazardSeries head_of(const NetcdfFile& f, const Variable& v, const Quantity& quantity) {
  return {quantity, statistic_of(f, v), kind_of(method_of(f.text(v, "cell_methods"), "time")), {}, {}, {}};
}

void read_steps(const NetcdfFile& f, const Variable& v, const SeriesRequest& request, const Interval& time, const Places& places, HazardSeries& s) {
  constexpr float kMissingValue = std::numeric_limits<float>::quiet_NaN();
  const bool has_members = v.dims.size() == 3;
  const std::vector<Interval> steps = steps_of(f, v.dims[v.dims.size() - 2]);
  const std::size_t members = has_members ? f.dim_size(v.dims[0]) : 1, regions = f.dim_size(v.dims.back());
  const UnitConversion convert = convert_units(f.text(v, "units"), s.statistic.starts_with("frac") ? "1" : s.quantity.unit);
  const Variable* coverage = f.find(f.text(v, "ancillary_variables"));
  const auto fill = f.number(v, "_FillValue");
  if (!steps.empty()) s.horizon = steps.back().end;
  std::vector<double> raw, seen;
  const auto [first, last] = steps_within(steps, time);
  const HazardSeries head = s;
  for (std::size_t t = first; t < last; ++t) {
    if (request.is_told && request.is_told(head, steps[t])) continue;
    SeriesPiece p{steps[t], Origin::forecast, std::vector<float>(regions), std::vector<float>(regions, 1.0F), {}};
    std::vector<double> sum(regions, 0.0);
    std::vector<int> known(regions, 0);
    for (std::size_t m = 0; m < members; ++m) {
      const std::vector<std::size_t> start = has_members ? std::vector<std::size_t>{m, t, 0} : std::vector<std::size_t>{t, 0};
      const std::vector<std::size_t> count = has_members ? std::vector<std::size_t>{1, 1, regions} : std::vector<std::size_t>{1, regions};
      f.slab(v, start, count, raw);
      std::vector<float> values(regions);
      for (std::size_t r = 0; r < regions; ++r) {
        const bool missing = std::isnan(raw[r]) || (fill && raw[r] == *fill);
        values[r] = missing ? kMissingValue : static_cast<float>(convert(raw[r]));
        if (!missing) sum[r] += double{values[r]}, ++known[r];
      }
      if (coverage && coverage->dims == v.dims) {  // of the member that sees most: what one lacks is missing in its values
        f.slab(*coverage, start, count, seen);
        if (m == 0) std::fill(p.coverage.begin(), p.coverage.end(), 0.0F);
        for (std::size_t r = 0; r < regions; ++r)
          if (seen[r] > double{p.coverage[r]}) p.coverage[r] = static_cast<float>(std::min(seen[r], 1.0));
      }
      if (!places.empty()) values = in_order(values, places, kMissingValue);
      if (has_members) p.members.push_back(std::move(values));
      else p.values = std::move(values);
    }
    if (has_members) {
      for (std::size_t r = 0; r < regions; ++r) p.values[r] = known[r] > 0 ? static_cast<float>(sum[r] / known[r]) : kMissingValue;
      if (!places.empty()) p.values = in_order(p.values, places, kMissingValue);
    }
    if (!places.empty()) p.coverage = in_order(p.coverage, places, 0.0F);
    s.pieces.push_back(std::move(p));
  }
}

}  // namespace

RegionSeriesFile read_region_series(const std::string& path, const SeriesRequest& request) {
  const std::lock_guard lock(hdf5_mutex());
  const NetcdfFile f(path);
  RegionSeriesFile file;
  file.path = path;
  file.codes = f.strings(series_variable(f, "code"));
  file.reference = point_of(f.all(series_variable(f, "forecast_reference_time")).at(0));
  if (file.codes.empty()) throw Error(path, "holds no region", kSeriesRemedy);
  Places places;
  if (!request.regions.empty()) {
    std::unordered_map<std::string, std::ptrdiff_t> number;
    for (std::size_t k = 0; k < file.codes.size(); ++k) number.emplace(file.codes[k], static_cast<std::ptrdiff_t>(k));
    for (const std::string& code : request.regions) {
      const auto found = number.find(code);
      places.push_back(found == number.end() ? -1 : found->second);
      file.absent += found == number.end() ? 1 : 0;
    }
  }
  const auto wanted = [&](const HazardSeries& s) -> std::optional<Interval> {
    std::optional<Interval> time;
    if (request.series.empty()) return Interval{TimePoint::min(), TimePoint::max()};
    for (const SeriesRequest::Wanted& w : request.series) {
      if (w.quantity != s.quantity.name || (!w.statistic.empty() && w.statistic != s.statistic)) continue;
      time = time ? Interval{std::min(time->begin, w.time.begin), std::max(time->end, w.time.end)} : w.time;
    }
    return time;
  };
  // The variable of each series that is nearest to where people live, then what is wanted of it.
  struct Chosen {
    const Variable* variable;
    HazardSeries series;
    int rank;
  };
  std::vector<Chosen> chosen;
  for (const Variable& v : f.variables()) {
    const std::string name = f.text(v, "quantity");
    const Quantity* quantity = name.empty() ? nullptr : find_quantity(name);
    if (!quantity || (v.dims.size() != 2 && v.dims.size() != 3) || f.dim_size(v.dims.back()) != file.codes.size()) continue;
    HazardSeries s = head_of(f, v, *quantity);
    if (!wanted(s)) continue;
    const int rank = level_rank(f.text(v, "level"));
    const auto there =
        std::find_if(chosen.begin(), chosen.end(), [&](const Chosen& c) { return c.series.quantity == s.quantity && c.series.statistic == s.statistic; });
    if (there == chosen.end()) chosen.push_back({&v, std::move(s), rank});
    else if (rank < there->rank) *there = {&v, std::move(s), rank};
  }
  for (Chosen& c : chosen) {
    read_steps(f, *c.variable, request, *wanted(c.series), places, c.series);
    file.series.push_back(std::move(c.series));
  }
  return file;
}

}  // namespace guyu
