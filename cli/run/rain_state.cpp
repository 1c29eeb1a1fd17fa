#include "cli/run/rain_state.h"

#include "cli/run/window_rain.h"

namespace guyu::cli {
namespace {

constexpr const char* kRadar = "rain_history.nc";
constexpr const char* kGauges = "gauge_rain.nc";
constexpr const char* kRadarPlanes = "rain_planes.nc";
constexpr const char* kGaugePlanes = "gauge_planes.nc";

// Planes of so long ago are kept by the hour.
constexpr Seconds kByFrame{3 * 3600};

}  // namespace

bool RainState::knows(const Interval& interval) const { return radar.covers(interval) && (!radar_planes || radar_planes->covers(interval)); }

bool RainState::add_radar(const Field& amount, const std::function<RainSlot()>& slot) {
  const Interval valid = amount.meta.valid;
  const bool lacks_plane = radar_planes && !radar_planes->covers(valid);
  if (radar.covers(valid) && !lacks_plane) return false;
  RainSlot over_regions = slot();
  bool other_grid = false;
  if (lacks_plane) {
    const auto& planes = radar_planes->planes();
    if (planes.empty() || valid.end > planes.back()->interval.end) other_grid = radar_planes->use_grid(amount.grid());
    if (*radar_planes->grid() == amount.grid()) radar_planes->add(rain_plane(amount.view(), valid, over_regions.coverage));
    else radar_planes->add_unknown(valid, over_regions.coverage.size());
  }
  radar.add(std::move(over_regions));
  return other_grid;
}

void RainState::forget_before(TimePoint t) {
  radar.forget_before(t);
  if (gauges) gauges->forget_before(t);
  for (auto* planes : {&radar_planes, &gauge_planes}) {
    if (!*planes) continue;
    (*planes)->forget_before(t);
    if (!(*planes)->planes().empty()) (*planes)->join_hours_before((*planes)->planes().back()->interval.end - kByFrame);
  }
}

void RainState::save(const std::function<std::string(const std::string&)>& path_of) const {
  radar.save(path_of(kRadar));
  if (gauges) gauges->save(path_of(kGauges));
  if (radar_planes) radar_planes->save(path_of(kRadarPlanes));
  if (gauge_planes) gauge_planes->save(path_of(kGaugePlanes));
}

RainState load_rain_state(const std::string& folder, const RunConfig& config, const RegionSet& regions, RunReport& report) {
  const std::string hash = regions.hash();
  const std::size_t n = regions.regions.size();
  const auto loaded = [&](auto&& load, const char* name) {
    std::string problem;
    auto state = load(folder + "/" + name, hash, n, problem);
    if (!problem.empty()) report.degraded.push_back("cycle state: " + problem);
    return state;
  };
  RainState state{loaded(RainHistory::load, kRadar), {}, {}, {}};
  const bool has_gauges = !config.gauge_pattern.empty(), sums_places = !wanted_windows(config).empty();
  if (has_gauges) state.gauges = loaded(RainHistory::load, kGauges);
  if (sums_places) state.radar_planes = loaded(RainPlanes::load, kRadarPlanes);
  if (sums_places && has_gauges) state.gauge_planes = loaded(RainPlanes::load, kGaugePlanes);
  return state;
}

}  // namespace guyu::cli
