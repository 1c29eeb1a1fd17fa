#include "engine/nowcast/region_ensemble.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

// Linear between the ordered values, which stand at (k + 1/2) / n.
float quantile_of(const std::vector<float>& sorted, float q) {
  const auto n = static_cast<float>(sorted.size());
  const float place = std::clamp(q * n - 0.5F, 0.0F, n - 1);
  const auto low = static_cast<std::size_t>(place);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (place - static_cast<float>(low)) * (sorted[high] - sorted[low]);
}
}  // namespace

RegionEnsemble::RegionEnsemble(const ZonalWeights& weights, FieldView<const float> start, int members, int steps, Seconds step)
    : weights_(weights), regions_(weights.regions.size()), members_(members), steps_(steps), step_(step) {
  if (members < 1 || steps < 1 || step.count() <= 0) throw Error("nowcast", "an ensemble of regions needs members, steps and a step");
  const std::size_t n = at(members, 0, 0);
  mean_.assign(n, kNaN);
  coverage_.assign(n, 0.0F);
  take(0, 0, start);
  for (int m = 1; m < members; ++m) {
    std::copy_n(mean_.begin(), regions_, mean_.begin() + static_cast<std::ptrdiff_t>(at(m, 0, 0)));
    std::copy_n(coverage_.begin(), regions_, coverage_.begin() + static_cast<std::ptrdiff_t>(at(m, 0, 0)));
  }
}

void RegionEnsemble::add(int member, int step, FieldView<const float> rate) { take(member, step, rate); }

void RegionEnsemble::put(int member, std::span<const float> rates, std::span<const float> coverages) {
  const std::size_t n = static_cast<std::size_t>(steps_) * regions_;
  if (member < 0 || member >= members_ || rates.size() != n || coverages.size() != n)
    throw Error("nowcast", "a member that was made elsewhere has other steps or regions than this ensemble");
  std::copy(rates.begin(), rates.end(), mean_.begin() + static_cast<std::ptrdiff_t>(at(member, 1, 0)));
  std::copy(coverages.begin(), coverages.end(), coverage_.begin() + static_cast<std::ptrdiff_t>(at(member, 1, 0)));
}

void RegionEnsemble::take(int member, int step, FieldView<const float> rate) {
  static const auto statistics = parse_zonal_statistics("mean,coverage");
  const ZonalTable table = zonal_statistics(rate, weights_, statistics);
  std::copy(table.columns[0].begin(), table.columns[0].end(), mean_.begin() + static_cast<std::ptrdiff_t>(at(member, step, 0)));
  std::copy(table.columns[1].begin(), table.columns[1].end(), coverage_.begin() + static_cast<std::ptrdiff_t>(at(member, step, 0)));
}

RegionEnsemble::Amount RegionEnsemble::amount(int member, std::size_t region, Seconds from, Seconds to) const {
  const auto length = static_cast<double>(step_.count());
  const double begin = std::max(0.0, static_cast<double>(from.count()) / length), end = std::min<double>(steps_, static_cast<double>(to.count()) / length);
  double mm = 0, known = 0, covered = 0;
  for (int k = static_cast<int>(begin); k < steps_ && k < end; ++k) {
    const double a = std::max(0.0, begin - k), b = std::min(1.0, end - k);
    if (b <= a) continue;
    const std::size_t here = at(member, k, region), next = at(member, k + 1, region);
    const bool here_known = !std::isnan(mean_[here]), next_known = !std::isnan(mean_[next]);
    if (!here_known && !next_known) continue;
    // Where one end is unknown the other stands for the interval.
    const double r0 = static_cast<double>(here_known ? mean_[here] : mean_[next]), r1 = static_cast<double>(next_known ? mean_[next] : mean_[here]);
    const double middle = 0.5 * (a + b);
    mm += (b - a) * (r0 + middle * (r1 - r0));
    known += b - a;
    covered += (b - a) * 0.5 * static_cast<double>(coverage_[here] + coverage_[next]);
  }
  const double wanted = static_cast<double>((to - from).count()) / length;
  if (!(known > 0)) return {kNaN, 0};
  return {static_cast<float>(mm * length / 3600), static_cast<float>(std::min(1.0, covered / wanted))};
}

RegionEnsemble::Amount RegionEnsemble::largest(int member, std::size_t region, Seconds window) const {
  Amount most{-1, 1};
  for (int k = 0; k * step_ + window <= steps_ * step_; ++k) {
    const Amount here = amount(member, region, k * step_, k * step_ + window);
    if (std::isnan(here.mm)) return {kNaN, 0};
    most = {std::max(most.mm, here.mm), std::min(most.coverage, here.coverage)};
  }
  return most.mm < 0 ? Amount{kNaN, 0} : most;
}

RegionProbability region_probability(const RegionEnsemble& e, Seconds window, const std::vector<float>& thresholds, const std::vector<float>& quantiles) {
  RegionProbability out{window, thresholds, {}, quantiles, {}, std::vector<float>(e.regions())};
  out.probability.assign(thresholds.size(), std::vector<float>(e.regions(), kNaN));
  out.amount.assign(quantiles.size(), std::vector<float>(e.regions(), kNaN));
  parallel_for(static_cast<std::int64_t>(e.regions()), 64, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> amounts;
    for (auto r = static_cast<std::size_t>(begin); r < static_cast<std::size_t>(end); ++r) {
      amounts.clear();
      float coverage = 0;
      for (int m = 0; m < e.members(); ++m) {
        const RegionEnsemble::Amount a = e.largest(m, r, window);
        coverage += a.coverage;
        // Chosen by what is known and not by what was found: members that tell only when they reach something would make every probability too high.
        if (!std::isnan(a.mm) && a.coverage >= RegionProbability::kLeastCoverage) amounts.push_back(a.mm);
      }
      out.coverage[r] = coverage / static_cast<float>(e.members());
      if (2 * amounts.size() < static_cast<std::size_t>(e.members()) || amounts.empty()) continue;
      std::sort(amounts.begin(), amounts.end());
      for (std::size_t k = 0; k < thresholds.size(); ++k) {
        const auto reach = amounts.end() - std::lower_bound(amounts.begin(), amounts.end(), thresholds[k]);
        out.probability[k][r] = static_cast<float>(reach) / static_cast<float>(amounts.size());
      }
      for (std::size_t k = 0; k < quantiles.size(); ++k) out.amount[k][r] = quantile_of(amounts, quantiles[k]);
    }
  });
  return out;
}

}  // namespace guyu
