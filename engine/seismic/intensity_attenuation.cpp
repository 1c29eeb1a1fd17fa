#include "engine/seismic/intensity_attenuation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include "engine/core/error.h"

namespace guyu {
namespace {

constexpr std::string_view kWang = "Wang and others (2000), Earthquake Research in China 16(2)", kZoning = "GB 18306-2015; Xiao and Yu (2011), Gao (2015)";
constexpr std::array<IntensityAttenuation, 6> kAll{{
    {"wang2000_east", "eastern China", kWang, {5.019, 1.446, 4.136, 24}, {2.240, 1.446, 3.070, 9}, 0.517},
    {"wang2000_west", "western China", kWang, {5.253, 1.398, 4.164, 26}, {2.019, 1.398, 2.943, 8}, 0.632},
    {"zoning2015_east_strong", "strong seismicity of eastern China", kZoning, {5.7123, 1.3626, 4.2903, 25}, {3.6588, 1.3626, 3.5406, 13}, 0.5826},
    {"zoning2015_east_moderate", "moderate seismicity", kZoning, {5.8410, 1.0710, 3.6570, 15}, {3.9440, 1.0710, 2.8450, 7}, 0.5200},
    {"zoning2015_xinjiang", "Xinjiang", kZoning, {5.6018, 1.4347, 4.4899, 25}, {3.6113, 1.4347, 3.8477, 13}, 0.5924},
    {"zoning2015_tibet", "Qinghai-Tibet", kZoning, {6.4580, 1.2746, 4.4709, 25}, {3.3682, 1.2746, 3.3119, 9}, 0.6636},
}};

}  // namespace

double IntensityAxis::intensity(double magnitude, double distance) const {
  return constant + per_magnitude * magnitude - decay * std::log10(distance + near_km);
}

double IntensityAxis::distance_km(double magnitude, double intensity) const {
  return std::max(0.0, std::pow(10.0, (constant + per_magnitude * magnitude - intensity) / decay) - near_km);
}

std::span<const IntensityAttenuation> intensity_attenuations() { return kAll; }

const IntensityAttenuation& intensity_attenuation(std::string_view name) {
  std::string names;
  for (const IntensityAttenuation& a : kAll) {
    if (a.name == name) return a;
    names += (names.empty() ? "" : ", ") + std::string(a.name);
  }
  throw Error("intensity attenuation", "there is none called \"" + std::string(name) + "\"", "they are " + names);
}

const IntensityAttenuation& usual_attenuation(const Earthquake& event) { return kAll[event.longitude < 105 ? 1 : 0]; }

double intensity_at(const IntensityAttenuation& a, const Earthquake& event, double distance, double angle) {
  const double m = event.magnitude;
  if (std::isnan(m) || std::isnan(distance)) return std::nan("");
  if (event.depth_km > kUsualDepthKm) distance = std::sqrt(distance * distance + event.depth_km * event.depth_km - kUsualDepthKm * kUsualDepthKm);
  const double x = distance * std::cos(angle * std::numbers::pi / 180), y = distance * std::sin(angle * std::numbers::pi / 180);
  // Whether the place lies outside the isoseismal of this intensity.
  const auto outside = [&](double intensity) {
    const double along = a.along.distance_km(m, intensity), across = std::min(along, a.across.distance_km(m, intensity));
    if (!(along > 0) || !(across > 0)) return distance > 0;
    if (std::isnan(angle)) return distance * distance > along * across;
    return x * x / (along * along) + y * y / (across * across) > 1;
  };
  double low = -30, high = std::min(a.along.intensity(m, 0), a.across.intensity(m, 0));
  for (int k = 0; k < 60 && outside(high); ++k) {
    const double middle = 0.5 * (low + high);
    if (!outside(middle)) low = middle;
    else high = middle;
    if (high - low < 1e-9) break;
  }
  return std::max(1.0, outside(high) ? low : high);
}

double peak_acceleration_m_s2(double intensity) { return std::pow(10.0, (intensity - 6.59) / 3.17); }

}  // namespace guyu
