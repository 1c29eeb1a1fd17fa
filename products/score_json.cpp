#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/verify/brier.h"
#include "engine/verify/reliability.h"
#include "engine/verify/roc.h"
#include "products/score_report.h"

namespace guyu {
namespace {
using nlohmann::ordered_json;

ordered_json number(double v) { return std::isfinite(v) ? ordered_json(v) : ordered_json(nullptr); }

ordered_json table_json(const Contingency& c) {
  return {{"hits", c.hits}, {"misses", c.misses}, {"false_alarms", c.false_alarms}, {"correct_negatives", c.correct_negatives}, {"unjudged", c.unjudged}};
}

ordered_json diagrams_json(const ProbabilityTable& t) {
  constexpr std::size_t kBins = 10;  // as pysteps: comparable
  ordered_json bins = ordered_json::array(), curve = ordered_json::array();
  for (const ReliabilityBin& b : reliability_diagram(t, kBins))
    bins.push_back({{"count", b.count}, {"probability", number(b.probability)}, {"frequency", number(b.frequency)}});
  for (const RocPoint& p : roc_curve(t)) curve.push_back({number(p.false_detection), number(p.detection)});
  const Brier binned = brier_of_bins(t, kBins);
  return {{"members_with_event", {{"events", t.events}, {"others", t.others}}},
          {"unjudged", t.unjudged},
          {"reliability_bins", bins},
          {"roc_curve", curve},
          {"reliability_of_10_bins", number(binned.reliability)},
          {"resolution_of_10_bins", number(binned.resolution)},
          {"roc_area_of_10_steps", number(roc_area_of_steps(t, kBins))}};
}

ordered_json spread_json(const SpreadSkill& s) {
  ordered_json bins = ordered_json::array();
  for (const SpreadSkill::Bin& b : s.bins)
    bins.push_back({{"count", b.count},
                    {"variance", b.count ? number(b.variance / static_cast<double>(b.count)) : nullptr},
                    {"square_error", b.count ? number(b.square_error / static_cast<double>(b.count)) : nullptr}});
  return {{"judged", s.judged}, {"dry", s.dry}, {"unjudged", s.unjudged}, {"bins", bins}};
}

ordered_json lead_json(const ScoreReport& r, const LeadScores& l) {
  const Agreement a = l.sums.amount.result();
  ordered_json out{{"lead_minutes", static_cast<double>(l.lead.count()) / 60},
                   {"fields", l.sums.pairs_of_fields},
                   {"time_blocks", l.blocks},
                   {"pairs", a.pairs},
                   {"unjudged", a.unjudged}};
  ordered_json scores = ordered_json::array();
  for (std::size_t k = 0; k < r.names.size(); ++k) {
    ordered_json one{{"score", r.names[k].name}};
    if (r.names[k].threshold) one["threshold"] = *r.names[k].threshold;
    if (r.names[k].scale) one["scale_cells"] = *r.names[k].scale;
    one["value"] = number(l.values[k]), one["low"] = number(l.bounds[k].low), one["high"] = number(l.bounds[k].high);
    scores.push_back(std::move(one));
  }
  out["scores"] = std::move(scores);
  ordered_json events = ordered_json::array();
  for (std::size_t t = 0; t < r.settings.thresholds.size(); ++t) {
    ordered_json one{{"threshold", r.settings.thresholds[t]}, {"table", table_json(l.sums.tables[t])}};
    if (r.ensemble()) one["probabilities"] = diagrams_json(l.sums.probabilities[t]);
    events.push_back(std::move(one));
  }
  out["events"] = std::move(events);
  if (r.ensemble()) {
    out["rank_histogram"] = {{"counts", l.sums.ranks.counts}, {"unjudged", l.sums.ranks.unjudged}};
    out["spread_skill"] = spread_json(l.sums.spread);
  }
  return out;
}

}  // namespace

std::string score_json(const ScoreReport& r) {
  ordered_json out{{"title", r.from.title}, {"program", "guyu " + r.from.version}, {"quantity", r.quantity}, {"unit", r.unit}, {"places", r.places},
                   {"members", r.members}};
  for (const auto& [name, fact] : r.facts) out["facts"][name] = fact;
  out["inputs"] = r.from.inputs;
  out["problems"] = r.problems;
  out["thresholds"] = r.settings.thresholds;
  out["scales_cells"] = r.settings.scales;
  out["confidence"] = r.confidence;
  out["leads"] = ordered_json::array();
  for (const LeadScores& l : r.leads) out["leads"].push_back(lead_json(r, l));
  if (!r.warnings.empty()) out["warnings"] = ordered_json::array();
  for (const auto& [level, w] : r.warnings) {
    out["warnings"].push_back({{"level", level},
                               {"hits", w.hits},
                               {"late", w.late},
                               {"misses", w.misses},
                               {"right_warnings", w.right},
                               {"false_alarms", w.false_alarms},
                               {"unjudged_warnings", w.unjudged},
                               {"pod", number(w.detection())},
                               {"far", number(w.false_ratio())},
                               {"median_lead_minutes", number(w.median_lead())},
                               {"lead_minutes", w.lead_minutes}});
  }
  return out.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n";  // names of files need not be UTF-8
}

}  // namespace guyu
