#include "engine/gauge/leave_one_out.h"

#include <cmath>

#include "hpc/parallel/parallel_for.h"

namespace guyu {

std::vector<LeftOut> leave_one_out(std::span<const RainPair> pairs, const std::optional<Variogram>& radar_structure, const MergeSettings& settings) {
  std::vector<LeftOut> out;
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    if (!std::isnan(pairs[k].radar_mm)) out.push_back({k, static_cast<float>(pairs[k].gauge_mm), {}, {}});
  }
  parallel_for(std::ssize(out), 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t o = begin; o < end; ++o) {
      LeftOut& left = out[static_cast<std::size_t>(o)];
      const RainPair& self = pairs[left.pair];
      std::vector<RainPair> others(pairs.begin(), pairs.end());
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(left.pair));
      for (std::size_t m = 0; m < kMergeMethods.size(); ++m) {
        MergeSettings s = settings;
        s.method = kMergeMethods[m];
        const MergePlan plan = plan_merge(others, radar_structure, s);
        const MergeModel model(plan, others.size() > s.most_global ? nearest_pairs(others, self.place, s.neighbours) : others, s);
        left.estimate_mm[m] = static_cast<float>(model.at(self.place, self.radar_mm));
        left.fell_back[m] = plan.method != s.method;
      }
    }
  });
  return out;
}

void LeaveOneOutScores::add(std::span<const LeftOut> left_out) {
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
