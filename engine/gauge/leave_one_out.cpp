#include "engine/gauge/leave_one_out.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

MergeSettings with_method(MergeSettings s, MergeMethod method) {
  s.method = method;
  return s;
}

float gauges_alone(const std::vector<RainPair>& pairs, const GroundPoint& place, const Variogram& variogram) {
  std::vector<GroundPoint> places;
  std::vector<double> amounts;
  for (const RainPair& p : pairs) places.push_back(p.place), amounts.push_back(p.gauge_mm);
  const auto kriging = DualKriging::fit(places, amounts, {}, variogram);
  return kriging ? static_cast<float>(std::max(0.0, kriging->at(place))) : std::numeric_limits<float>::quiet_NaN();
}

}  // namespace

std::vector<LeftOut> leave_one_out(std::span<const RainPair> pairs, const std::optional<Variogram>& radar_structure, const MergeSettings& settings) {
  std::vector<LeftOut> out;
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    if (!std::isnan(pairs[k].radar_mm)) out.push_back({k, static_cast<float>(pairs[k].gauge_mm), {}, {}, 0});
  }
  parallel_for(std::ssize(out), 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t o = begin; o < end; ++o) {
      LeftOut& left = out[static_cast<std::size_t>(o)];
      const RainPair& self = pairs[left.pair];
      std::vector<RainPair> others(pairs.begin(), pairs.end());
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(left.pair));
      MergeSettings s = settings;
      s.fill_gaps = false;  // the radar sees every gauge that is left out
      // One variogram for all methods: it does not depend on them.
      s.variogram = plan_merge(others, radar_structure, with_method(s, MergeMethod::radar_alone)).variogram;
      const std::vector<RainPair> near = nearest_pairs(others, self.place, others.size() > s.most_global ? s.neighbours : s.most_global);
      left.gauges_alone_mm = gauges_alone(near, self.place, *s.variogram);
      for (std::size_t m = 0; m < kMergeMethods.size(); ++m) {
        s.method = kMergeMethods[m];
        const MergePlan plan = plan_merge(others, radar_structure, s);
        const MergeModel model(plan, near, s);
        left.estimate_mm[m] = static_cast<float>(model.at(self.place, self.radar_mm));
        left.fell_back[m] = plan.method != s.method;
      }
    }
  });
  return out;
}

void LeaveOneOutScores::add(std::span<const LeftOut> left_out) {
  std::vector<float> alone, gauges;
  for (const LeftOut& l : left_out) alone.push_back(l.gauges_alone_mm), gauges.push_back(l.gauge_mm);
  alone_.add(alone, gauges);
  for (std::size_t m = 0; m < kMergeMethods.size(); ++m) {
    std::vector<float> estimates, truths;
    for (const LeftOut& l : left_out) {
      estimates.push_back(l.estimate_mm[m]);
      truths.push_back(l.gauge_mm);
      fell_back_[m] += l.fell_back[m] ? 1 : 0;
    }
    sums_[m].add(estimates, truths);
  }
}

std::vector<LeaveOneOutScore> LeaveOneOutScores::result() const {
  std::vector<LeaveOneOutScore> scores;
  for (std::size_t m = 0; m < kMergeMethods.size(); ++m) scores.push_back({kMergeMethods[m], sums_[m].result(), fell_back_[m]});
  return scores;
}

}  // namespace guyu
