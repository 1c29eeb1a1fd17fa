#include "engine/gauge/variogram.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace guyu {
namespace {

constexpr double kLeastPairs = 10;

struct Bin {
  double pairs = 0, distance = 0, root = 0;  // sums
};

struct Lag {
  double pairs, distance_km, semivariance;
};

struct Experimental {
  std::vector<Lag> lags;
  double longest_km = 0;
};

Experimental experimental(std::span<const GroundPoint> places, std::span<const double> values, const VariogramSettings& s) {
  std::vector<std::size_t> used;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (!std::isnan(values[i])) used.push_back(i);
  }
  const std::size_t step = (used.size() + s.most_points - 1) / std::max<std::size_t>(s.most_points, 1);
  std::vector<std::size_t> thin;
  for (std::size_t k = 0; k < used.size(); k += std::max<std::size_t>(step, 1)) thin.push_back(used[k]);
  double widest = 0;
  for (std::size_t a = 0; a < thin.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) widest = std::max(widest, squared_km(places[thin[a]], places[thin[b]]));
  }
  const double longest = std::min(s.longest_km, std::sqrt(widest) / 2);
  std::vector<Bin> bins(s.bins);
  for (std::size_t a = 0; a < thin.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      const double h = distance_km(places[thin[a]], places[thin[b]]);
      if (!(h < longest)) continue;
      Bin& bin = bins[std::min(s.bins - 1, static_cast<std::size_t>(h / longest * static_cast<double>(s.bins)))];
      bin.pairs += 1, bin.distance += h, bin.root += std::sqrt(std::abs(values[thin[a]] - values[thin[b]]));
    }
  }
  std::vector<Lag> lags;
  for (const Bin& b : bins) {
    if (b.pairs < kLeastPairs) continue;
    const double mean = b.root / b.pairs, fourth = mean * mean * mean * mean;
    lags.push_back({b.pairs, b.distance / b.pairs, fourth / (0.457 + 0.494 / b.pairs) / 2});
  }
  return {std::move(lags), longest};
}

}  // namespace

std::optional<Variogram> fit_variogram(std::span<const GroundPoint> places, std::span<const double> values, const VariogramSettings& s) {
  const auto [lags, longest_km] = experimental(places, values, s);
  if (lags.size() < 4) return std::nullopt;
  for (const Lag& l : lags) {
    if (!(l.semivariance > 0)) return std::nullopt;
  }
  Variogram best;
  double least = std::numeric_limits<double>::infinity();
  constexpr int kRanges = 40, kNuggets = 10;
  const double most_km = std::max(s.least_range_km, std::min(s.most_range_km, longest_km));  // a longer range is not in the data
  for (int r = 0; r <= kRanges; ++r) {
    const double range = s.least_range_km * std::pow(most_km / s.least_range_km, static_cast<double>(r) / kRanges);
    for (int k = 0; k <= kNuggets; ++k) {
      const Variogram v{range, s.most_nugget * static_cast<double>(k) / kNuggets};
      // The sum over bins of N (observed / (sill model) - 1)^2; 1/sill has a closed form.
      double first = 0, second = 0, all = 0;
      for (const Lag& l : lags) {
        const double ratio = l.semivariance / (1 - v.covariance(l.distance_km * l.distance_km));
        first += l.pairs * ratio, second += l.pairs * ratio * ratio, all += l.pairs;
      }
      const double loss = all - first * first / second;
      if (loss < least) least = loss, best = v;
    }
  }
  return best;
}

}  // namespace guyu
