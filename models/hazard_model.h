#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/region/hazard_inputs.h"
#include "engine/region/risk_table.h"

namespace guyu {

// What the archive makes of the share of the members that reach a level in a region; non-decreasing in it.
using CalibratedProbability = std::function<float(std::size_t region, Level level, float share)>;

// A series or attribute that a model looks at.
struct InputNeed {
  std::string quantity, statistic;  // statistic empty: an attribute of regions
  Seconds history{0};               // how far back of the issue time
  std::optional<Seconds> ahead{};   // how far ahead of it; without: all there is
  Seconds window{0};                // HazardSeries::window
};

struct HazardAnswer {
  std::vector<RiskRow> rows;               // one per region, in order of regions
  std::vector<std::int8_t> member_levels;  // members x regions: each future's own Level
};

// Decides levels. Pure: no files, clock, threads of its own or memory between calls; the same for any number of threads.
class HazardModel {
 public:
  virtual ~HazardModel() = default;
  virtual std::string hazard() const = 0;
  virtual std::vector<InputNeed> needs() const = 0;
  virtual HazardAnswer evaluate(const HazardInputs& inputs) const = 0;
  // What every rule says of one region.
  virtual std::vector<RuleTrail> explain(const HazardInputs& inputs, std::size_t region) const = 0;
};

}  // namespace guyu
