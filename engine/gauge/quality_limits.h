#pragma once
#include <optional>
#include <string_view>

#include "engine/core/time.h"

namespace guyu {

// What is possible for one quantity at a station, in its canonical unit. A check whose limit is absent is not made.
struct QualityLimits {
  std::optional<double> least, most;     // range of one value
  std::optional<double> spike;           // a value this far above (or below) the one before and the one after it
  std::optional<double> stuck_from;      // values from here on are stuck when they do not change ...
  std::size_t stuck_values = 6;          // ... over so many values
  Seconds stuck_time{0};                 // and this time
  std::optional<double> neighbour_room;  // how far a value may lie off its neighbours' median when these agree fully
  double lapse = 0;                      // change with height, per m; taken out before neighbours are compared
  bool square_root = false;              // neighbours are compared as square roots, which makes the scatter of rain alike at all amounts
};

// share_of_record: of the world's greatest rain of the interval's length, 422 mm (D / h)^0.475 (the envelope of Jennings, Mon. Wea. Rev. 78, 1950, as in
// WMO-No. 168), that is believed. Ranges, steps and persistence of the other quantities after Zahumensky, Guidelines on Quality Control Procedures for Data
// from Automatic Weather Stations, WMO, 2004, widened for values that are an hour apart. A quantity that the table does not know has its plausible range.
QualityLimits quality_limits(std::string_view quantity, Seconds interval, double share_of_record);

}  // namespace guyu
