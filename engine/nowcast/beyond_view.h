#pragma once
#include <cstdint>
#include <vector>

#include "engine/core/plane.h"
#include "engine/nowcast/displacement.h"

namespace guyu {

// Rain that comes in from a little beyond what the radars see. As far as the motion is uncertain, so is the edge of the view: there the best single guess is
// the smooth continuation of what is seen, as members have it too. Farther out nothing is known and stays missing.
class BeyondView {
 public:
  // mm/h, NaN = missing; a field without any known cell is continued nowhere. O(cells).
  explicit BeyondView(FieldView<const float> newest);
  // Gives a value to the missing cells of `out` whose air comes from at most `reach` cells (rows and columns) beyond the known ones, also from beyond the grid.
  // All other cells stay as they are. No value leaves the range of the newest field. O(missing cells).
  void fill(const DisplacementView& displacement, double reach, FieldView<float> out) const;

 private:
  Plane continued_;
  std::vector<std::uint16_t> distance_;  // of each cell to the nearest known one, in rows or columns; kFar: none within reach of any use
};

}  // namespace guyu
