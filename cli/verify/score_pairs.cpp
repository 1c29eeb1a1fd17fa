#include "cli/verify/score_pairs.h"

#include <limits>
#include <utility>

#include "engine/core/error.h"
#include "engine/region/zonal_statistics.h"
#include "engine/regrid/same_cells.h"

namespace guyu::cli::verify {
namespace {

// What is compared: cells of grids, or regions in a row.
class Places {
 public:
  explicit Places(const PairScoring& scoring) : scoring_(scoring) {}

  // The field's values at the places; `held` owns them where they are not the field's own. `grid`: the
  // field's, as the observation writes it, so that two spellings of one grid do not make the weights anew in
  // turn.
  FieldView<const float> of(const Field& field, const Grid& grid, std::vector<float>& held) {
    if (!scoring_.regions) return field.view();
    static const auto statistics = parse_zonal_statistics("mean,coverage");
    if (!grid_ || !(*grid_ == grid)) {
      weights_ = load_or_compute_zonal_weights(scoring_.cache, grid, *scoring_.regions);
      grid_ = grid;
    }
    ZonalTable table = zonal_statistics(field.view(), weights_, statistics);
    held = std::move(table.columns[0]);
    for (std::size_t r = 0; r < held.size(); ++r)
      if (!(table.columns[1][r] >= kLeastRegionCoverage)) held[r] = std::numeric_limits<float>::quiet_NaN();
    const auto n = static_cast<std::int64_t>(held.size());
    return {held.data(), 1, n, n};
  }

 private:
  const PairScoring& scoring_;
  std::optional<Grid> grid_;  // of the weights
  ZonalWeights weights_;
};

// Blocks count from the epoch: the same issue time is always in the same block.
std::int64_t block_of(TimePoint issue, Seconds block) {
  const auto t = issue.time_since_epoch().count(), b = block.count();
  return (t >= 0 ? t : t - b + 1) / b;
}

// Asks PROJ once for each pair of grids that follow one another.
class GridCheck {
 public:
  void require_same(const Field& forecast, const Field& observation) {
    if (forecast.grid() == observation.grid() || (forecast_ && *forecast_ == forecast.grid() && *observation_ == observation.grid())) return;
    if (!same_cells(forecast.grid(), observation.grid()))
      throw Error(forecast.meta.source,
                  "lies on " + forecast.grid().describe() + ", the observation " + observation.meta.source + " on " + observation.grid().describe(),
                  "bring one to the other's grid first: guyu regrid --input FILE --like OTHER --method "
                  "conservative --out OUT.nc");
    forecast_ = forecast.grid(), observation_ = observation.grid();
  }

 private:
  std::optional<Grid> forecast_, observation_;  // the last ones found the same
};

}  // namespace

BlockSums score_pairs(const Pairing& pairing, const PairScoring& scoring, std::vector<std::string>& problems,
                      const std::function<void(std::size_t, std::size_t)>& progress) {
  BlockSums sums;
  Places places(scoring);
  GridCheck grids;
  std::optional<Field> observation;
  std::size_t loaded = pairing.observations.size(), done = 0;
  for (const Pair& pair : pairing.pairs) {
    std::vector<Field> members;
    try {
      if (loaded != pair.observation || !observation) {
        loaded = pair.observation;
        observation.reset();
        observation = std::move(load_fields_as({&pairing.observations[pair.observation], 1}, scoring.quantity).front());
      }
      members = load_fields_as(pair.members, scoring.quantity);
    } catch (const Error& e) {
      problems.push_back(e.what());
      continue;
    }
    std::vector<std::vector<float>> held(members.size() + 1);
    std::vector<FieldView<const float>> views;
    for (std::size_t k = 0; k < members.size(); ++k) {
      grids.require_same(members[k], *observation);
      if (scoring.missing == MissingForecast::zero) fill_missing_with_zero(members[k].values(), std::as_const(*observation).values());
      views.push_back(places.of(members[k], observation->grid(), held[k]));
    }
    const auto salt = static_cast<std::uint64_t>(pair.valid.time_since_epoch().count());
    sums[pair.lead()][block_of(pair.issue, scoring.block)].add(scoring.settings, views, places.of(*observation, observation->grid(), held.back()), salt);
    progress(++done, pairing.pairs.size());
  }
  if (sums.empty()) throw Error("", "none of the pairs could be scored; the first failed with: " + problems.back());
  return sums;
}

}  // namespace guyu::cli::verify
