#pragma once
#include <memory>
#include <string>

#include "ingest/projection.h"

namespace guyu::cli::demo {

// From the coordinates of a projected CRS back to longitude (x) and latitude (y), WGS 84.
class ToLonLat {
 public:
  explicit ToLonLat(const std::string& crs);  // throws Error when the CRS is not understood
  Coordinates operator()(double x, double y) const;

 private:
  std::shared_ptr<void> transformation_;
};

}  // namespace guyu::cli::demo
