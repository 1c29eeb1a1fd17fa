#pragma once
#include <cstdint>
#include <vector>

#include "engine/regrid/line_mapper.h"
#include "engine/regrid/source_index.h"
#include "engine/regrid/weights.h"

namespace guyu {

// Weights of some consecutive target rows while they are built.
struct RowBand {
  std::vector<RegridWeights::Entry> entries;
  std::vector<std::int64_t> counts;  // entries of each target cell
  // Starts the next target cell; add() then gives it entries, by rising source or in any order followed by tidy().
  void next() { counts.push_back(0); }
  void add(std::int64_t source, double weight) {
    entries.push_back({static_cast<std::int32_t>(source), static_cast<float>(weight)});
    ++counts.back();
  }
  void tidy();  // sorts the entries of the cell and joins those of one source
};

// One row of target cells each; `centres` is scratch space.
void add_nearest_row(const LineMapper& mapper, const SourceIndex& index, std::int64_t row, std::vector<PlanePoint>& centres, RowBand& band);
void add_bilinear_row(const LineMapper& mapper, const SourceIndex& index, std::int64_t row, std::vector<PlanePoint>& centres, RowBand& band);

}  // namespace guyu
