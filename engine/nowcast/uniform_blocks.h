#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/core/field.h"

namespace guyu {

// Which blocks of a field hold one value throughout (mostly dry or outside coverage), so that kernels may
// fill instead of sample there: the result is the same to the bit.
class UniformBlocks {
 public:
  static constexpr std::int64_t kSize = 16;
  explicit UniformBlocks(FieldView<const float> field);
  // The one value (NaN = missing) of all cells in rows [j0, j1] and columns [i0, i1]; nothing when they
  // differ, when blocks around them differ, or when the box leaves the field.
  std::optional<float> value_in(std::int64_t j0, std::int64_t j1, std::int64_t i0, std::int64_t i1) const;
  float low() const { return low_; }  // range of the finite values; low > high when there are none
  float high() const { return high_; }

 private:
  enum class Kind : std::uint8_t { mixed, missing, constant };
  std::int64_t ny_, nx_, blocks_x_;
  std::vector<Kind> kind_;
  std::vector<float> value_;
  float low_, high_;
};

}  // namespace guyu
