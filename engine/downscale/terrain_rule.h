#pragma once
#include <span>
#include <string>
#include <string_view>

#include "engine/core/field.h"
#include "engine/core/plane.h"
#include "engine/downscale/lapse_rate.h"

namespace guyu {

// How a quantity follows ground that the model does not see. One rule for townships and for fine grids.
enum class TerrainRule {
  plain,        // not at all: interpolation
  temperature,  // by the lapse rate that the model itself shows around the place
  dew_point,    // the same, at constant relative humidity
  pressure,     // hydrostatic
  wind_speed,   // by how exposed the place is (exposure.h)
  rain,         // by a ratio of climatologies where one is given (exposure.h), else plain
  radiation,    // by slope and aspect on fine grids (slope_radiation.h); townships hold slopes of all aspects
  direction,    // degrees have no mean: that of the vector has a direction
};
// Quantities on pressure levels do not know the ground: plain.
TerrainRule terrain_rule(const Quantity& quantity, std::string_view level);
// Whether the rule needs the elevation of model and ground.
bool needs_elevation(TerrainRule rule);
// Whether the quantity differs between land and sea: what the surface makes does; rain, radiation and what is on pressure levels come from above.
bool differs_across_coasts(TerrainRule rule, std::string_view level);

// A field as a straight line in height at each cell: values + slope * (height - model's height), slope in the values' unit per m. `logarithm`: the line is
// that of the natural logarithm.
struct HeightLine {
  Plane values, slope;
  bool logarithm = false;
};
// For the rules that need elevation. `temperature` (K) on the field's grid, or nullptr: dew point then has the slope of temperature and pressure that of the
// standard atmosphere at 288.15 K. `lapse` (K/m): of the temperature. Missing in gives missing out. O(cells).
//   dew point: at the same relative humidity de/e = des/es, so that by Clausius-Clapeyron dTd/dz = (Td/T)^2 dT/dz
//   pressure: d ln p / dz = -g / (R T) of dry air, g = 9.80665 m s-2, R = 287.05 J kg-1 K-1
HeightLine height_line(TerrainRule rule, const Field& field, const Field* temperature, FieldView<const float> lapse);

// Where a temperature's change with height is taken from.
struct LapseChoice {
  enum class From { neighbourhood, levels, fixed } from = From::neighbourhood;
  float fixed = LapseRateOptions{}.standard;  // K/m
};
// "neighbourhood", "levels" or a number in K/km. Throws Error.
LapseChoice parse_lapse_choice(const std::string& text);

// Lapse rates of one grid, kept while the temperature is the same: several quantities of one time ask for them. Without a temperature the standard's.
class KeptLapseRate {
 public:
  // `levels`: for LapseChoice::From::levels; without two of them the neighbourhood speaks.
  const Plane& of(const LapseChoice& choice, const FieldPtr& temperature, FieldView<const float> orography, std::span<const LapseLevel> levels);

 private:
  FieldPtr temperature_;
  Plane lapse_;
};

}  // namespace guyu
