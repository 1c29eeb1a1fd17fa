#pragma once
#include <functional>
#include <string>
#include <vector>

#include "cli/forecast/grid_downscaler.h"
#include "cli/forecast/orographic_rain.h"
#include "cli/forecast/step_fields.h"
#include "engine/forecast/catalogue.h"

namespace guyu::cli {

// Reads, derives and downscales every step of a selection, in its order, and hands the fine field on. In memory are the coarse fields of one time and
// member, of amounts the last total of each variable, and one fine field. A field that cannot be read goes to `problems` and is left out. With `orographic` the
// ground's part is added to precipitation.
void each_fine_step(FieldStore& store, const ForecastRequest& request, const ForecastSelection& selection, GridDownscaler& downscale,
                    const std::function<void(const ForecastStep& step, Field&& field)>& sink, std::vector<std::string>& problems,
                    OrographicRain* orographic = nullptr);

}  // namespace guyu::cli
