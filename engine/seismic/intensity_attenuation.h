#pragma once
#include <span>
#include <string_view>

#include "engine/seismic/earthquake.h"

namespace guyu {

// Seismic intensity (degrees of the Chinese scale, GB/T 17742) by distance from the epicentre, with isoseismals that are ellipses along the rupture:
// I = constant + per_magnitude M - decay lg(R + near_km) on each axis, R in km, M the surface-wave magnitude.
struct IntensityAxis {
  double constant, per_magnitude, decay, near_km;
  double intensity(double magnitude, double distance_km) const;
  double distance_km(double magnitude, double intensity) const;  // 0 where the intensity is not reached
};
struct IntensityAttenuation {
  std::string_view name, region, source;
  IntensityAxis along, across;  // the rupture
  double spread;                // standard deviation of the intensity about the relation
};

// wang2000_east, wang2000_west: Wang Suyun, Yu Yanxiang, Gao Ajia, Yan Xiujie (2000), Development of attenuation relations for ground motion in China,
// Earthquake Research in China 16(2), 99-106. zoning2015_*: the four relations behind the zonation map GB 18306-2015 (Xiao and Yu 2011; Gao 2015). On each the
// two axes agree at the epicentre to 0.02 degrees, which the tests check.
std::span<const IntensityAttenuation> intensity_attenuations();
// Throws Error listing the names.
const IntensityAttenuation& intensity_attenuation(std::string_view name);
// Wang's relation for the epicentre: the west is west of 105 degrees east, where the North-South seismic belt runs.
const IntensityAttenuation& usual_attenuation(const Earthquake& event);

// Depth that the relations stand for: they were made from crustal earthquakes and take no depth.
inline constexpr double kUsualDepthKm = 15;

// Intensity at a distance (km) in a direction (degrees from the rupture's; NaN: not known). Without a direction the isoseismals are circles of the ellipses'
// area. Far away (170 km to 1160 km, by relation) the two axes of a relation cross; beyond, isoseismals are circles by the axis along. A focus deeper than
// usual counts as further away: R^2 grows by h^2 - 15^2; that is a caution of this program and not part of the relations. Never below 1. NaN when magnitude or
// distance is. O(60).
double intensity_at(const IntensityAttenuation& attenuation, const Earthquake& event, double distance_km, double angle_degrees);

// Peak ground acceleration, m s-2, that goes with an intensity: I = 3.17 lg(PGA) + 6.59 (GB/T 17742-2020), within its range of II to XI.
double peak_acceleration_m_s2(double intensity);

}  // namespace guyu
