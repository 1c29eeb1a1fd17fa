#include "engine/nowcast/beyond_view.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "engine/nowcast/scale_pyramid.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr std::uint16_t kFar = std::numeric_limits<std::uint16_t>::max();
constexpr std::int64_t kRowsAtOnce = 16;

// Chessboard distance to the nearest known cell: one pass down and one up, each cell one more than the least of its neighbours that were passed. Source:
// Rosenfeld and Pfaltz (1968), Distance functions on digital pictures.
std::vector<std::uint16_t> distances(FieldView<const float> field) {
  const std::int64_t ny = field.ny, nx = field.nx;
  std::vector<std::uint16_t> d(static_cast<std::size_t>(ny * nx), kFar);
  const auto at = [&](std::int64_t j, std::int64_t i) -> std::uint16_t& { return d[static_cast<std::size_t>(j * nx + i)]; };
  const auto from = [&](std::int64_t j, std::int64_t i, std::uint16_t& least) {
    if (j >= 0 && j < ny && i >= 0 && i < nx && at(j, i) < kFar - 1) least = std::min<std::uint16_t>(least, static_cast<std::uint16_t>(at(j, i) + 1));
  };
  for (std::int64_t j = 0; j < ny; ++j) {
    for (std::int64_t i = 0; i < nx; ++i) {
      std::uint16_t least = std::isfinite(field(j, i)) ? std::uint16_t{0} : kFar;
      for (std::int64_t a = -1; a <= 1 && least > 0; ++a) from(j - 1, i + a, least);
      if (least > 0) from(j, i - 1, least);
      at(j, i) = least;
    }
  }
  for (std::int64_t j = ny - 1; j >= 0; --j) {
    for (std::int64_t i = nx - 1; i >= 0; --i) {
      std::uint16_t& least = at(j, i);
      for (std::int64_t a = -1; a <= 1 && least > 0; ++a) from(j + 1, i + a, least);
      if (least > 0) from(j, i + 1, least);
    }
  }
  return d;
}

}  // namespace

BeyondView::BeyondView(FieldView<const float> newest) : continued_(fill_missing(newest, 0)), distance_(distances(newest)) {}

void BeyondView::fill(const DisplacementView& displacement, double reach, FieldView<float> out) const {
  if (out.ny != continued_.ny || out.nx != continued_.nx) throw Error("nowcast", "the field to be continued has another shape");
  const std::int64_t ny = out.ny, nx = out.nx;
  const auto right = static_cast<float>(nx - 1), bottom = static_cast<float>(ny - 1);
  parallel_for(ny, kRowsAtOnce, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> dx(static_cast<std::size_t>(nx)), dy(dx.size()), scratch;
    for (std::int64_t j = begin; j < end; ++j) {
      float* row = out.row(j);
      const auto missing = [](float x) { return std::isnan(x); };
      if (std::none_of(row, row + nx, missing)) continue;
      expand_control_row(displacement.dx, displacement.factor, j, nx, 0, nx, dx.data(), scratch);
      expand_control_row(displacement.dy, displacement.factor, j, nx, 0, nx, dy.data(), scratch);
      for (std::int64_t i = 0; i < nx; ++i) {
        if (!missing(row[i])) continue;
        const float x = static_cast<float>(i) - dx[static_cast<std::size_t>(i)], y = static_cast<float>(j) - dy[static_cast<std::size_t>(i)];
        if (!std::isfinite(x) || !std::isfinite(y)) continue;
        const float inside_x = std::clamp(x, 0.0F, right), inside_y = std::clamp(y, 0.0F, bottom);
        const auto beyond = static_cast<double>(std::max(std::fabs(x - inside_x), std::fabs(y - inside_y)));
        const std::uint16_t gap = distance_[static_cast<std::size_t>(std::lround(inside_y) * nx + std::lround(inside_x))];
        if (gap == kFar || beyond + gap > reach) continue;
        const auto c = std::min(static_cast<std::int64_t>(inside_x), std::max<std::int64_t>(nx - 2, 0));
        const auto r = std::min(static_cast<std::int64_t>(inside_y), std::max<std::int64_t>(ny - 2, 0));
        const float fx = inside_x - static_cast<float>(c), fy = inside_y - static_cast<float>(r);
        const float* above = continued_.row(r);
        const float* below = continued_.row(std::min(r + 1, ny - 1));
        const std::int64_t next = std::min(c + 1, nx - 1);
        row[i] = (1 - fy) * ((1 - fx) * above[c] + fx * above[next]) + fy * ((1 - fx) * below[c] + fx * below[next]);
      }
    }
  });
}

}  // namespace guyu
