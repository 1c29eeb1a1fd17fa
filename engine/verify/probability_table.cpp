#include "engine/verify/probability_table.h"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "engine/core/error.h"
#include "engine/verify/chunked_sum.h"

namespace guyu {

std::uint64_t ProbabilityTable::all_events() const { return std::accumulate(events.begin(), events.end(), std::uint64_t{0}); }
std::uint64_t ProbabilityTable::judged() const { return std::accumulate(others.begin(), others.end(), all_events()); }

ProbabilityTable& ProbabilityTable::operator+=(const ProbabilityTable& o) {
  unjudged += o.unjudged;
  if (o.events.empty()) return *this;
  if (events.empty()) {
    events.resize(o.events.size());
    others.resize(o.others.size());
  }
  if (events.size() != o.events.size())
    throw Error("", "ensembles of " + std::to_string(members()) + " and of " + std::to_string(o.members()) + " members cannot share one table",
                "verify them one by one");
  std::transform(events.begin(), events.end(), o.events.begin(), events.begin(), std::plus<>());
  std::transform(others.begin(), others.end(), o.others.begin(), others.begin(), std::plus<>());
  return *this;
}

ProbabilityTable probability_table(EnsembleView members, std::span<const float> observation, double threshold, EventRule rule) {
  const auto limit = static_cast<float>(threshold);
  constexpr std::size_t kBlock = 256;
  ProbabilityTable table = sum_in_chunks<ProbabilityTable>(std::ssize(observation), kScoreChunk, [&](std::int64_t begin, std::int64_t end) {
    ProbabilityTable t;
    t.events.resize(members.size() + 1), t.others.resize(members.size() + 1);
    for (auto at = static_cast<std::size_t>(begin); at < static_cast<std::size_t>(end); at += kBlock) {
      const std::size_t count = std::min(kBlock, static_cast<std::size_t>(end) - at);
      std::uint32_t yes[kBlock] = {}, known[kBlock] = {};
      for (const auto& member : members) {
        const float* x = member.data() + at;
        for (std::size_t k = 0; k < count; ++k) {
          yes[k] += static_cast<std::uint32_t>(is_event(x[k], limit, rule));
          known[k] += static_cast<std::uint32_t>(x[k] == x[k]);
        }
      }
      for (std::size_t k = 0; k < count; ++k) {
        const float o = observation[at + k];
        if (o != o || known[k] != members.size()) ++t.unjudged;
        else ++(is_event(o, limit, rule) ? t.events : t.others)[yes[k]];
      }
    }
    return t;
  });
  table.events.resize(members.size() + 1),
      table.others.resize(members.size() + 1);  // also when there is no place
  return table;
}

}  // namespace guyu
