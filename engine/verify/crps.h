#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "engine/verify/ensemble_view.h"

namespace guyu {

// Continuous ranked probability score of an ensemble, in the unit of the values; 0 is best. For one
// observation y and members x_1 ... x_M
//   CRPS = mean_i |x_i - y| - 1/2 mean_ij |x_i - x_j|
// which is the integral of the squared difference between the ensemble's distribution and the step at y. The
// fair CRPS divides the second sum by M (M - 1) instead of M^2: its expectation does not reward small
// ensembles for being small. Source: Gneiting and Raftery (2007), JASA 102, eq. 20-21; fair: Ferro (2014),
// QJRMS 140.
struct Crps {
  std::size_t judged = 0, unjudged = 0;  // places
  double distance = 0;                   // sum over places of mean_i |x_i - y|
  double dispersion = 0;                 // sum of mean_ij |x_i - x_j|, divided by M^2
  double fair_dispersion = 0;            // the same, divided by M (M - 1)
  Crps& operator+=(const Crps& o);
  double score() const;  // NaN when nothing was judged
  double fair() const;   // NaN too for a single member
};

// The members of a block of places are sorted side by side by a network of exchanges (Batcher's), which has
// no branches; the pair sum follows from the order. O(places x M log^2 M), M > 0. The same for any number of
// threads.
Crps crps(EnsembleView members, std::span<const float> observation);

// The exchanges of a network that sorts n values: after exchanging each pair that is out of order, first to
// last, all are in order. Source: Batcher's odd-even merge exchange, as in Knuth, The Art of Computer
// Programming 3, algorithm 5.2.2M.
struct Exchange {
  std::size_t low, high;
};
std::vector<Exchange> sorting_network(std::size_t n);

}  // namespace guyu
