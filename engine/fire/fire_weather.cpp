#include "engine/fire/fire_weather.h"

#include <algorithm>
#include <cmath>

namespace guyu {
namespace {

using Months = std::array<double, 12>;

double moisture_of_ffmc(double code) { return 147.2 * (101 - code) / (59.5 + code); }  // 1

double next_ffmc(double before, const NoonWeather& w) {
  double m = moisture_of_ffmc(before);
  if (w.rain_mm > 0.5) {
    const double rain = w.rain_mm - 0.5;                                                          // 2
    double wetted = m + 42.5 * rain * std::exp(-100 / (251 - m)) * (1 - std::exp(-6.93 / rain));  // 3a
    if (m > 150) wetted += 0.0015 * (m - 150) * (m - 150) * std::sqrt(rain);                      // 3b
    m = std::min(wetted, 250.0);
  }
  const double h = w.humidity_percent, damp = 0.18 * (21.1 - w.temperature_c) * (1 - std::exp(-0.115 * h));
  const double dry_end = 0.942 * std::pow(h, 0.679) + 11 * std::exp((h - 100) / 10) + damp;  // 4
  const double wet_end = 0.618 * std::pow(h, 0.753) + 10 * std::exp((h - 100) / 10) + damp;  // 5
  const auto rate = [&](double share) {                                                      // 6 and 7
    const double at_rest = 0.424 * (1 - std::pow(share, 1.7)) + 0.0694 * std::sqrt(w.wind_km_h) * (1 - std::pow(share, 8));
    return at_rest * 0.581 * std::exp(0.0365 * w.temperature_c);
  };
  if (m > dry_end) m = dry_end + (m - dry_end) * std::pow(10, -rate(h / 100));               // 8
  else if (m < wet_end) m = wet_end - (wet_end - m) * std::pow(10, -rate((100 - h) / 100));  // 9
  return std::clamp(59.5 * (250 - m) / (147.2 + m), 0.0, 101.0);                             // 10
}

double next_dmc(double before, const NoonWeather& w, double latitude) {
  double code = before;
  if (w.rain_mm > 1.5) {
    const double rain = 0.92 * w.rain_mm - 1.27;                        // 11
    const double moisture = 20 + 280 / std::exp(0.023 * code);          // 12, as the program of 1985 has it
    const double b = code <= 33   ? 100 / (0.5 + 0.3 * code)            // 13a
                     : code <= 65 ? 14 - 1.3 * std::log(code)           // 13b
                                  : 6.2 * std::log(code) - 17.2;        // 13c
    const double wetted = moisture + 1000 * rain / (48.77 + b * rain);  // 14
    code = std::max(0.0, 43.43 * (5.6348 - std::log(wetted - 20)));     // 15, likewise
  }
  const double drying = 1.894 * (std::max(w.temperature_c, -1.1) + 1.1) * (100 - w.humidity_percent) * duff_day_length(latitude, w.month) * 1e-6;  // 16
  return code + 100 * drying;                                                                                                                      // 17
}

double next_dc(double before, const NoonWeather& w, double latitude) {
  double code = before;
  if (w.rain_mm > 2.8) {
    const double rain = 0.83 * w.rain_mm - 1.27;                         // 18
    const double moisture = 800 * std::exp(-code / 400) + 3.937 * rain;  // 19 and 20
    code = std::max(0.0, 400 * std::log(800 / moisture));                // 21
  }
  const double evaporation = 0.36 * (std::max(w.temperature_c, -2.8) + 2.8) + drought_day_factor(latitude, w.month);  // 22
  return code + 0.5 * std::max(0.0, evaporation);                                                                     // 23
}

bool known(const NoonWeather& w) { return std::isfinite(w.temperature_c + w.humidity_percent + w.wind_km_h + w.rain_mm); }

}  // namespace

double duff_day_length(double latitude, int month) {
  static constexpr Months north{6.5, 7.5, 9.0, 12.8, 13.9, 13.9, 12.4, 10.9, 9.4, 8.0, 7.0, 6.0};
  static constexpr Months low_north{7.9, 8.4, 8.9, 9.5, 9.9, 10.2, 10.1, 9.7, 9.1, 8.6, 8.1, 7.8};
  static constexpr Months low_south{10.1, 9.6, 9.1, 8.5, 8.1, 7.8, 7.9, 8.3, 8.9, 9.4, 9.9, 10.2};
  static constexpr Months south{11.5, 10.5, 9.2, 7.9, 6.8, 6.2, 6.5, 7.4, 8.7, 10.0, 11.2, 11.8};
  const auto m = static_cast<std::size_t>(std::clamp(month, 1, 12) - 1);
  if (latitude <= -30) return south[m];
  if (latitude <= -10) return low_south[m];
  if (latitude < 10) return 9;
  return latitude < 30 ? low_north[m] : north[m];
}

double drought_day_factor(double latitude, int month) {
  static constexpr Months north{-1.6, -1.6, -1.6, 0.9, 3.8, 5.8, 6.4, 5.0, 2.4, 0.4, -1.6, -1.6};
  static constexpr Months south{6.4, 5.0, 2.4, 0.4, -1.6, -1.6, -1.6, -1.6, -1.6, 0.9, 3.8, 5.8};
  const auto m = static_cast<std::size_t>(std::clamp(month, 1, 12) - 1);
  if (latitude < -20) return south[m];
  return latitude < 20 ? 1.4 : north[m];
}

MoistureCodes next_codes(const MoistureCodes& before, const NoonWeather& weather, double latitude) {
  NoonWeather w = weather;
  if (!known(w)) return {std::nan(""), std::nan(""), std::nan("")};
  w.humidity_percent = std::clamp(w.humidity_percent, 0.0, 100.0);
  w.wind_km_h = std::max(w.wind_km_h, 0.0), w.rain_mm = std::max(w.rain_mm, 0.0);
  return {next_ffmc(before.ffmc, w), next_dmc(before.dmc, w, latitude), next_dc(before.dc, w, latitude)};
}

double initial_spread_index(double ffmc, double wind_km_h) {
  const double m = moisture_of_ffmc(ffmc);
  const double fuel = 91.9 * std::exp(-0.1386 * m) * (1 + std::pow(m, 5.31) / 4.93e7);  // 25
  return 0.208 * std::exp(0.05039 * std::max(wind_km_h, 0.0)) * fuel;                   // 24 and 26
}

double buildup_index(double dmc, double dc) {
  if (dmc == 0 && dc == 0) return 0;
  if (dmc <= 0.4 * dc) return 0.8 * dmc * dc / (dmc + 0.4 * dc);                                         // 27a
  return std::max(0.0, dmc - (1 - 0.8 * dc / (dmc + 0.4 * dc)) * (0.92 + std::pow(0.0114 * dmc, 1.7)));  // 27b
}

double fire_weather_index(double isi, double bui) {
  const double duff = bui <= 80 ? 0.626 * std::pow(bui, 0.809) + 2 : 1000 / (25 + 108.64 * std::exp(-0.023 * bui));  // 28
  const double b = 0.1 * isi * duff;                                                                                 // 29
  return b > 1 ? std::exp(2.72 * std::pow(0.434 * std::log(b), 0.647)) : b;                                          // 30
}

}  // namespace guyu
