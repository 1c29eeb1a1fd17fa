#include "cli/forecast/earlier_runs.h"

#include <algorithm>
#include <functional>
#include <set>

namespace guyu::cli {

std::vector<TimePoint> runs_before(const FieldStore& store, TimePoint before, std::size_t most) {
  std::set<TimePoint, std::greater<>> all;
  for (const ForecastEntry& e : store.entries())
    if (e.meta.reference < before) all.insert(e.meta.reference);
  std::vector<TimePoint> newest;
  for (const TimePoint t : all)
    if (newest.size() < most) newest.push_back(t);
  return newest;
}

ForecastSelection select_run(const FieldStore& store, ForecastRequest request, TimePoint reference, TimePoint arrived_by) {
  // All entries stay, so that a step's entries are places in the store; those of other runs have not arrived.
  std::vector<ForecastEntry> entries = store.entries();
  for (ForecastEntry& e : entries) e.arrival = e.meta.reference == reference && e.arrival <= arrived_by ? TimePoint{} : TimePoint::max();
  request.as_of = reference;
  return select_forecast(entries, request);
}

namespace {

// Columns of an earlier run on their way to the steps of the newest.
class EarlierRun final : public SeriesSink {
 public:
  EarlierRun(const SeriesLayout& own, const std::vector<std::size_t>& of_newest, const SeriesLayout& newest, TimePoint run, CalibratingSink& calibrate)
      : own_(own), of_newest_(of_newest), newest_(newest), run_(run), calibrate_(calibrate) {}
  void put(std::size_t series, std::size_t, std::size_t step, std::span<const float> values, std::span<const float>) override {
    const std::vector<Interval>& times = newest_.series[of_newest_[series]].times;
    const auto same = std::find(times.begin(), times.end(), own_.series[series].times[step]);
    if (same != times.end()) calibrate_.put_earlier(of_newest_[series], static_cast<std::size_t>(same - times.begin()), run_, values);
  }

 private:
  const SeriesLayout& own_;
  const std::vector<std::size_t>& of_newest_;
  const SeriesLayout& newest_;
  TimePoint run_;
  CalibratingSink& calibrate_;
};

}  // namespace

void add_earlier_runs(FieldStore& store, const ForecastRequest& request, const SeriesLayout& layout, TimePoint newest, TimePoint arrived_by,
                      TownshipDownscaler& downscale, std::size_t regions, CalibratingSink& calibrate, std::vector<std::string>& problems) {
  std::map<int, std::vector<std::size_t>> wanted;  // variables by the number of runs that they ask for
  for (std::size_t v = 0; v < request.variables.size(); ++v)
    if (layout.of_variable[v] >= 0)
      if (const int runs = calibrate.runs(static_cast<std::size_t>(layout.of_variable[v])); runs > 1) wanted[runs].push_back(v);
  for (const auto& [runs, variables] : wanted) {
    ForecastRequest part = request;
    part.variables.clear();
    for (const std::size_t v : variables) part.variables.push_back(request.variables[v]);
    for (const TimePoint run : runs_before(store, newest, static_cast<std::size_t>(runs - 1))) {
      const ForecastSelection selection = select_run(store, part, run, arrived_by);
      if (selection.steps.empty()) continue;
      const SeriesLayout own = series_layout(part, selection, store.entries());
      std::vector<std::size_t> of_newest(own.series.size());
      for (std::size_t k = 0; k < variables.size(); ++k)
        if (own.of_variable[k] >= 0) of_newest[static_cast<std::size_t>(own.of_variable[k])] = static_cast<std::size_t>(layout.of_variable[variables[k]]);
      EarlierRun sink(own, of_newest, layout, run, calibrate);
      fill_series(store, part, selection, own, downscale, regions, {&sink}, problems);
    }
  }
}

}  // namespace guyu::cli
