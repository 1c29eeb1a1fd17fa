#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "engine/cells/storm_track.h"
#include "engine/convection/lightning_likelihood.h"

namespace guyu {

// What a cell of the newest frame carries: the greatest values over its pixels, NaN where none of them is known.
struct CellSeverity {
  std::uint32_t track = 0;
  float hail_mm = 0, gust_m_s = 0;
  double lightning_likelihood = 0;
  float hail_probability = std::numeric_limits<float>::quiet_NaN();  // 0 to 1
};

// Planes of the newest frame's grid; absent ones make NaN. Ordered like the tracks that the frame shows. O(pixels of cells). Throws Error for planes that the
// cells do not fit on.
struct SeverityFields {
  std::optional<FieldView<const float>> hail_mm, gust_m_s, dbz_at_minus_10, hail_probability{};
};
std::vector<CellSeverity> cell_severity(std::span<const StormTrack> tracks, const SeverityFields& fields, const LightningSignature& signature = {});

}  // namespace guyu
