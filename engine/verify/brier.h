#pragma once
#include "engine/verify/probability_table.h"

namespace guyu {

// Brier score: mean (p - o)^2 with p the share of members that say "event" and o 1 or 0; 0 is best. It parts
// exactly into
//   score = reliability - resolution + uncertainty,
// reliability (0 is best): how far the events' frequency lies from each probability; resolution (large is
// best): how far the frequencies lie from the overall one; uncertainty: that of the climate alone. The
// classes are the M + 1 probabilities themselves, so nothing remains over. Source: Murphy (1973), Journal of
// Applied Meteorology 12. All NaN when nothing was judged.
struct Brier {
  double score = 0, reliability = 0, resolution = 0, uncertainty = 0;
  double skill = 0;  // BSS = 1 - score / uncertainty; NaN where nothing or everything was an event
};
Brier brier(const ProbabilityTable& table);
// The parts as they come out of `bins` classes of equal width, each standing for its mean probability
// (pysteps: 10). What the probabilities differ by within a class is in none of the parts, so they make the
// score only nearly.
Brier brier_of_bins(const ProbabilityTable& table, std::size_t bins);

}  // namespace guyu
