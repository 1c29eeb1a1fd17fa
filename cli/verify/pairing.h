#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/verify/inputs.h"

namespace guyu::cli::verify {

// A forecast of one issue time for one valid time, with all its members, and the observation that it is held
// against.
struct Pair {
  TimePoint issue{}, valid{};
  std::vector<FieldEntry> members;  // by member number
  std::size_t observation = 0;      // index
  Seconds lead() const { return valid - issue; }
};

struct PairingOptions {
  std::vector<Seconds> leads;  // empty: all above 0
  std::optional<int> member;   // this member alone, as a single forecast
};

struct Pairing {
  std::vector<FieldEntry> observations;  // by time
  std::vector<Pair> pairs;               // by observation, then issue time: each observation is read once
  Seconds tolerance{0};                  // half the median step of the observations
  std::size_t without_observation = 0;   // forecasts that no observation lies near
};

// Each forecast goes with the observation nearest to its valid time, if one lies within half the
// observations' median step (the earlier one of two as near). Amounts must be of equally long intervals;
// rates are taken as they are, also the mean over an interval against an instant. An issue and valid time
// with fewer members than the others is left out and goes to `problems`, and so does a field that is there
// twice. Throws Error when no pair is left.
Pairing pair_up(std::vector<FieldEntry> forecasts, std::vector<FieldEntry> observations, const PairingOptions& options, std::vector<std::string>& problems);

}  // namespace guyu::cli::verify
