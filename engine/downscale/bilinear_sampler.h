#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/core/field.h"
#include "engine/regrid/line_mapper.h"
#include "engine/regrid/source_index.h"

namespace guyu {

// Bilinear values of source planes at the cells of a target grid, row by row and without stored weights: where rows and columns of the two
// grids are parallel, one position a row and one a column; else positions are made for each row. Same rule as RegridMethod::bilinear with strict missing
// (the edge's value in the outer half cells, missing outside or where a cell that counts is missing). Bit-identical for any order of rows.
class BilinearSampler {
 public:
  BilinearSampler(const Grid& source, const Grid& target);  // throws Error when PROJ has no way between the CRSs
  std::int64_t rows() const { return ny_; }
  std::int64_t columns() const { return nx_; }

  struct Scratch {
    std::vector<PlanePoint> places;
    std::vector<float> line;
  };
  // out[0..columns()) of row j. O(columns + source columns).
  void row(std::int64_t j, FieldView<const float> plane, float* out, Scratch& scratch) const;

 private:
  struct Position {
    std::int32_t first = -1, second = -1;  // -1: outside
    float part = 0;                        // of the second
  };
  static Position along(double at, std::int64_t n, bool wraps);
  void general_row(std::int64_t j, FieldView<const float> plane, float* out, Scratch& scratch) const;

  std::int64_t nx_, ny_;
  SourceIndex index_;
  LineMapper mapper_;
  bool parallel_ = false;
  std::vector<Position> row_positions_, column_positions_;
  std::int64_t first_column_ = 0, last_column_ = 0;  // those inside, when parallel
};

// The quantity on the target grid, corrected for elevation: bilinear(T - lapse z) + bilinear(lapse) * target elevation. Missing where any
// of these is. `lapse` in unit per m. One pass over the target, rows in parallel.
void downscale_by_elevation(const BilinearSampler& sampler, FieldView<const float> field, FieldView<const float> lapse, FieldView<const float> orography,
                            FieldView<const float> target_elevation, FieldView<float> out);

}  // namespace guyu
