#include "engine/extremes/regional_gev.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "engine/core/error.h"
#include "engine/extremes/counter_uniform.h"
#include "engine/extremes/gpd.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

struct Ratios {
  double variation = 0, skewness = 0;
};

// FNV-1a: the same everywhere, so that the random numbers of a site hang on its code.
std::uint64_t seed_of(std::uint64_t seed, const std::string& code) {
  std::uint64_t h = 1469598103934665603ULL ^ seed;
  for (const char c : code) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return h;
}

std::vector<double> known_of(const std::vector<double>& maxima) {
  std::vector<double> x;
  for (const double v : maxima)
    if (!std::isnan(v)) x.push_back(v);
  return x;
}

double percentile_of(std::vector<double>& values, double p) {
  std::sort(values.begin(), values.end());
  const double at = p * static_cast<double>(values.size() - 1);
  const auto k = std::min(static_cast<std::size_t>(at), values.size() - 2);
  return values[k] + (at - static_cast<double>(k)) * (values[k + 1] - values[k]);
}

void draw(const Gev& law, std::uint64_t seed, std::size_t repeat, std::vector<double>& sample) {
  for (std::size_t k = 0; k < sample.size(); ++k)
    sample[k] = law.quantile(counter_uniform(seed, static_cast<std::uint32_t>(repeat), static_cast<std::uint32_t>(k)));
}

// Variances of L-CV and L-skewness of records of n years.
Ratios sampling_variance(const Gev& law, std::size_t n, const RegionalOptions& o) {
  std::vector<double> sample(n);
  Ratios sum, squares;
  for (std::size_t r = 0; r < o.draws; ++r) {
    draw(law, o.seed + n, r, sample);
    const LMoments m = l_moments(sample);
    const double t = m.scale / m.mean;
    sum.variation += t, squares.variation += t * t, sum.skewness += m.skewness, squares.skewness += m.skewness * m.skewness;
  }
  const auto count = static_cast<double>(o.draws);
  const auto variance = [&](double s, double q) { return std::max(1e-12, q / count - (s / count) * (s / count)); };
  return {variance(sum.variation, squares.variation), variance(sum.skewness, squares.skewness)};
}

struct Site {
  std::vector<double> known;
  LMoments moments;
  bool usable = false;
};

// Sums go by code, so that the order of the sites leaves no trace.
RegionalGrowth growth_of(const std::vector<Site>& sites, const std::vector<std::size_t>& by_code, const RegionalOptions& o) {
  RegionalGrowth g;
  double total = 0;
  std::size_t longest = 0, count = 0;
  for (const std::size_t s : by_code) {
    if (!sites[s].usable) continue;
    const auto n = static_cast<double>(sites[s].known.size());
    total += n, ++count;
    g.variation += n * sites[s].moments.scale / sites[s].moments.mean, g.skewness += n * sites[s].moments.skewness;
    longest = std::max(longest, sites[s].known.size());
  }
  if (!o.share_growth || count < 2 || total < static_cast<double>(o.least_pooled)) return g;
  g.shared = true, g.least_years = o.least_years, g.variation /= total, g.skewness /= total;
  const Gev law = gev_from_l_moments({1, g.variation, g.skewness, 0});
  std::map<std::size_t, Ratios> sampling;
  Ratios seen, expected;
  for (const std::size_t s : by_code) {
    if (!sites[s].usable) continue;
    const std::size_t n = sites[s].known.size();
    if (!sampling.count(n)) sampling[n] = sampling_variance(law, n, o);
    const double share = static_cast<double>(n) / total, dt = sites[s].moments.scale / sites[s].moments.mean - g.variation,
                 d3 = sites[s].moments.skewness - g.skewness;
    seen.variation += share * dt * dt, seen.skewness += share * d3 * d3;
    expected.variation += share * sampling[n].variation, expected.skewness += share * sampling[n].skewness;
  }
  const double between = std::max(0.0, seen.variation - expected.variation), between3 = std::max(0.0, seen.skewness - expected.skewness);
  g.own_variation.assign(longest - o.least_years + 1, 0), g.own_skewness = g.own_variation;
  for (const auto& [n, v] : sampling) {
    g.own_variation[n - o.least_years] = between / (between + v.variation);
    g.own_skewness[n - o.least_years] = between3 / (between3 + v.skewness);
  }
  return g;
}

Gev law_of(const LMoments& own, std::size_t years, const RegionalGrowth& g) {
  if (!g.shared) return gev_from_l_moments(own);
  const std::size_t k = years - g.least_years;
  const double t = g.variation + g.own_variation[k] * (own.scale / own.mean - g.variation), t3 = g.skewness + g.own_skewness[k] * (own.skewness - g.skewness);
  return gev_from_l_moments({own.mean, own.mean * t, t3, 0});
}

SiteLevels levels_of(const std::string& code, const Site& site, const RegionalGrowth& g, std::span<const double> periods, double share, std::size_t repeats,
                     const RegionalOptions& o) {
  SiteLevels out;
  out.years = site.known.size();
  const std::size_t least = g.shared ? o.least_years : o.least_alone;
  if (out.years < least) out.why = "fewer than " + std::to_string(least) + " years";
  else if (!site.usable) out.why = "the maxima are all the same or not positive";
  if (!out.why.empty()) return out;
  if (g.shared) out.own_share = g.own_variation[out.years - g.least_years];
  const Gev law = law_of(site.moments, out.years, g);
  std::vector<std::vector<double>> draws(periods.size());
  std::vector<double> sample(out.years);
  for (std::size_t r = 0; r < repeats; ++r) {
    draw(law, seed_of(o.seed, code), r, sample);
    const LMoments m = l_moments(sample);
    if (!(m.mean > 0) || !(m.scale > 0)) continue;
    const Gev again = law_of(m, out.years, g);
    for (std::size_t p = 0; p < periods.size(); ++p) draws[p].push_back(return_level(again, periods[p]));
  }
  for (std::size_t p = 0; p < periods.size(); ++p) {
    ReturnLevel level{periods[p], return_level(law, periods[p]), std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
    if (draws[p].size() >= 20) level.low = percentile_of(draws[p], 0.5 - 0.5 * share), level.high = percentile_of(draws[p], 0.5 + 0.5 * share);
    out.levels.push_back(level);
  }
  return out;
}

}  // namespace

Gev gev_from_l_moments(const LMoments& m, double most_shape) {
  const double c = 2 / (3 + m.skewness) - std::log(2.0) / std::log(3.0), k = std::clamp(7.8590 * c + 2.9554 * c * c, -most_shape, most_shape);
  if (std::abs(k) < 1e-6) {
    const double scale = m.scale / std::log(2.0);
    return {m.mean - 0.57721566490153286 * scale, scale, 0};
  }
  const double gamma = std::tgamma(1 + k), scale = m.scale * k / ((1 - std::exp2(-k)) * gamma);
  return {m.mean - scale * (1 - gamma) / k, scale, -k};
}

std::vector<SiteLevels> regional_levels(std::span<const SiteRecord> records, std::span<const double> periods, double share, std::size_t repeats,
                                        const RegionalOptions& options) {
  for (const double years : periods)
    if (!(years > 1)) throw Error("return levels", "a return period is not above one year", "give years, e.g. 2, 5, 20");
  RegionalOptions o = options;
  o.least_years = std::max<std::size_t>(o.least_years, 4), o.least_alone = std::max(o.least_alone, o.least_years);
  std::vector<Site> sites(records.size());
  for (std::size_t s = 0; s < records.size(); ++s) {
    sites[s].known = known_of(records[s].maxima);
    if (sites[s].known.size() < o.least_years) continue;
    sites[s].moments = l_moments(sites[s].known);
    sites[s].usable = sites[s].moments.mean > 0 && sites[s].moments.scale > 1e-9 * sites[s].moments.mean;
  }
  std::vector<std::size_t> by_code(records.size());
  std::iota(by_code.begin(), by_code.end(), std::size_t{0});
  std::stable_sort(by_code.begin(), by_code.end(), [&](std::size_t a, std::size_t b) { return records[a].code < records[b].code; });
  const RegionalGrowth growth = growth_of(sites, by_code, o);
  std::vector<SiteLevels> out(records.size());
  parallel_for(static_cast<std::int64_t>(records.size()), 4, [&](std::int64_t begin, std::int64_t end) {
    for (auto s = static_cast<std::size_t>(begin); s < static_cast<std::size_t>(end); ++s)
      out[s] = levels_of(records[s].code, sites[s], growth, periods, share, repeats, o);
  });
  return out;
}

SiteLevels peak_levels(const std::string& code, std::span<const double> peaks, double years, double a_year, std::span<const double> periods, double share,
                       std::size_t repeats, std::uint64_t seed, std::size_t least_years) {
  SiteLevels out;
  out.years = static_cast<std::size_t>(std::floor(years + 0.01));
  const auto wanted = static_cast<std::size_t>(std::llround(a_year * years));
  if (out.years < least_years) out.why = "fewer than " + std::to_string(least_years) + " years";
  else if (wanted < 10 || peaks.size() <= wanted) out.why = "too few peaks";
  if (!out.why.empty()) return out;
  const double threshold = peaks[wanted];
  std::vector<Peak> chosen;
  for (std::size_t k = 0; k < wanted; ++k)
    if (peaks[k] > threshold) chosen.push_back({k, peaks[k]});
  if (chosen.size() < 10 || !(chosen.front().value > chosen.back().value)) {
    out.why = "too many peaks are the same";
    return out;
  }
  const auto fitted = [&](std::span<const Peak> p) {
    Gpd g = fit_gpd(p, threshold, years, GpdMethod::l_moments);
    if (std::abs(g.shape) > 0.5) {  // the mean excess scale / (1 - shape) is kept
      const double mean = g.scale / (1 - g.shape);
      g.shape = std::clamp(g.shape, -0.5, 0.5), g.scale = mean * (1 - g.shape);
    }
    return g;
  };
  const Gpd law = fitted(chosen);
  std::vector<std::vector<double>> draws(periods.size());
  std::vector<Peak> sample(chosen.size());
  for (std::size_t r = 0; r < repeats; ++r) {
    for (std::size_t k = 0; k < sample.size(); ++k)
      sample[k] = {k, law.quantile(counter_uniform(seed_of(seed, code), static_cast<std::uint32_t>(r), static_cast<std::uint32_t>(k)))};
    const Gpd again = fitted(sample);
    for (std::size_t p = 0; p < periods.size(); ++p)
      if (again.rate * periods[p] > 1) draws[p].push_back(return_level(again, periods[p]));
  }
  for (std::size_t p = 0; p < periods.size(); ++p) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    ReturnLevel level{periods[p], law.rate * periods[p] > 1 ? return_level(law, periods[p]) : kNone, kNone, kNone};
    if (draws[p].size() >= 20) level.low = percentile_of(draws[p], 0.5 - 0.5 * share), level.high = percentile_of(draws[p], 0.5 + 0.5 * share);
    out.levels.push_back(level);
  }
  return out;
}

}  // namespace guyu
