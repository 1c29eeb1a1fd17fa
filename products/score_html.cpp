#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "products/score_diagrams.h"
#include "products/score_plot.h"
#include "products/score_report.h"

namespace guyu {
namespace {

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

std::string cell(const LeadScores& l, std::size_t k) {
  if (std::isnan(l.bounds[k].low)) return "<td>" + score_number(l.values[k]) + "</td>";
  return fmt::format("<td>{}<small>{} … {}</small></td>", score_number(l.values[k]), score_number(l.bounds[k].low), score_number(l.bounds[k].high));
}

// A table by lead: scores with their bounds, and behind them the cells that `counts` gives for a lead.
struct Table {
  std::string head;                 // cells of the heading
  std::vector<std::size_t> scores;  // places in the report's names
  void add(const std::string& heading, std::size_t score) {
    head += "<th>" + heading + "</th>";
    scores.push_back(score);
  }
  template <typename Counts>
  std::string html(const ScoreReport& r, const Counts& counts) const {
    std::string out = "<div class=\"wide\"><table><tr><th>lead</th>" + head + "</tr>";
    for (const LeadScores& l : r.leads) {
      out += "<tr><td>" + lead_text(l.lead) + "</td>";
      for (const std::size_t k : scores) out += cell(l, k);
      out += counts(l) + "</tr>";
    }
    return out + "</table></div>\n";
  }
};
std::string no_counts(const LeadScores&) { return {}; }

struct Column {
  std::string score, heading;
};
// Those that the report does not have are left out.
Table table_of(const ScoreReport& r, const std::vector<Column>& columns, std::size_t threshold = ScoreReport::npos) {
  Table table;
  for (const Column& c : columns)
    if (const std::size_t k = r.find(c.score, threshold); k < r.names.size()) table.add(c.heading, k);
  return table;
}

std::string section(const std::string& title, const std::string& note, const std::string& body) {
  return "<h2>" + title + "</h2>\n<p class=\"n\">" + note + "</p>\n" + body;
}

std::string single_sections(const ScoreReport& r) {
  const std::string note =
      fmt::format("An event is a value {} the threshold. Bands: {:g} % confidence.{}", r.settings.event == EventRule::at_least ? "of at least" : "above",
                  100 * r.confidence, r.ensemble() ? " Of the ensemble mean." : "");
  std::string out = section("Events by lead", note, event_diagrams(r));
  if (r.settings.gridded && !r.settings.scales.empty())
    out += section("Fractions skill by lead and scale", "Agreement of the share of events in squares of so many cells around every cell: 1 is best.",
                   fraction_diagrams(r));
  return out + section("Amounts by lead", "Over all pairs in which forecast and observation are known.", amount_diagrams(r));
}

std::string ensemble_sections(const ScoreReport& r) {
  return section("Ensemble by lead", fmt::format("{} members. Brier skill is against the frequency of the sample itself.", r.members), ensemble_diagrams(r)) +
         section("Reliability",
                 "How often events followed each probability; on the dashed line they followed as often as "
                 "said. Below: how many forecasts fell into each class.",
                 reliability_diagrams(r)) +
         section("ROC",
                 "Detection against false alarms, a warning going out from one member on, from two, ...; in "
                 "brackets the area below, 0.5 is chance.",
                 roc_diagrams(r)) +
         section("Ranks, spread and error",
                 "A flat histogram, and points on the dashed line, mean that the members spread as much as "
                 "they err.",
                 rank_diagrams(r));
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
        escaped(level), w.hits, w.late, w.misses, score_number(w.detection()), w.right, w.false_alarms, w.unjudged, score_number(w.false_ratio()), lead);
  }
  return section("Warnings",
                 "A hit: the township's threshold was reached within the window of a warning. Lead: from the "
                 "first such warning's issue until the threshold was reached.",
                 out + "</table></div>\n");
}

std::string amount_tables(const ScoreReport& r) {
  Table amounts = table_of(r, {{"mae", "MAE"},
                               {"rmse", "RMSE"},
                               {"mean_error", "mean error"},
                               {"multiplicative_bias", "bias"},
                               {"correlation", "correlation"},
                               {"mae_wet", "MAE, wet"}});
  amounts.head += "<th>pairs</th><th>unjudged</th><th>fields</th>";
  std::string out = amounts.html(r, [](const LeadScores& l) {
    const Agreement a = l.sums.amount.result();
    return fmt::format("<td>{}</td><td>{}</td><td>{}</td>", a.pairs, a.unjudged, l.sums.pairs_of_fields);
  });
  if (r.settings.gridded)
    out += table_of(r, {{"sal_structure", "S"},
                        {"sal_amplitude", "A"},
                        {"sal_location", "L"},
                        {"sal_structure_absolute", "mean |S|"},
                        {"sal_amplitude_absolute", "mean |A|"}})
               .html(r, no_counts);
  if (r.ensemble())
    out += table_of(r, {{"crps", "CRPS"},
                        {"crps_fair", "fair CRPS"},
                        {"spread", "spread"},
                        {"error_of_mean", "error of the mean"},
                        {"spread_skill_ratio", "spread / error"},
                        {"rank_unevenness", "unevenness of ranks"}})
               .html(r, no_counts);
  return out;
}

std::string event_tables(const ScoreReport& r, std::size_t t) {
  Table events = table_of(r, {{"pod", "POD"}, {"far", "FAR"}, {"csi", "CSI"}, {"ets", "ETS"}, {"hss", "HSS"}, {"frequency_bias", "bias"}, {"sedi", "SEDI"}}, t);
  events.head += "<th>events</th>";
  std::string out = "<h3>" + escaped(threshold_text(r, t)) + "</h3>\n" +
                    events.html(r, [t](const LeadScores& l) { return fmt::format("<td>{}</td>", l.sums.tables[t].hits + l.sums.tables[t].misses); });
  Table fractions;
  for (std::size_t s = 0; s < r.settings.scales.size(); ++s) fractions.add(fmt::format("FSS {0} × {0}", r.settings.scales[s]), r.find("fss", t, s));
  if (r.settings.gridded && !fractions.scores.empty()) out += fractions.html(r, no_counts);
  if (r.ensemble())
    out += table_of(r,
                    {{"brier", "Brier"},
                     {"brier_reliability", "reliability"},
                     {"brier_resolution", "resolution"},
                     {"brier_uncertainty", "uncertainty"},
                     {"brier_skill", "Brier skill"},
                     {"roc_area", "ROC area"}},
                    t)
               .html(r, no_counts);
  return out;
}

std::string tables(const ScoreReport& r) {
  std::string out = amount_tables(r);
  for (std::size_t t = 0; t < r.settings.thresholds.size(); ++t) out += event_tables(r, t);
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
  for (const auto& [name, fact] : r.facts) out += "<dt>" + escaped(name) + "</dt><dd>" + escaped(fact) + "</dd>\n";
  out += "</dl>\n";
  if (!r.problems.empty()) {
    constexpr std::size_t kMost = 20;
    out += "<ul class=\"p\">\n";
    for (std::size_t k = 0; k < std::min(kMost, r.problems.size()); ++k) out += "<li>" + escaped(r.problems[k]) + "</li>\n";
    if (r.problems.size() > kMost) out += fmt::format("<li>and {} more (scores.json has all)</li>\n", r.problems.size() - kMost);
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
