#pragma once
#include <string>
#include <vector>

#include "cli/forecast/township_series.h"
#include "cli/verb.h"
#include "engine/forecast/catalogue.h"
#include "engine/region/zonal_statistics.h"

namespace guyu::cli {

// Statistics over townships that are asked for besides the mean.
struct WantedStatistics {
  std::vector<std::string> words;  // "max,p90" of all variables, "wind_speed@10 m: max,frac>=10.8" of one, "wind_speed: max" of it at all levels
  std::vector<std::string> packs;  // names or files of rule packs: what their rules ask for of the variables
  void add_options(Verb& verb);    // --statistic, --for; this must live as long as the command
};

// By variable. Directions have none. What a pack asks for and no variable gives is told in the notes. Throws Error for words that name no statistic or none
// of the variables, and for packs that cannot be read.
std::vector<std::vector<ZonalStatistic>> statistics_of(const WantedStatistics& wanted, const std::vector<Variable>& variables, std::vector<std::string>& notes);

// Adds series of them to the layout, with the times and members that `as_forecast` has of their variables (a calibration changes members, but no statistics).
void add_statistics(SeriesLayout& layout, const SeriesLayout& as_forecast, const std::vector<std::vector<ZonalStatistic>>& of_variables);

}  // namespace guyu::cli
