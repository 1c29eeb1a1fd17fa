#include "tests/models/pack_inputs_case.h"

#include <algorithm>
#include <filesystem>
#include <random>

#include "models/rule_model.h"

namespace guyu::test {
namespace {

const Condition& condition_of(const RulePack& pack, const InputNeed& need) {
  for (const Rule& r : pack.rules)
    for (const Condition& c : r.conditions)
      if (need.statistic.empty() ? c.threshold_attribute == need.quantity : c.quantity == need.quantity && c.statistic == need.statistic) return c;
  return pack.rules.front().conditions.front();
}

}  // namespace

HazardInputs inputs_for(const RulePack& pack, std::size_t regions, std::size_t members, TimePoint issue, std::uint32_t seed) {
  std::mt19937 random(seed);
  const auto unit = [&] { return static_cast<float>(random() % 10001) / 10000; };
  HazardInputs in{issue, issue + std::chrono::hours(192), regions, members};
  for (const InputNeed& need : RuleModel(pack).needs()) {
    const Condition& c = condition_of(pack, need);
    if (need.statistic.empty()) {
      RegionAttribute a{need.quantity, "1", {}};
      for (std::size_t r = 0; r < regions; ++r) a.values.push_back(100 * unit());
      in.attributes.push_back(std::move(a));
      continue;
    }
    const Quantity& q = *find_quantity(need.quantity);
    const bool amount = is_amount(q);
    HazardSeries s{q, need.statistic, amount ? TimeKind::accumulation : TimeKind::instant, {}, {}, {}};
    const double around = !c.threshold_attribute.empty() ? 50 : c.change != Change::none ? 278 : c.threshold;
    const double width = q.unit == "K" ? 12 : std::max(std::abs(around), 0.2);
    for (int h = -96; h < 192; ++h) {
      const TimePoint end = issue + std::chrono::hours(h + 1);
      SeriesPiece p{{amount ? end - std::chrono::hours(1) : end, end}, h < 0 ? Origin::observed : Origin::forecast, {}, std::vector<float>(regions, 1.0F), {}};
      const auto fill = [&](std::vector<float>& values) {
        for (std::size_t r = 0; r < regions; ++r) {
          const double quiet = amount ? 0 : around;
          const double v = random() % 3 == 0 ? quiet + width * (amount ? double{unit()} : 2 * double{unit()} - 1) * static_cast<double>(r % 5) / 2 : quiet;
          values.push_back(static_cast<float>(std::clamp(v, q.plausible_min, q.plausible_max)));
        }
      };
      fill(p.values);
      if (h >= 0 && members > 1)
        for (std::size_t m = 0; m < members; ++m) fill(p.members.emplace_back());
      s.pieces.push_back(std::move(p));
    }
    in.series.push_back(std::move(s));
  }
  return in;
}

std::vector<std::string> shipped_packs() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator("configs/rules")) names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

RulePack shipped_pack(const std::string& name) { return load_rule_pack("configs/rules/" + name + ".toml"); }

}  // namespace guyu::test
