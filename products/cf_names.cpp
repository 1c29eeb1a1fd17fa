#include "products/cf_names.h"

namespace guyu {

std::string cf_standard_name(const Quantity& q) {
  // CF's amounts without "lwe_thickness" are masses per area, which udunits does not turn into mm.
  if (q == quantities::precipitation_amount()) return "lwe_thickness_of_precipitation_amount";
  if (q.name == "snowfall_amount") return "lwe_thickness_of_snowfall_amount";
  if (q.name == "cross_correlation_ratio") return "";
  return find_quantity(q.name) ? q.name : "";
}

std::string cf_method(TimeKind kind) {
  switch (kind) {
    case TimeKind::accumulation: return "sum";
    case TimeKind::mean: return "mean";
    case TimeKind::maximum: return "maximum";
    case TimeKind::minimum: return "minimum";
    case TimeKind::instant: break;
  }
  return "point";
}

}  // namespace guyu
