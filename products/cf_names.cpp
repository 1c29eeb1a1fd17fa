#include "products/cf_names.h"

#include <set>

namespace guyu {

std::string cf_standard_name(const Quantity& q) {
  // CF's amounts without "lwe_thickness" are masses per area, which udunits does not turn into mm.
  if (q == quantities::precipitation_amount()) return "lwe_thickness_of_precipitation_amount";
  if (q.name == "snowfall_amount") return "lwe_thickness_of_snowfall_amount";
  static const std::set<std::string> kNoneInCf{"cross_correlation_ratio",
                                               "vertically_integrated_liquid",
                                               "radar_echo_top_height",
                                               "radar_echo_top_height_above_isotherm",
                                               "severe_hail_index",
                                               "probability_of_severe_hail",
                                               "maximum_expected_hail_size",
                                               "convective_echo_class",
                                               "lightning_flash_density",
                                               "flash_flood_ratio",
                                               "waterlogging_depth",
                                               "runoff_curve_number",
                                               "threshold_runoff",
                                               "critical_rain",
                                               "flood_exceedance_probability",
                                               "soil_water_store",
                                               "upper_tension_water",
                                               "lower_tension_water",
                                               "deep_tension_water",
                                               "free_water",
                                               "runoff_area_share",
                                               "interflow_store",
                                               "groundwater_store",
                                               "runoff_parameters_code",
                                               "channel_water_volume"};
  if (kNoneInCf.count(q.name)) return "";
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

std::string cf_area_method(const std::string& statistic) {
  return statistic == "mean" ? "area: mean " : statistic == "max" ? "area: maximum " : statistic == "min" ? "area: minimum " : "";
}

}  // namespace guyu
