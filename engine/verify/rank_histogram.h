#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "engine/verify/ensemble_view.h"

namespace guyu {

// Where the observation stands among the M members, M + 1 ranks: flat when the members are draws of the same
// distribution, U-shaped when they spread too little. An observation that equals t members (rain that is 0
// everywhere, above all) takes one of the t + 1 ranks at random: by a hash of `salt` and the place, so that a
// second run gives the same. Source: Hamill (2001), Monthly Weather Review 129.
struct RankHistogram {
  std::vector<std::uint64_t> counts;  // [rank]; empty: nothing was added yet
  std::size_t unjudged = 0;
  // Throws Error for histograms of different ensemble sizes.
  RankHistogram& operator+=(const RankHistogram& o);
  // Mean absolute distance of the ranks' shares from 1 / (M + 1), in units of that: 0 is flat. NaN when
  // nothing was judged.
  double unevenness() const;
};

// O(places x M); the same for any number of threads.
RankHistogram rank_histogram(EnsembleView members, std::span<const float> observation, std::uint64_t salt = 0);

}  // namespace guyu
