#include <netcdf.h>

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <map>
#include <string>

#include "products/cf_names.h"
#include "products/netcdf_output.h"
#include "products/region_files.h"

namespace guyu {
namespace {

const std::array<std::string, 4> kLevelNames{"blue", "yellow", "orange", "red"};
constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// Rows of one hazard by region; a region without a row is Unknown.
std::map<std::string, std::vector<const RiskRow*>> by_hazard(const RiskTable& risk, std::size_t regions) {
  std::map<std::string, std::vector<const RiskRow*>> hazards;
  for (const RiskRow& row : risk.rows) {
    auto& rows = hazards[row.hazard];
    rows.resize(regions, nullptr);
    rows.at(row.region) = &row;
  }
  return hazards;
}

class RegionOutput {
 public:
  RegionOutput(const std::string& path, const RegionSet& regions, const Provenance& provenance)
      : nc_(path, provenance), regions_(regions), issue_(provenance.issue) {
    region_ = nc_.dimension("region", regions.regions.size());
    bounds_ = nc_.dimension("bounds", 2);
    reference_ = nc_.time_variable("forecast_reference_time", {}, "forecast_reference_time");
    for (const char* name : {"code", "name", "parent"}) names_.push_back(nc_.variable(name, NC_STRING, {region_}));
    nc_.text(names_[0], "cf_role", "timeseries_id");
  }

  void define(const RegionColumn& c) {
    const std::vector<std::size_t> chunk{std::max<std::size_t>(1, regions_.regions.size())};
    ColumnIds ids;
    ids.value = nc_.field(c.name, {region_}, chunk, 1);
    nc_.text(ids.value, "long_name", c.long_name);
    nc_.text(ids.value, "units", c.quantity.unit);
    nc_.text(ids.value, "quantity", c.quantity.name);
    nc_.text(ids.value, "standard_name", cf_standard_name(c.quantity));
    nc_.text(ids.value, "statistic", c.statistic);
    nc_.text(ids.value, "cell_methods", cf_area_method(c.statistic) + c.name + "_time: " + cf_method(c.kind));
    nc_.text(ids.value, "coordinates", "code name " + c.name + "_time");
    nc_.text(ids.value, "ancillary_variables", c.name + "_coverage");
    ids.coverage = nc_.field(c.name + "_coverage", {region_}, chunk, 1);
    nc_.text(ids.coverage, "long_name", "valid share of area and time of " + c.name);
    nc_.text(ids.coverage, "units", "1");
    ids.time = nc_.time_variable(c.name + "_time", {}, "time");
    if (c.kind != TimeKind::instant) {
      nc_.text(ids.time, "bounds", c.name + "_time_bounds");
      ids.bounds = nc_.variable(c.name + "_time_bounds", NC_DOUBLE, {bounds_});
    }
    columns_.push_back(ids);
  }

  void define(const std::string& hazard, const std::vector<const RiskRow*>& rows) {
    const std::string unit_of_figures = common_unit(rows);
    HazardIds ids;
    const auto named = [&](const char* what, const char* long_name, const char* unit) {
      const int v = nc_.field(hazard + "_" + what, {region_}, {std::max<std::size_t>(1, regions_.regions.size())}, 1);
      nc_.text(v, "long_name", hazard + ": " + long_name);
      if (*unit) nc_.text(v, "units", unit);
      return v;
    };
    ids.level = nc_.variable(hazard + "_level", NC_BYTE, {region_});
    nc_.text(ids.level, "long_name", hazard + ": warning level; unknown means that the data do not allow an answer");
    const signed char values[6] = {-1, 0, 1, 2, 3, 4};
    nc_.check(nc_put_att_schar(nc_.id(), ids.level, "flag_values", NC_BYTE, 6, values));
    nc_.text(ids.level, "flag_meanings", "unknown none blue yellow orange red");
    ids.rule = nc_.variable(hazard + "_rule", NC_STRING, {region_});
    // A hazard of several quantities has a unit by region.
    ids.unit = nc_.variable(hazard + "_unit", NC_STRING, {region_});
    nc_.text(ids.unit, "long_name", hazard + ": unit of the observed and the forecast part and of the threshold");
    ids.observed = named("observed", "observed part of the deciding window", unit_of_figures.c_str());
    ids.forecast = named("forecast", "extrapolated and forecast part of the deciding window", unit_of_figures.c_str());
    ids.threshold = named("threshold", "threshold of the deciding rule", unit_of_figures.c_str());
    ids.coverage = named("coverage", "known share of the deciding window's area and time", "1");
    ids.unknown = named("unknown_share", "share of the possible futures that cannot tell", "1");
    for (std::size_t l = 0; l < ids.probability.size(); ++l)
      ids.probability[l] = named(("probability_" + kLevelNames[l]).c_str(), ("probability of at least " + kLevelNames[l]).c_str(), "1");
    if (std::any_of(rows.begin(), rows.end(), [](const RiskRow* r) { return r && r->member_share; }))
      for (std::size_t l = 0; l < ids.probability.size(); ++l)
        ids.share.push_back(named(("member_share_" + kLevelNames[l]).c_str(),
                                  ("share of the members that reach at least " + kLevelNames[l] + ", before calibration").c_str(), "1"));
    ids.data_age = named("data_age", "age of the newest observation at issue time", "s");
    ids.reached = nc_.variable(hazard + "_already_reached", NC_BYTE, {region_});
    nc_.text(ids.reached, "long_name", hazard + ": the threshold is reached by observed rain alone");
    const signed char answers[2] = {0, 1};
    nc_.check(nc_put_att_schar(nc_.id(), ids.reached, "flag_values", NC_BYTE, 2, answers));
    nc_.text(ids.reached, "flag_meanings", "no yes");
    ids.window = times(hazard + "_window", hazard + ": begin and end of the deciding window");
    ids.valid = times(hazard + "_valid", hazard + ": begin and end of the time that the level speaks of");
    hazards_[hazard] = ids;
  }

  void write_names() {
    nc_.end_definitions();
    const double issued = netcdf_time(issue_);
    nc_.check(nc_put_var_double(nc_.id(), reference_, &issued));
    strings(names_[0], [&](std::size_t r) { return regions_.regions[r].code.c_str(); });
    strings(names_[1], [&](std::size_t r) { return regions_.regions[r].name.c_str(); });
    strings(names_[2], [&](std::size_t r) { return regions_.regions[r].parent.c_str(); });
  }

  void write(std::size_t k, const RegionColumn& c) {
    if (!c.values.empty()) {
      nc_.check(nc_put_var_float(nc_.id(), columns_[k].value, c.values.data()));
      nc_.check(nc_put_var_float(nc_.id(), columns_[k].coverage, c.coverage.data()));
    }
    const double limits[2] = {netcdf_time(c.valid.begin), netcdf_time(c.valid.end)};
    nc_.check(nc_put_var_double(nc_.id(), columns_[k].time, &limits[1]));
    if (columns_[k].bounds >= 0) nc_.check(nc_put_var_double(nc_.id(), columns_[k].bounds, limits));
  }

  void write(const std::string& hazard, const std::vector<const RiskRow*>& rows) {
    const HazardIds& ids = hazards_.at(hazard);
    const auto floats = [&](int variable, auto value) {
      std::vector<float> all;
      for (const RiskRow* r : rows) all.push_back(static_cast<float>(r ? value(*r) : kMissing));
      nc_.check(nc_put_var_float(nc_.id(), variable, all.data()));
    };
    // Without a deciding rule the amounts are unknown, which is not zero.
    const auto evidence = [&](int variable, double Evidence::*value) {
      floats(variable, [&](const RiskRow& r) { return r.evidence.rule.empty() ? kMissing : r.evidence.*value; });
    };
    std::vector<signed char> levels, reached;
    for (const RiskRow* r : rows) {
      levels.push_back(static_cast<signed char>(r ? r->level : Level::unknown));
      reached.push_back(r && r->evidence.already_reached ? 1 : 0);
    }
    nc_.check(nc_put_var_schar(nc_.id(), ids.level, levels.data()));
    nc_.check(nc_put_var_schar(nc_.id(), ids.reached, reached.data()));
    intervals(ids.window, rows, [](const RiskRow& r) { return r.evidence.rule.empty() ? nullptr : &r.evidence.window; });
    intervals(ids.valid, rows, [](const RiskRow& r) { return &r.valid; });
    strings(ids.unit, [&](std::size_t r) { return rows[r] ? rows[r]->evidence.unit.c_str() : ""; });
    strings(ids.rule, [&](std::size_t r) { return rows[r] ? rows[r]->evidence.rule.c_str() : ""; });
    evidence(ids.observed, &Evidence::observed);
    evidence(ids.forecast, &Evidence::forecast);
    evidence(ids.threshold, &Evidence::threshold);
    evidence(ids.coverage, &Evidence::coverage);
    floats(ids.unknown, [](const RiskRow& r) { return double{r.unknown_share}; });
    for (std::size_t l = 0; l < ids.probability.size(); ++l)
      floats(ids.probability[l], [&](const RiskRow& r) { return r.unknown_share < 1 ? double{r.probability[l]} : kMissing; });
    for (std::size_t l = 0; l < ids.share.size(); ++l)
      floats(ids.share[l], [&](const RiskRow& r) { return r.member_share ? double{(*r.member_share)[l]} : kMissing; });
    floats(ids.data_age, [](const RiskRow& r) { return r.evidence.data_age == Seconds::max() ? kMissing : static_cast<double>(r.evidence.data_age.count()); });
  }

  void close() { nc_.close(); }

 private:
  struct ColumnIds {
    int value = 0, coverage = 0, time = 0, bounds = -1;
  };
  struct HazardIds {
    int level = 0, rule = 0, unit = 0, observed = 0, forecast = 0, threshold = 0, coverage = 0, data_age = 0, reached = 0, window = 0, valid = 0, unknown = 0;
    std::array<int, 4> probability{};
    std::vector<int> share;  // empty: not calibrated
  };
  // Begin and end per region.
  int times(const std::string& name, const std::string& long_name) {
    const int v = nc_.time_variable(name, {region_, bounds_}, "");
    nc_.text(v, "long_name", long_name);
    nc_.number(v, "_FillValue", kMissing);
    return v;
  }
  template <typename IntervalOf>  // const Interval* of a row; nullptr: unknown
  void intervals(int variable, const std::vector<const RiskRow*>& rows, const IntervalOf& interval_of) {
    std::vector<double> all;
    for (const RiskRow* r : rows) {
      const Interval* i = r ? interval_of(*r) : nullptr;
      all.push_back(i ? netcdf_time(i->begin) : kMissing);
      all.push_back(i ? netcdf_time(i->end) : kMissing);
    }
    nc_.check(nc_put_var_double(nc_.id(), variable, all.data()));
  }
  void strings(int variable, const std::function<const char*(std::size_t)>& text) {
    std::vector<const char*> all;
    for (std::size_t r = 0; r < regions_.regions.size(); ++r) all.push_back(text(r));
    nc_.check(nc_put_var_string(nc_.id(), variable, all.data()));
  }

  NetcdfOutput nc_;
  const RegionSet& regions_;
  TimePoint issue_;
  int region_ = 0, bounds_ = 0, reference_ = 0;
  std::vector<int> names_;
  std::vector<ColumnIds> columns_;
  std::map<std::string, HazardIds> hazards_;
};

}  // namespace

void write_region_netcdf(const std::string& path, const RegionSet& regions, const RegionTable& table, const RiskTable& risk, const Provenance& provenance) {
  RegionOutput out(path, regions, provenance);
  const auto hazards = by_hazard(risk, regions.regions.size());
  for (const RegionColumn& c : table.columns) out.define(c);
  for (const auto& [hazard, rows] : hazards) out.define(hazard, rows);
  out.write_names();
  for (std::size_t k = 0; k < table.columns.size(); ++k) out.write(k, table.columns[k]);
  for (const auto& [hazard, rows] : hazards) out.write(hazard, rows);
  out.close();
}

}  // namespace guyu
