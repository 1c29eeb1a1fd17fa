#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/regrid/ground_point.h"
#include "engine/gauge/quality_check.h"

namespace guyu::quality {
namespace {

std::string place_text(const StationPlace& s) { return fmt::format("{:.4f}, {:.4f}", s.longitude, s.latitude); }

// Why the coordinates cannot be; empty when they can.
std::string impossible(const StationPlace& s, const std::optional<QualitySettings::Box>& domain) {
  if (!std::isfinite(s.longitude) || !std::isfinite(s.latitude)) return "the station has no coordinates";
  if (s.longitude == 0 && s.latitude == 0) return "0, 0 is a sign for unknown coordinates";
  const bool possible = std::abs(s.latitude) <= 90 && s.longitude >= -180 && s.longitude <= 360;
  const bool exchanged = std::abs(s.longitude) <= 90 && s.latitude >= -180 && s.latitude <= 360;
  if (exchanged && domain && !domain->holds(s.longitude, s.latitude) && domain->holds(s.latitude, s.longitude)) {
    return place_text(s) + ": longitude and latitude are exchanged";
  }
  if (possible) return {};
  return place_text(s) + (exchanged ? ": no such latitude; longitude and latitude may be exchanged" : ": no such place on Earth");
}

}  // namespace

void check_places(Check check, const std::vector<QualityFlag>& skip) {
  const auto wanted = [&](QualityFlag f) { return std::find(skip.begin(), skip.end(), f) == skip.end(); };
  const QualitySettings& settings = check.settings;
  std::map<std::string, const StationPlace*> known;
  for (const StationPlace& k : settings.known) known.emplace(k.code, &k);
  for (std::size_t s = 0; s < check.series().stations.size(); ++s) {
    const StationPlace& place = check.series().stations[s];
    if (const std::string why = impossible(place, settings.domain); !why.empty()) {
      if (wanted(QualityFlag::wrong_place)) check.condemn_station(QualityFlag::wrong_place, s, why);
      continue;
    }
    if (settings.domain && !settings.domain->holds(place.longitude, place.latitude) && wanted(QualityFlag::outside_domain)) {
      check.condemn_station(QualityFlag::outside_domain, s, place_text(place) + " lies outside the domain");
      continue;
    }
    const auto listed = known.find(place.code);
    if (listed == known.end() || !wanted(QualityFlag::off_list)) continue;
    const StationPlace& there = *listed->second;
    const double km = distance_km(ground_point(place.longitude, place.latitude), ground_point(there.longitude, there.latitude));
    if (km > settings.known_within_km) {
      check.condemn_station(QualityFlag::off_list, s,
                            fmt::format("{} is {:.1f} km from {}, its place in the station list", place_text(place), km, place_text(there)));
    }
  }
}

}  // namespace guyu::quality
