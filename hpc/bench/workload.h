#pragma once
#include <string>
#include <vector>

#include "engine/core/field.h"
#include "engine/region/region_set.h"

namespace guyu::bench {

// What the stages run on: files of the folder of real data (GUYU_REAL_DATA, else ../shared/data) where they are present,
// synthetic stand-ins of the same shape otherwise.
struct Rain {
  Grid grid;
  std::vector<Field> frames;  // mm/h, oldest first
  std::vector<TimePoint> times;
  std::string origin;  // for the table
};

std::string data_folder();                                     // empty when absent
std::vector<std::string> mosaic_files();                       // the large GRIB2 mosaics by time; empty when absent
Rain mosaic(std::size_t frames);                               // 3500 x 7000, six minutes apart
Rain cut(const Rain& from, std::int64_t ny, std::int64_t nx);  // the window of that size with the most rain
RegionSet counties(std::string& origin);                       // 3,231 polygons, or squares of about their size

}  // namespace guyu::bench
