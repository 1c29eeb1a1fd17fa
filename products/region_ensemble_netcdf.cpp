#include "products/region_ensemble_netcdf.h"

#include <netcdf.h>

#include <numeric>

#include "engine/core/quantity.h"
#include "products/cf_names.h"
#include "products/netcdf_output.h"

namespace guyu {

void write_region_ensemble_netcdf(const std::string& path, const RegionSet& regions, const RegionEnsemble& ensemble,
                                  const std::vector<RegionProbability>& windows, const Provenance& provenance) {
  NetcdfOutput nc(path, provenance);
  const std::size_t n = regions.regions.size(), members = static_cast<std::size_t>(ensemble.members()), steps = static_cast<std::size_t>(ensemble.steps()) + 1;
  const std::vector<float> thresholds = windows.empty() ? std::vector<float>{} : windows.front().thresholds;
  const std::vector<float> quantiles = windows.empty() ? std::vector<float>{} : windows.front().quantiles;

  const int region = nc.dimension("region", n), member = nc.dimension("member", members), time = nc.dimension("time", steps);
  const int code = nc.variable("code", NC_STRING, {region}), name = nc.variable("name", NC_STRING, {region});
  nc.text(code, "cf_role", "timeseries_id");
  const int member_number = nc.variable("member", NC_INT, {member});
  nc.text(member_number, "standard_name", "realization");
  nc.text(member_number, "units", "1");
  const int times = nc.time_variable("time", {time}, "time"), reference = nc.time_variable("forecast_reference_time", {}, "forecast_reference_time");
  const int rate = nc.field("rainfall_rate", {member, time, region}, {1, steps, n}, 1);
  nc.text(rate, "long_name", "rain rate, mean over the known part of the area");
  nc.text(rate, "standard_name", cf_standard_name(quantities::rainfall_rate()));
  nc.text(rate, "units", quantities::rainfall_rate().unit);
  nc.text(rate, "cell_methods", "area: mean time: point");
  nc.text(rate, "ancillary_variables", "rainfall_rate_coverage");
  const int covered = nc.field("rainfall_rate_coverage", {member, time, region}, {1, steps, n}, 1);
  nc.text(covered, "long_name", "known share of the area");
  nc.text(covered, "units", "1");

  int window_length = 0, threshold_value = 0, quantile_value = 0, probability = 0, amount = 0, coverage = 0;
  if (!windows.empty()) {
    const int window = nc.dimension("window", windows.size()), threshold = nc.dimension("threshold", thresholds.size()),
              quantile = nc.dimension("quantile", quantiles.size());
    const auto coordinate = [&](const char* label, int dimension, const char* long_name, const char* unit) {
      const int v = nc.variable(label, NC_FLOAT, {dimension});
      nc.text(v, "long_name", long_name);
      nc.text(v, "units", unit);
      return v;
    };
    window_length = coordinate("window", window, "length of the window", "s");
    threshold_value = coordinate("threshold", threshold, "amount that is reached or passed", "mm");
    quantile_value = coordinate("quantile", quantile, "quantile of the members", "1");
    probability = nc.field("probability", {window, threshold, region}, {1, thresholds.size(), n}, 1);
    nc.text(probability, "long_name", "probability that the amount is reached within some window of this length");
    nc.text(probability, "units", "1");
    amount = nc.field("largest_amount", {window, quantile, region}, {1, quantiles.size(), n}, 1);
    nc.text(amount, "long_name", "largest amount over a window of this length, quantiles of the members");
    nc.text(amount, "units", "mm");
    coverage = nc.field("coverage", {window, region}, {1, n}, 1);
    nc.text(coverage, "long_name", "known share of area and time of the least known window, mean over the members");
    nc.text(coverage, "units", "1");
  }
  nc.end_definitions();

  std::vector<const char*> codes, names;
  for (const Region& r : regions.regions) {
    codes.push_back(r.code.c_str());
    names.push_back(r.name.c_str());
  }
  nc.check(nc_put_var_string(nc.id(), code, codes.data()));
  nc.check(nc_put_var_string(nc.id(), name, names.data()));
  std::vector<int> numbers(members);
  std::iota(numbers.begin(), numbers.end(), 0);
  nc.check(nc_put_var_int(nc.id(), member_number, numbers.data()));
  std::vector<double> at;
  for (std::size_t s = 0; s < steps; ++s) at.push_back(netcdf_time(provenance.issue + static_cast<int>(s) * ensemble.step()));
  nc.check(nc_put_var_double(nc.id(), times, at.data()));
  nc.check(nc_put_var_double(nc.id(), reference, at.data()));
  for (std::size_t m = 0; m < members; ++m) {
    for (std::size_t s = 0; s < steps; ++s) {
      const std::size_t start[3] = {m, s, 0}, count[3] = {1, 1, n};
      nc.check(nc_put_vara_float(nc.id(), rate, start, count, ensemble.rates(static_cast<int>(m), static_cast<int>(s)).data()));
      nc.check(nc_put_vara_float(nc.id(), covered, start, count, ensemble.coverages(static_cast<int>(m), static_cast<int>(s)).data()));
    }
  }
  if (!windows.empty()) {
    nc.check(nc_put_var_float(nc.id(), threshold_value, thresholds.data()));
    nc.check(nc_put_var_float(nc.id(), quantile_value, quantiles.data()));
  }
  for (std::size_t w = 0; w < windows.size(); ++w) {
    const auto length = static_cast<float>(windows[w].window.count());
    nc.check(nc_put_var1_float(nc.id(), window_length, &w, &length));
    const auto put = [&](int variable, std::size_t k, const std::vector<float>& values) {
      const std::size_t start[3] = {w, k, 0}, count[3] = {1, 1, n};
      nc.check(nc_put_vara_float(nc.id(), variable, start, count, values.data()));
    };
    for (std::size_t k = 0; k < thresholds.size(); ++k) put(probability, k, windows[w].probability[k]);
    for (std::size_t k = 0; k < quantiles.size(); ++k) put(amount, k, windows[w].amount[k]);
    const std::size_t start[2] = {w, 0}, count[2] = {1, n};
    nc.check(nc_put_vara_float(nc.id(), coverage, start, count, windows[w].coverage.data()));
  }
  nc.close();
}

}  // namespace guyu
