#pragma once
#include <span>
#include <string>
#include <vector>

#include "engine/core/field.h"

namespace guyu {

// One quantity of one place over time.
struct PlaceSeries {
  Quantity quantity;
  std::string level;
  TimeKind kind = TimeKind::instant;
  std::vector<Interval> times;              // ascending
  std::vector<std::vector<float>> members;  // [member][step], canonical unit, NaN = not known; one member: a single forecast
};

struct MeteogramText {
  std::string name, code;  // of the place; Chinese too
  std::string footer;      // where it comes from
  TimePoint issue{};       // reference time of the forecast
};

struct MeteogramOptions {
  int width = 1100;              // pixels, 800 to 8000; the height follows from the panels
  int utc_offset_minutes = 480;  // of the time axis, -840 to 840
};

// The weather of one place as a PNG, written atomically; the same input gives the same bytes. One panel under the other, each only where a series fills it:
//   temperature and dew point; precipitation, a bar an interval; wind speed, gusts, and arrows with the wind; humidity and cloud; pressure.
// Of several members the median, and for temperature and wind bands of the 10-90 and 25-75 percentiles, for precipitation boxes (25-75) with whiskers
// (10-90); percentiles by linear interpolation of the members that are known, where at least half of them are. Directions are vector means.
// What is not known is hatched, over the time that it stands for: not known is not zero. Times are local, with the offset told in the picture.
// Throws Error for a width or offset that is not possible, when no series fills a panel, and for a file that cannot be written. O(steps x members log members).
void draw_meteogram(const std::string& path, const MeteogramText& text, std::span<const PlaceSeries> series, const MeteogramOptions& options = {});

}  // namespace guyu
