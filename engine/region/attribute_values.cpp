#include "engine/region/attribute_values.h"

#include "engine/core/quantity.h"

namespace guyu {

std::vector<float> values_in(const RegionAttribute* a, std::string_view unit) {
  if (!a || (a->unit != "1" && !units_convertible(a->unit, unit))) return {};
  std::vector<float> values = a->values;
  if (a->unit == "1" || a->unit == unit) return values;
  const UnitConversion convert = convert_units(a->unit, unit);
  for (float& v : values) v = static_cast<float>(convert(double{v}));
  return values;
}

}  // namespace guyu
