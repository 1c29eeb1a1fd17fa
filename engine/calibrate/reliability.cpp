#include "engine/calibrate/reliability.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>

#include "engine/calibrate/folds.h"
#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kClasses = 12;  // ten of width and those of 0 and 1, which forecasts without members give alone
constexpr std::size_t kJudged = 10;   // of the reliability term

// Raw probability of case k and threshold t.
using Raw = std::function<double(std::size_t k, std::size_t t)>;

Raw raw_probabilities(const ReliabilityCases& all, std::span<const double> thresholds, ProbabilitySource source, const Emos& emos) {
  if (source == ProbabilitySource::members)
    return [&all, n = thresholds.size()](std::size_t k, std::size_t t) { return static_cast<double>(all.shares[k * n + t]); };
  return [&all, thresholds, emos](std::size_t k, std::size_t t) { return predict(emos, all.cases[k], all.around).probability_of(thresholds[t]); };
}

struct LearntTable {
  std::vector<CalibrationRow> rows;
  double trust = 1;
};

// Rows of the classes by part of time, [part * classes + class].
double trust_in(const std::vector<CalibrationRow>& parts, const std::vector<CalibrationRow>& rows) {
  double term = 0, noise = 0;
  for (std::size_t c = 0; c < rows.size(); ++c) {
    const double n = rows[c].forecasts;
    if (n == 0) continue;
    const double gap = (rows[c].events - rows[c].probability_sum) / n, frequency = rows[c].events / n;
    double squares = 0, told = 0;
    for (std::size_t p = c; p < parts.size(); p += rows.size()) {
      if (parts[p].forecasts == 0) continue;
      const double apart = parts[p].events - parts[p].probability_sum - parts[p].forecasts * gap;
      squares += apart * apart, told += 1;
    }
    const double independent = frequency * (1 - frequency) / n, between = told > 1 ? told / (told - 1) * squares / (n * n) : 0;
    term += n * gap * gap, noise += n * std::max(independent, between);
  }
  return term > 0 ? std::clamp(1 - noise / term, 0.0, 1.0) : 0.0;
}

LearntTable table_of(const ReliabilityCases& all, const std::vector<std::size_t>& chosen, const Folds& time, const Raw& raw, std::size_t t, double threshold) {
  const std::vector<ProbabilityBin> bins = probability_bins(kClasses, true, true);
  std::vector<CalibrationRow> rows(bins.size()), parts(bins.size() * time.folds);
  for (const std::size_t k : chosen) {
    const double p = raw(k, t);
    const auto above = std::upper_bound(bins.begin(), bins.end(), static_cast<float>(p), [](float x, const ProbabilityBin& b) { return x < b.lower; });
    const auto bin = static_cast<std::size_t>(std::max<std::ptrdiff_t>(above - bins.begin() - 1, 0));
    for (CalibrationRow* row : {&rows[bin], &parts[time.of_case[k] * bins.size() + bin]}) {
      row->events += static_cast<double>(all.cases[k].observed) >= threshold ? 1 : 0;
      row->probability_sum += p;
      row->forecasts += 1;
    }
  }
  LearntTable out;
  out.trust = trust_in(parts, rows);
  out.rows = joined_rows(std::move(rows));
  for (CalibrationRow& row : out.rows) row.events = row.probability_sum + out.trust * (row.events - row.probability_sum);
  return out;
}

struct Judged {
  double squares = 0;
  std::array<CalibrationRow, kJudged> classes{};
  void add(double p, bool came) {
    squares += (p - (came ? 1 : 0)) * (p - (came ? 1 : 0));
    CalibrationRow& row = classes[std::min(kJudged - 1, static_cast<std::size_t>(p * static_cast<double>(kJudged)))];
    row.events += came ? 1 : 0, row.probability_sum += p, row.forecasts += 1;
  }
  Judged& operator+=(const Judged& o) {
    squares += o.squares;
    for (std::size_t k = 0; k < kJudged; ++k) {
      classes[k].events += o.classes[k].events, classes[k].probability_sum += o.classes[k].probability_sum, classes[k].forecasts += o.classes[k].forecasts;
    }
    return *this;
  }
  double reliability_term() const {
    double sum = 0, n = 0;
    for (const CalibrationRow& row : classes) {
      if (row.forecasts == 0) continue;
      const double gap = (row.probability_sum - row.events) / row.forecasts;
      sum += row.forecasts * gap * gap, n += row.forecasts;
    }
    return n > 0 ? sum / n : kNone;
  }
};

// Probabilities of being above may not rise with the threshold: what a lower one allows, which more events have taught, is the most. Sorting would give a rare
// event's uncalibrated probability to a common one.
template <typename T>
void put_in_order(std::span<T> probabilities) {
  for (std::size_t t = 1; t < probabilities.size(); ++t) probabilities[t] = std::min(probabilities[t], probabilities[t - 1]);
}

}  // namespace

ProbabilitySource parse_probability_source(std::string_view text) {
  for (const ProbabilitySource s : {ProbabilitySource::members, ProbabilitySource::distribution})
    if (name_of(s) == text) return s;
  throw Error("", "probabilities do not come from '" + std::string(text) + "'", "known are members, distribution");
}

std::string_view name_of(ProbabilitySource s) { return s == ProbabilitySource::members ? "members" : "distribution"; }

void member_shares(std::span<const float> members, std::span<const double> thresholds, std::span<float> shares) {
  const bool known = !members.empty() && std::none_of(members.begin(), members.end(), [](float x) { return std::isnan(x); });
  for (std::size_t t = 0; t < thresholds.size(); ++t) {
    const auto n = std::count_if(members.begin(), members.end(), [&](float x) { return static_cast<double>(x) >= thresholds[t]; });
    shares[t] = known ? static_cast<float>(n) / static_cast<float>(members.size()) : std::numeric_limits<float>::quiet_NaN();
  }
}

Reliability fit_reliability(const ReliabilityCases& given, std::span<const double> thresholds_given, ProbabilitySource source, Family family) {
  if (thresholds_given.empty()) throw Error("reliability", "there is no threshold to be reached", "name some, e.g. 1,5,10,25");
  const std::size_t given_n = thresholds_given.size();
  // By rising threshold, with the shares in the same order.
  std::vector<std::size_t> order(given_n);
  for (std::size_t t = 0; t < given_n; ++t) order[t] = t;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return thresholds_given[a] < thresholds_given[b]; });
  order.erase(std::unique(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return thresholds_given[a] == thresholds_given[b]; }), order.end());
  std::vector<double> thresholds;
  for (const std::size_t t : order) thresholds.push_back(thresholds_given[t]);
  const std::size_t n = thresholds.size();
  ReliabilityCases all;
  all.around = given.around;
  const bool of_members = source == ProbabilitySource::members;
  for (std::size_t k = 0; k < given.cases.size(); ++k) {
    const ForecastCase& c = given.cases[k];
    bool known = is_known(c, of_members ? SurroundingsTable() : given.around);
    for (std::size_t t = 0; of_members && t < given_n; ++t) known = known && !std::isnan(given.shares[k * given_n + t]);
    if (!known) continue;
    all.cases.push_back(c);
    for (std::size_t t = 0; of_members && t < n; ++t) all.shares.push_back(given.shares[k * given_n + order[t]]);
  }
  Reliability out;
  out.source = source;
  out.cases = all.cases.size();
  const Folds parts = folds_of(all.cases);
  out.blocks = parts.blocks;

  const auto fit = [&](const std::vector<std::size_t>& chosen, Emos& emos) {
    if (!of_members) {
      std::vector<ForecastCase> learn;
      for (const std::size_t k : chosen) learn.push_back(all.cases[k]);
      emos = fit_emos(learn, family, all.around);
    }
    const Raw raw = raw_probabilities(all, thresholds, source, emos);
    std::vector<LearntTable> tables;
    for (std::size_t t = 0; t < n; ++t) tables.push_back(table_of(all, chosen, parts, raw, t, thresholds[t]));
    return tables;
  };

  struct Fold {
    std::vector<Judged> before, after;
  };
  std::vector<Fold> results(parts.folds);
  if (parts.folds > 1) {
    parallel_for(static_cast<std::int64_t>(parts.folds), 1, [&](std::int64_t begin, std::int64_t end) {
      for (auto f = static_cast<std::size_t>(begin); f < static_cast<std::size_t>(end); ++f) {
        Fold& r = results[f];
        r.before.resize(n), r.after.resize(n);
        std::vector<std::size_t> learn, judge;
        for (std::size_t k = 0; k < all.cases.size(); ++k) (parts.of_case[k] == f ? judge : learn).push_back(k);
        Emos emos;
        std::vector<ReliabilityCurve> curves;
        for (const LearntTable& table : fit(learn, emos)) curves.emplace_back(table.rows);
        const Raw raw = raw_probabilities(all, thresholds, source, emos);
        std::vector<double> calibrated(n);
        for (const std::size_t k : judge) {
          for (std::size_t t = 0; t < n; ++t) calibrated[t] = curves[t](raw(k, t));
          put_in_order(std::span<double>(calibrated));
          for (std::size_t t = 0; t < n; ++t) {
            const bool came = static_cast<double>(all.cases[k].observed) >= thresholds[t];
            r.before[t].add(raw(k, t), came);
            r.after[t].add(calibrated[t], came);
          }
        }
      }
    });
  }
  std::vector<std::size_t> everything(all.cases.size());
  for (std::size_t k = 0; k < everything.size(); ++k) everything[k] = k;
  auto tables = fit(everything, out.emos);
  for (std::size_t t = 0; t < n; ++t) {
    EventReliability e;
    e.threshold = thresholds[t];
    e.table = std::move(tables[t].rows);
    e.trust = tables[t].trust;
    for (const ForecastCase& c : all.cases) e.events += static_cast<double>(c.observed) >= e.threshold ? 1 : 0;
    Judged before, after;
    for (const Fold& r : results)
      if (!r.before.empty()) before += r.before[t], after += r.after[t];
    const bool judged = parts.folds > 1;
    const auto cases = static_cast<double>(all.cases.size());
    e.brier_before = judged ? before.squares / cases : kNone;
    e.brier_after = judged ? after.squares / cases : kNone;
    e.reliability_before = judged ? before.reliability_term() : kNone;
    e.reliability_after = judged ? after.reliability_term() : kNone;
    out.events.push_back(std::move(e));
  }
  return out;
}

ReliabilityCurves::ReliabilityCurves(const Reliability& model) : source_(model.source), emos_(model.emos) {
  for (const EventReliability& e : model.events) thresholds_.push_back(e.threshold), curves_.emplace_back(e.table);
}

void ReliabilityCurves::operator()(std::span<const float> members, std::span<float> probabilities, const Surroundings* around) const {
  member_shares(members, thresholds_, probabilities);
  if (probabilities.empty() || std::isnan(probabilities[0])) return;
  if (source_ == ProbabilitySource::distribution) {
    const auto n = static_cast<double>(members.size());
    double mean = 0, square = 0;
    for (const float v : members) mean += static_cast<double>(v) / n;
    for (const float v : members) square += (static_cast<double>(v) - mean) * (static_cast<double>(v) - mean) / n;
    if (emos_.radius_km > 0 && std::isnan(around->mean)) {
      std::fill(probabilities.begin(), probabilities.end(), std::numeric_limits<float>::quiet_NaN());
      return;
    }
    const Predictive p = emos_(mean, std::sqrt(square), around);
    for (std::size_t t = 0; t < thresholds_.size(); ++t) probabilities[t] = static_cast<float>(p.probability_of(thresholds_[t]));
  }
  for (std::size_t t = 0; t < thresholds_.size(); ++t) probabilities[t] = static_cast<float>(curves_[t](static_cast<double>(probabilities[t])));
  put_in_order(probabilities);
}

}  // namespace guyu
