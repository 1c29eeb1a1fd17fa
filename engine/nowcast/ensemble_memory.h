#pragma once
#include <cstdint>
#include <span>

#include "engine/nowcast/ensemble.h"

namespace guyu {

// Bytes that a MemberMaker will hold at most beside its frames, with as many members at work as `threads`: while the model of the scales is made (two pyramids
// a frame and one plane), or afterwards (three pyramids, and three and two planes for each member at work), whichever is more; with lagged members both models.
// Taken from the containers' sizes; what the system and the allocator add is not in it. O(cells of the newest frame).
std::int64_t ensemble_memory(std::span<const FieldView<const float>> frames, const Motion& motion, const EnsembleOptions& options, int threads);

}  // namespace guyu
