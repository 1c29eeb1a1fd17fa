#include "engine/hydrology/potential_evaporation.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guyu {

double radiation_evaporation_mm(double latitude, int day_of_year) {
  constexpr double kPi = std::numbers::pi;
  const double angle = 2 * kPi * day_of_year / 365, phi = latitude * kPi / 180;
  const double distance = 1 + 0.033 * std::cos(angle), declination = 0.409 * std::sin(angle - 1.39);
  const double sunset = std::acos(std::clamp(-std::tan(phi) * std::tan(declination), -1.0, 1.0));
  const double radiation =
      24 * 60 / kPi * 0.0820 * distance * (sunset * std::sin(phi) * std::sin(declination) + std::cos(phi) * std::cos(declination) * std::sin(sunset));
  return radiation / 2.45;  // MJ m-2 over the latent heat, MJ kg-1
}

double oudin_evaporation_mm(double temperature_c, double latitude, int day_of_year) {
  if (std::isnan(temperature_c)) return temperature_c;
  return std::max(0.0, radiation_evaporation_mm(latitude, day_of_year) * (temperature_c + 5) / 100);
}

}  // namespace guyu
