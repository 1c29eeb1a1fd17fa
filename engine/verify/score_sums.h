#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/field.h"
#include "engine/verify/agreement.h"
#include "engine/verify/contingency.h"
#include "engine/verify/crps.h"
#include "engine/verify/fractions_skill.h"
#include "engine/verify/probability_table.h"
#include "engine/verify/rank_histogram.h"
#include "engine/verify/sal.h"
#include "engine/verify/spread_skill.h"

namespace guyu {

struct ScoreSettings {
  std::vector<double> thresholds;         // ascending, canonical unit
  std::vector<int> scales;                // odd numbers of cells, ascending
  EventRule event = EventRule::at_least;  // of the contingency and probability tables; FSS is always at least
  double wet = 0.1;                       // from here on a value counts as rain: "wet" MAE, spread and skill
  bool gridded = true;                    // false: places without neighbours (townships), so no FSS and no SAL
};

// What one score is called in every output.
struct ScoreName {
  std::string name;                 // "csi", "fss", "crps", ...
  std::optional<double> threshold;  // NaN-free; of scores of events
  std::optional<int> scale;         // of FSS
};

// All scores of one lead as sums: fed one valid time after the other, merged with +=, formed at the end. An
// ensemble is scored as such and, by its mean, as a single forecast.
class ScoreSums {
 public:
  ScoreSums() = default;  // empty: takes the settings of what is added to it

  // members: one for a single forecast. `salt` tells the valid time (ties of the rank histogram). The planes
  // are of one shape. Throws Error for another number of members than before.
  void add(const ScoreSettings& settings, const std::vector<FieldView<const float>>& members, FieldView<const float> observation, std::uint64_t salt);
  ScoreSums& operator+=(const ScoreSums& o);

  std::size_t pairs_of_fields = 0, members = 0;
  AgreementSums amount, wet_amount;
  SalSums sal;
  std::vector<Contingency> tables;                     // [threshold]
  std::vector<std::vector<FractionsSkill>> fractions;  // [threshold][scale]
  // Ensembles only:
  Crps crps;
  RankHistogram ranks;
  SpreadSkill spread;
  std::vector<ProbabilityTable> probabilities;  // [threshold]
};

// In the order of score_values(); depends only on the settings and on whether the forecast is an ensemble.
std::vector<ScoreName> score_names(const ScoreSettings& settings, bool ensemble);
// NaN where a score does not exist.
std::vector<double> score_values(const ScoreSettings& settings, bool ensemble, const ScoreSums& sums);

}  // namespace guyu
