#include "engine/cells/echo_pixels.h"

#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {
constexpr std::int64_t kRowsPerChunk = 64;

// For each pixel of row j the first one of row `other` at or right of the column before it.
void link_rows(EchoPixels& e, std::int64_t j, std::int64_t other, std::vector<std::int32_t>& out) {
  const auto at = [](std::int64_t k) { return static_cast<std::size_t>(k); };
  const bool inside = other >= 0 && other + 1 < static_cast<std::int64_t>(e.row_begin.size());
  std::int32_t q = inside ? e.row_begin[at(other)] : 0;
  const std::int32_t end = inside ? e.row_begin[at(other + 1)] : 0;
  for (std::int32_t p = e.row_begin[at(j)]; p < e.row_begin[at(j + 1)]; ++p) {
    while (q < end && e.column[at(q)] < e.column[at(p)] - 1) ++q;
    out[at(p)] = q;
  }
}

}  // namespace

EchoPixels echo_pixels(FieldView<const float> field, const std::vector<float>& thresholds) {
  EchoPixels e;
  const auto at = [](std::int64_t k) { return static_cast<std::size_t>(k); };
  e.row_begin.assign(at(field.ny + 1), 0);
  const float least = thresholds.front();
  parallel_for(field.ny, kRowsPerChunk, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      const float* row = field.row(j);
      std::int32_t n = 0;
      for (std::int64_t i = 0; i < field.nx; ++i) n += row[i] >= least ? 1 : 0;
      e.row_begin[at(j + 1)] = n;
    }
  });
  for (std::int64_t j = 0; j < field.ny; ++j) e.row_begin[at(j + 1)] += e.row_begin[at(j)];
  const auto n = at(e.row_begin.back());
  e.row.resize(n), e.column.resize(n), e.value.resize(n), e.level.resize(n), e.above.resize(n), e.below.resize(n);
  parallel_for(field.ny, kRowsPerChunk, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      const float* row = field.row(j);
      std::size_t p = at(e.row_begin[at(j)]);
      for (std::int64_t i = 0; i < field.nx && p < at(e.row_begin[at(j + 1)]); ++i) {
        if (!(row[i] >= least)) continue;
        std::uint8_t level = 0;
        for (const float t : thresholds) level = static_cast<std::uint8_t>(level + (row[i] >= t ? 1 : 0));
        e.row[p] = static_cast<std::int32_t>(j), e.column[p] = static_cast<std::int32_t>(i), e.value[p] = row[i], e.level[p] = level;
        ++p;
      }
    }
  });
  parallel_for(field.ny, kRowsPerChunk, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      link_rows(e, j, j - 1, e.above);
      link_rows(e, j, j + 1, e.below);
    }
  });
  return e;
}

int EchoPixels::neighbours(std::int32_t p, std::array<std::int32_t, 8>& out) const {
  const auto at = [](std::int64_t k) { return static_cast<std::size_t>(k); };
  int n = 0;
  const std::int32_t c = column[at(p)], r = row[at(p)];
  const auto from_row = [&](std::int32_t first, std::int32_t other) {
    if (other < 0 || other + 1 >= static_cast<std::int32_t>(row_begin.size())) return;
    for (std::int32_t q = first; q < row_begin[at(other + 1)] && column[at(q)] <= c + 1; ++q) out[at(n++)] = q;
  };
  from_row(above[at(p)], r - 1);
  if (p > row_begin[at(r)] && column[at(p - 1)] == c - 1) out[at(n++)] = p - 1;
  if (p + 1 < row_begin[at(r + 1)] && column[at(p + 1)] == c + 1) out[at(n++)] = p + 1;
  from_row(below[at(p)], r + 1);
  return n;
}

}  // namespace guyu
