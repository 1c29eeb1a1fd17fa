#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/quantity.h"
#include "engine/core/time.h"

namespace guyu {

// Splits one line of a table at `separator`; a field in double quotes may hold it, and "" within stands for a quote. Blanks about a field go.
std::vector<std::string> csv_fields(std::string_view line, char separator);

enum class CsvRole { other, code, name, longitude, latitude, elevation, time, year, month, day, hour, minute, value };

// What a column of a station table is, by its heading: "rain_1h [mm]", "PRE_1h", "1小时降水量(mm)", "lon", "区站号" ...
struct CsvColumn {
  CsvRole role = CsvRole::other;
  std::string heading;  // as written, UTF-8
  Quantity quantity;    // of a value
  std::string unit;     // as written, else the usual one
  bool unit_stated = false;
  std::optional<Seconds> period;  // of an amount, where the heading tells it ("_1h", "24小时", "5min", "mm/10min")
  int offset_minutes = 0;         // of a time: from UTC, when the heading tells it ("时间(北京时)", "time [UTC+8]")
};

// Throws Error for a unit that the column's quantity cannot have.
CsvColumn csv_column(const std::string& heading);

// The separator of a heading line: the one of , ; tab and | that makes the most known columns; nullopt when fewer than two are known or no place is among
// them, so that it is no table of stations.
std::optional<char> csv_separator(std::string_view heading_line);

}  // namespace guyu
