#include "hpc/bench/signals.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "models/rule_model.h"

namespace guyu::bench {
namespace {

constexpr std::size_t kTownships = 40000, kFutures = 24;
constexpr int kHoursAhead = 72, kHoursBehind = 72;
// A country does not fit in memory with all its quantities and members: townships come in slices, as they are read from a file.
constexpr std::size_t kSlices = 10;

std::vector<RuleModel> national_signals() {
  std::vector<RuleModel> models;
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator("configs/rules"))
    if (entry.path().filename().string().starts_with("cma_2007_")) paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  for (const std::string& path : paths) models.emplace_back(load_rule_pack(path));
  return models;
}

// An eventful day: one township in twelve has values about the thresholds, the others are far from them.
HazardInputs weather_of_slice(const std::vector<RuleModel>& models, std::size_t regions) {
  const TimePoint issue = parse_time("2024-07-01T00:00:00Z");
  HazardInputs in{issue, issue + std::chrono::hours(kHoursAhead), regions, kFutures};
  std::map<std::pair<std::string, std::string>, const Condition*> wanted;
  for (const RuleModel& m : models)
    for (const Rule& r : m.pack().rules)
      for (const Condition& c : r.conditions) wanted.emplace(std::pair(c.quantity, c.statistic), &c);
  std::uint32_t x = 1;
  const auto chance = [&x] { return static_cast<float>((x = x * 1664525U + 1013904223U) >> 8) / 16777216.0F; };
  for (const auto& [key, condition] : wanted) {
    const Condition* const c = condition;
    const Quantity& q = *find_quantity(key.first);
    const bool amount = is_amount(q), upward = c->compare == Compare::at_least || c->compare == Compare::above;
    HazardSeries s{q, key.second, amount ? TimeKind::accumulation : TimeKind::instant, {}, {}, {}};
    const double usual = amount ? 0 : q.unit == "K" ? 290 : upward ? 0.4 * c->threshold : 4 * c->threshold;
    for (int h = -kHoursBehind; h < kHoursAhead; ++h) {
      const TimePoint end = issue + std::chrono::hours(h + 1);
      SeriesPiece p{{amount ? end - std::chrono::hours(1) : end, end}, h < 0 ? Origin::observed : Origin::forecast, {}, std::vector<float>(regions, 1.0F), {}};
      const auto fill = [&](std::vector<float>& v) {
        v.resize(regions);
        for (std::size_t r = 0; r < regions; ++r) {
          const double stormy = c->change != Change::none ? 290 - 24.0 * std::max(0, h) / kHoursAhead : c->threshold * (0.6 + 0.6 * double{chance()});
          v[r] = static_cast<float>(std::clamp(r % 12 == 0 ? stormy : usual + 0.1 * double{chance()}, q.plausible_min, q.plausible_max));
        }
      };
      fill(p.values);
      if (h >= 0)
        for (std::size_t m = 0; m < kFutures; ++m) fill(p.members.emplace_back());
      s.pieces.push_back(std::move(p));
    }
    in.series.push_back(std::move(s));
  }
  return in;
}

}  // namespace

std::vector<Measurement> evaluate_signals(const StageOptions& o) {
  const std::vector<RuleModel> models = national_signals();
  const HazardInputs in = weather_of_slice(models, kTownships / kSlices);
  std::vector<const RuleModel*> all;
  for (const RuleModel& model : models) all.push_back(&model);
  std::size_t warned = 0;
  double bytes = 0;
  for (const HazardSeries& s : in.series)
    for (const SeriesPiece& p : s.pieces) bytes += 4.0 * static_cast<double>(in.regions * std::max<std::size_t>(1, p.members.size())) * kSlices;
  Measurement m{"signals.evaluate",
                fmt::format("synthetic, {} national signals, {} townships x {} members x {} hours, in {} slices", models.size(), kTownships, kFutures,
                            kHoursAhead, kSlices),
                0,
                std::min(o.repeats, 3),
                bytes,
                0,
                2.0,
                {},
                {}};
  m.seconds = median_seconds(m.repeats, [&] {
    warned = 0;
    for (std::size_t slice = 0; slice < kSlices; ++slice)
      for (const HazardAnswer& answer : evaluate_rules(all, in))
        for (const RiskRow& row : answer.rows) warned += row.level >= Level::blue ? 1 : 0;
  });
  m.data += fmt::format("; {} levels given", warned);
  return {m};
}

}  // namespace guyu::bench
