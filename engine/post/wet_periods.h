#pragma once
#include <span>

#include "engine/core/field.h"

namespace guyu {

// Share of periods that were wet: in which both the accumulation and the peak rate exceeded their thresholds (planes of truth, 0 is no, anything else yes),
// one pair of planes a period. A period of which either is missing makes the cell missing, for it might have been the wet one. Throws Error unless there are
// as many planes of both, and one at least. Percentiles over members: percentiles_of_planes. O(cells x periods).
void wet_share_of_periods(std::span<const FieldView<const float>> accumulation_exceeds, std::span<const FieldView<const float>> rate_exceeds,
                          FieldView<float> share);

}  // namespace guyu
