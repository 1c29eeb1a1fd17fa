#pragma once
#include <vector>

#include "engine/core/field.h"
#include "engine/forecast/derived.h"

namespace guyu {

// The field of a plan: `inputs` in the order of plan.needed, on one grid. The result has the valid time and member of the first input. A plan without
// steps gives its only input. Throws Error naming both fields when the grids differ. O(steps x cells), in parallel over cells.
FieldPtr derive_field(const DerivationPlan& plan, const Variable& wanted, const std::vector<FieldPtr>& inputs);

}  // namespace guyu
