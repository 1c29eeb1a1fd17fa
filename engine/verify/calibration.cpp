#include "engine/verify/calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace guyu {
namespace {

constexpr double kClip = 0.01;  // an ensemble of 24 says 0 and 1 for what is merely unlikely or likely
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double logit(double p) {
  const double q = std::clamp(p, kClip, 1 - kClip);
  return std::log(q / (1 - q));
}
double chance(double x) { return 1 / (1 + std::exp(-x)); }

bool usable(const CalibrationCase& c) { return c.probability >= 0 && c.probability <= 1; }

// Penalised Newton steps for intercept and slope; the prior is the identity, worth kPriorCases cases.
void fit_logistic(std::span<const CalibrationCase> cases, Calibration& out) {
  // A case at p = 1/2 tells a quarter about the intercept; logits spread over about +-2.
  constexpr double kIntercept = Calibration::kPriorCases * 0.25, kSlope = kIntercept * 4;
  double a = 0, b = 1;
  for (int round = 0; round < 50; ++round) {
    double ga = -kIntercept * a, gb = -kSlope * (b - 1), haa = kIntercept, hab = 0, hbb = kSlope;
    for (const CalibrationCase& c : cases) {
      if (!usable(c)) continue;
      const double x = logit(static_cast<double>(c.probability)), p = chance(a + b * x), r = (c.happened ? 1.0 : 0.0) - p, w = p * (1 - p);
      ga += r, gb += r * x;
      haa += w, hab += w * x, hbb += w * x * x;
    }
    const double det = haa * hbb - hab * hab;
    const double da = (hbb * ga - hab * gb) / det, db = (haa * gb - hab * ga) / det;
    // A long first step would leave the region where the curvature holds.
    const double length = std::max(1.0, std::max(std::fabs(da), std::fabs(db)) / 2);
    a += da / length, b = std::max(0.0, b + db / length);
    if (std::fabs(da) + std::fabs(db) < 1e-10) break;
  }
  out.intercept = a, out.slope = b;
}

struct Step {
  double weight = 0, events = 0, forecast = 0;  // sums
  double value() const { return events / weight; }
};

void fit_isotonic(std::span<const CalibrationCase> cases, Calibration& out) {
  std::vector<CalibrationCase> sorted;
  std::copy_if(cases.begin(), cases.end(), std::back_inserter(sorted), usable);
  std::stable_sort(sorted.begin(), sorted.end(), [](const CalibrationCase& a, const CalibrationCase& b) { return a.probability < b.probability; });
  std::vector<Step> steps;
  // The prior: cases of the identity, even over the probabilities.
  constexpr int kBins = 20;
  std::vector<Step> parts;
  for (int k = 0; k < kBins; ++k) {
    const double p = (k + 0.5) / kBins, w = Calibration::kPriorCases / kBins;
    parts.push_back({w, w * p, w * p});
  }
  std::size_t bin = 0;
  const auto push = [&](const Step& s) {
    steps.push_back(s);
    while (steps.size() > 1 && steps[steps.size() - 2].value() >= steps.back().value()) {
      Step& low = steps[steps.size() - 2];
      low = {low.weight + steps.back().weight, low.events + steps.back().events, low.forecast + steps.back().forecast};
      steps.pop_back();
    }
  };
  for (std::size_t k = 0; k < sorted.size();) {
    const double p = static_cast<double>(sorted[k].probability);
    for (; bin < parts.size() && (static_cast<double>(bin) + 0.5) / kBins <= p; ++bin) push(parts[bin]);
    Step same;
    for (; k < sorted.size() && static_cast<double>(sorted[k].probability) == p; ++k)
      same = {same.weight + 1, same.events + (sorted[k].happened ? 1 : 0), same.forecast + p};
    push(same);
  }
  for (; bin < parts.size(); ++bin) push(parts[bin]);
  for (const Step& s : steps) {
    out.knots.push_back(static_cast<float>(s.forecast / s.weight));
    out.values.push_back(static_cast<float>(std::clamp(s.value(), 1e-3, 1 - 1e-3)));
  }
}

double common(const Calibration& c, double p) {
  if (c.method == CalibrationMethod::logistic) return chance(c.intercept + c.slope * logit(p));
  if (c.knots.empty()) return std::clamp(p, kClip, 1 - kClip);
  const auto x = static_cast<float>(p);
  const auto at = static_cast<std::size_t>(std::upper_bound(c.knots.begin(), c.knots.end(), x) - c.knots.begin());
  if (at == 0) return static_cast<double>(c.values.front());
  if (at == c.knots.size()) return static_cast<double>(c.values.back());
  const double f = static_cast<double>(x - c.knots[at - 1]) / static_cast<double>(c.knots[at] - c.knots[at - 1]);
  return static_cast<double>(c.values[at - 1]) + f * static_cast<double>(c.values[at] - c.values[at - 1]);
}

// Offsets as the mode of their distribution given the regions' variance, and the variance from the offsets and how sure they are; in turns.
void fit_offsets(std::span<const CalibrationCase> cases, std::size_t regions, Calibration& out) {
  std::vector<std::vector<std::pair<double, bool>>> by_region(regions);  // logit of the common curve, outcome
  for (const CalibrationCase& c : cases)
    if (usable(c) && c.region < regions)
      by_region[c.region].emplace_back(std::log(common(out, static_cast<double>(c.probability)) / (1 - common(out, static_cast<double>(c.probability)))),
                                       c.happened);
  std::vector<double> offset(regions, 0.0);
  double variance = 0.5;
  for (int turn = 0; turn < 30; ++turn) {
    double sum = 0, n = 0;
    for (std::size_t r = 0; r < regions; ++r) {
      if (by_region[r].empty()) continue;
      double information = 0;
      for (int round = 0; round < 20; ++round) {
        double gradient = -offset[r] / variance;
        information = 1 / variance;
        for (const auto& [x, happened] : by_region[r]) {
          const double p = chance(x + offset[r]);
          gradient += (happened ? 1.0 : 0.0) - p;
          information += p * (1 - p);
        }
        const double step = std::clamp(gradient / information, -2.0, 2.0);
        offset[r] += step;
        if (std::fabs(step) < 1e-9) break;
      }
      sum += offset[r] * offset[r] + 1 / information;
      n += 1;
    }
    if (n == 0) break;
    variance = std::max(1e-4, sum / n);
  }
  out.offset_variance = variance;
  for (const double x : offset) out.offsets.push_back(static_cast<float>(x));
}

}  // namespace

float Calibration::operator()(std::size_t region, float probability) const {
  if (std::isnan(probability) || cases == 0) return probability;
  const double p = common(*this, std::clamp(static_cast<double>(probability), 0.0, 1.0));
  const double x = std::log(p / (1 - p)) + (region < offsets.size() ? static_cast<double>(offsets[region]) : 0.0);
  return static_cast<float>(std::clamp(chance(x), 1e-4, 1 - 1e-4));
}

Calibration fit_calibration(std::span<const CalibrationCase> cases, std::size_t regions, CalibrationMethod method) {
  Calibration out;
  out.method = method;
  for (const CalibrationCase& c : cases) {
    if (!usable(c)) continue;
    ++out.cases;
    out.events += c.happened ? 1 : 0;
  }
  if (out.cases == 0) out.note = "no case: probabilities stay as they are";
  else if (out.events == 0) out.note = "the event never came: the curve rests on little";
  else if (out.events == out.cases) out.note = "the event always came: the curve rests on little";
  if (out.cases == 0) return out;
  if (method == CalibrationMethod::logistic) {
    fit_logistic(cases, out);
  } else {
    fit_isotonic(cases, out);
  }
  fit_offsets(cases, regions, out);
  return out;
}

CalibrationGain calibration_gain(std::span<const CalibrationCase> cases, std::size_t regions, CalibrationMethod method) {
  CalibrationGain gain;
  std::set<std::size_t> blocks;
  for (const CalibrationCase& c : cases)
    if (usable(c)) blocks.insert(c.block);
  gain.blocks = blocks.size();
  double before = 0, after = 0;
  for (const std::size_t block : blocks) {
    std::vector<CalibrationCase> others;
    std::copy_if(cases.begin(), cases.end(), std::back_inserter(others), [&](const CalibrationCase& c) { return c.block != block; });
    const Calibration from_others = fit_calibration(others, regions, method);
    for (const CalibrationCase& c : cases) {
      if (c.block != block || !usable(c)) continue;
      const double y = c.happened ? 1 : 0, p = static_cast<double>(c.probability), q = static_cast<double>(from_others(c.region, c.probability));
      before += (p - y) * (p - y);
      after += (q - y) * (q - y);
      ++gain.cases;
      gain.events += c.happened ? 1 : 0;
    }
  }
  const auto n = static_cast<double>(gain.cases);
  gain.brier_before = gain.cases > 0 ? before / n : kNaN;
  gain.brier_after = gain.cases > 0 && gain.blocks > 1 ? after / n : kNaN;
  return gain;
}

}  // namespace guyu
