#pragma once
#include "models/computed_series.h"

namespace guyu {

// The models, one file each. A new one has a line here and one in model_registry.cpp.
const SeriesModel& fire_weather_index_model();
const SeriesModel& flash_flood_model();
const SeriesModel& landslide_ratio_model();
const SeriesModel& seismic_intensity_model();
const SeriesModel& waterlogging_model();

}  // namespace guyu
