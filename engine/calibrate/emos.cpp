#include "engine/calibrate/emos.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>

#include "engine/calibrate/folds.h"
#include "engine/calibrate/simplex.h"
#include "engine/core/error.h"
#include "engine/core/normal_distribution.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr std::size_t kMostFitted = 20'000;  // cases of one fit
constexpr std::size_t kMostTried = 3'000;    // cases of a fit that only tries a radius
constexpr std::size_t kRadiusFolds = 3;
constexpr double kLeastScale = 1e-3;  // of any distribution, in its own unit
constexpr double kLowestCut = -4;     // in scales: below it a truncated normal is one falling curve, and its closed forms are lost to rounding
constexpr double kRootPi = 1.7724538509055160273;

double logistic(double u) { return 1 / (1 + std::exp(-u)); }
double softplus(double u) { return u > 30 ? u : std::log1p(std::exp(u)); }

const Surroundings* surroundings_of(const ForecastCase& c, SurroundingsTable around, std::size_t radius) {
  return &around[c.around * kRadii_km.size() + radius];
}

double predictor(Family family, double mean) { return family == Family::censored_logistic ? std::sqrt(std::max(mean, 0.0)) : mean; }

// The first is the location at the forecasts' mean `centre`: so the simplex moves alike in kelvins and in degrees Celsius.
std::vector<double> parameters_of(const Emos& m, double centre) {
  std::vector<double> p{m.a + m.b * centre, m.b, m.c, m.d, m.e, m.g};
  if (m.radius_km > 0) p.push_back(m.h), p.push_back(m.w);
  return p;
}
// Of rain the signs are known: more foretold, here or around, never means less. A few days of archive would otherwise teach that it does.
void set_parameters(Emos& m, const std::vector<double>& p, double centre) {
  const bool rain = m.family == Family::censored_logistic;
  const auto rising = [rain](double x) { return rain ? std::abs(x) : x; };
  m.b = rising(p[1]), m.a = p[0] - m.b * centre, m.c = p[2], m.d = p[3], m.e = p[4], m.g = rain ? -std::abs(p[5]) : p[5];
  if (m.radius_km > 0) m.h = rising(p[6]), m.w = rising(p[7]);
}

bool sees(const ForecastCase& c, SurroundingsTable around) {
  if (c.around == ForecastCase::kNotLooked) return false;
  for (std::size_t k = 0; k < kRadii_km.size(); ++k)
    if (std::isnan(surroundings_of(c, around, k)->mean)) return false;
  return true;
}

// No more than `most`, all over the archive.
void thin_out(std::vector<ForecastCase>& cases, std::size_t most) {
  if (cases.size() <= most) return;
  for (std::size_t k = 0; k < most; ++k) cases[k] = cases[k * cases.size() / most];
  cases.resize(most);
}

}  // namespace

bool is_known(const ForecastCase& c, SurroundingsTable around) {
  return !std::isnan(c.mean) && !std::isnan(c.spread) && !std::isnan(c.observed) && (around.empty() || sees(c, around));
}

Predictive predict(const Emos& model, const ForecastCase& c, SurroundingsTable around) {
  const auto radius = static_cast<std::size_t>(std::find(kRadii_km.begin(), kRadii_km.end(), model.radius_km) - kRadii_km.begin());
  return model(static_cast<double>(c.mean), static_cast<double>(c.spread), model.radius_km > 0 ? surroundings_of(c, around, radius) : nullptr);
}

Family parse_family(std::string_view text) {
  for (const Family f : {Family::normal, Family::truncated_normal, Family::censored_logistic})
    if (name_of(f) == text) return f;
  throw Error("", "there is no family '" + std::string(text) + "'", "known are normal, truncated_normal, censored_logistic");
}

std::string_view name_of(Family f) { return f == Family::normal ? "normal" : f == Family::truncated_normal ? "truncated_normal" : "censored_logistic"; }

double Predictive::probability_of(double at_least) const {
  switch (family) {
    case Family::normal: return normal_cumulative((location - at_least) / scale);
    case Family::truncated_normal: return at_least <= 0 ? 1.0 : normal_cumulative((location - at_least) / scale) / normal_cumulative(location / scale);
    case Family::censored_logistic: break;
  }
  return at_least <= 0 ? 1.0 : logistic((location - std::sqrt(at_least)) / scale);
}

double Predictive::quantile(double p) const {
  switch (family) {
    case Family::normal: return location + scale * normal_quantile(p);
    case Family::truncated_normal: {
      const double below = normal_cumulative(-location / scale);
      return std::max(0.0, location + scale * normal_quantile(std::clamp(below + p * (1 - below), 1e-12, 1 - 1e-12)));
    }
    case Family::censored_logistic: break;
  }
  const double root = std::max(0.0, location + scale * std::log(p / (1 - p)));
  return root * root;
}

double Predictive::crps(double observed) const {
  if (family == Family::normal) {
    const double z = (observed - location) / scale;
    return scale * (z * (2 * normal_cumulative(z) - 1) + 2 * normal_density(z) - 1 / kRootPi);
  }
  if (family == Family::truncated_normal) {
    const double z = (observed - location) / scale, p = std::max(normal_cumulative(location / scale), 1e-12);
    return scale / (p * p) *
           (z * p * (2 * normal_cumulative(z) + p - 2) + 2 * normal_density(z) * p - normal_cumulative(std::numbers::sqrt2 * location / scale) / kRootPi);
  }
  // With u = (x - location) / scale: the integral of F^2 is softplus(u) - F(u), that of (1 - F)^2 from u on softplus(-u) - (1 - F(u)).
  const double uy = (std::sqrt(std::max(observed, 0.0)) - location) / scale, u0 = -location / scale;
  const auto lower = [](double u) { return softplus(u) - logistic(u); };
  return scale * (lower(uy) - lower(u0) + softplus(-uy) - logistic(-uy));
}

double Predictive::crps_in_unit(double observed, int n) const {
  double distance = 0, pairs = 0;
  for (int k = 0; k < n; ++k) {
    const double x = quantile((k + 0.5) / n);
    distance += std::abs(x - observed);
    pairs += x * (2.0 * k - n + 1);  // sum over pairs of |xi - xj| of ascending values, halved
  }
  return distance / n - pairs / (static_cast<double>(n) * n);
}

Predictive Emos::operator()(double mean, double spread, const Surroundings* around) const {
  const double m = predictor(family, mean);
  const bool dry = family == Family::censored_logistic && mean < static_cast<double>(kDryForecast);
  double location = a + b * m + (dry ? g : 0.0), grows_with = family == Family::normal ? 0.0 : std::abs(m);
  if (radius_km > 0) {
    assert(around);
    location += h * predictor(family, static_cast<double>(around->mean)) + w * static_cast<double>(around->wet);
    grows_with = static_cast<double>(around->deviation);
  }
  const double scale = std::max(kLeastScale, c * c + d * d * spread + e * e * grows_with);
  return {family, family == Family::truncated_normal ? std::max(location, kLowestCut * scale) : location, scale};
}

namespace {

// Of cases that are known. `rounds` of the simplex, each from the end of the one before: it may have collapsed before the valley's floor.
Emos fit_at_radius(std::vector<ForecastCase> cases, Family family, SurroundingsTable around, double radius_km, std::size_t most, int rounds) {
  Emos model;
  model.family = family;
  model.cases = cases.size();
  model.radius_km = radius_km;
  thin_out(cases, most);  // few coefficients do not need more
  double n = 0, sm = 0, so = 0, smm = 0, smo = 0, soo = 0;
  for (const ForecastCase& c : cases) {
    const double m = predictor(family, static_cast<double>(c.mean)), o = predictor(family, static_cast<double>(c.observed));
    n += 1, sm += m, so += o, smm += m * m, smo += m * o, soo += o * o;
  }
  const double error = n > 0 ? std::max(soo / n - 2 * smo / n + smm / n, 0.0) : 1.0;
  model.c = std::sqrt(std::max(std::sqrt(error), kLeastScale));
  const double variance = n > 0 ? smm / n - (sm / n) * (sm / n) : 0;
  const bool dry = family == Family::censored_logistic && !(soo > 0);  // else no rain would be foretold ever after
  if (cases.size() < kFewestCases || dry || !(variance > 1e-9)) {
    model.note = cases.size() < kFewestCases ? "too few cases" : dry ? "no rain was observed" : "the forecast never varies";
    model.radius_km = 0;
    return model;
  }
  model.b = std::clamp((smo / n - (sm / n) * (so / n)) / variance, 0.05, 2.0);
  model.a = so / n - model.b * sm / n;
  const double residual = std::max(soo / n - (so / n) * (so / n) - model.b * model.b * variance, 1e-6);
  model.c = std::sqrt(std::sqrt(residual) * 0.6);
  model.d = model.e = 0.3;
  const auto mean_crps = [&](const std::vector<double>& p) {
    Emos trial = model;
    set_parameters(trial, p, sm / n);
    double sum = 0;
    for (const ForecastCase& c : cases) sum += predict(trial, c, around).crps(static_cast<double>(c.observed));
    return sum / n;
  };
  std::vector<double> best = parameters_of(model, sm / n);
  const double size = std::sqrt(residual);
  std::vector<double> step{0.3 * size, 0.2, 0.3 * model.c, 0.2, 0.2, -0.3 * size};
  if (radius_km > 0) step.push_back(0.3), step.push_back(0.3 * size);
  for (int round = 0; round < rounds; ++round) best = simplex_minimum(mean_crps, best, step);
  set_parameters(model, best, sm / n);
  return model;
}

// The smallest radius, 0 for none, whose fits forecast parts of the blocks that they have not seen within one standard error as well as the best one does: what
// few blocks seem to gain by looking farther is mostly chance. `sums` of CRPS: [radius * parts + part]; the error is that of their differences over the parts.
std::size_t smallest_as_good(const std::vector<double>& sums, std::size_t parts) {
  const std::size_t radii = sums.size() / parts;
  const auto total = [&](std::size_t r) {
    double sum = 0;
    for (std::size_t f = 0; f < parts; ++f) sum += sums[r * parts + f];
    return sum;
  };
  std::size_t best = 0;
  for (std::size_t r = 1; r < radii; ++r)
    if (total(r) < total(best)) best = r;
  const auto n = static_cast<double>(parts);
  for (std::size_t r = 0; r < best; ++r) {
    const double worse = total(r) - total(best);
    double squares = 0;
    for (std::size_t f = 0; f < parts; ++f) {
      const double apart = sums[r * parts + f] - sums[best * parts + f] - worse / n;
      squares += apart * apart;
    }
    if (worse <= std::sqrt(n / (n - 1) * squares)) return r;
  }
  return best;
}

double best_radius(const std::vector<ForecastCase>& cases, Family family, SurroundingsTable around) {
  const Folds parts = folds_of(cases, kRadiusFolds);
  if (parts.folds < 2) return 0;
  std::vector<double> radii{0};
  radii.insert(radii.end(), kRadii_km.begin(), kRadii_km.end());
  std::vector<double> sums(radii.size() * parts.folds, 0.0);
  parallel_for(static_cast<std::int64_t>(sums.size()), 1, [&](std::int64_t begin, std::int64_t end) {
    for (auto k = static_cast<std::size_t>(begin); k < static_cast<std::size_t>(end); ++k) {
      const std::size_t fold = k % parts.folds;
      std::vector<ForecastCase> learn, judge;
      for (std::size_t i = 0; i < cases.size(); ++i) (parts.of_case[i] == fold ? judge : learn).push_back(cases[i]);
      const double share = static_cast<double>(judge.size());
      thin_out(judge, kMostFitted);
      const Emos model = fit_at_radius(std::move(learn), family, around, radii[k / parts.folds], kMostTried, 2);
      double sum = 0;
      for (const ForecastCase& c : judge) sum += predict(model, c, around).crps(static_cast<double>(c.observed));
      sums[k] = judge.empty() ? 0 : sum * share / static_cast<double>(judge.size());
    }
  });
  return radii[smallest_as_good(sums, parts.folds)];
}

}  // namespace

Emos fit_emos(std::span<const ForecastCase> all, Family family, SurroundingsTable around) {
  std::vector<ForecastCase> cases;
  std::copy_if(all.begin(), all.end(), std::back_inserter(cases), [&](const ForecastCase& c) { return is_known(c, around); });
  const double radius = around.empty() ? 0.0 : best_radius(cases, family, around);
  return fit_at_radius(std::move(cases), family, around, radius, kMostFitted, radius > 0 ? 4 : 2);
}

namespace {

double csi(std::size_t hits, std::size_t misses, std::size_t false_alarms) {
  const std::size_t all = hits + misses + false_alarms;
  return all > 0 ? static_cast<double>(hits) / static_cast<double>(all) : std::numeric_limits<double>::quiet_NaN();
}

struct Counts {
  std::size_t hits = 0, misses = 0, false_alarms = 0;
  Counts& operator+=(const Counts& o) {
    hits += o.hits, misses += o.misses, false_alarms += o.false_alarms;
    return *this;
  }
  void add(bool warned, bool came) {
    if (warned && came) ++hits;
    else if (came) ++misses;
    else if (warned) ++false_alarms;
  }
};

}  // namespace

double decision_probability(const Emos& model, std::span<const ForecastCase> cases, SurroundingsTable around, double threshold) {
  struct Told {
    double probability = 0, event = 0;
  };
  std::vector<Told> told;
  double events = 0;
  for (const ForecastCase& c : cases) {
    if (!is_known(c, model.radius_km > 0 ? around : SurroundingsTable())) continue;
    const double p = predict(model, c, around).probability_of(threshold);
    told.push_back({p, 0.5 * (p + (static_cast<double>(c.observed) >= threshold ? 1 : 0))});
    events += told.back().event;
  }
  std::stable_sort(told.begin(), told.end(), [](const Told& x, const Told& y) { return x.probability > y.probability; });
  double hits = 0, warned = 0, best = 0, at = 1;
  for (std::size_t k = 0; k < told.size(); ++k) {
    hits += told[k].event, warned += 1;
    if (k + 1 < told.size() && told[k + 1].probability == told[k].probability) continue;  // all or none of equal ones
    const double score = hits / (events + warned - hits);
    if (score > best) best = score, at = told[k].probability;
  }
  return at;
}

CalibrationScores cross_validated(std::span<const ForecastCase> all, Family family, std::span<const double> thresholds, SurroundingsTable around) {
  std::vector<ForecastCase> cases;
  std::copy_if(all.begin(), all.end(), std::back_inserter(cases), [&](const ForecastCase& c) { return is_known(c, around); });
  const Folds parts = folds_of(cases);
  CalibrationScores out;
  out.cases = cases.size();
  out.blocks = parts.blocks;
  std::vector<Counts> before(thresholds.size()), after(thresholds.size());
  for (const double t : thresholds) out.events.push_back({t, 0, 0, 0});
  struct Fold {
    std::vector<Counts> before, after;
    std::vector<std::size_t> events;
    double sum_before = 0, sum_after = 0;
  };
  std::vector<Fold> results(parts.folds);
  parallel_for(static_cast<std::int64_t>(parts.folds), 1, [&](std::int64_t begin, std::int64_t end) {
    for (auto f = static_cast<std::size_t>(begin); f < static_cast<std::size_t>(end); ++f) {
      Fold& r = results[f];
      r.before.resize(thresholds.size()), r.after.resize(thresholds.size()), r.events.resize(thresholds.size());
      std::vector<ForecastCase> learn, judge;
      for (std::size_t k = 0; k < cases.size(); ++k) (parts.of_case[k] == f ? judge : learn).push_back(cases[k]);
      const Emos model = fit_emos(learn, family, around);
      std::vector<double> decide;
      for (const double t : thresholds) decide.push_back(decision_probability(model, learn, around, t));
      for (const ForecastCase& c : judge) {
        const double mean = static_cast<double>(c.mean), spread = static_cast<double>(c.spread), observed = static_cast<double>(c.observed);
        r.sum_before += spread > 0 ? Predictive{Family::normal, mean, spread}.crps(observed) : std::abs(mean - observed);
        const Predictive p = predict(model, c, around);
        r.sum_after += p.crps_in_unit(observed);
        for (std::size_t k = 0; k < thresholds.size(); ++k) {
          const bool came = observed >= thresholds[k];
          r.events[k] += came ? 1 : 0;
          r.before[k].add(mean >= thresholds[k], came);
          r.after[k].add(p.probability_of(thresholds[k]) >= decide[k], came);
        }
      }
    }
  });
  double sum_before = 0, sum_after = 0;
  for (const Fold& r : results) {
    sum_before += r.sum_before, sum_after += r.sum_after;
    for (std::size_t k = 0; k < thresholds.size(); ++k) before[k] += r.before[k], after[k] += r.after[k], out.events[k].events += r.events[k];
  }
  const double n = cases.empty() ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(cases.size());
  out.crps_before = sum_before / n;
  out.crps_after = parts.blocks > 1 ? sum_after / n : std::numeric_limits<double>::quiet_NaN();
  for (std::size_t k = 0; k < thresholds.size(); ++k) {
    out.events[k].csi_before = csi(before[k].hits, before[k].misses, before[k].false_alarms);
    out.events[k].csi_after = parts.blocks > 1 ? csi(after[k].hits, after[k].misses, after[k].false_alarms) : std::numeric_limits<double>::quiet_NaN();
  }
  return out;
}

}  // namespace guyu
