#pragma once
#include <span>
#include <string>
#include <vector>

#include "engine/blend/forecast_blend.h"
#include "engine/core/field.h"

namespace guyu::cli {

struct RainToBlend {
  BlendForecast forecast;          // no members: there is nothing to blend with
  std::vector<std::string> notes;  // which runs, and what was wanting
  std::vector<std::string> problems;
};

// The rain of forecast files for the time after the newest frame, as rates on its grid, and how well the forecast knew what the frames show. `frames`: rates on
// one grid, rising in time, at least one. A step is measured against the mean of the frames that end in it, an instant against the frame next to it within half
// an hour; all steps and members count together. Runs of a later reference time than the newest frame do not exist; with `arrived`, nor do files that had not
// arrived at its time. Files that give no rain at all are a note, not an error: the nowcast stands alone then.
RainToBlend rain_to_blend(const std::vector<std::string>& files, std::span<const FieldPtr> frames, bool arrived, Seconds until, int levels);

}  // namespace guyu::cli
