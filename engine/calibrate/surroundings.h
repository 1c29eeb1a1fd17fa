#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/region/region_place.h"

namespace guyu {

// What a forecast of amounts says around a place: over its members and the places about it, weighted by area and by 1 - (distance / radius)^2. A rain that is
// foretold at the wrong place is still there (Scheuerer 2014, Q. J. R. Meteorol. Soc. 140; Scheuerer and Hamill 2015, Mon. Wea. Rev. 143).
struct Surroundings {
  float mean = 0;       // in the quantity's unit
  float wet = 0;        // share that is no dry forecast (kDryForecast)
  float deviation = 0;  // standard deviation of the square root
};
inline constexpr float kDryForecast = 0.05F;                          // mm: a forecast below is one of no rain
inline constexpr std::array<double, 4> kRadii_km{50, 100, 200, 400};  // that training chooses from

// Surroundings of all places at once. Places of a cube of an eighth of the radius count at their common centre, so that a row has some hundreds of entries
// however dense the places are: for showers without any order in space means stay within 6 % and shares within 0.03 of those of every place by itself (a test
// compares).
class SurroundingsOperator {
 public:
  // A place without area takes no part and has no surroundings. Throws Error for a radius that is not above 0. O(places).
  SurroundingsOperator(std::span<const RegionPlace> places, double radius_km);
  // Of one time: each member's values at all places. NaN takes no part; nothing known within the radius: NaN. The same bits on any number of threads.
  // O(places x (members + row)).
  std::vector<Surroundings> operator()(std::span<const std::vector<float>* const> members) const;

 private:
  struct Entry {
    std::uint32_t cube = 0;
    float weight = 0;
  };
  std::vector<double> area_;
  std::vector<std::uint32_t> cube_of_;  // of each place; of one without area: not used
  std::size_t cubes_ = 0;
  std::vector<std::size_t> row_begin_;
  std::vector<Entry> entries_;
};

}  // namespace guyu
