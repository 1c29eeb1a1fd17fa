#pragma once
#include <string>
#include <vector>

#include "engine/region/hazard_inputs.h"
#include "models/rules/rule_pack.h"

namespace guyu {

struct PackFinding {
  bool is_error = false;  // else a warning
  std::string place, what, remedy;
};

// What is wrong with a pack by itself. Errors: a rule that stands twice; levels that do not nest (a severer rule holds whenever a milder one does, so that
// the milder level can never be seen); a threshold outside of what the quantity can be; conditions, or gates of place, that exclude each other; hours that are
// none; a time of decision outside of the rule's hours. Warnings: a rule that holds always; one that a rule of the same level makes needless; one decided once
// a day that looks less than a day ahead.
std::vector<PackFinding> check_pack(const RulePack& pack);

// What a run can give to packs.
struct AvailableInputs {
  struct Series {
    std::string quantity, statistic;  // over the area
    Seconds window{0};                // HazardSeries::window
    bool operator==(const Series&) const = default;
  };
  std::vector<Series> series;
  struct Attribute {
    std::string name, unit = "1";
  };
  std::vector<Attribute> attributes;
  Seconds horizon{0};
};
// Warnings: rules that can never be evaluated with these inputs, and why (nothing gives them, or in a unit that compares with nothing); rules that look further
// ahead than the run does.
std::vector<PackFinding> check_inputs(const RulePack& pack, const AvailableInputs& available);

// Whether b holds whenever a does, as far as it can be told from the figures alone. O(conditions^2).
bool implies(const Rule& a, const Rule& b);

}  // namespace guyu
