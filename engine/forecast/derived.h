#pragma once
#include <cstddef>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace guyu {

// A quantity at a level, e.g. {"air_temperature", "2 m"}.
struct Variable {
  std::string quantity, level;
  auto operator<=>(const Variable&) const = default;
  std::string describe() const { return level.empty() ? quantity : quantity + " at " + level; }
};
// "air_temperature@2 m"; without @ the level is empty. Throws Error for an empty quantity.
Variable parse_variable(const std::string& text);

// How a quantity follows from others, cell by cell: pure, missing inputs give a missing output.
struct Derivation {
  // An input at this level stands for that quantity at every pressure level where all such inputs are known, one after the other.
  static constexpr const char* kPressureLevels = "*";
  std::string output;
  struct Input {
    std::string quantity;
    std::string level;  // empty: the output's own
  };
  std::vector<Input> inputs;
  std::string only_at;  // level that the formula holds for; empty: any
  void (*evaluate)(std::span<const float* const> inputs, float* output, std::size_t n);
  const char* source;  // paper or standard
};

// Every derivation there is; of several for one output the earlier is preferred.
std::span<const Derivation> derivations();

// A step of a plan: `derivation` makes `output` of `inputs`, each there from the start or the output of an earlier step.
struct DerivationStep {
  const Derivation* derivation = nullptr;
  Variable output;
  std::vector<Variable> inputs;
};

struct DerivationPlan {
  bool possible = false;
  std::set<Variable> needed;          // of what is available
  std::vector<DerivationStep> steps;  // in order; none when the variable is available itself
  std::string missing;                // why it is not possible: what would be needed
};

// The shortest way to a variable from what is available. O(derivations^depth), depth at most 4.
DerivationPlan plan_derivation(const Variable& wanted, const std::set<Variable>& available);

// Height (m) of the highest crossing of 0 degC above the ground: columns of temperature (K) and geopotential height (m) at levels, which
// need not be sorted; linear between levels. Where all levels known are colder, it is extended from the lowest two by their lapse rate but not below
// `ground` (m; NaN: unknown, counts as sea level); where the warmest top is above 0 degC, or fewer than two levels are known: missing.
float freezing_level(std::span<const float> temperature, std::span<const float> height, float ground);

}  // namespace guyu
