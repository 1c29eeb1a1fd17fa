#include "models/rules/member_decision.h"

#include <algorithm>

namespace guyu {

MemberDecision decide_level(std::span<const FutureLevel> futures, const RulePack& pack, const CalibratedProbability& calibrated, std::size_t region,
                            std::vector<std::size_t>& same) {
  constexpr double kRounding = 1e-6;  // shares are floats: seven of ten members are 0.69999999
  const auto n = static_cast<float>(futures.size());
  MemberDecision d;
  std::array<int, 6> count{};  // Unknown, None, Blue ... Red
  for (const FutureLevel& f : futures) ++count[static_cast<std::size_t>(static_cast<int>(f.level) + 1)];
  d.unknown_share = static_cast<float>(count[0]) / n;
  d.level = Level::none;
  bool could_be_more = false;
  float milder = 1;
  const bool calibrates = calibrated && d.unknown_share < 1;  // what cannot be told cannot be calibrated
  if (calibrates) d.share.emplace();
  for (const Level l : {Level::blue, Level::yellow, Level::orange, Level::red}) {
    const auto k = static_cast<std::size_t>(l);
    int reach = 0;
    for (std::size_t i = k + 1; i < count.size(); ++i) reach += count[i];
    float p = static_cast<float>(reach) / n;
    if (calibrates) {
      (*d.share)[k - 1] = p;
      p = calibrated(region, l, p);
    }
    milder = d.probability[k - 1] = std::min(p, milder);
    const double needed = pack.needed_probability(l) - kRounding;
    if (double{milder} >= needed) d.level = l;
    could_be_more = could_be_more || double{milder} + double{d.unknown_share} >= needed;
  }
  if (d.level == Level::none && could_be_more && count[0] > 0) d.level = Level::unknown;

  // Unknown by their number only, or a level that no future has: those that come nearest to it.
  Level nearest = Level::unknown;
  bool any = false;
  for (const FutureLevel& f : futures) {
    any = any || f.level == d.level;
    nearest = std::max(nearest, std::min(f.level, d.level));
  }
  if (futures.size() == 1) return d;
  same.clear();
  for (std::size_t m = 0; m < futures.size(); ++m)
    if (any ? futures[m].level == d.level : d.level == Level::unknown || std::min(futures[m].level, d.level) == nearest) same.push_back(m);
  const auto middle = same.begin() + static_cast<std::ptrdiff_t>((same.size() - 1) / 2);
  std::nth_element(same.begin(), middle, same.end(), [&](std::size_t a, std::size_t b) {
    return futures[a].nearness != futures[b].nearness ? futures[a].nearness < futures[b].nearness : a < b;
  });
  d.middle = *middle;
  return d;
}

}  // namespace guyu
