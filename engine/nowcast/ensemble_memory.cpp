#include "engine/nowcast/ensemble_memory.h"

#include <algorithm>
#include <cstddef>

#include "engine/nowcast/rain_scale.h"
#include "engine/nowcast/seen_area.h"

namespace guyu {
namespace {

constexpr std::int64_t kFloat = sizeof(float), kWord = 8;

// Cells of a pyramid of the field.
std::int64_t pyramid_cells(std::int64_t ny, std::int64_t nx, int scales) {
  std::int64_t cells = ny * nx;
  for (int k = 1; k < scales && std::min(ny, nx) >= 4; ++k) {
    ny = (ny + 1) / 2, nx = (nx + 1) / 2;
    cells += ny * nx;
  }
  return cells;
}

struct StartMemory {
  std::int64_t building = 0, kept = 0;
};

StartMemory start_memory(FieldView<const float> newest, std::int64_t frames, const Motion& motion, const EnsembleOptions& o, int steps) {
  const std::int64_t cells = newest.ny * newest.nx, pyramid = pyramid_cells(newest.ny, newest.nx, o.cascade.scales);
  std::int64_t wet = 0, runs = newest.ny;
  const SeenArea seen(newest);
  for (std::int64_t j = 0; j < newest.ny; ++j) {
    wet += std::count_if(newest.row(j), newest.row(j) + newest.nx, [](float r) { return r >= kLeastRain; });
    runs += static_cast<std::int64_t>(seen.row(j).size());
  }
  StartMemory m;
  m.building = kFloat * std::max(2 * frames * pyramid + cells, 2 * pyramid + 2 * frames * (pyramid - cells) + 3 * cells);
  const auto nodes = static_cast<std::int64_t>(motion.u.size());
  m.kept = kFloat * (3 * pyramid + wet) + steps * (7 * nodes * kFloat + runs * kWord);
  return m;
}

}  // namespace

std::int64_t ensemble_memory(std::span<const FieldView<const float>> frames, const Motion& motion, const EnsembleOptions& options, int threads) {
  const FieldView<const float> newest = frames.back();
  const auto count = static_cast<std::int64_t>(frames.size());
  const std::int64_t cells = newest.ny * newest.nx;
  const std::int64_t at_work = std::min(threads, options.members) * kFloat * (3 * pyramid_cells(newest.ny, newest.nx, options.cascade.scales) + cells);
  const StartMemory first = start_memory(newest, count, motion, options, options.steps);
  std::int64_t peak = std::max(first.building, first.kept + at_work);
  if (options.lagged > 0 && count > 1) {
    // They begin a frame earlier, which takes a few more steps; those are not worth knowing here.
    const StartMemory lagged = start_memory(frames[frames.size() - 2], count - 1, motion, options, options.steps);
    peak = std::max(peak, first.kept + std::max(lagged.building, lagged.kept + at_work));
  }
  return peak;
}

}  // namespace guyu
