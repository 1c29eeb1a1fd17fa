#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/demo/summary.h"

namespace guyu::cli::demo {
namespace {

using Json = nlohmann::ordered_json;

Json number(double v) { return std::isnan(v) ? Json(nullptr) : Json(std::round(v * 1e4) / 1e4); }

Json to_json(const Contingency& c) {
  return {{"hits", c.hits},          {"misses", c.misses},           {"false_alarms", c.false_alarms}, {"correct_negatives", c.correct_negatives},
          {"unjudged", c.unjudged},  {"pod", number(c.detection())}, {"far", number(c.false_ratio())}, {"csi", number(c.success())},
          {"bias", number(c.bias())}};
}

Json by_level(const std::array<Contingency, 4>& tables) {
  Json j;
  for (std::size_t l = 0; l < kWarningLevels.size(); ++l) j[std::string(to_string(kWarningLevels[l]))] = to_json(tables[l]);
  return j;
}

Json to_json(const LeadTime& lead) {
  return {{"ahead", lead.ahead}, {"late", lead.late}, {"never", lead.never}, {"median_minutes", number(lead.median_minutes)}};
}

Json to_json(const Agreement& a) {
  return {{"townships", a.pairs},
          {"mean_mm", number(a.mean_forecast)},
          {"true_mean_mm", number(a.mean_truth)},
          {"mean_error_mm", number(a.mean_error)},
          {"mean_absolute_error_mm", number(a.mean_absolute_error)},
          {"correlation", number(a.correlation)}};
}

Json messages(const CycleResult& cycle) {
  Json all = Json::array();
  for (const RunReport::AlertLine& a : cycle.report.alerts)
    all.push_back(
        {{"identifier", a.identifier}, {"event", a.event}, {"type", a.message_type}, {"level", a.level}, {"reason", a.reason}, {"townships", a.regions}});
  return all;
}

}  // namespace

std::string summary_json(const DemoOutcome& o) {
  Json j;
  j["townships"] = o.regions.regions.size();
  for (std::size_t k = 0; k < o.cycles.size(); ++k) {
    const CycleResult& cycle = o.cycles[k];
    const CycleScore& s = o.scores.cycles[k];
    Json levels;
    for (const auto& [level, count] : cycle.report.level_counts) levels[level] = count;
    j["cycles"].push_back({{"issue", to_iso(cycle.report.cycle)},
                           {"levels", levels},
                           {"unknown", s.unknown},
                           {"messages", messages(cycle)},
                           {"degraded", cycle.report.degraded},
                           {"scores", by_level(s.at_least)},
                           {"next_hour", to_json(s.next_hour)}});
  }
  j["scores"] = by_level(o.scores.total);
  for (std::size_t l = 0; l < kWarningLevels.size(); ++l) j["lead_time"][std::string(to_string(kWarningLevels[l]))] = to_json(o.scores.lead[l]);
  return j.dump(2) + "\n";
}

}  // namespace guyu::cli::demo
