#pragma once
#include <cstddef>

#include "engine/core/field.h"

namespace guyu {

// SAL of one pair of rain fields: each 0 at best.
//   structure  -2 ... 2: below 0 the forecast's rain objects are too small or too peaked, above 0 too large
//   or too flat; amplitude  -2 ... 2: (mean of forecast - mean of observation) / their mean; location    0
//   ... 2: distance of the centres of mass, and difference of the objects' spread about them, over the
//   domain's diagonal.
// Objects: cells of at least 1/15 of a field's maximum that touch, corners included. A field without rain has
// no objects: structure and location are NaN when either has none, amplitude too when both have none. Cells
// missing in either field count as outside the domain (no rain in both). Source: Wernli, Paulat, Hagen and
// Frei (2008), Monthly Weather Review 136.
struct Sal {
  double structure = 0, amplitude = 0, location = 0;
};
// Distances in cells. O(cells).
Sal sal(FieldView<const float> forecast, FieldView<const float> observation);

// Means over pairs of fields, of each part over the pairs that have it.
struct SalSums {
  std::size_t structures = 0, amplitudes = 0,
              without = 0;  // pairs with structure and location, with amplitude, without any
  double structure = 0, absolute_structure = 0, amplitude = 0, absolute_amplitude = 0, location = 0;  // sums
  void add(const Sal& one);
  SalSums& operator+=(const SalSums& o);
  Sal mean() const;      // signed: errors of either sign cancel
  Sal absolute() const;  // of |S|, |A| and L
};

}  // namespace guyu
