#pragma once
#include <memory>
#include <string>

#include "engine/region/region_set.h"

namespace guyu::cli::demo {

inline constexpr const char* kLonLat = "EPSG:4326";

// Points from one CRS to another, x,y = lon,lat; made once for many points.
class Transform {
 public:
  Transform(const std::string& from, const std::string& to);  // throws Error naming the CRS that is not understood
  Point operator()(double x, double y) const;                 // throws Error for a point without an image

 private:
  std::shared_ptr<void> transformation_;
};

}  // namespace guyu::cli::demo
