#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/field.h"

namespace guyu {

// Where a field has values, as runs of columns in each row.
class SeenArea {
 public:
  struct Run {
    std::int32_t begin, end;  // columns [begin, end)
  };
  SeenArea() = default;
  explicit SeenArea(FieldView<const float> field);  // the finite cells
  std::span<const Run> row(std::int64_t j) const;
  bool holds(std::int64_t j, std::int64_t i) const;  // O(log runs of the row)
  std::int64_t cells() const { return cells_; }
  // With all cells that are within `reach` rows and columns of it, inside the field. O(cells).
  SeenArea grown(std::int64_t reach) const;

 private:
  void add_row(const std::vector<std::uint8_t>& marks);
  std::vector<Run> runs_;
  std::vector<std::size_t> first_;  // of each row, and one more
  std::int64_t cells_ = 0, nx_ = 0;
};

}  // namespace guyu
