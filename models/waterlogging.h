#pragma once
#include "models/computed_series.h"

namespace guyu {

// waterlogging_depth: water at the low places of a built-up township that its drains do not take. See docs/models/waterlogging.md.
const SeriesModel& waterlogging_model();

}  // namespace guyu
