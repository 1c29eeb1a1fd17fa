#include "products/score_report.h"

#include <fmt/format.h>

#include <cmath>

namespace guyu {
namespace {

constexpr const char* kAmounts[] = {"mae", "rmse", "mean_error", "multiplicative_bias", "correlation", "sal_structure", "sal_amplitude", "sal_location"};
constexpr const char* kEnsemble[] = {"crps", "crps_fair", "spread", "error_of_mean", "spread_skill_ratio"};
constexpr const char* kEvents[] = {"pod", "far", "csi", "ets", "hss", "frequency_bias", "sedi"};
constexpr const char* kProbabilities[] = {"brier", "brier_reliability", "brier_resolution", "brier_skill", "roc_area"};

// A table of the scores `names` by lead; without such scores nothing.
template <typename Names>
std::string by_lead(const ScoreReport& r, const Names& names, std::size_t threshold) {
  std::string head = fmt::format("  {:>9}", "lead"), rows;
  for (const char* name : names)
    if (r.find(name, threshold) < r.names.size()) head += fmt::format(" {:>20}", name);
  for (const LeadScores& l : r.leads) {
    rows += fmt::format("  {:>9}", lead_text(l.lead));
    for (const char* name : names) {
      const std::size_t k = r.find(name, threshold);
      if (k == r.names.size()) continue;
      const std::string bounds = std::isnan(l.bounds[k].low) ? "" : fmt::format(" [{},{}]", score_number(l.bounds[k].low), score_number(l.bounds[k].high));
      rows += fmt::format(" {:>20}", score_number(l.values[k]) + bounds);
    }
    rows += "\n";
  }
  return head.size() > 12 ? head + "\n" + rows : "";
}

std::string fractions_by_lead(const ScoreReport& r, std::size_t threshold) {
  std::string head = fmt::format("  {:>9}", "fss"), rows;
  for (const int s : r.settings.scales) head += fmt::format(" {:>14}", fmt::format("{} cells", s));
  for (const LeadScores& l : r.leads) {
    rows += fmt::format("  {:>9}", lead_text(l.lead));
    for (std::size_t s = 0; s < r.settings.scales.size(); ++s) rows += fmt::format(" {:>14}", score_number(l.values[r.find("fss", threshold, s)]));
    rows += "\n";
  }
  return head + "\n" + rows;
}

std::string warnings_table(const ScoreReport& r) {
  std::string text = fmt::format("  {:<8} {:>6} {:>6} {:>6} {:>6} {:>6} {:>9} {:>7} {:>7} {:>12}\n", "level", "hits", "late", "misses", "right", "false", "unjudged", "POD", "FAR", "median lead");
  for (const auto& [level, w] : r.warnings) {
    const std::string lead = w.lead_minutes.empty() ? "-" : fmt::format("{:g} min", w.median_lead());
    text += fmt::format("  {:<8} {:>6} {:>6} {:>6} {:>6} {:>6} {:>9} {:>7} {:>7} {:>12}\n", level, w.hits, w.late, w.misses, w.right, w.false_alarms, w.unjudged, score_number(w.detection()),
                        score_number(w.false_ratio()), lead);
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
    text += fmt::format("\n{} {:g} {}\n", r.settings.event == EventRule::at_least ? "at least" : "above", r.settings.thresholds[t], r.unit) + by_lead(r, kEvents, t);
    if (r.settings.gridded && !r.settings.scales.empty()) text += fractions_by_lead(r, t);
    if (r.ensemble()) text += by_lead(r, kProbabilities, t);
  }
  if (!r.warnings.empty()) text += "\n" + warnings_table(r);
  return text;
}

}  // namespace guyu
