#pragma once
#include <string>
#include <vector>

#include "engine/core/field.h"

namespace guyu {

struct ObservedRainOptions {
  Seconds max_gap{15 * 60};  // instants further apart are not joined: the rain between them is unknown
};

// Rain amounts (mm over an interval) from one source's frames, oldest first.
// - an accumulation is its own amount; a mean rate over an interval is multiplied by its length;
// - two neighbouring instantaneous rates give the trapezoid between them. A cell missing in either is missing: half
//   an observation is not an observation.
// Gaps longer than max_gap, and frames on another grid than the one before, are left out and named in `notes`.
// Throws Error for a quantity that is not rain. O(frames x cells).
std::vector<Field> observed_amounts(const std::vector<FieldPtr>& frames, const ObservedRainOptions& options, std::vector<std::string>& notes);

// The rate (mm/h) that a frame stands for, whichever way it states its rain; for motion and extrapolation.
Field as_rate(const Field& frame);

}  // namespace guyu
