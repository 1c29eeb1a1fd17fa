#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/field.h"

namespace guyu {

// FSS: how well the share of cells with an event agrees in squares around every cell, which forgives what is
// a little out of place.
//   FSS = 1 - sum (pf - po)^2 / (sum pf^2 + sum po^2), over all cells of all fields; 1 is best, NaN when
//   neither field has an event.
// pf, po: share of events in the square of scale x scale cells around the cell. Outside the grid, and where
// either value is missing, neither field has an event. Source: Roberts and Lean (2008), Monthly Weather
// Review 136.
struct FractionsSkill {
  // Of counts in the squares; divided by scale^4 these are the sums of the formula. Whole numbers in double:
  // exact up to 2^53 a field.
  double squares = 0;   // sum of count_f^2 + count_o^2
  double products = 0;  // sum of count_f count_o
  FractionsSkill& operator+=(const FractionsSkill& o) {
    squares += o.squares, products += o.products;
    return *this;
  }
  double score() const;
};

// Where either field has an event (value >= threshold), both known. Made once for all scales of a threshold.
// O(cells).
class EventPairs {
 public:
  EventPairs(FieldView<const float> forecast, FieldView<const float> observation, double threshold);
  std::int64_t ny() const { return ny_; }
  std::int64_t nx() const { return nx_; }
  // Bit 0: forecast, bit 1: observation.
  const std::uint8_t* row(std::int64_t j) const { return bits_.data() + j * nx_; }

 private:
  std::int64_t ny_, nx_;
  std::vector<std::uint8_t> bits_;
};

// scale: odd number of cells. Throws Error for another. O(cells) for any scale: running sums down the
// columns, one prefix sum along each row, both fields side by side in one word. The same for any number of
// threads.
FractionsSkill fractions_skill(const EventPairs& events, int scale);

}  // namespace guyu
