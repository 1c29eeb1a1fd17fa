#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/grid.h"

namespace guyu {

// nearest: the source cell whose centre is next, in source coordinates; for categories.
// bilinear: between the four centres around; keeps linear functions of the source's x and y. In the outer half cells the edge's value holds;
//   a grid round the globe is joined across the date line and, between its last row and the pole, across the pole.
// conservative: mean over the target cell by exact overlap (engine/regrid/conservative.h); keeps the integral.
enum class RegridMethod { nearest, bilinear, conservative };

// Throws Error listing the methods.
RegridMethod parse_regrid_method(std::string_view text);
std::string_view name_of(RegridMethod method);

// Sparse matrix by rows: a target cell is the weighted sum of its source cells. The weights of a row add up to the share of the cell
// that the source grid covers: 1 inside, 0 (no entries) outside. No zero weights.
struct RegridWeights {
  struct Entry {
    std::int32_t source;  // row * nx + column of the source
    float weight;
  };
  std::int64_t source_nx = 0, source_ny = 0, target_nx = 0, target_ny = 0;
  std::vector<std::int64_t> row_begin;  // target cells + 1, offsets into entries
  std::vector<Entry> entries;           // by rising source within a row
  std::span<const Entry> row(std::int64_t target) const {
    const auto k = static_cast<std::size_t>(target);
    return {entries.data() + row_begin[k], entries.data() + row_begin[k + 1]};
  }
};

// Any two grids: projected, longitude-latitude of either longitude convention, round the globe, across the date line, with poles, with
// uneven rows. Bit-identical for any number of threads. O(target cells + entries). Throws Error when PROJ has no way
// between the two CRSs.
RegridWeights compute_regrid_weights(const Grid& source, const Grid& target, RegridMethod method);

// From the cache folder when it holds weights for these very grids and method, else computed and stored. A damaged
// cache file is computed anew. An empty folder name means no cache.
RegridWeights load_or_compute_regrid_weights(const std::string& cache_folder, const Grid& source, const Grid& target, RegridMethod method);

}  // namespace guyu
