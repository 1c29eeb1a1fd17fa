#pragma once
#include <string>

#include "engine/calibrate/forecast_calibration.h"
#include "products/provenance.h"

namespace guyu {

// What training learnt, as NetCDF-4 with its provenance: one group of variables a calibrated variable. Atomic; the same content gives the same bytes. Read back
// by ingest/forecast_calibration_reader.h. Throws Error naming the file.
void write_forecast_calibration(const std::string& path, const ForecastCalibration& calibration, const Provenance& provenance);

}  // namespace guyu
