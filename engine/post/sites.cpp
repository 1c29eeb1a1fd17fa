#include "engine/post/sites.h"

#include <cmath>
#include <limits>

#include "engine/post/lapse_rate.h"

namespace guyu {

std::vector<float> values_at_sites(FieldView<const float> field, std::span<const SiteCell> sites) {
  std::vector<float> values;
  values.reserve(sites.size());
  for (const SiteCell& s : sites) {
    const bool inside = s.row >= 0 && s.row < field.ny && s.column >= 0 && s.column < field.nx;
    values.push_back(inside ? field(s.row, s.column) : std::numeric_limits<float>::quiet_NaN());
  }
  return values;
}

std::vector<float> temperatures_at_sites(FieldView<const float> temperature, FieldView<const float> lapse_rate, std::span<const SiteCell> sites, double limit) {
  std::vector<float> values = values_at_sites(temperature, sites);
  const std::vector<float> rates = values_at_sites(lapse_rate, sites);
  for (std::size_t k = 0; k < values.size(); ++k) {
    const double rise = double{sites[k].rise};
    values[k] = std::isnan(rise) ? std::numeric_limits<float>::quiet_NaN()
                                 : static_cast<float>(double{values[k]} + lapse_rate_adjustment(double{rates[k]}, rise, limit));
  }
  return values;
}

}  // namespace guyu
