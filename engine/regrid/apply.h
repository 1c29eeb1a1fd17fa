#pragma once
#include <string_view>

#include "engine/core/field.h"
#include "engine/regrid/weights.h"

namespace guyu {

// What a target cell is worth when some of its source cells are missing or it juts out of the source grid.
enum class MissingPolicy {
  strict,       // missing
  renormalise,  // weighted mean of the valid ones, missing when they weigh less than least_valid
};
// Throws Error listing the policies.
MissingPolicy parse_missing_policy(std::string_view text);

struct MissingTreatment {
  MissingPolicy policy = MissingPolicy::strict;
  double least_valid = 0.5;  // share of the target cell, 0 to 1; renormalise only. With 0 one valid source cell is enough.
};

// Sums in double, in the order of the weights; bit-identical for any number of threads. Missing cells are skipped, never
// multiplied. The planes' shapes must be those of the weights. O(entries).
void apply_weights(const RegridWeights& weights, FieldView<const float> source, MissingTreatment missing, FieldView<float> target);

// A field on another grid, its metadata unchanged. `weights` must belong to the two grids.
Field regrid(const Field& source, const Grid& target, const RegridWeights& weights, MissingTreatment missing);

}  // namespace guyu
