#include "cli/demo/truth_products.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/core/atomic_file.h"
#include "guyu_version.h"
#include "products/grid_netcdf.h"
#include "products/map.h"

namespace guyu::cli::demo {
namespace {

constexpr std::chrono::hours kHour{1};

std::string local(TimePoint t, const RunConfig& config) { return to_iso_offset(t, config.cap.utc_offset_minutes); }

Field sum_of(const std::vector<Field>& hours, std::size_t count) {
  Field sum = hours.front().clone();
  for (std::size_t k = 1; k < std::min(count, hours.size()); ++k) {
    const auto mm = sum.values();
    const auto more = hours[k].values();
    for (std::size_t i = 0; i < mm.size(); ++i) mm[i] += more[i];
    sum.meta.valid.end = hours[k].meta.valid.end;
  }
  return sum;
}

void draw_sum(const std::string& folder, const Field& sum, const RegionSet& regions, const RunConfig& config) {
  const auto hours = sum.meta.valid.length() / kHour;
  const std::string span = fmt::format("true rain of the {} h to {}", hours, local(sum.meta.valid.end, config));
  draw_field_map(fmt::format("{}/rain_{}h.png", folder, hours), sum, &regions, {config.title, span, "known only because the case is made up"}, config.map);
}

}  // namespace

void write_truth_table(const std::string& folder, const TownshipRain& rain, const RegionSet& regions) {
  std::string csv = "code,name,county";
  for (TimePoint t = rain.begin() + kHour; t <= rain.end(); t += kHour) csv += ",hour to " + to_iso(t);
  csv += "\n";
  for (std::size_t k = 0; k < regions.regions.size(); ++k) {
    const Region& r = regions.regions[k];
    csv += r.code + "," + r.name + "," + r.parent;
    for (TimePoint t = rain.begin(); t < rain.end(); t += kHour) csv += fmt::format(",{:.2f}", rain.total(k, {t, t + kHour}));
    csv += "\n";
  }
  write_file_atomically(folder + "/townships.csv", csv);
}

void write_true_grids(const std::string& folder, const std::vector<Field>& hours, const RegionSet& regions, const RunConfig& config) {
  std::vector<Interval> times;
  for (const Field& h : hours) times.push_back(h.meta.valid);
  GridNetcdfWriter file(folder + "/rain.nc", hours.front().grid(), {"true rain of the made-up case", kVersion, "", {}, times.front().begin});
  const std::size_t rain =
      file.add({"true_rain", "rain that really fell in the made-up case", quantities::precipitation_amount(), TimeKind::accumulation, times, "surface"});
  for (std::size_t k = 0; k < hours.size(); ++k) file.write(rain, k, hours[k].view());
  file.close();
  draw_sum(folder, sum_of(hours, 3), regions, config);
  draw_sum(folder, sum_of(hours, hours.size()), regions, config);
}

void draw_true_levels(const std::string& folder, const RegionSet& regions, const RiskTable& levels, const RunConfig& config) {
  draw_level_map(fmt::format("{}/levels_{}.png", folder, to_compact(levels.issue)), regions, levels, config.packs.front().hazard,
                 {config.title, "levels that the true rain calls for at " + local(levels.issue, config), config.packs.front().name}, config.map);
}

}  // namespace guyu::cli::demo
