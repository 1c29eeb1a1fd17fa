#include "ingest/grib_mrms.h"

#include <array>
#include <limits>
#include <utility>

namespace guyu {
namespace {

constexpr long kPrecipitation = 6;  // parameter category

bool is_mrms(const GribMessage& m) { return m.integer("discipline").value_or(-1) == 209; }

bool is_reflectivity(long category, long number) {
  constexpr std::array<std::pair<long, long>, 23> kParameters{{
      {3, 52}, {3, 53},  {3, 54}, {3, 55}, {3, 56},                    // at 0, -5, -10, -15, -20 degC
      {3, 57}, {3, 58},                                                // at the lowest altitude
      {8, 8},                                                          // seamless hybrid scan
      {9, 0},  {9, 1},                                                 // levels of the three-dimensional mosaic
      {10, 0}, {10, 2},  {10, 4}, {10, 5}, {10, 6}, {10, 8}, {10, 9},  // composites over layers
      {10, 7}, {10, 10},                                               // maxima of the last hour
      {11, 0}, {11, 1},  {11, 2}, {11, 3},                             // merged base and composite reflectivity
  }};
  for (const auto& p : kParameters) {
    if (p == std::pair{category, number}) return true;
  }
  return false;
}

}  // namespace

std::optional<MrmsProduct> mrms_product(const GribMessage& m) {
  if (!is_mrms(m)) return std::nullopt;
  const long category = m.require_integer("parameterCategory"), number = m.require_integer("parameterNumber");
  if (is_reflectivity(category, number)) return MrmsProduct{"equivalent_reflectivity_factor", "dBZ", 0};
  if (category != kPrecipitation) return std::nullopt;
  if (number == 1) return MrmsProduct{"rainfall_rate", "mm h-1", 0};
  if (number == 45) return MrmsProduct{"precipitation_amount", "mm", 15};
  // Six families (radar only, gauge-corrected, gauge only, mountain mapper, multi-sensor pass 1 and 2), each over seven durations.
  constexpr std::array<long, 7> kHours{1, 3, 6, 12, 24, 48, 72};
  if (number >= 2 && number <= 43) return MrmsProduct{"precipitation_amount", "mm", 60 * kHours[static_cast<std::size_t>(number - 2) % 7]};
  return std::nullopt;
}

void apply_mrms_sentinels(const GribMessage& m, const Quantity& quantity, std::vector<double>& values) {
  if (!is_mrms(m)) return;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double no_echo = quantity == quantities::reflectivity() ? -32.0 : nan;
  const bool rain = m.integer("parameterCategory").value_or(-1) == kPrecipitation;
  for (double& v : values) {
    if (v == -999.0 || (rain && v < 0)) v = nan;
    else if (v == -99.0) v = no_echo;
  }
}

}  // namespace guyu
