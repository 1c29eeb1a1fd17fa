#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/verify/reliability.h"
#include "engine/verify/roc.h"
#include "products/score_plot.h"
#include "products/score_report.h"

namespace guyu {
namespace {
using Xy = ScorePlot::Xy;

const char* const kStyle = R"(<style>
:root{color-scheme:light}
body{margin:0 auto;max-width:1120px;padding:28px 24px 60px;background:#fff;color:#222;font:15px/1.5 system-ui,-apple-system,"Segoe UI","Noto Sans","Noto Sans CJK SC",sans-serif}
h1{font-size:25px;margin:0 0 4px;font-weight:650}h2{font-size:18px;margin:38px 0 4px;padding-top:12px;border-top:1px solid #ddd;font-weight:650}
p.n{color:#555;margin:2px 0 12px;max-width:860px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 18px;margin:14px 0}dt{color:#666}dd{margin:0;overflow-wrap:anywhere}
.plots{display:flex;flex-wrap:wrap;gap:18px 22px;align-items:flex-start}
svg{display:block}svg text{font:11px system-ui,-apple-system,"Segoe UI","Noto Sans",sans-serif;fill:#444}svg text.t{font-size:13px;font-weight:600;fill:#222}svg text.l{fill:#666}
.wide{overflow-x:auto}table{border-collapse:collapse;margin:10px 0 18px;font-variant-numeric:tabular-nums}
th,td{padding:4px 0 4px 14px;min-width:64px;text-align:right;border-bottom:1px solid #eee;white-space:nowrap;vertical-align:top}th{font-weight:600;color:#444;border-bottom:1px solid #bbb}
th:first-child,td:first-child{text-align:left;padding-left:0}h3{font-size:15px;margin:26px 0 0}td small{display:block;color:#888;font-size:11.5px;line-height:1.2}
ul.p{color:#8a4b00}</style>
)";

double minutes(Seconds s) { return static_cast<double>(s.count()) / 60; }
std::string threshold_text(const ScoreReport& r, std::size_t t) {
  return fmt::format("{:g} {}", r.settings.thresholds[t], r.unit == "mm h-1" ? "mm/h" : r.unit);
}
std::string unit_text(const ScoreReport& r) { return r.unit == "mm h-1" ? "mm/h" : r.unit; }

ScorePlot::Axis lead_axis(const ScoreReport& r) {
  std::vector<double> leads;
  for (const LeadScores& l : r.leads) leads.push_back(minutes(l.lead));
  return axis_around(leads, 0, "lead, min");
}

// One score by lead with its band; the key only where there are several lines.
void draw(ScorePlot& plot, const ScoreReport& r, std::size_t score, std::size_t color,
          const std::string& key) {
  std::vector<Xy> line, low, high;
  for (const LeadScores& l : r.leads) {
    const double x = minutes(l.lead);
    line.push_back({x, l.values[score]}), low.push_back({x, l.bounds[score].low}),
        high.push_back({x, l.bounds[score].high});
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
std::string amounts_plot(const ScoreReport& r, const std::string& title, const std::string& y, double floor,
                         const std::vector<Line>& lines) {
  std::vector<std::size_t> places;
  for (const Line& l : lines) places.push_back(r.find(l.score));
  ScorePlot plot(title, lead_axis(r), axis_around(all_of(r, places), floor, y));
  for (std::size_t k = 0; k < lines.size(); ++k) draw(plot, r, places[k], k, lines[k].key);
  return plot.svg();
}

// A score of events by lead, a line for each threshold.
std::string events_plot(const ScoreReport& r, const std::string& title, const std::string& score,
                        bool unit_axis) {
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
  for (std::size_t s = 0; s < r.settings.scales.size(); ++s)
    draw(plot, r, r.find("fss", t, s), s, fmt::format("{0} × {0}", r.settings.scales[s]));
  return plot.svg();
}

// Few leads stand for all where there are many: the first, the last and some between.
std::vector<const LeadScores*> chosen_leads(const ScoreReport& r) {
  constexpr std::size_t kMost = 3;
  std::vector<const LeadScores*> chosen;
  const std::size_t n = std::min(kMost, r.leads.size());
  for (std::size_t k = 0; k < n; ++k)
    chosen.push_back(&r.leads[n == 1 ? 0 : k * (r.leads.size() - 1) / (n - 1)]);
  return chosen;
}

std::string reliability_plot(const ScoreReport& r, const LeadScores& l) {
  constexpr std::size_t kBins = 10;
  ScorePlot plot("Reliability, " + lead_text(l.lead), {0, 1, "forecast probability", false},
                 {0, 1, "observed frequency", false});
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
      if (diagrams[t][b].count > 0)
        plot.bar(from, from + share, std::max(0.05, std::log10(static_cast<double>(diagrams[t][b].count))),
                 plot_color(t));
    }
  return plot.svg();
}

std::string roc_plot(const ScoreReport& r, const LeadScores& l) {
  ScorePlot plot("ROC, " + lead_text(l.lead), {0, 1, "false alarm rate (POFD)", false},
                 {0, 1, "detection (POD)", false});
  plot.guide({0, 0}, {1, 1});
  for (std::size_t t = 0; t < r.settings.thresholds.size(); ++t) {
    std::vector<Xy> points;
    for (const RocPoint& p : roc_curve(l.sums.probabilities[t]))
      points.push_back({p.false_detection, p.detection});
    plot.line(points, plot_color(t),
              fmt::format("{} ({})", threshold_text(r, t), score_number(roc_area(l.sums.probabilities[t]))),
              false);
  }
  return plot.svg();
}

std::string rank_plot(const LeadScores& l) {
  const auto& counts = l.sums.ranks.counts;
  const auto all = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0})),
             ranks = static_cast<double>(counts.size());
  std::vector<double> shares;
  for (const std::uint64_t c : counts) shares.push_back(all > 0 ? static_cast<double>(c) * ranks / all : 0);
  ScorePlot plot("Rank histogram, " + lead_text(l.lead), {0, ranks, "rank of the observation", true},
                 axis_around(shares, 0, "share / even share"));
  for (std::size_t k = 0; k < shares.size(); ++k)
    plot.bar(static_cast<double>(k) + 0.08, static_cast<double>(k) + 0.92, shares[k], plot_color(4));
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

std::string cell(const LeadScores& l, std::size_t k) {
  if (std::isnan(l.bounds[k].low)) return "<td>" + score_number(l.values[k]) + "</td>";
  return fmt::format("<td>{}<small>{} … {}</small></td>", score_number(l.values[k]),
                     score_number(l.bounds[k].low), score_number(l.bounds[k].high));
}

// Columns: heading and score name; those that the report does not have are left out.
std::string table(const ScoreReport& r, const std::vector<Line>& columns, std::size_t threshold) {
  std::string out = "<div class=\"wide\"><table><tr><th>lead</th>";
  std::vector<std::size_t> places;
  for (const Line& c : columns) {
    if (const std::size_t k = r.find(c.score, threshold); k < r.names.size()) {
      places.push_back(k);
      out += "<th>" + c.key + "</th>";
    }
  }
  out += threshold == ScoreReport::npos ? "<th>pairs</th><th>unjudged</th><th>fields</th></tr>"
                                        : "<th>events</th></tr>";
  for (const LeadScores& l : r.leads) {
    out += "<tr><td>" + lead_text(l.lead) + "</td>";
    for (const std::size_t k : places) out += cell(l, k);
    const Agreement a = l.sums.amount.result();
    if (threshold == ScoreReport::npos)
      out +=
          fmt::format("<td>{}</td><td>{}</td><td>{}</td></tr>", a.pairs, a.unjudged, l.sums.pairs_of_fields);
    else
      out += fmt::format("<td>{}</td></tr>", l.sums.tables[threshold].hits + l.sums.tables[threshold].misses);
  }
  return out + "</table></div>\n";
}

std::string fractions_table(const ScoreReport& r, std::size_t t) {
  std::string out = "<div class=\"wide\"><table><tr><th>lead</th>";
  for (const int scale : r.settings.scales) out += fmt::format("<th>FSS {0} × {0}</th>", scale);
  out += "</tr>";
  for (const LeadScores& l : r.leads) {
    out += "<tr><td>" + lead_text(l.lead) + "</td>";
    for (std::size_t s = 0; s < r.settings.scales.size(); ++s) out += cell(l, r.find("fss", t, s));
    out += "</tr>";
  }
  return out + "</table></div>\n";
}

std::string section(const std::string& title, const std::string& note, const std::string& body) {
  return "<h2>" + title + "</h2>\n<p class=\"n\">" + note + "</p>\n" + body;
}
std::string plots(const std::string& all) { return "<div class=\"plots\">\n" + all + "</div>\n"; }

std::string single_sections(const ScoreReport& r) {
  std::string events;
  events += events_plot(r, "CSI", "csi", true) + events_plot(r, "Frequency bias", "frequency_bias", false) +
            events_plot(r, "SEDI", "sedi", false);
  std::string out = section("Events by lead",
                            fmt::format("An event is a value {} the threshold. Bands: {:g} % confidence.{}",
                                        r.settings.event == EventRule::at_least ? "of at least" : "above",
                                        100 * r.confidence, r.ensemble() ? " Of the ensemble mean." : ""),
                            plots(events));
  if (r.settings.gridded && !r.settings.scales.empty()) {
    std::string fss;
    for (std::size_t t = 0; t < r.settings.thresholds.size(); ++t) fss += fractions_plot(r, t);
    out +=
        section("Fractions skill by lead and scale",
                "Agreement of the share of events in squares of so many cells around every cell: 1 is best.",
                plots(fss));
  }
  const std::string unit = unit_text(r);
  std::string amounts =
      amounts_plot(r, "Errors", unit, 0, {{"rmse", "RMSE"}, {"mae", "MAE"}, {"mean_error", "mean error"}}) +
      amounts_plot(r, "Correlation", "", 0, {{"correlation", ""}});
  if (r.settings.gridded)
    amounts += amounts_plot(
        r, "SAL", "", 0,
        {{"sal_structure", "structure"}, {"sal_amplitude", "amplitude"}, {"sal_location", "location"}});
  return out + section("Amounts by lead", "Over all pairs in which forecast and observation are known.",
                       plots(amounts));
}

std::string ensemble_sections(const ScoreReport& r) {
  std::string skill =
      amounts_plot(r, "CRPS", unit_text(r), 0, {{"crps", "CRPS"}, {"crps_fair", "fair CRPS"}}) +
      amounts_plot(r, "Spread and error", unit_text(r), 0,
                   {{"spread", "spread"}, {"error_of_mean", "error of the mean"}}) +
      events_plot(r, "Brier skill", "brier_skill", false);
  std::string out = section(
      "Ensemble by lead",
      fmt::format("{} members. Brier skill is against the frequency of the sample itself.", r.members),
      plots(skill));
  std::string diagrams, roc, ranks;
  for (const LeadScores* l : chosen_leads(r))
    diagrams += "<div>" + reliability_plot(r, *l) + reliability_counts(*l) + "</div>\n",
        roc += roc_plot(r, *l), ranks += rank_plot(*l);
  for (const LeadScores* l : chosen_leads(r)) ranks += spread_plot(r, *l);
  out += section("Reliability",
                 "How often events followed each probability; on the dashed line they followed as often as "
                 "said. Below: how many forecasts fell into each class.",
                 plots(diagrams));
  out += section("ROC",
                 "Detection against false alarms, a warning going out from one member on, from two, ...; in "
                 "brackets the area below, 0.5 is chance.",
                 plots(roc));
  return out + section("Ranks, spread and error",
                       "A flat histogram, and points on the dashed line, mean that the members spread as "
                       "much as they err.",
                       plots(ranks));
}

std::string warnings_section(const ScoreReport& r) {
  std::string out =
      "<div class=\"wide\"><table><tr><th>level and severer</th><th>hits</th><th>of them "
      "late</th><th>misses</th><th>POD</th><th>right warnings</th><th>false "
      "alarms</th><th>unjudged</th><th>FAR</th><th>median lead</th></tr>";
  for (const auto& [level, w] : r.warnings) {
    const std::string lead = w.lead_minutes.empty() ? "-" : fmt::format("{:g} min", w.median_lead());
    out += fmt::format(
        "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</"
        "td><td>{}</td></tr>",
        escaped(level), w.hits, w.late, w.misses, score_number(w.detection()), w.right, w.false_alarms,
        w.unjudged, score_number(w.false_ratio()), lead);
  }
  return section("Warnings",
                 "A hit: the township's threshold was reached within the window of a warning. Lead: from the "
                 "first such warning's issue until the threshold was reached.",
                 out + "</table></div>\n");
}

std::string tables(const ScoreReport& r) {
  std::string out = table(r,
                          {{"mae", "MAE"},
                           {"rmse", "RMSE"},
                           {"mean_error", "mean error"},
                           {"multiplicative_bias", "bias"},
                           {"correlation", "correlation"},
                           {"mae_wet", "MAE, wet"}},
                          ScoreReport::npos);
  if (r.settings.gridded)
    out += table(r,
                 {{"sal_structure", "S"},
                  {"sal_amplitude", "A"},
                  {"sal_location", "L"},
                  {"sal_structure_absolute", "mean |S|"},
                  {"sal_amplitude_absolute", "mean |A|"}},
                 ScoreReport::npos);
  if (r.ensemble())
    out += table(r,
                 {{"crps", "CRPS"},
                  {"crps_fair", "fair CRPS"},
                  {"spread", "spread"},
                  {"error_of_mean", "error of the mean"},
                  {"spread_skill_ratio", "spread / error"},
                  {"rank_unevenness", "unevenness of ranks"}},
                 ScoreReport::npos);
  for (std::size_t t = 0; t < r.settings.thresholds.size(); ++t) {
    out += "<h3>" + threshold_text(r, t) + "</h3>\n" +
           table(r,
                 {{"pod", "POD"},
                  {"far", "FAR"},
                  {"csi", "CSI"},
                  {"ets", "ETS"},
                  {"hss", "HSS"},
                  {"frequency_bias", "bias"},
                  {"sedi", "SEDI"}},
                 t);
    if (r.settings.gridded && !r.settings.scales.empty()) out += fractions_table(r, t);
    if (r.ensemble())
      out += table(r,
                   {{"brier", "Brier"},
                    {"brier_reliability", "reliability"},
                    {"brier_resolution", "resolution"},
                    {"brier_uncertainty", "uncertainty"},
                    {"brier_skill", "Brier skill"},
                    {"roc_area", "ROC area"}},
                   t);
  }
  return section("Tables",
                 fmt::format("Below each score its {:g} % confidence bounds, by bootstrap over blocks of "
                             "time; a score without them had a single block.",
                             100 * r.confidence),
                 out);
}

}  // namespace

std::string score_html(const ScoreReport& r) {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width\">\n<title>" +
      escaped(r.from.title) + "</title>\n" + kStyle + "</head>\n<body>\n";
  out += "<h1>" + escaped(r.from.title) + "</h1>\n<dl>\n";
  for (const auto& [name, fact] : r.facts)
    out += "<dt>" + escaped(name) + "</dt><dd>" + escaped(fact) + "</dd>\n";
  out += "</dl>\n";
  if (!r.problems.empty()) {
    constexpr std::size_t kMost = 20;
    out += "<ul class=\"p\">\n";
    for (std::size_t k = 0; k < std::min(kMost, r.problems.size()); ++k)
      out += "<li>" + escaped(r.problems[k]) + "</li>\n";
    if (r.problems.size() > kMost)
      out += fmt::format("<li>and {} more (scores.json has all)</li>\n", r.problems.size() - kMost);
    out += "</ul>\n";
  }
  if (!r.warnings.empty()) out += warnings_section(r);
  if (!r.leads.empty()) {
    out += single_sections(r);
    if (r.ensemble()) out += ensemble_sections(r);
    out += tables(r);
  }
  return out + "<p class=\"n\">guyu " + escaped(r.from.version) + "</p>\n</body>\n</html>\n";
}

}  // namespace guyu
