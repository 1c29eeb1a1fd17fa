#include <netcdf.h>

#include <limits>
#include <map>
#include <set>

#include "products/netcdf_output.h"
#include "products/score_report.h"

namespace guyu {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// Whether a score carries the quantity's unit; the others are pure numbers.
bool is_amount(const std::string& score) {
  static const std::set<std::string> amounts{"mae", "rmse", "mean_error", "mae_wet", "crps", "crps_fair", "spread", "error_of_mean"};
  return amounts.count(score) == 1;
}

// One variable of a score: lead, then threshold and scale where it has them.
struct Shape {
  bool thresholds = false, scales = false;
};

class ScoreOutput {
 public:
  ScoreOutput(const std::string& path, const ScoreReport& report) : nc_(path, report.from), r_(report) { define(); }

  void write() {
    nc_.end_definitions();
    write_warnings();
    if (r_.leads.empty()) {
      nc_.close();
      return;
    }
    std::vector<double> leads, thresholds(r_.settings.thresholds), scales(r_.settings.scales.begin(), r_.settings.scales.end());
    for (const LeadScores& l : r_.leads) leads.push_back(static_cast<double>(l.lead.count()));
    put(lead_variable_, leads), put(threshold_variable_, thresholds);
    if (scale_variable_ >= 0) put(scale_variable_, scales);
    for (const auto& [name, shape] : shapes_) {
      put(value_.at(name), column(name, shape, [](const LeadScores& l, std::size_t k) { return l.values[k]; }));
      put(low_.at(name), column(name, shape, [](const LeadScores& l, std::size_t k) { return l.bounds[k].low; }));
      put(high_.at(name), column(name, shape, [](const LeadScores& l, std::size_t k) { return l.bounds[k].high; }));
    }
    std::vector<double> pairs, unjudged;
    for (const LeadScores& l : r_.leads) {
      pairs.push_back(static_cast<double>(l.sums.amount.result().pairs));
      unjudged.push_back(static_cast<double>(l.sums.amount.result().unjudged));
    }
    put(pairs_, pairs), put(unjudged_, unjudged);
    for (const auto& [id, part] : counts_) {
      std::vector<double> all;
      for (const LeadScores& l : r_.leads)
        for (const Contingency& c : l.sums.tables) all.push_back(static_cast<double>(c.*part));
      put(id, all);
    }
    if (ranks_ >= 0) {
      std::vector<double> all;
      for (const LeadScores& l : r_.leads) all.insert(all.end(), l.sums.ranks.counts.begin(), l.sums.ranks.counts.end());
      put(ranks_, all);
    }
    nc_.close();
  }

 private:
  // A dimension of size 0 would be an unlimited one, so what is not there has none.
  void define() {
    if (!r_.warnings.empty()) define_warnings();
    if (r_.leads.empty()) return;
    lead_ = nc_.dimension("lead", r_.leads.size());
    threshold_ = nc_.dimension("threshold", r_.settings.thresholds.size());
    lead_variable_ = number("lead", {lead_}, "s", "time from issue to validity");
    nc_.text(lead_variable_, "standard_name", "forecast_period");
    threshold_variable_ = number("threshold", {threshold_}, r_.unit, "an event is a value of at least this");
    if (r_.settings.event == EventRule::above) nc_.text(threshold_variable_, "comment", "in the contingency and probability tables: above this");
    if (!r_.settings.scales.empty()) {
      scale_ = nc_.dimension("scale", r_.settings.scales.size());
      scale_variable_ = number("scale", {scale_}, "1", "side of the square of cells");
    }
    for (const ScoreName& n : r_.names) shapes_[n.name] = {n.threshold.has_value(), n.scale.has_value()};
    for (const auto& [name, shape] : shapes_) {
      std::vector<int> dims{lead_};
      if (shape.thresholds) dims.push_back(threshold_);
      if (shape.scales) dims.push_back(scale_);
      const std::string unit = is_amount(name) ? r_.unit : "1";
      value_[name] = number(name, dims, unit, "");
      nc_.text(value_[name], "ancillary_variables", name + "_low " + name + "_high");
      low_[name] = number(name + "_low", dims, unit, "lower confidence bound of " + name);
      high_[name] = number(name + "_high", dims, unit, "upper confidence bound of " + name);
      nc_.number(low_[name], "confidence", r_.confidence), nc_.number(high_[name], "confidence", r_.confidence);
    }
    pairs_ = number("pairs", {lead_}, "1", "pairs of forecast and observation that are both known");
    unjudged_ = number("unjudged", {lead_}, "1", "pairs of which one is missing");
    for (const auto& [name, part] : std::map<std::string, std::size_t Contingency::*>{{"hits", &Contingency::hits},
                                                                                      {"misses", &Contingency::misses},
                                                                                      {"false_alarms", &Contingency::false_alarms},
                                                                                      {"correct_negatives", &Contingency::correct_negatives}})
      counts_.emplace_back(number(name, {lead_, threshold_}, "1", name + " of the contingency table"), part);
    if (r_.ensemble()) ranks_ = number("rank_histogram", {lead_, nc_.dimension("rank", r_.members + 1)}, "1", "observations by their rank among the members");
  }

  void define_warnings() {
    const int level = nc_.dimension("level", r_.warnings.size());
    level_variable_ = nc_.variable("level", NC_STRING, {level});
    nc_.text(level_variable_, "long_name", "warnings of this level and severer");
    const auto add = [&](const char* name, const char* unit, const char* long_name, double (*value)(const WarningScore&)) {
      warning_parts_.emplace_back(number(std::string("warning_") + name, {level}, unit, long_name), value);
    };
    add("hits", "1", "spells at the threshold that were warned of", [](const WarningScore& w) { return static_cast<double>(w.hits); });
    add("late", "1", "hits whose first warning was issued when the threshold was reached already",
        [](const WarningScore& w) { return static_cast<double>(w.late); });
    add("misses", "1", "spells at the threshold that were not warned of", [](const WarningScore& w) { return static_cast<double>(w.misses); });
    add("right", "1", "warnings in whose window the threshold was reached", [](const WarningScore& w) { return static_cast<double>(w.right); });
    add("false_alarms", "1", "warnings in whose window it was not", [](const WarningScore& w) { return static_cast<double>(w.false_alarms); });
    add("unjudged", "1", "warnings whose window was not observed throughout", [](const WarningScore& w) { return static_cast<double>(w.unjudged); });
    add("median_lead", "min", "median time from the first warning's issue until the threshold was reached",
        [](const WarningScore& w) { return w.median_lead(); });
  }
  void write_warnings() {
    if (r_.warnings.empty()) return;
    std::vector<const char*> levels;
    for (const WarningLevelScore& w : r_.warnings) levels.push_back(w.level.c_str());
    nc_.check(nc_put_var_string(nc_.id(), level_variable_, levels.data()));
    for (const auto& [id, value] : warning_parts_) {
      std::vector<double> all;
      for (const WarningLevelScore& w : r_.warnings) all.push_back(value(w.score));
      put(id, all);
    }
  }

  int number(const std::string& name, const std::vector<int>& dims, const std::string& unit, const std::string& long_name) {
    const int v = nc_.variable(name, NC_DOUBLE, dims);
    nc_.text(v, "units", unit);
    nc_.text(v, "long_name", long_name);
    return v;
  }
  void put(int variable, const std::vector<double>& values) {
    if (!values.empty()) nc_.check(nc_put_var_double(nc_.id(), variable, values.data()));
  }
  template <typename Of>
  std::vector<double> column(const std::string& name, const Shape& shape, const Of& of) const {
    const std::size_t thresholds = shape.thresholds ? r_.settings.thresholds.size() : 1, scales = shape.scales ? r_.settings.scales.size() : 1;
    std::vector<double> all;
    for (const LeadScores& l : r_.leads)
      for (std::size_t t = 0; t < thresholds; ++t)
        for (std::size_t s = 0; s < scales; ++s) {
          const std::size_t k = r_.find(name, shape.thresholds ? t : ScoreReport::npos, shape.scales ? s : ScoreReport::npos);
          all.push_back(k < r_.names.size() ? of(l, k) : kMissing);
        }
    return all;
  }

  NetcdfOutput nc_;
  const ScoreReport& r_;
  int lead_ = 0, threshold_ = 0, scale_ = 0, lead_variable_ = 0, threshold_variable_ = 0, scale_variable_ = -1, pairs_ = 0, unjudged_ = 0, ranks_ = -1;
  int level_variable_ = -1;
  std::vector<std::pair<int, double (*)(const WarningScore&)>> warning_parts_;
  std::map<std::string, Shape> shapes_;
  std::map<std::string, int> value_, low_, high_;
  std::vector<std::pair<int, std::size_t Contingency::*>> counts_;
};

}  // namespace

void write_score_netcdf(const std::string& path, const ScoreReport& report) { ScoreOutput(path, report).write(); }

}  // namespace guyu
