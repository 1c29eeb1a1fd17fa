#pragma once
#include "models/computed_series.h"

namespace guyu {

// flash_flood_ratio: the rain of the last 1, 3 and 6 h against the rain of that duration that is critical on the soil as it was when the duration began; the
// largest of the three. See docs/models/flash_flood.md.
const SeriesModel& flash_flood_model();

}  // namespace guyu
