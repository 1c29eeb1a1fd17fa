#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/field.h"

namespace guyu {

// The grid cell that stands for a site.
struct SiteCell {
  std::int64_t row = 0, column = 0;
  float rise = 0;  // m, of the site above the cell's height
};

// Values of the cells, in the sites' order; missing where the cell is and for a site whose cell lies outside the plane. O(sites).
std::vector<float> values_at_sites(FieldView<const float> field, std::span<const SiteCell> sites);

// Temperatures carried from the cells' heights to the sites' (lapse_rate_adjustment). Missing where the temperature or lapse rate is.
std::vector<float> temperatures_at_sites(FieldView<const float> temperature, FieldView<const float> lapse_rate, std::span<const SiteCell> sites,
                                         double limit = 50);

}  // namespace guyu
