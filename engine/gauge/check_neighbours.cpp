#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/regrid/ground_point.h"
#include "engine/gauge/quality_check.h"
#include "engine/verify/agreement.h"

namespace guyu::quality {
namespace {

struct Neighbour {
  double km;
  std::size_t station;
  bool operator<(const Neighbour& o) const { return km != o.km ? km < o.km : station < o.station; }
};

// All stations within the radius of each, nearest first.
std::vector<std::vector<Neighbour>> neighbours_of(const StationSeries& series, double radius_km) {
  std::vector<GroundPoint> points;
  for (const StationPlace& p : series.stations) points.push_back(ground_point(p.longitude, p.latitude));
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::erase_if(order, [&](std::size_t s) { return !std::isfinite(points[s].x) || !std::isfinite(points[s].z); });
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return points[a].z < points[b].z; });
  std::vector<std::vector<Neighbour>> near(points.size());
  for (std::size_t a = 0; a < order.size(); ++a) {
    for (std::size_t b = a + 1; b < order.size() && points[order[b]].z - points[order[a]].z <= radius_km; ++b) {
      const double km = distance_km(points[order[a]], points[order[b]]);
      if (km > radius_km) continue;
      near[order[a]].push_back({km, order[b]});
      near[order[b]].push_back({km, order[a]});
    }
  }
  for (auto& n : near) std::sort(n.begin(), n.end());
  return near;
}

class Comparison {
 public:
  Comparison(const Check& check, const QualityLimits& limits) : series_(check.series()), settings_(check.settings), limits_(limits) {}

  // Why the value does not fit its neighbours; empty when it does, or when they are too few to say.
  std::string misfit(std::size_t s, std::size_t t, const std::vector<Neighbour>& near) const {
    if (std::isnan(series_.at(s, t))) return {};
    std::vector<double> others;
    for (const Neighbour& n : near) {
      const double v = scaled(n.station, t, s);
      if (!std::isnan(v)) others.push_back(v);
      if (others.size() == settings_.most_neighbours) break;
    }
    if (others.size() < settings_.least_neighbours) return {};
    const double middle = median(others), own = scaled(s, t, s);
    for (double& v : others) v = std::abs(v - middle);
    const double spread = 1.4826 * median(others);  // the standard deviation, were they normal
    if (!(std::abs(own - middle) > *limits_.neighbour_room + settings_.neighbour_spread * spread)) return {};
    if (borne_out(s, t, own > middle)) return {};
    const double shown = limits_.square_root ? middle * middle : middle;
    return fmt::format("{:g} {} where the median of {} neighbours is {:.3g}", series_.at(s, t), series_.quantity.unit, others.size(), shown);
  }

 private:
  // The value at a station as it would be at the height of `at`.
  double scaled(std::size_t station, std::size_t t, std::size_t at) const {
    double v = double{series_.at(station, t)};
    if (limits_.square_root) return std::sqrt(std::max(v, 0.0)) + (v - v);  // NaN stays
    const double rise = double{series_.stations[at].elevation} - double{series_.stations[station].elevation};
    if (limits_.lapse != 0 && !std::isnan(rise)) v += limits_.lapse * rise;
    return v;
  }

  bool borne_out(std::size_t s, std::size_t t, bool above) const {
    if (settings_.witness.empty()) return false;
    const double seen = double{settings_.witness[s * series_.times.size() + t]}, v = double{series_.at(s, t)};
    return above ? seen * settings_.witness_factor >= v : seen <= v * settings_.witness_factor + 0.1;
  }

  const StationSeries& series_;
  const QualitySettings& settings_;
  const QualityLimits& limits_;
};

}  // namespace

void check_neighbours(Check check) {
  const StationSeries& series = check.series();
  const auto near = neighbours_of(series, check.settings.neighbour_radius_km);
  for (std::size_t t = 0; t < series.times.size(); ++t) {
    const QualityLimits limits = limits_of(series, series.times[t], check.settings);
    if (!limits.neighbour_room) continue;
    // All are judged before any is condemned, so that the order of stations does not matter.
    const Comparison comparison(check, limits);
    std::vector<std::string> misfits(series.stations.size());
    for (std::size_t s = 0; s < misfits.size(); ++s) misfits[s] = comparison.misfit(s, t, near[s]);
    for (std::size_t s = 0; s < misfits.size(); ++s) {
      if (!misfits[s].empty()) check.condemn(QualityFlag::neighbours, s, t, misfits[s]);
    }
  }
}

}  // namespace guyu::quality
