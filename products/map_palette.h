#pragma once
#include <string>
#include <vector>

#include "engine/core/field.h"
#include "engine/region/risk_table.h"
#include "products/map_canvas.h"

namespace guyu {

// The colours of the warning signals (red, orange, yellow, blue in order of severity: Measures for the Issuance and
// Dissemination of Early Warning Signals of Meteorological Disasters, CMA Order 16, 2007); None pale. Unknown is hatched instead.
Color level_color(Level level);

// What a pixel shows of the several cells that fall into it.
enum class Reduction { mean, max, nearest };

// How the values of a quantity are shown, in the unit that people use ("°C", "hPa", ...).
struct ColorScale {
  struct Class {
    double from = 0;  // shown unit, inclusive; up to the next one's
    Color color;
    std::string label;  // name of the class; may be empty
  };
  std::string chinese, english, unit;
  UnitConversion to_shown;     // from the canonical unit
  bool continuous = false;     // colours between the classes are mixed, `from` being the place of each colour
  std::vector<Class> classes;  // ascending
  std::string below;           // label of what lies under the first class, drawn as paper; continuous scales have no such
  double low = 0, high = 0;    // continuous: the part that the field uses, shown unit; low == high when there is no value
  Reduction reduction = Reduction::mean;

  Color at(double shown) const;  // not for NaN
};

// Rain in the grades of GB/T 28592-2012 for 12 and 24 hours and those that China's weather bureaus use for 1, 3 and 6 hours, by
// the length of the interval; rates by the 1-hour grades; reflectivity in steps of 5 dBZ; temperatures with fixed colours; other
// quantities by a ramp over the values there are.
ColorScale color_scale(const Field& field);

// Step of 1, 2 or 5 times a power of ten that cuts a range into at most `most` parts.
double nice_step(double range, int most);

}  // namespace guyu
