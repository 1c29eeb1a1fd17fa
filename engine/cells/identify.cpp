#include "engine/cells/identify.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/cells/cell_shape.h"
#include "engine/cells/core_tree.h"
#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

std::size_t at(std::int64_t k) { return static_cast<std::size_t>(k); }

void check(const IdentifyOptions& o) {
  if (o.thresholds.empty() || o.thresholds.size() > 100) throw Error("storm cells", "want 1 to 100 thresholds", "give 35, 40, 45, 50 dBZ, or rain rates");
  for (std::size_t k = 0; k < o.thresholds.size(); ++k) {
    if (!(k == 0 ? o.thresholds[0] > -1e30F : o.thresholds[k] > o.thresholds[k - 1]))
      throw Error("storm cells", fmt::format("threshold {} does not ascend", o.thresholds[k]), "give the thresholds from low to high");
  }
  if (!(o.least_area_km2 >= 0 && o.least_core_km2 >= 0 && o.prominence >= 0))
    throw Error("storm cells", "an area or the prominence is below 0", "give areas in km2 and the prominence as a share of a threshold's step");
}

// Which core each pixel belongs to, -1 for none: cores first, then pixel by pixel outwards through ever lower thresholds.
std::vector<std::int32_t> grow(const EchoPixels& echo, const std::vector<CoreSeed>& cores, std::size_t levels) {
  std::vector<std::int32_t> label(at(echo.size()), -1), front, next, rim;
  std::array<std::int32_t, 8> near{};
  const auto spread = [&](std::uint8_t level) {  // fills all that touches the front
    while (!front.empty()) {
      next.clear();
      for (const std::int32_t p : front) {
        const int n = echo.neighbours(p, near);
        bool waits = false;
        for (int k = 0; k < n; ++k) {
          const std::int32_t q = near[at(k)];
          if (label[at(q)] >= 0) continue;
          if (echo.level[at(q)] >= level) label[at(q)] = label[at(p)], next.push_back(q);
          else waits = true;
        }
        if (waits) rim.push_back(p);
      }
      front.swap(next);
    }
  };
  for (std::size_t level = levels; level > 0; --level) {
    for (std::size_t c = 0; c < cores.size(); ++c) {
      if (cores[c].level == level) label[at(cores[c].pixel)] = static_cast<std::int32_t>(c), front.push_back(cores[c].pixel);
    }
    front.insert(front.end(), rim.begin(), rim.end());
    std::sort(front.begin(), front.end());  // the same for every place of the storm on the grid
    rim.clear();
    spread(static_cast<std::uint8_t>(level));
  }
  return label;
}

std::vector<std::vector<CellRun>> runs_of(const EchoPixels& echo, const std::vector<std::int32_t>& label, std::size_t cores) {
  std::vector<std::vector<CellRun>> runs(cores);
  for (std::int32_t p = 0; p < echo.size(); ++p) {
    if (label[at(p)] < 0) continue;
    auto& mine = runs[at(label[at(p)])];
    const std::int32_t r = echo.row[at(p)], c = echo.column[at(p)];
    if (!mine.empty() && mine.back().row == r && mine.back().end == c) ++mine.back().end;
    else mine.push_back({r, c, c + 1});
  }
  return runs;
}

}  // namespace

std::vector<StormCell> identify_cells(FieldView<const float> field, const GridScale& scale, CellIntensity intensity, const IdentifyOptions& options) {
  check(options);
  const EchoPixels echo = echo_pixels(field, options.thresholds);
  const std::vector<CoreSeed> cores = find_cores(echo, scale, options);
  auto runs = runs_of(echo, grow(echo, cores, options.thresholds.size()), cores.size());
  std::vector<StormCell> cells(cores.size());
  parallel_for(static_cast<std::int64_t>(cores.size()), 8, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t c = begin; c < end; ++c) {
      cells[at(c)] = measure_cell(std::move(runs[at(c)]), field, scale, intensity);
      cells[at(c)].core_threshold = options.thresholds[at(cores[at(c)].level - 1)];
    }
  });
  std::erase_if(cells, [&](const StormCell& c) { return c.area_km2 < options.least_area_km2; });
  const auto first = [](const StormCell& a, const StormCell& b) {
    return std::pair(a.runs[0].row, a.runs[0].begin) < std::pair(b.runs[0].row, b.runs[0].begin);
  };
  std::sort(cells.begin(), cells.end(), first);
  return cells;
}

}  // namespace guyu
