#include "engine/hydrology/curve_number_runoff.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr std::array<SoilPlane, 1> kPlanes{{{"soil_water_store", "mm"}}};
constexpr float kNoGround = std::numeric_limits<float>::quiet_NaN();

}  // namespace

CurveNumberRunoff::CurveNumberRunoff(const FlowNetwork& network, const Plane& cn, double abstraction, double daily_recession)
    : ny_(network.ny()), nx_(network.nx()), abstraction_(abstraction), daily_recession_(daily_recession) {
  if (cn.ny != ny_ || cn.nx != nx_) throw Error("flood", "the curve numbers have not the network's shape", "bring them to its grid");
  stores_.assign(cn.values.size(), {std::nan(""), std::nan("")});
  for (const std::int32_t cell : network.order()) {
    const auto c = static_cast<std::size_t>(cell);
    if (const auto v = static_cast<double>(cn.values[c]); v > 0 && v <= 100) stores_[c] = soil_store(v, abstraction);
  }
}

std::span<const SoilPlane> CurveNumberRunoff::planes() const { return kPlanes; }

Plane CurveNumberRunoff::parameters_code() const {
  Plane out(ny_, nx_, kNoGround);
  for (std::size_t k = 0; k < stores_.size(); ++k)
    if (!std::isnan(stores_[k].retention)) out.values[k] = guyu::parameters_code(std::array{stores_[k].retention, stores_[k].dry_level});
  return out;
}

SoilState CurveNumberRunoff::start(double wetness) const {
  Plane water(ny_, nx_, kNoGround);
  const double share = std::clamp(wetness, 0.0, 1.0);
  for (std::size_t k = 0; k < stores_.size(); ++k) {
    const SoilStore& soil = stores_[k];
    if (std::isnan(soil.retention)) continue;
    const double moderate = moderate_water_mm(soil, abstraction_);
    water.values[k] = static_cast<float>(share < 0.5 ? 2 * share * moderate : moderate + (2 * share - 1) * (soil.dry_level - moderate));
  }
  return {std::move(water)};
}

Plane CurveNumberRunoff::step(SoilState& soil, const Plane& rain, const Plane&, double seconds) const {
  const std::size_t n = stores_.size();
  if (rain.values.size() != n || soil.size() != kPlanes.size() || soil[0].values.size() != n)
    throw Error("flood", "rain or state has not the network's shape", "bring both to its grid");
  Plane runoff(ny_, nx_, kNoGround);
  const double left = std::pow(daily_recession_, seconds / 86400);
  std::vector<float>& water_mm = soil[0].values;
  parallel_for(static_cast<std::int64_t>(n), 4096, [&](std::int64_t begin, std::int64_t end) {
    for (auto k = static_cast<std::size_t>(begin); k < static_cast<std::size_t>(end); ++k) {
      if (std::isnan(water_mm[k])) continue;
      if (std::isnan(rain.values[k])) {
        const auto wet = static_cast<float>(stores_[k].dry_level);
        if (water_mm[k] < wet) water_mm[k] = wet + (water_mm[k] - wet) * static_cast<float>(left);
        continue;
      }
      const auto before = static_cast<double>(water_mm[k]) * left, fell = std::max(0.0, static_cast<double>(rain.values[k]));
      double water = before;
      if (fell > 0) soil_store_rain(stores_[k], water, fell);
      // What is kept is rounded, so that the runoff is the rest of what is kept.
      const auto kept = static_cast<float>(water);
      water_mm[k] = kept;
      runoff.values[k] = static_cast<float>(std::clamp(before + fell - static_cast<double>(kept), 0.0, fell));
    }
  });
  return runoff;
}

}  // namespace guyu
