#include "engine/post/rain_enhancement.h"

#include <algorithm>
#include <cassert>

#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

template <class Cell>
void per_cell(FieldView<const float> rate, FieldView<const float> enhancement, FieldView<float> out, const Cell& cell) {
  assert(rate.ny == out.ny && rate.nx == out.nx && enhancement.ny == out.ny && enhancement.nx == out.nx);
  parallel_for(out.ny, 32, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < out.nx; ++i) {
        const float r = rate(j, i), e = enhancement(j, i);
        out(j, i) = r < kLeastRainRate ? r + 0 * e : cell(r, e);  // 0 * e: missing stays missing
      }
    }
  });
}

}  // namespace

void remove_enhancement(FieldView<const float> rate, FieldView<const float> enhancement, FieldView<float> without) {
  per_cell(rate, enhancement, without, [](float r, float e) { return r - e < kLeastRainRate ? kLeastRainRate : r - e; });
}

void add_enhancement(FieldView<const float> rate, FieldView<const float> enhancement, FieldView<float> with) {
  per_cell(rate, enhancement, with, [](float r, float e) { return r + e; });
}

}  // namespace guyu
