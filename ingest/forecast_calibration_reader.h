#pragma once
#include <string>

#include "engine/calibrate/forecast_calibration.h"

namespace guyu {

// What `guyu train` wrote. Throws Error naming the file: not readable, no calibration, of another version, or with numbers that are none.
ForecastCalibration read_forecast_calibration(const std::string& path);

}  // namespace guyu
