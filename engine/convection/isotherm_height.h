#pragma once
#include <span>

#include "engine/core/field.h"

namespace guyu {

// Temperature (K) and height (m above sea level) of one level of a forecast, on one grid.
struct TemperatureLevel {
  FieldView<const float> kelvin, height_m;
};

// Height of a temperature: the highest crossing from warmer below to colder above, by linear interpolation between neighbouring known levels, which may come in
// any order (each column is sorted by height). NaN where no two known levels have the temperature between them: where all of the column is colder the height is
// below what is known, and nothing is guessed. O(cells x levels log levels). Throws Error for fewer than two levels and for other shapes.
void isotherm_height(std::span<const TemperatureLevel> levels, double kelvin, FieldView<float> out);

}  // namespace guyu
