#pragma once
#include <array>
#include <string>
#include <vector>

#include "engine/core/time.h"
#include "engine/verify/calibration.h"
#include "models/hazard_model.h"

namespace guyu::cli {

// The calibrations of one hazard's levels, and where they come from. JSON, because people want to read what was learnt; codes carry the regions' offsets, so
// that a changed order or set of regions does no harm.
struct CalibrationFile {
  static constexpr int kVersion = 1;
  std::string hazard, pack;
  std::vector<std::string> codes;
  std::array<Calibration, 4> levels;  // at least Blue, Yellow, Orange, Red
  Interval archive;                   // issue times of the cycles learnt from
  std::vector<std::string> inputs;
};

std::string to_json(const CalibrationFile& file);
// Throws Error naming the file: not readable, of another kind, version or hazard, or with numbers that are none.
CalibrationFile read_calibration(const std::string& path, const std::string& hazard);

// As a model wants it; a region that the file does not know follows the common curve.
CalibratedProbability as_probability(CalibrationFile file, const std::vector<std::string>& codes);

}  // namespace guyu::cli
