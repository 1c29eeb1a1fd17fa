#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace guyu {

// A physical quantity with exactly one canonical unit inside the engine. `name` is the CF standard name where
// CF has one. Looked up by name; quantities that no table knows keep their source name with unit "1" or the
// source unit, so that inspection can show them, and nothing else uses them.
struct Quantity {
  std::string name;  // e.g. "rainfall_rate"
  std::string unit;  // canonical, e.g. "mm h-1"
  double plausible_min = -1e30, plausible_max = 1e30;
  bool operator==(const Quantity& o) const { return name == o.name && unit == o.unit; }
};

namespace quantities {
const Quantity& rainfall_rate();         // mm h-1
const Quantity& precipitation_amount();  // mm, over an interval
const Quantity& reflectivity();          // dBZ
}  // namespace quantities

// Whether values add up over time: amounts and integrals, which belong to an interval and never to an instant.
bool is_amount(const Quantity& quantity);

// Known quantities, by canonical name. Returns nullptr when unknown.
const Quantity* find_quantity(std::string_view name);
std::vector<std::string> quantity_names();

// Linear unit conversion value_to = value_from * scale + offset.
struct UnitConversion {
  double scale = 1, offset = 0;
  double operator()(double v) const { return v * scale + offset; }
};
// Throws Error naming both units when no linear conversion is known. Accepts common spellings
// ("mm/h", "mm h-1", "kg m-2 s-1", "m s**-1", "degC", "hPa"...).
UnitConversion convert_units(std::string_view from, std::string_view to);
bool units_convertible(std::string_view from, std::string_view to);

}  // namespace guyu
