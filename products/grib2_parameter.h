#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace guyu {

// How WMO's GRIB edition 2 calls a quantity (Manual on Codes, WMO-No. 306, Volume I.2, FM 92; code table 4.2), its unit there, and how finely it is
// packed: values are rounded to 10^-decimals of that unit.
struct Grib2Parameter {
  const char* quantity;
  int discipline, category, number;
  const char* unit;  // as convert_units() spells it
  int decimals;
  bool along_grid_axes = false;  // components of the wind that follow the grid's own axes (flag table 3.3, bit 5)
};
// nullptr for a quantity that has no number here. O(quantities).
const Grib2Parameter* grib2_parameter(std::string_view quantity);
std::vector<std::string> grib2_quantities();

// A level as code table 4.5 says it: a type of fixed surface and, for some, a value of `scaled` * 10^-scale in its unit (Pa or m).
struct Grib2Level {
  int type = 1;
  int second_type = 255;
  bool has_value = false;
  long scale = 0, scaled = 0;
};
// Of the texts that readers give: "surface", "mean sea level", "850 hPa", "50 Pa", "2 m", "isothermZero", "atmosphere", "entireAtmosphere"; an empty one is
// the quantity's usual place (the surface for most). Throws Error for another, naming those that are known.
Grib2Level grib2_level(const std::string& quantity, const std::string& level);

}  // namespace guyu
