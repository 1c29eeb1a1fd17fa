#include "engine/post/moisture.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>

#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace moisture {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr double kZeroCelsius = 273.15;
constexpr double kLog10TriplePressure = 0.78614;  // hPa

double log10_over_water(double t) {
  const double r = t / kTriplePoint;
  return 10.79574 * (1 - 1 / r) - 5.028 * std::log10(r) + 1.50475e-4 * (1 - std::pow(10, -8.2969 * (r - 1))) +
         0.42873e-3 * (std::pow(10, 4.76955 * (1 - 1 / r)) - 1) + kLog10TriplePressure;
}

double log10_over_ice(double t) {
  const double r = kTriplePoint / t;
  return -9.09685 * (r - 1) - 3.56654 * std::log10(r) + 0.87682 * (1 - 1 / r) + kLog10TriplePressure;
}

double log10_saturation(double t, Saturation over) {  // of hPa
  return over == Saturation::over_water || t > kTriplePoint ? log10_over_water(t) : log10_over_ice(t);
}

double raised_in_air(double saturation, double t, double pressure) {
  const double celsius = t - kZeroCelsius;
  return saturation * (1 + 1e-8 * pressure * (4.5 + 6e-4 * celsius * celsius));
}

double mixing_ratio_at_saturation(double saturation_in_air, double pressure) {
  return kMolecularRatio * saturation_in_air / (std::max(saturation_in_air, pressure) - (1 - kMolecularRatio) * saturation_in_air);
}

}  // namespace

double saturation_vapour_pressure(double temperature, Saturation over) { return 100 * std::pow(10, log10_saturation(temperature, over)); }

double saturation_vapour_pressure_in_air(double temperature, double pressure, Saturation over) {
  return raised_in_air(saturation_vapour_pressure(temperature, over), temperature, pressure);
}

double saturation_mixing_ratio(double temperature, double pressure, Saturation over) {
  return mixing_ratio_at_saturation(saturation_vapour_pressure_in_air(temperature, pressure, over), pressure);
}

double mixing_ratio_of_vapour_pressure(double vapour_pressure, double pressure) { return kMolecularRatio * vapour_pressure / (pressure - vapour_pressure); }

double vapour_pressure_of_mixing_ratio(double mixing_ratio, double pressure) { return pressure * mixing_ratio / (kMolecularRatio + mixing_ratio); }

double relative_humidity(double temperature, double dew_point, Saturation over) {
  return std::pow(10, log10_saturation(dew_point, over) - log10_saturation(temperature, over));
}

double dew_point_of_vapour_pressure(double vapour_pressure, Saturation over) {
  if (!(vapour_pressure > 0)) return kMissing;
  const double wanted = std::log10(vapour_pressure / 100);
  const double magnus = std::log(vapour_pressure / 611.2);
  double t = kZeroCelsius + 243.12 * magnus / (17.62 - magnus);  // Magnus' formula (WMO-No. 8) is within 0.1 K where weather is
  t = std::clamp(t, 120.0, 400.0);
  for (int step = 0; step < 30; ++step) {
    constexpr double kWidth = 1e-3;
    const double slope = (log10_saturation(t + kWidth, over) - log10_saturation(t - kWidth, over)) / (2 * kWidth);
    const double change = (wanted - log10_saturation(t, over)) / slope;
    t += change;
    if (std::abs(change) < 1e-7) break;
  }
  return t;
}

double dew_point(double temperature, double relative_humidity, Saturation over) {
  return dew_point_of_vapour_pressure(relative_humidity * saturation_vapour_pressure(temperature, over), over);
}

double latent_heat_of_condensation(double temperature) { return kLatentHeat - kLatentHeatPerKelvin * (temperature - kZeroCelsius); }

}  // namespace moisture

namespace {

// Saturation vapour pressure in steps of 0.1 K; the ends hold beyond it.
class SaturationTable {
 public:
  SaturationTable() {
    for (std::size_t k = 0; k < values_.size(); ++k) values_[k] = moisture::saturation_vapour_pressure(kFirst + static_cast<double>(k) / kPerKelvin);
  }
  double operator()(double temperature) const {
    const double place = std::clamp((temperature - kFirst) * kPerKelvin, 0.0, static_cast<double>(kSteps - 1));
    const auto below = static_cast<std::size_t>(place);
    const double share = place - static_cast<double>(below);
    return (1 - share) * values_[below] + share * values_[below + 1];
  }

 private:
  static constexpr double kFirst = 183.15, kPerKelvin = 10;
  static constexpr std::size_t kSteps = 1551;
  std::array<double, kSteps + 1> values_{};
};

double wet_bulb(const SaturationTable& saturation, double temperature, double relative_humidity, double pressure, double precision) {
  using namespace moisture;
  if (std::isnan(temperature) || std::isnan(relative_humidity) || std::isnan(pressure)) return std::numeric_limits<double>::quiet_NaN();
  const auto saturated = [&](double t) { return mixing_ratio_at_saturation(raised_in_air(saturation(t), t, pressure), pressure); };
  const double latent = latent_heat_of_condensation(temperature);
  const double vapour = relative_humidity * saturated(temperature);
  const double heat = (1 - vapour) * kHeatDryAir + vapour * kHeatVapour;
  const double enthalpy = latent * vapour + heat * temperature;
  double t = temperature;
  for (int step = 0; step < 20; ++step) {
    const double ratio = saturated(t);
    const double slope = ratio * latent * latent / (kGasConstantVapour * t * t) + heat;
    const double change = (enthalpy - latent * ratio - heat * t) / slope;
    if (!(std::abs(change) > precision)) break;
    t += change;
  }
  return t;
}

const SaturationTable& saturation_table() {
  static const SaturationTable table;
  return table;
}

template <class Cell>
void per_cell(FieldView<const float> a, FieldView<const float> b, FieldView<float> out, const Cell& cell) {
  assert(a.ny == out.ny && a.nx == out.nx && b.ny == out.ny && b.nx == out.nx);
  parallel_for(out.ny, 8, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < out.nx; ++i) out(j, i) = static_cast<float>(cell(j, i, double{a(j, i)}, double{b(j, i)}));
    }
  });
}

}  // namespace

double wet_bulb_temperature(double temperature, double relative_humidity, double pressure, double precision) {
  return wet_bulb(saturation_table(), temperature, relative_humidity, pressure, precision);
}

void wet_bulb_temperature(FieldView<const float> temperature, FieldView<const float> relative_humidity, FieldView<const float> pressure,
                          FieldView<float> wet_bulb_out, double precision) {
  assert(pressure.ny == wet_bulb_out.ny && pressure.nx == wet_bulb_out.nx);
  const SaturationTable& table = saturation_table();
  per_cell(temperature, relative_humidity, wet_bulb_out,
           [&](std::int64_t j, std::int64_t i, double t, double rh) { return wet_bulb(table, t, rh, double{pressure(j, i)}, precision); });
}

void relative_humidity(FieldView<const float> temperature, FieldView<const float> dew_point, FieldView<float> humidity) {
  per_cell(temperature, dew_point, humidity, [](std::int64_t, std::int64_t, double t, double td) { return moisture::relative_humidity(t, td); });
}

void dew_point(FieldView<const float> temperature, FieldView<const float> relative_humidity, FieldView<float> dew_point_out) {
  per_cell(temperature, relative_humidity, dew_point_out, [](std::int64_t, std::int64_t, double t, double rh) { return moisture::dew_point(t, rh); });
}

}  // namespace guyu
