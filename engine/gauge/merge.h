#pragma once
#include <span>

#include "engine/core/field.h"
#include "engine/gauge/merge_model.h"

namespace guyu {

struct MergedRain {
  Field field;  // mm over the radar's interval, on its grid
  MergePlan plan;
  std::int64_t cells_from_gauges = 0;  // that the radar does not see
  bool gauges_alone = false;           // the radar sees nothing at all
};

// Merges a radar's amount (mm over an interval) with gauges' amounts over the same interval (MergeModel says how). A field without any valid cell is a
// field of gauges; gauges may lie in the radar's gaps and outside its grid. Up to most_global gauges stand in one system; more are kriged in neighbourhoods
// about the nodes of a lattice, each cell taking the bilinear mean of the four about it, so that the field has no seams.
// Throws Error when the radar field is no precipitation_amount over an interval, or the settings cannot be. Bit-identical for any number of threads.
// O(n^3 + cells n), n at most most_global; O(cells neighbours) beyond.
MergedRain merge_rain(const Field& radar, std::span<const GaugeAmount> gauges, const MergeSettings& settings = {});

void require_merge_settings(const MergeSettings& settings);  // throws Error

}  // namespace guyu
