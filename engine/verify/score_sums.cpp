#include "engine/verify/score_sums.h"

#include <cassert>
#include <functional>

#include "engine/core/error.h"
#include "engine/verify/brier.h"
#include "engine/verify/roc.h"

namespace guyu {
namespace {

template <typename T>
void merge(std::vector<T>& into, const std::vector<T>& from) {
  if (into.size() < from.size()) into.resize(from.size());
  for (std::size_t k = 0; k < from.size(); ++k) into[k] += from[k];
}

std::span<const float> cells(FieldView<const float> view) {
  assert(view.stride == view.nx);
  return {view.data, static_cast<std::size_t>(view.ny * view.nx)};
}

// One walk over all scores, so that names and values cannot part.
using Visit = std::function<void(ScoreName name, const std::function<double(const ScoreSums&)>& value)>;

void visit_amounts(const Visit& visit) {
  const auto amount = [&](const char* name, double Agreement::*part) { visit({name, {}, {}}, [part](const ScoreSums& s) { return s.amount.result().*part; }); };
  amount("mae", &Agreement::mean_absolute_error);
  amount("rmse", &Agreement::root_mean_square_error);
  amount("mean_error", &Agreement::mean_error);
  amount("multiplicative_bias", &Agreement::multiplicative_bias);
  amount("correlation", &Agreement::correlation);
  visit({"mae_wet", {}, {}}, [](const ScoreSums& s) { return s.wet_amount.result().mean_absolute_error; });
}

void visit_sal(const Visit& visit) {
  const auto part = [&](const char* name, double Sal::*which, bool absolute) {
    visit({name, {}, {}}, [which, absolute](const ScoreSums& s) { return (absolute ? s.sal.absolute() : s.sal.mean()).*which; });
  };
  part("sal_structure", &Sal::structure, false);
  part("sal_amplitude", &Sal::amplitude, false);
  part("sal_location", &Sal::location, false);
  part("sal_structure_absolute", &Sal::structure, true);
  part("sal_amplitude_absolute", &Sal::amplitude, true);
}

void visit_table(const Visit& visit, std::size_t k, double threshold) {
  const auto score = [&](const char* name, double (Contingency::*which)() const) {
    visit({name, threshold, {}}, [k, which](const ScoreSums& s) { return (s.tables[k].*which)(); });
  };
  score("pod", &Contingency::detection);
  score("far", &Contingency::false_ratio);
  score("csi", &Contingency::success);
  score("ets", &Contingency::equitable);
  score("hss", &Contingency::heidke);
  score("frequency_bias", &Contingency::bias);
  score("sedi", &Contingency::extremal_dependency);
}

void visit_ensemble(const Visit& visit) {
  visit({"crps", {}, {}}, [](const ScoreSums& s) { return s.crps.score(); });
  visit({"crps_fair", {}, {}}, [](const ScoreSums& s) { return s.crps.fair(); });
  visit({"spread", {}, {}}, [](const ScoreSums& s) { return s.spread.spread(); });
  visit({"error_of_mean", {}, {}}, [](const ScoreSums& s) { return s.spread.error(); });
  visit({"spread_skill_ratio", {}, {}}, [](const ScoreSums& s) { return s.spread.ratio(); });
  visit({"rank_unevenness", {}, {}}, [](const ScoreSums& s) { return s.ranks.unevenness(); });
}

void visit_probabilities(const Visit& visit, std::size_t k, double threshold) {
  const auto part = [&](const char* name, double Brier::*which) {
    visit({name, threshold, {}}, [k, which](const ScoreSums& s) { return brier(s.probabilities[k]).*which; });
  };
  part("brier", &Brier::score);
  part("brier_reliability", &Brier::reliability);
  part("brier_resolution", &Brier::resolution);
  part("brier_uncertainty", &Brier::uncertainty);
  part("brier_skill", &Brier::skill);
  visit({"roc_area", threshold, {}}, [k](const ScoreSums& s) { return roc_area(s.probabilities[k]); });
}

void visit_scores(const ScoreSettings& settings, bool ensemble, const Visit& visit) {
  visit_amounts(visit);
  if (settings.gridded) visit_sal(visit);
  for (std::size_t k = 0; k < settings.thresholds.size(); ++k) {
    visit_table(visit, k, settings.thresholds[k]);
    if (!settings.gridded) continue;
    for (std::size_t n = 0; n < settings.scales.size(); ++n)
      visit({"fss", settings.thresholds[k], settings.scales[n]}, [k, n](const ScoreSums& s) { return s.fractions[k][n].score(); });
  }
  if (!ensemble) return;
  visit_ensemble(visit);
  for (std::size_t k = 0; k < settings.thresholds.size(); ++k) visit_probabilities(visit, k, settings.thresholds[k]);
}

}  // namespace

void ScoreSums::add(const ScoreSettings& settings, const std::vector<FieldView<const float>>& planes, FieldView<const float> observation, std::uint64_t salt) {
  assert(!planes.empty());
  if (members != 0 && members != planes.size())
    throw Error("", "has " + std::to_string(planes.size()) + " members where others have " + std::to_string(members), "verify ensembles of one size at a time");
  ScoreSums s;
  s.pairs_of_fields = 1, s.members = planes.size();
  std::vector<std::span<const float>> spans;
  for (const auto& p : planes) spans.push_back(cells(p));
  const std::span<const float> truth = cells(observation);

  std::vector<float> mean;
  FieldView<const float> single = planes.front();
  if (planes.size() > 1) {
    mean.resize(truth.size());
    ensemble_mean(spans, mean);
    single = {mean.data(), observation.ny, observation.nx, observation.nx};
    s.crps = guyu::crps(spans, truth);
    s.ranks = rank_histogram(spans, truth, salt);
    s.spread = spread_skill(spans, truth, settings.wet);
    for (const double t : settings.thresholds) s.probabilities.push_back(probability_table(spans, truth, t, settings.event));
  }
  s.amount.add(cells(single), truth);
  s.wet_amount.add_where_truth(cells(single), truth, settings.wet);
  if (settings.gridded) s.sal.add(guyu::sal(single, observation));
  for (const double t : settings.thresholds) {
    s.tables.push_back(contingency(cells(single), truth, t, settings.event));
    if (!settings.gridded || settings.scales.empty()) continue;
    const EventPairs events(single, observation, t);
    s.fractions.emplace_back();
    for (const int scale : settings.scales) s.fractions.back().push_back(fractions_skill(events, scale));
  }
  *this += s;
}

ScoreSums& ScoreSums::operator+=(const ScoreSums& o) {
  pairs_of_fields += o.pairs_of_fields;
  if (o.members != 0) members = o.members;
  amount += o.amount, wet_amount += o.wet_amount, sal += o.sal;
  merge(tables, o.tables);
  if (fractions.size() < o.fractions.size()) fractions.resize(o.fractions.size());
  for (std::size_t k = 0; k < o.fractions.size(); ++k) merge(fractions[k], o.fractions[k]);
  crps += o.crps, ranks += o.ranks, spread += o.spread;
  merge(probabilities, o.probabilities);
  return *this;
}

std::vector<ScoreName> score_names(const ScoreSettings& settings, bool ensemble) {
  std::vector<ScoreName> names;
  visit_scores(settings, ensemble, [&](ScoreName name, const auto&) { names.push_back(std::move(name)); });
  return names;
}

std::vector<double> score_values(const ScoreSettings& settings, bool ensemble, const ScoreSums& sums) {
  std::vector<double> values;
  visit_scores(settings, ensemble, [&](const ScoreName&, const auto& value) { values.push_back(value(sums)); });
  return values;
}

}  // namespace guyu
