#pragma once
#include <cmath>
#include <numbers>

namespace guyu::test {

struct LonLat {
  double lon, lat;  // degrees
};

// A rotated grid as GRIB describes it (WMO Manual on Codes, GRIB2 template 3.1): worked out by turning vectors, without PROJ.
struct RotatedPole {
  LonLat south;      // its southern pole
  double angle = 0;  // of rotation about the new polar axis, degrees

  // Place of a point given in rotated longitude and latitude.
  LonLat place(LonLat rotated) const {
    const double k = std::numbers::pi / 180, lon = (rotated.lon + angle) * k, lat = rotated.lat * k, tilt = south.lat * k;
    const double x = std::cos(lat) * std::cos(lon), y = std::cos(lat) * std::sin(lon), z = std::sin(lat);
    const double gx = -std::sin(tilt) * x - std::cos(tilt) * z, gz = std::cos(tilt) * x - std::sin(tilt) * z;
    return {std::remainder(std::atan2(y, gx) / k + south.lon, 360.0), std::asin(gz) / k};
  }
  // Bearing of the grid's north at a place, radians clockwise from true north: that of the great circle to the northern pole of the grid.
  double north_at(LonLat at) const {
    const double k = std::numbers::pi / 180, lat = at.lat * k, pole = -south.lat * k, d = (south.lon + 180 - at.lon) * k;
    return std::atan2(std::sin(d) * std::cos(pole), std::cos(lat) * std::sin(pole) - std::sin(lat) * std::cos(pole) * std::cos(d));
  }
};

}  // namespace guyu::test
