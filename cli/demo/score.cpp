#include "cli/demo/score.h"

#include <algorithm>
#include <optional>

#include "hpc/parallel/parallel_for.h"

namespace guyu::cli::demo {
namespace {

CycleScore score_cycle(const TownshipRain& truth, const RulePack& pack, const CycleAnswer& answer) {
  const std::size_t n = truth.townships();
  CycleScore s{answer.issue, std::vector<Level>(n), {}, 0, {}};
  parallel_for(static_cast<std::int64_t>(n), 16, [&](std::int64_t begin, std::int64_t end) {
    for (auto k = static_cast<std::size_t>(begin); k < static_cast<std::size_t>(end); ++k)
      s.truth[k] = true_level(truth, pack, k, answer.issue, answer.horizon);
  });
  std::vector<float> hour;
  for (std::size_t k = 0; k < n; ++k) {
    const bool known = answer.levels[k] != Level::unknown;
    if (!known) ++s.unknown;
    for (std::size_t l = 0; l < kWarningLevels.size(); ++l) {
      const std::optional<bool> warned = known ? std::optional(answer.levels[k] >= kWarningLevels[l]) : std::nullopt;
      s.at_least[l].add(warned, s.truth[k] >= kWarningLevels[l]);
    }
    hour.push_back(static_cast<float>(truth.total(k, {answer.issue, answer.issue + std::chrono::hours(1)})));
  }
  if (answer.next_hour_mm.empty()) hour.clear();
  s.next_hour = agreement(answer.next_hour_mm, hour);
  return s;
}

// Minutes from the first cycle that warned of the level to `reached`; nullopt: none did.
std::optional<double> lead_minutes(const std::vector<CycleAnswer>& answers, std::size_t township, Level level, TimePoint reached) {
  const auto first = std::find_if(answers.begin(), answers.end(), [&](const CycleAnswer& a) { return a.levels[township] >= level; });
  if (first == answers.end()) return std::nullopt;
  return static_cast<double>((reached - first->issue).count()) / 60;
}

LeadTime lead_time(const TownshipRain& truth, const RulePack& pack, const std::vector<CycleAnswer>& answers, Level level) {
  LeadTime lead;
  std::vector<double> minutes;
  for (std::size_t k = 0; k < truth.townships(); ++k) {
    const auto reached = first_reached(truth, pack, level, k, truth.begin(), answers.back().horizon);
    if (!reached || *reached <= answers.front().issue) continue;
    const auto m = lead_minutes(answers, k, level, *reached);
    if (!m) ++lead.never;
    else if (*m <= 0) ++lead.late;
    else minutes.push_back(*m);
  }
  lead.ahead = minutes.size();
  lead.median_minutes = median(minutes);
  return lead;
}

}  // namespace

Scores score(const TownshipRain& truth, const RulePack& pack, const std::vector<CycleAnswer>& answers) {
  Scores scores;
  for (const CycleAnswer& a : answers) {
    scores.cycles.push_back(score_cycle(truth, pack, a));
    for (std::size_t l = 0; l < kWarningLevels.size(); ++l) scores.total[l] += scores.cycles.back().at_least[l];
  }
  for (std::size_t l = 0; l < kWarningLevels.size(); ++l) scores.lead[l] = lead_time(truth, pack, answers, kWarningLevels[l]);
  return scores;
}

}  // namespace guyu::cli::demo
