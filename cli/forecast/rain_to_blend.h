#pragma once
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

// The rain of forecast files for the time after `newest`, as rates on its grid, and how well the forecast knew what `newest` shows. Runs of a
// later reference time do not exist; with `arrived`, nor do files that had not arrived at its time. Files that give no rain at all are a note, not an error:
// the nowcast stands alone then.
RainToBlend rain_to_blend(const std::vector<std::string>& files, const Field& newest, bool arrived, Seconds until, int levels);

}  // namespace guyu::cli
