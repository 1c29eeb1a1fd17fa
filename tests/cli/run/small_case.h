#pragma once
#include <functional>
#include <string>

#include "engine/core/time.h"

namespace guyu::test {

// A small live case on disk: two townships side by side, radar frames every 5 minutes (CF NetCDF, mm/h) of rain that stands over the western one,
// and a cycle configuration "case.toml".
struct SmallCase {
  explicit SmallCase(const std::string& name);
  // Frames at the ends of all 5-minute steps in [from, to]: `west_mm_h` over the western township, 0 over the eastern one.
  void frames(TimePoint from, TimePoint to, float west_mm_h) const;
  // The same of any rain: mm/h at x (longitude), y (latitude) and a time; NaN = not seen.
  using Rate = std::function<float(double x, double y, TimePoint t)>;
  void frames_of(TimePoint from, TimePoint to, const Rate& rate) const;
  std::string frame_path(TimePoint t) const;
  std::string data, out;
  std::string config() const { return data + "/case.toml"; }
};

}  // namespace guyu::test
