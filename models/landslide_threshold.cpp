#include "models/landslide_threshold.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "engine/core/error.h"

namespace guyu {
namespace {

constexpr LandslidePiece kCaine[] = {{0.167, 240, 14.82, -0.39}};
constexpr LandslidePiece kGuzzetti[] = {{0.1, 1000, 2.20, -0.44}};
constexpr LandslidePiece kGuzzettiTwo[] = {{0.1, 48, 2.28, -0.20}, {48, 1000, 0.48, -0.11}};
const std::array<LandslideThreshold, 3> kAll{{{"caine1980", "Caine (1980), Geografiska Annaler 62A", kCaine},
                                              {"guzzetti2008", "Guzzetti and others (2008), Landslides 5", kGuzzetti},
                                              {"guzzetti2008_two", "Guzzetti and others (2008), Landslides 5", kGuzzettiTwo}}};

}  // namespace

double LandslideThreshold::intensity_mm_h(double hours) const {
  for (const LandslidePiece& p : pieces)
    if (hours >= p.from_hours && (hours < p.to_hours || (&p == &pieces.back() && hours <= p.to_hours))) return p.factor * std::pow(hours, p.exponent);
  return std::numeric_limits<double>::quiet_NaN();
}

std::span<const LandslideThreshold> landslide_thresholds() { return kAll; }

const LandslideThreshold& landslide_threshold(std::string_view name) {
  std::string names;
  for (const LandslideThreshold& t : kAll) {
    if (t.name == name) return t;
    names += (names.empty() ? "" : ", ") + std::string(t.name);
  }
  throw Error("landslide threshold", "there is none called \"" + std::string(name) + "\"", "they are " + names);
}

double antecedent_rain_mm(std::span<const float> daily, double decay, std::size_t memory) {
  double sum = 0;
  for (std::size_t k = 0; k < daily.size(); ++k) {
    const bool old = k + memory < daily.size();
    sum = decay * sum + (old && std::isnan(daily[k]) ? 0 : static_cast<double>(daily[k]));
  }
  return sum;
}

double LandslideWetness::factor(double wetness) const {
  return std::isnan(wetness) ? std::min(dry_factor, wet_factor) : dry_factor + (wet_factor - dry_factor) * std::clamp(wetness, 0.0, 1.0);
}

LandslideRatio landslide_ratio(std::span<const float> hourly, const LandslideThreshold& threshold, double factor) {
  LandslideRatio out;
  double sum = 0;
  bool all_known = !hourly.empty();
  for (std::size_t hours = 1; hours <= hourly.size(); ++hours) {
    const float rain = hourly[hourly.size() - hours];
    const double limit = threshold.intensity_mm_h(static_cast<double>(hours)) * factor * static_cast<double>(hours);
    if (std::isnan(limit)) break;
    if (std::isnan(rain)) all_known = false;
    else sum += static_cast<double>(rain);
    if (sum / limit > out.ratio) out.ratio = sum / limit, out.duration_hours = static_cast<int>(hours);
  }
  out.reached = out.ratio >= 1 ? Answer::yes : all_known ? Answer::no : Answer::unknown;
  return out;
}

}  // namespace guyu
