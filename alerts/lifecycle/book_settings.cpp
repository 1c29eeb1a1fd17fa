#include "alerts/lifecycle/book_settings.h"

#include <algorithm>

#include "engine/core/error.h"

namespace guyu {

const HazardPolicy& BookSettings::policy(const std::string& hazard) const {
  const auto found = hazards.find(hazard);
  return found == hazards.end() ? usual : found->second;
}

std::map<std::string, int> inhibition_ranks(const BookSettings& settings) {
  std::map<std::string, int> ranks;
  for (const auto& [hazard, policy] : settings.hazards) {
    if (!policy.inhibits.empty()) ranks[hazard] = 0;
    for (const std::string& other : policy.inhibits) ranks[other] = 0;
  }
  // Without a ring no chain is longer than there are hazards, so that many rounds settle every rank.
  for (std::size_t round = 0; round <= ranks.size(); ++round) {
    std::string raised;
    for (const auto& [hazard, policy] : settings.hazards) {
      for (const std::string& other : policy.inhibits) {
        const int above = ranks.at(hazard) + 1;
        if (ranks.at(other) >= above) continue;
        ranks.at(other) = above;
        raised = other;
      }
    }
    if (raised.empty()) return ranks;
    if (round == ranks.size()) throw Error("", "hazards inhibit each other in a ring, through \"" + raised + "\"", "take one of them out of \"inhibits\"");
  }
  return ranks;
}

}  // namespace guyu
