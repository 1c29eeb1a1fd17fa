#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "engine/core/field.h"

namespace guyu {

// The pixels of a field at or above the first of ascending thresholds, by row and column, with their neighbours: what is not echo costs nothing.
struct EchoPixels {
  std::vector<std::int32_t> row, column;
  std::vector<float> value;
  std::vector<std::uint8_t> level;         // thresholds reached, 1 or more
  std::vector<std::int32_t> row_begin;     // first pixel of each row, and one past the last
  std::vector<std::int32_t> above, below;  // first pixel of the row above (below) that stands no farther left than one column
  std::int32_t size() const { return static_cast<std::int32_t>(row.size()); }

  // The up to 8 pixels that touch pixel `p`: rows from above, columns from the left. Returns how many.
  int neighbours(std::int32_t p, std::array<std::int32_t, 8>& out) const;
};

// O(cells of the grid), rows in parallel; NaN is no echo.
EchoPixels echo_pixels(FieldView<const float> field, const std::vector<float>& thresholds);

}  // namespace guyu
