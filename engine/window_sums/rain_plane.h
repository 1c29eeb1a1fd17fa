#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/core/field.h"
#include "engine/core/time.h"

namespace guyu {

// Rain of a grid's cells over one interval, kept only where some fell: whole multiples of 1 / kRainUnits mm, counted round 2^32 (65,536 mm). So the sum of any
// cells is the same in whatever order it is taken, and what is added and taken away again leaves nothing. A cell whose rain is not known counts as dry:
// what planes sum up to has fallen at least.
inline constexpr double kRainUnits = 65536;  // per mm

struct RainPlane {
  struct Run {
    std::uint32_t first = 0, count = 0;  // cells, row by row
    bool operator==(const Run&) const = default;
  };
  Interval interval;
  std::vector<Run> wet;               // ascending, apart
  std::vector<std::uint32_t> amount;  // of the wet cells, run after run
  std::vector<Run> unknown;           // ascending, apart
  std::vector<float> coverage;        // by region: valid share of its area, 0..1
  bool operator==(const RainPlane&) const = default;
};
using RainPlanePtr = std::shared_ptr<const RainPlane>;

// From amounts in mm, NaN = unknown; less than half a unit is dry. O(cells).
RainPlane rain_plane(FieldView<const float> amount, const Interval& interval, std::vector<float> coverage);

// What falls between two rates in mm/h, the rate linear; unknown where either is. Without coverage. O(cells).
RainPlane rain_between(FieldView<const float> before, FieldView<const float> after, const Interval& interval);

// Cells from `first` on again, mm, NaN where unknown. O(cells asked for + runs).
void spread(const RainPlane& plane, std::size_t first, std::span<float> amount);

// Adds the cells of `part`, moved on by `offset`, after those that are there.
void append_cells(RainPlane& plane, const RainPlane& part, std::uint32_t offset);

// What fell in [begin, end) of the plane's interval, the rain even over its time: cut at any places, the parts add up to the whole. A plane without wet cells
// where the two are the same. O(wet cells).
RainPlane part_of(const RainPlane& plane, const Interval& part);

// What two planes hold together; unknown is what is unknown in both, coverage the mean over their time. Intervals must follow each other. O(wet cells).
RainPlane together(const RainPlane& before, const RainPlane& after);

// The plane with what `other` knows of cells that are unknown in it; other's time is the plane's or a part of it. O(wet cells).
RainPlane filled(const RainPlane& plane, const RainPlane& other);

// Cells of both; each ascending and apart. O(runs).
std::vector<RainPlane::Run> in_both(const std::vector<RainPlane::Run>& a, const std::vector<RainPlane::Run>& b);

// Cells that are unknown in all of them; none where there are no planes. O(runs).
std::vector<RainPlane::Run> never_known(std::span<const RainPlanePtr> planes);

}  // namespace guyu
