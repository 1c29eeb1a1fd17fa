#pragma once
#include <string_view>
#include <vector>

#include "engine/region/region_attributes.h"

namespace guyu {

// An attribute's values in another unit; a number without a unit ("1") is taken to be in it. Empty without an attribute, and when its unit does not compare.
// O(regions).
std::vector<float> values_in(const RegionAttribute* attribute, std::string_view unit);

}  // namespace guyu
