#include "cli/forecast/wanted.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "cli/verify/inputs.h"
#include "engine/core/error.h"

namespace guyu::cli {
namespace {

// What a forecast of the weather is made of; what a forecast does not hold is left out without a word, for nobody asked for it.
const std::vector<std::string> kUsual{"precipitation_amount@surface",
                                      "air_temperature@2 m",
                                      "dew_point_temperature@2 m",
                                      "relative_humidity@2 m",
                                      "wind_speed@10 m",
                                      "wind_from_direction@10 m",
                                      "wind_speed_of_gust@10 m",
                                      "wind_speed_of_gust@surface",
                                      "surface_air_pressure@surface",
                                      "air_pressure_at_mean_sea_level@mean sea level",
                                      "cloud_area_fraction@surface",
                                      "cloud_area_fraction@entireAtmosphere",
                                      "wet_bulb_temperature@2 m",
                                      "apparent_air_temperature@2 m",
                                      "freezing_level_altitude",
                                      "integral_wrt_time_of_surface_downwelling_shortwave_flux_in_air@surface",
                                      "atmosphere_convective_available_potential_energy@surface"};

std::string some_held(const FieldStore& store) {
  constexpr std::size_t kTold = 5;
  std::set<std::string> held;
  for (const ForecastEntry& e : store.entries()) held.insert(Variable{e.meta.quantity.name, e.meta.level}.describe());
  if (held.empty()) return "nothing of use";
  std::string told;
  std::size_t k = 0;
  for (auto it = held.begin(); it != held.end() && k < kTold; ++it, ++k) told += (k ? ", " : "") + *it;
  return held.size() > kTold ? told + fmt::format(" and {} more", held.size() - kTold) : told;
}

}  // namespace

std::vector<std::string> files_named(const std::vector<std::string>& words) {
  std::vector<std::string> files;
  for (const std::string& word : words) {
    const auto named = verify::named_files(word);
    files.insert(files.end(), named.begin(), named.end());
  }
  return files;
}

void WantedForecast::add_options(Verb& verb) {
  verb.option("files", files, "GRIB or NetCDF files of one model, folders, or quoted patterns with *; runs, steps and members are told from their content")
      .required();
  verb.option("--variables", variables, "quantity@level, parted by commas, e.g. \"air_temperature@2 m,precipitation_amount@surface\"; derived ones too")
      .parted_by(',');
  verb.option("--as-of", as_of, "only what had arrived by this time: FILE.arrival, else the file's time of change");
  verb.option("--hours", hours, "how far ahead").shows_default().between(1, 24 * 400);
}

ChosenForecast choose_forecast(const WantedForecast& a) {
  ChosenForecast c{FieldStore(files_named(a.files)), {}, {}, {}};
  const bool usual = a.variables.empty();
  for (const std::string& v : usual ? kUsual : a.variables) c.request.variables.push_back(parse_variable(v));
  for (std::size_t v = 0; v < c.request.variables.size(); ++v)
    for (std::size_t o = 0; o < v; ++o)
      if (c.request.variables[o] == c.request.variables[v])
        throw Error("--variables", c.request.variables[v].describe() + " is asked for twice", "name it once");
  std::set<TimePoint, std::greater<>> references;
  for (const ForecastEntry& e : c.store.entries()) references.insert(e.meta.reference);
  if (references.empty()) references.insert(TimePoint{});
  std::vector<ForecastEntry> entries = c.store.entries();
  if (a.as_of.empty())
    for (ForecastEntry& e : entries) e.arrival = {};  // nothing was asked about what had arrived when
  const auto select_from = [&](TimePoint newest) {
    c.newest = newest;
    c.request.valid = {newest - Seconds(1), newest + Seconds(3600) * a.hours};
    c.request.as_of = a.as_of.empty() ? newest : parse_time(a.as_of);
    c.selection = select_forecast(entries, c.request);
  };
  if (a.as_of.empty()) {
    // A newer run that tells nothing of what is wanted, because it has only begun or is of something else, hides no older one.
    for (const TimePoint reference : references) {
      select_from(reference);
      if (!c.selection.steps.empty()) break;
    }
    if (c.selection.steps.empty()) select_from(*references.begin());
    else if (c.newest != *references.begin())
      c.selection.notes.push_back("runs from " + to_iso(*references.begin()) + " back tell nothing of what is wanted; taken is that of " + to_iso(c.newest));
  } else {
    select_from(std::min(*references.begin(), parse_time(a.as_of)));
  }
  if (usual) std::erase_if(c.selection.notes, [](const std::string& n) { return n.find(" is not there") != std::string::npos; });
  if (c.selection.steps.empty()) {
    std::string why = c.selection.notes.empty() ? std::string() : ": " + c.selection.notes.front();
    if (!c.store.problems().empty()) why += "; what could not be read: " + c.store.problems().front();
    throw Error(a.files.front(), "gives none of the wanted variables" + why + "; what is there: " + some_held(c.store),
                "name with --variables what is wanted, as quantity@level; guyu inspect shows all that a file holds");
  }
  // The run that the steps begin with: with --as-of that is an older one than the clock.
  TimePoint chosen = TimePoint::min();
  for (const ForecastStep& s : c.selection.steps) chosen = std::max(chosen, s.reference);
  c.newest = chosen;
  return c;
}

}  // namespace guyu::cli
