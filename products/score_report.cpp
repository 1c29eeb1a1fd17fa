#include "products/score_report.h"

#include <fmt/format.h>

#include <cmath>
#include <span>

namespace guyu {
namespace {

struct Column {
  const char *score, *heading;
};
constexpr Column kAmounts[] = {
    {"mae", "MAE"},         {"rmse", "RMSE"},       {"mean_error", "mean error"}, {"multiplicative_bias", "bias"}, {"correlation", "correlation"},
    {"sal_structure", "S"}, {"sal_amplitude", "A"}, {"sal_location", "L"}};
constexpr Column kEnsemble[] = {
    {"crps", "CRPS"}, {"crps_fair", "fair CRPS"}, {"spread", "spread"}, {"error_of_mean", "error"}, {"spread_skill_ratio", "ratio"}};
constexpr Column kEvents[] = {{"pod", "POD"}, {"far", "FAR"}, {"csi", "CSI"}, {"ets", "ETS"}, {"hss", "HSS"}, {"frequency_bias", "bias"}, {"sedi", "SEDI"}};
constexpr Column kProbabilities[] = {
    {"brier", "Brier"}, {"brier_reliability", "reliability"}, {"brier_resolution", "resolution"}, {"brier_skill", "skill"}, {"roc_area", "ROC area"}};

std::string row(const ScoreReport& r, const LeadScores& l, const std::vector<std::size_t>& scores) {
  std::string text = fmt::format("  {:<9}", lead_text(l.lead));
  for (const std::size_t k : scores) text += fmt::format(" {:>11}", k < r.names.size() ? score_number(l.values[k]) : "-");
  return text + "\n";
}

// A table of scores by lead; those that the report does not have are left out.
std::string by_lead(const ScoreReport& r, std::span<const Column> columns, std::size_t threshold) {
  std::string head = fmt::format("  {:<9}", "lead");
  std::vector<std::size_t> scores;
  for (const Column& c : columns) {
    if (const std::size_t k = r.find(c.score, threshold); k < r.names.size()) {
      scores.push_back(k);
      head += fmt::format(" {:>11}", c.heading);
    }
  }
  std::string text = head + "\n";
  for (const LeadScores& l : r.leads) text += row(r, l, scores);
  return text;
}

std::string fractions_by_lead(const ScoreReport& r, std::size_t threshold) {
  std::string text = fmt::format("  {:<9}", "FSS");
  std::vector<std::size_t> scores;
  for (std::size_t s = 0; s < r.settings.scales.size(); ++s) {
    scores.push_back(r.find("fss", threshold, s));
    text += fmt::format(" {:>11}", fmt::format("{0}x{0}", r.settings.scales[s]));
  }
  text += "\n";
  for (const LeadScores& l : r.leads) text += row(r, l, scores);
  return text;
}

std::string warnings_table(const ScoreReport& r) {
  std::string text = fmt::format("  {:<8} {:>6} {:>6} {:>6} {:>6} {:>6} {:>9} {:>7} {:>7} {:>12}\n", "level", "hits", "late", "misses", "right", "false",
                                 "unjudged", "POD", "FAR", "median lead");
  for (const auto& [level, w] : r.warnings) {
    const std::string lead = w.lead_minutes.empty() ? "-" : fmt::format("{:g} min", w.median_lead());
    text += fmt::format("  {:<8} {:>6} {:>6} {:>6} {:>6} {:>6} {:>9} {:>7} {:>7} {:>12}\n", level, w.hits, w.late, w.misses, w.right, w.false_alarms,
                        w.unjudged, score_number(w.detection()), score_number(w.false_ratio()), lead);
  }
  return text;
}

}  // namespace

std::size_t ScoreReport::find(const std::string& name, std::size_t threshold, std::size_t scale) const {
  for (std::size_t k = 0; k < names.size(); ++k) {
    const ScoreName& n = names[k];
    if (n.name != name || n.threshold.has_value() != (threshold != npos) || n.scale.has_value() != (scale != npos)) continue;
    if (threshold != npos && n.threshold != settings.thresholds[threshold]) continue;
    if (scale != npos && n.scale != settings.scales[scale]) continue;
    return k;
  }
  return names.size();
}

std::string lead_text(Seconds lead) { return fmt::format("{:g} min", static_cast<double>(lead.count()) / 60); }

std::string score_number(double v) {
  if (std::isnan(v)) return "-";
  if (v != 0 && std::abs(v) < 0.0095) return fmt::format("{:.2g}", v);
  return std::abs(v) < 100 ? fmt::format("{:.3f}", v) : fmt::format("{:.1f}", v);
}

std::string score_text(const ScoreReport& r) {
  std::string text = r.from.title + "\n";
  for (const auto& [name, fact] : r.facts) text += fmt::format("  {:<14} {}\n", name, fact);
  if (!r.leads.empty()) text += "\n" + by_lead(r, kAmounts, ScoreReport::npos);
  if (r.ensemble()) text += "\n" + by_lead(r, kEnsemble, ScoreReport::npos);
  for (std::size_t t = 0; t < r.settings.thresholds.size() && !r.leads.empty(); ++t) {
    text += fmt::format("\n{} {:g} {}\n", r.settings.event == EventRule::at_least ? "at least" : "above", r.settings.thresholds[t], r.unit) +
            by_lead(r, kEvents, t);
    if (r.settings.gridded && !r.settings.scales.empty()) text += fractions_by_lead(r, t);
    if (r.ensemble()) text += by_lead(r, kProbabilities, t);
  }
  if (!r.warnings.empty()) text += "\n" + warnings_table(r);
  return text;
}

}  // namespace guyu
