#include "products/score_diagrams.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/verify/reliability.h"
#include "engine/verify/roc.h"
#include "products/score_plot.h"

namespace guyu {
namespace {
using Xy = ScorePlot::Xy;

std::string unit_text(const ScoreReport& r) { return r.unit == "mm h-1" ? "mm/h" : r.unit; }
double minutes(Seconds s) { return static_cast<double>(s.count()) / 60; }
ScorePlot::Axis lead_axis(const ScoreReport& r) {
  std::vector<double> leads;
  for (const LeadScores& l : r.leads) leads.push_back(minutes(l.lead));
  return axis_around(leads, 0, "lead, min");
}

// One score by lead with its band; the key only where there are several lines.
void draw(ScorePlot& plot, const ScoreReport& r, std::size_t score, std::size_t color, const std::string& key) {
  std::vector<Xy> line, low, high;
  for (const LeadScores& l : r.leads) {
    const double x = minutes(l.lead);
    line.push_back({x, l.values[score]}), low.push_back({x, l.bounds[score].low}), high.push_back({x, l.bounds[score].high});
  }
  plot.band(low, high, plot_color(color));
  plot.line(line, plot_color(color), key);
}

// The values, and their bounds as far as they reach no more than once the values' range (or size) beyond: one
// wild bound would flatten the rest.
std::vector<double> all_of(const ScoreReport& r, const std::vector<std::size_t>& scores) {
  std::vector<double> v;
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const LeadScores& l : r.leads)
    for (const std::size_t k : scores)
      if (!std::isnan(l.values[k])) low = std::min(low, l.values[k]), high = std::max(high, l.values[k]);
  if (!(low <= high)) return v;
  const double reach = std::max(high - low, std::max(std::abs(low), std::abs(high)) / 2);
  v = {low, high};
  for (const LeadScores& l : r.leads)
    for (const std::size_t k : scores)
      for (const double bound : {l.bounds[k].low, l.bounds[k].high})
        if (!std::isnan(bound)) v.push_back(std::clamp(bound, low - reach, high + reach));
  return v;
}

struct Line {
  std::string score, key;
};
std::string amounts_plot(const ScoreReport& r, const std::string& title, const std::string& y, double floor, const std::vector<Line>& lines) {
  std::vector<std::size_t> places;
  for (const Line& l : lines) places.push_back(r.find(l.score));
  ScorePlot plot(title, lead_axis(r), axis_around(all_of(r, places), floor, y));
  for (std::size_t k = 0; k < lines.size(); ++k) draw(plot, r, places[k], k, lines[k].key);
  return plot.svg();
}

// A score of events by lead, a line for each threshold.
std::string events_plot(const ScoreReport& r, const std::string& title, const std::string& score, bool unit_axis) {
  std::vector<std::size_t> places;
  for (std::size_t t = 0; t < r.settings.thresholds.size(); ++t) places.push_back(r.find(score, t));
  ScorePlot::Axis y{0, 1, "", false};
  if (!unit_axis) y = axis_around(all_of(r, places), 0, "");
  ScorePlot plot(title, lead_axis(r), y);
  for (std::size_t t = 0; t < places.size(); ++t) draw(plot, r, places[t], t, threshold_text(r, t));
  return plot.svg();
}

std::string fractions_plot(const ScoreReport& r, std::size_t t) {
  ScorePlot plot("FSS, " + threshold_text(r, t), lead_axis(r), {0, 1, "", false});
  for (std::size_t s = 0; s < r.settings.scales.size(); ++s) draw(plot, r, r.find("fss", t, s), s, fmt::format("{0} × {0}", r.settings.scales[s]));
  return plot.svg();
}

// Few leads stand for all where there are many: the first, the last and some between.
std::vector<const LeadScores*> chosen_leads(const ScoreReport& r) {
  constexpr std::size_t kMost = 3;
  std::vector<const LeadScores*> chosen;
  const std::size_t n = std::min(kMost, r.leads.size());
  for (std::size_t k = 0; k < n; ++k) chosen.push_back(&r.leads[n == 1 ? 0 : k * (r.leads.size() - 1) / (n - 1)]);
  return chosen;
}

std::string reliability_plot(const ScoreReport& r, const LeadScores& l) {
  constexpr std::size_t kBins = 10;
  ScorePlot plot("Reliability, " + lead_text(l.lead), {0, 1, "forecast probability", false}, {0, 1, "observed frequency", false});
  plot.guide({0, 0}, {1, 1});
  for (std::size_t t = 0; t < r.settings.thresholds.size(); ++t) {
    std::vector<Xy> points;
    for (const ReliabilityBin& b : reliability_diagram(l.sums.probabilities[t], kBins))
      if (b.count > 0) points.push_back({b.probability, b.frequency});
    plot.line(points, plot_color(t), threshold_text(r, t));
  }
  return plot.svg();
}

// How many forecasts each class of probability got: logarithmic, as most say 0.
std::string reliability_counts(const LeadScores& l) {
  constexpr std::size_t kBins = 10;
  double most = 1;
  std::vector<std::vector<ReliabilityBin>> diagrams;
  for (const ProbabilityTable& t : l.sums.probabilities) {
    diagrams.push_back(reliability_diagram(t, kBins));
    for (const ReliabilityBin& b : diagrams.back()) most = std::max(most, static_cast<double>(b.count));
  }
  ScorePlot plot("Forecasts a class, " + lead_text(l.lead), {0, 1, "forecast probability", false},
                 {0, std::ceil(std::log10(most) + 1e-9), "log10 of count", true}, 330, 150);
  const double share = 0.8 / kBins / static_cast<double>(diagrams.size());
  for (std::size_t t = 0; t < diagrams.size(); ++t)
    for (std::size_t b = 0; b < kBins; ++b) {
      const double from = (static_cast<double>(b) + 0.1) / kBins + share * static_cast<double>(t);
      if (diagrams[t][b].count > 0) plot.bar(from, from + share, std::max(0.05, std::log10(static_cast<double>(diagrams[t][b].count))), plot_color(t));
    }
  return plot.svg();
}

std::string roc_plot(const ScoreReport& r, const LeadScores& l) {
  ScorePlot plot("ROC, " + lead_text(l.lead), {0, 1, "false alarm rate (POFD)", false}, {0, 1, "detection (POD)", false});
  plot.guide({0, 0}, {1, 1});
  for (std::size_t t = 0; t < r.settings.thresholds.size(); ++t) {
    std::vector<Xy> points;
    for (const RocPoint& p : roc_curve(l.sums.probabilities[t])) points.push_back({p.false_detection, p.detection});
    plot.line(points, plot_color(t), fmt::format("{} ({})", threshold_text(r, t), score_number(roc_area(l.sums.probabilities[t]))), false);
  }
  return plot.svg();
}

std::string rank_plot(const LeadScores& l) {
  const auto& counts = l.sums.ranks.counts;
  const auto all = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0})), ranks = static_cast<double>(counts.size());
  std::vector<double> shares;
  for (const std::uint64_t c : counts) shares.push_back(all > 0 ? static_cast<double>(c) * ranks / all : 0);
  ScorePlot plot("Rank histogram, " + lead_text(l.lead), {0, ranks, "rank of the observation", true}, axis_around(shares, 0, "share / even share"));
  for (std::size_t k = 0; k < shares.size(); ++k) plot.bar(static_cast<double>(k) + 0.08, static_cast<double>(k) + 0.92, shares[k], plot_color(4));
  plot.guide({0, 1}, {ranks, 1});
  return plot.svg();
}

std::string spread_plot(const ScoreReport& r, const LeadScores& l) {
  constexpr std::uint64_t kFewest = 50;  // fewer places say nothing of a root mean square
  std::vector<Xy> points;
  std::vector<double> all;
  for (const SpreadSkill::Bin& b : l.sums.spread.bins) {
    if (b.count < kFewest) continue;
    const auto n = static_cast<double>(b.count);
    points.push_back({l.sums.spread.factor * std::sqrt(b.variance / n), std::sqrt(b.square_error / n)});
    all.insert(all.end(), {points.back().x, points.back().y});
  }
  ScorePlot::Axis axis = axis_around(all, 0, "spread, " + unit_text(r));
  ScorePlot::Axis y = axis;
  y.label = "error of the mean, " + unit_text(r);
  ScorePlot plot("Spread and error, " + lead_text(l.lead), axis, y);
  plot.guide({axis.low, axis.low}, {axis.high, axis.high});
  plot.line(points, plot_color(0));
  return plot.svg();
}

// Plots side by side, as many as fit.
std::string in_a_row(const std::string& plots) { return "<div class=\"plots\">\n" + plots + "</div>\n"; }

template <typename Plot>
std::string for_chosen_leads(const ScoreReport& r, const Plot& plot) {
  std::string all;
  for (const LeadScores* l : chosen_leads(r)) all += plot(*l);
  return in_a_row(all);
}

}  // namespace

std::string threshold_text(const ScoreReport& r, std::size_t t) { return fmt::format("{:g} {}", r.settings.thresholds[t], unit_text(r)); }

std::string event_diagrams(const ScoreReport& r) {
  return in_a_row(events_plot(r, "CSI", "csi", true) + events_plot(r, "Frequency bias", "frequency_bias", false) + events_plot(r, "SEDI", "sedi", false));
}

std::string fraction_diagrams(const ScoreReport& r) {
  std::string all;
  for (std::size_t t = 0; t < r.settings.thresholds.size(); ++t) all += fractions_plot(r, t);
  return in_a_row(all);
}

std::string amount_diagrams(const ScoreReport& r) {
  std::string all = amounts_plot(r, "Errors", unit_text(r), 0, {{"rmse", "RMSE"}, {"mae", "MAE"}, {"mean_error", "mean error"}}) +
                    amounts_plot(r, "Correlation", "", 0, {{"correlation", ""}});
  if (r.settings.gridded) all += amounts_plot(r, "SAL", "", 0, {{"sal_structure", "structure"}, {"sal_amplitude", "amplitude"}, {"sal_location", "location"}});
  return in_a_row(all);
}

std::string ensemble_diagrams(const ScoreReport& r) {
  return in_a_row(amounts_plot(r, "CRPS", unit_text(r), 0, {{"crps", "CRPS"}, {"crps_fair", "fair CRPS"}}) +
                  amounts_plot(r, "Spread and error", unit_text(r), 0, {{"spread", "spread"}, {"error_of_mean", "error of the mean"}}) +
                  events_plot(r, "Brier skill", "brier_skill", false));
}

std::string reliability_diagrams(const ScoreReport& r) {
  return for_chosen_leads(r, [&](const LeadScores& l) { return "<div>" + reliability_plot(r, l) + reliability_counts(l) + "</div>\n"; });
}

std::string roc_diagrams(const ScoreReport& r) {
  return for_chosen_leads(r, [&](const LeadScores& l) { return roc_plot(r, l); });
}

std::string rank_diagrams(const ScoreReport& r) {
  return for_chosen_leads(r, rank_plot) + for_chosen_leads(r, [&](const LeadScores& l) { return spread_plot(r, l); });
}

}  // namespace guyu
