#include "engine/motion/repeated_scans.h"

#include <algorithm>

#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr std::int64_t kCellsPerThread = 65'536;

// Cells around which both planes are the same and vary.
std::vector<std::uint8_t> same_scan(const Plane& a, const Plane& b) {
  std::vector<std::uint8_t> same(a.values.size(), 0);
  parallel_for(a.ny, std::max<std::int64_t>(4, kCellsPerThread / std::max<std::int64_t>(a.nx, 1)), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = std::max<std::int64_t>(begin, 1); j < std::min(end, a.ny - 1); ++j) {
      for (std::int64_t i = 1; i < a.nx - 1; ++i) {
        const float middle = a.row(j)[i];
        if (!(middle == b.row(j)[i])) continue;
        bool all_same = true, varies = false;
        for (std::int64_t y = j - 1; y <= j + 1 && all_same; ++y) {
          for (std::int64_t x = i - 1; x <= i + 1; ++x) {
            all_same = all_same && a.row(y)[x] == b.row(y)[x];
            varies = varies || a.row(y)[x] != middle;
          }
        }
        same[static_cast<std::size_t>(j * a.nx + i)] = all_same && varies;
      }
    }
  });
  return same;
}

}  // namespace

std::vector<std::vector<std::uint8_t>> telling_cells(const Plane& now, std::span<const Plane* const> earlier) {
  std::vector<std::uint8_t> nothing_new(now.values.size(), 1);
  for (const Plane* plane : earlier) {
    const auto same = same_scan(now, *plane);
    std::transform(nothing_new.begin(), nothing_new.end(), same.begin(), nothing_new.begin(), [](std::uint8_t x, std::uint8_t y) { return x & y; });
  }
  std::vector<std::vector<std::uint8_t>> telling;
  for (std::size_t k = 0; k < earlier.size(); ++k) {
    std::vector<std::uint8_t> cells = k + 1 < earlier.size() ? same_scan(*earlier[k], *earlier[k + 1]) : std::vector<std::uint8_t>(now.values.size(), 0);
    std::transform(cells.begin(), cells.end(), nothing_new.begin(), cells.begin(), [](std::uint8_t repeat, std::uint8_t stale) { return !repeat && !stale; });
    telling.push_back(std::move(cells));
  }
  return telling;
}

}  // namespace guyu
