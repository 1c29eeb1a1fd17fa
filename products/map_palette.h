#pragma once
#include <string>
#include <vector>

#include "engine/core/field.h"
#include "engine/region/risk_table.h"
#include "products/map_canvas.h"

namespace guyu {

// Values from `from` up to the next class have this colour.
struct ColourClass {
  double from = 0;
  Colour colour;
};

struct Palette {
  std::vector<ColourClass> classes;  // ascending; below the first: `below`
  Colour below{1, 1, 1};
  std::string unit;
  const Colour& of(double value) const;
};

// Rain in the classes that China's services print, reflectivity in steps of 5 dBZ, anything else in ten even steps over [min, max].
Palette palette_for(const Quantity& quantity, TimeKind kind, double min, double max);

// Colours of the national warning signals; None is pale. Unknown is hatched, not coloured.
Colour level_colour(Level level);

}  // namespace guyu
