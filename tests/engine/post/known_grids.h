#pragma once
#include <string>

#include "engine/core/grid.h"
#include "tests/engine/post/known_answers.h"

namespace guyu::test {

inline const std::string kUkLambert = "+proj=laea +lat_0=54.9 +lon_0=-2.5 +x_0=0 +y_0=0 +a=6378137 +b=6356752.314140356 +units=m +no_defs";
inline const std::string kUkMercator =
    "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.999601304531097 +x_0=400000 +y_0=-100000 +a=6377563.396 +b=6356256.91 +units=m +no_defs";
inline const std::string kGlobe = "+proj=longlat +R=6371229 +no_defs";

// Grid of a file, rows turned north first; x and y are its coordinates' names.
inline Grid grid_of(const std::string& path, const std::string& crs, const std::string& x_name = "projection_x_coordinate",
                    const std::string& y_name = "projection_y_coordinate") {
  const std::vector<double> x = read_values(path, x_name), y = read_values(path, y_name);
  const double dx = (x.back() - x.front()) / static_cast<double>(x.size() - 1), dy = (y.back() - y.front()) / static_cast<double>(y.size() - 1);
  return Grid(crs, x.front(), std::max(y.front(), y.back()), dx, std::abs(dy), static_cast<std::int64_t>(x.size()), static_cast<std::int64_t>(y.size()));
}

inline bool south_first(const std::string& path, const std::string& y_name = "projection_y_coordinate") {
  const std::vector<double> y = read_values(path, y_name);
  return y.front() < y.back();
}

inline Plane turned(const Plane& p) {
  Plane out(p.ny, p.nx);
  for (std::int64_t j = 0; j < p.ny; ++j) std::copy(p.row(j), p.row(j) + p.nx, out.row(p.ny - 1 - j));
  return out;
}

}  // namespace guyu::test
