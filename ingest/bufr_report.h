#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "ingest/reader.h"

namespace guyu {

// What one station reports in one subset: where, when and what, in canonical units.
struct BufrReport {
  StationTable::Station station;  // its value is not used
  TimePoint time{};
  struct Value {
    Quantity quantity;
    Seconds period{0};  // of an amount, before the time; 0: at the time
    float value = 0;    // NaN = missing
  };
  std::vector<Value> values;
};

// Appends the reports of one whole message ("BUFR" to "7777"), compressed or not. Read are 2 m temperature and dew point, wind speed and gust, humidity,
// pressure at mean sea level and amounts of precipitation, those of 0 13 011 with the time period (0 04 024, 0 04 025) that stands before them. Subsets
// without time or place, and amounts without a period, go to `problems`. The caller holds eccodes_lock(). Throws Error when the message cannot be decoded.
void read_bufr_message(std::string_view message, const std::string& place, std::vector<BufrReport>& reports, std::vector<std::string>& problems);

}  // namespace guyu
