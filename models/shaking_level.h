#pragma once
#include "engine/region/risk_table.h"

namespace guyu {

// Colour of an intensity, by its rounded degree: red from 7, orange 5 and 6, yellow 3 and 4, blue 2, none for 1 (not felt); NaN is unknown. Source: colours of
// the national earthquake early warning; blue begins there below 3.
Level shaking_level(double intensity);

}  // namespace guyu
