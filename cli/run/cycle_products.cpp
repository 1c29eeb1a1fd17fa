#include "cli/run/cycle_products.h"

#include <fmt/format.h>

#include "products/map.h"
#include "products/region_files.h"

namespace guyu::cli {
namespace {

std::string local_time(TimePoint t, const RunConfig& config) { return to_iso_offset(t, config.cap.utc_offset_minutes); }

}  // namespace

CycleGrids::CycleGrids(const RunConfig& config, const std::string& path, const Provenance& provenance, const Field& newest_rate,
                       const std::vector<Interval>& steps)
    : writer_(path, newest_rate.grid(), provenance) {
  const std::size_t newest = writer_.add(
      {"rainfall_rate", "rain rate of the newest radar frame", quantities::rainfall_rate(), newest_rate.meta.kind, {newest_rate.meta.valid}, "surface"});
  if (!steps.empty()) {
    const Interval total{steps.front().begin, steps.back().end};
    total_variable_ = writer_.add({"extrapolated_rain",
                                   "rain expected along the motion of the echoes, whole extrapolation",
                                   quantities::precipitation_amount(),
                                   TimeKind::accumulation,
                                   {total},
                                   "surface"});
  }
  if (config.grids == GridProducts::steps && !steps.empty()) {
    step_variable_ = writer_.add({"extrapolated_rain_steps", "rain expected along the motion of the echoes, step by step", quantities::precipitation_amount(),
                                  TimeKind::accumulation, steps, "surface"});
  }
  writer_.write(newest, 0, newest_rate.view());
}

void CycleGrids::write_step(const Field& amount) {
  if (step_variable_) writer_.write(*step_variable_, next_++, amount.view());
}

void CycleGrids::close(const Field* total) {
  if (total && total_variable_) writer_.write(*total_variable_, 0, total->view());
  writer_.close();
}

std::vector<std::string> write_region_products(const CycleProducts& p, const std::string& folder) {
  std::vector<std::string> files{folder + "/townships.nc", folder + "/townships.gpkg"};
  write_region_netcdf(files[0], p.regions, p.table, p.risk, p.provenance);
  write_region_geopackage(files[1], p.regions, p.table, p.risk, p.provenance);
  return files;
}

std::vector<std::string> draw_maps(const CycleProducts& p, const Field* newest_rate, const Field* total, const std::string& folder) {
  const RunConfig& c = p.config;
  const std::string issued = "issued " + local_time(p.risk.issue, c);
  std::vector<std::string> files;
  for (const RulePack& pack : c.packs) {
    files.push_back(folder + "/levels_" + pack.hazard + ".png");
    draw_level_map(files.back(), p.regions, p.risk, pack.hazard, {c.title, issued, pack.name + (pack.verified ? "" : " (not verified)")}, c.map);
  }
  if (newest_rate) {
    files.push_back(folder + "/rain_rate.png");
    draw_field_map(files.back(), *newest_rate, &p.regions, {c.title, "observed " + local_time(newest_rate->meta.valid.end, c), ""}, c.map);
  }
  if (total) {
    const std::string span = fmt::format("extrapolated rain, next {:g} min, {}", static_cast<double>(total->meta.valid.length().count()) / 60, issued);
    files.push_back(folder + "/rain_expected.png");
    draw_field_map(files.back(), *total, &p.regions, {c.title, span, ""}, c.map);
  }
  return files;
}

}  // namespace guyu::cli
