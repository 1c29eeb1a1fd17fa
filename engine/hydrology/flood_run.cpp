#include "engine/hydrology/flood_run.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr float kUnknownCell = std::numeric_limits<float>::quiet_NaN();
constexpr double kLongestHours = 72;

std::size_t index_of(std::int32_t cell) { return static_cast<std::size_t>(cell); }

// Whether a wanted cell may yet flow more than it has: without new water no cell ever gives more than the larger of what it gives now and of the most that may
// come in. `most` is room for that bound, by cell.
bool may_rise(const FlowNetwork& network, const Plane& flow, const Plane& peak, const std::vector<char>& wanted, std::vector<double>& most) {
  std::atomic<bool> rises{false};
  network.downwards([&](std::int32_t cell) {
    const std::size_t c = index_of(cell);
    double in = 0;
    for (const std::int32_t u : network.upstream(cell)) in += most[index_of(u)];
    most[c] = std::max(in, static_cast<double>(flow.values[c]));
    if (wanted[c] && most[c] > static_cast<double>(peak.values[c]) * (1 + 1e-6)) rises.store(true, std::memory_order_relaxed);
  });
  return rises;
}

// The largest flow of each cell when so much runoff comes.
Plane peak_of_runoff(const FlowNetwork& network, const ChannelCells& channels, double mm, double hours, const std::vector<char>& wanted, double step) {
  RoutingState state = dry_routing_state(network);
  Plane peak(network.ny(), network.nx(), 0);
  std::vector<double> most(peak.values.size(), 0.0);
  const auto wet_steps = static_cast<int>(std::lround(hours * 3600 / step));
  Plane runoff(network.ny(), network.nx(), static_cast<float>(mm / wet_steps));
  for (int t = 0; t < static_cast<int>(kLongestHours * 3600 / step); ++t) {
    if (t == wet_steps) std::fill(runoff.values.begin(), runoff.values.end(), 0.0F);
    const Plane flow = route(network, channels, runoff, step, state);
    bool rising = false;
    for (const std::int32_t c : network.order()) {
      float& p = peak.values[index_of(c)];
      const float f = flow.values[index_of(c)];
      if (f <= p) continue;
      p = f;
      rising = rising || wanted[index_of(c)] != 0;
    }
    if (!rising && t >= wet_steps && !may_rise(network, flow, peak, wanted, most)) break;
  }
  return peak;
}

}  // namespace

FloodState flood_state(const FloodGround& ground, double wetness) {
  FloodState s{ground.runoff->start(wetness), dry_routing_state(*ground.network), Plane(ground.network->ny(), ground.network->nx(), kUnknownCell)};
  for (const std::int32_t c : ground.network->order()) s.unknown.values[index_of(c)] = 0;
  return s;
}

Plane flood_step(const FloodGround& ground, FloodState& state, const Plane& rain, const Plane& evaporation, double seconds) {
  const std::size_t n = ground.channels->rate.size();
  if (rain.values.size() != n || state.unknown.values.size() != n) throw Error("flood", "rain or state has not the network's shape", "bring both to its grid");
  const Plane runoff = ground.runoff->step(state.soil, rain, evaporation, seconds);
  // What leaves the ground of a cell without rain that is known enters its channel, but does not make its flow known.
  std::vector<float> counts(n);
  const auto forgotten = static_cast<float>(-std::expm1(-seconds / 86400));
  parallel_for(static_cast<std::int64_t>(n), 4096, [&](std::int64_t begin, std::int64_t end) {
    for (auto k = static_cast<std::size_t>(begin); k < static_cast<std::size_t>(end); ++k) {
      const bool missed = std::isnan(rain.values[k]);
      float& unknown = state.unknown.values[k];
      unknown += forgotten * ((missed ? 1.0F : 0.0F) - unknown);
      counts[k] = missed ? 1.0F : unknown;
    }
  });
  return route(*ground.network, *ground.channels, runoff, seconds, state.channels, 1 - double{FloodState::most_unknown}, counts);
}

Plane threshold_runoff_by_routing(const FlowNetwork& network, const ChannelCells& channels, const Plane& threshold, double hours,
                                  const std::vector<char>& wanted, double step) {
  const std::size_t n = threshold.values.size();
  if (wanted.size() != n || channels.rate.size() != n) throw Error("threshold runoff", "planes differ in shape", "bring all to the network's grid");
  if (!(hours > 0) || !(step > 0) || std::abs(std::remainder(hours * 3600, step)) > 1e-6 * step)
    throw Error("threshold runoff", "the duration is no whole number of steps", "give e.g. 3 hours and steps of 15 minutes");
  Plane out(threshold.ny, threshold.nx, kUnknownCell), low;
  double mm_low = 0;
  for (double mm = 2; mm <= 512; mm *= 2) {
    Plane high = peak_of_runoff(network, channels, mm, hours, wanted, step);
    if (mm_low > 0) {
      for (const std::int32_t cell : network.order()) {
        const std::size_t c = index_of(cell);
        const auto q = static_cast<double>(threshold.values[c]), a = static_cast<double>(low.values[c]), b = static_cast<double>(high.values[c]);
        if (!(q > 0) || !wanted[c] || !std::isnan(out.values[c]) || !(a > 0) || !(b > a)) continue;
        const bool first = mm == 4, last = mm == 512;
        if ((q < a && !first) || (q > b && !last)) continue;
        const double runoff = mm_low * std::exp2(std::log(q / a) / std::log(b / a));
        if (runoff <= 2 * mm) out.values[c] = static_cast<float>(runoff);
      }
    }
    low = std::move(high), mm_low = mm;
  }
  return out;
}

Plane upstream_mean(const FlowNetwork& network, const ChannelCells& channels, const Plane& values) {
  std::vector<double> sum(values.values.size(), 0.0), area(values.values.size(), 0.0);
  network.downwards([&](std::int32_t cell) {
    const std::size_t c = index_of(cell);
    const auto v = static_cast<double>(values.values[c]);
    const double own = channels.area_km2[static_cast<std::size_t>(cell / network.nx())];
    if (!std::isnan(v)) sum[c] = own * v, area[c] = own;
    for (const std::int32_t u : network.upstream(cell)) sum[c] += sum[index_of(u)], area[c] += area[index_of(u)];
  });
  Plane out(values.ny, values.nx, kUnknownCell);
  for (const std::int32_t c : network.order())
    if (area[index_of(c)] > 0) out.values[index_of(c)] = static_cast<float>(sum[index_of(c)] / area[index_of(c)]);
  return out;
}

}  // namespace guyu
