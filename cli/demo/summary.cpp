#include "cli/demo/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace guyu::cli::demo {
namespace {

constexpr std::size_t kMessagesShown = 8;  // per cycle
constexpr std::array<Level, 6> kLevels{Level::unknown, Level::none, Level::blue, Level::yellow, Level::orange, Level::red};

std::string local(TimePoint t, const RunConfig& config) { return to_iso_offset(t, config.cap.utc_offset_minutes).substr(11, 5); }

std::string score_or_dash(double v) { return std::isnan(v) ? "-" : fmt::format("{:.2f}", v); }

template <typename Levels>
std::string counts(const Levels& levels) {
  std::string row;
  for (const Level level : kLevels) row += fmt::format("{:>9}", std::count(levels.begin(), levels.end(), level));
  return row + "\n";
}

std::vector<Level> levels_of(const CycleResult& cycle) {
  std::vector<Level> levels;
  for (const RiskRow& r : cycle.risk.rows) levels.push_back(r.level);
  return levels;
}

std::string decided(const DemoOutcome& o) {
  std::string text = "WHAT THE CYCLES DECIDED, and what the true rain would have called for (townships per level)\n";
  text += fmt::format("  {:<26}", "issued, local time");
  for (const Level level : kLevels) text += fmt::format("{:>9}", to_string(level));
  text += "\n";
  for (std::size_t k = 0; k < o.cycles.size(); ++k) {
    text += fmt::format("  {:<26}", local(o.cycles[k].report.cycle, o.config) + "  decided") + counts(levels_of(o.cycles[k]));
    text += fmt::format("  {:<26}", "       true rain") + counts(o.scores.cycles[k].truth);
  }
  return text + "  Unknown: the radars do not see enough of the township, and missing is never taken for dry.\n\n";
}

std::string_view word_of(const std::string& message_type) { return message_type == "Alert" ? "issued" : message_type == "Cancel" ? "cancelled" : "updated"; }

std::string messages(const DemoOutcome& o) {
  std::string text = "WARNINGS SENT (CAP 1.2 messages, severest first)\n";
  for (const CycleResult& cycle : o.cycles) {
    std::size_t sent = 0;
    for (const DeskLine& l : cycle.alerts.lines) {
      if (l.identifier.empty() || ++sent > kMessagesShown) continue;
      text += fmt::format("  {}  {:<9}  {}  ({})\n", local(cycle.report.cycle, o.config), word_of(l.msg_type), l.headline, l.reason);
    }
    if (sent == 0) text += fmt::format("  {}  nothing that receivers need to know\n", local(cycle.report.cycle, o.config));
    if (sent > kMessagesShown) text += fmt::format("  {}  and {} more\n", local(cycle.report.cycle, o.config), sent - kMessagesShown);
  }
  return text + "\n";
}

std::string at_least(std::size_t level) { return std::string(to_string(kWarningLevels[level])) + (level + 1 < kWarningLevels.size() ? " or worse" : ""); }

std::string table_of_scores(const DemoOutcome& o) {
  std::string text = "HOW RIGHT THEY WERE, all cycles, against the true rain (1 is best, for FAR 0)\n";
  text += fmt::format("  {:<18}{:>7}{:>8}{:>14}{:>8}{:>8}{:>8}{:>8}\n", "warned of", "hits", "misses", "false alarms", "POD", "FAR", "CSI", "bias");
  for (std::size_t l = 0; l < kWarningLevels.size(); ++l) {
    const Contingency& c = o.scores.total[l];
    text += fmt::format("  {:<18}{:>7}{:>8}{:>14}{:>8}{:>8}{:>8}{:>8}\n", at_least(l), c.hits, c.misses, c.false_alarms, score_or_dash(c.detection()),
                        score_or_dash(c.false_ratio()), score_or_dash(c.success()), score_or_dash(c.bias()));
  }
  return text + "\n";
}

std::string lead_times(const DemoOutcome& o) {
  std::string text = "HOW EARLY, of the townships that reached a level after the first cycle\n";
  for (std::size_t l = 0; l < kWarningLevels.size(); ++l) {
    const LeadTime& lead = o.scores.lead[l];
    const std::string median = lead.ahead > 0 ? fmt::format(" (half of them by {:.0f} min or more)", lead.median_minutes) : "";
    text += fmt::format("  {:<18}{} warned before it came{}, {} when it was there already, {} not by any of these cycles\n", at_least(l), lead.ahead, median,
                        lead.late, lead.never);
  }
  return text + "\n";
}

std::string next_hour(const DemoOutcome& o) {
  std::string text = "RAIN OF THE NEXT HOUR, extrapolated from radar, against the true rain\n";
  for (const CycleScore& s : o.scores.cycles) {
    const Agreement& a = s.next_hour;
    if (a.pairs == 0) continue;
    text += fmt::format("  {}  {} townships: mean {:.1f} mm (true {:.1f} mm), correlation {:.2f}, mean absolute error {:.1f} mm\n", local(s.issue, o.config),
                        a.pairs, a.mean_forecast, a.mean_truth, a.correlation, a.mean_absolute_error);
  }
  return text + "\n";
}

// The township where most fell in three hours, and what it was told.
std::string worst_hit(const DemoOutcome& o) {
  constexpr Seconds kWindow{3 * 3600};
  std::size_t worst = 0;
  double most = 0;
  TimePoint when{};
  for (TimePoint end = o.truth.begin() + kWindow; end <= o.truth.end(); end += o.truth.step()) {
    for (std::size_t k = 0; k < o.regions.regions.size(); ++k) {
      const double mm = o.truth.total(k, {end - kWindow, end});
      if (mm > most) most = mm, worst = k, when = end;
    }
  }
  const Region& r = o.regions.regions[worst];
  std::string text = fmt::format("THE WORST-HIT TOWNSHIP: {} {}, {:.0f} mm in the 3 h to {}\n  decided there: ", r.parent, r.name, most, local(when, o.config));
  for (const CycleResult& c : o.cycles)
    text += fmt::format("{}{} {}", &c == &o.cycles.front() ? "" : ", ", local(c.report.cycle, o.config), to_string(c.risk.rows[worst].level));
  return text + "\n\n";
}

constexpr std::string_view kWhere = R"(WHERE TO LOOK
  run/cycles/<time>/   one folder per cycle: maps (PNG), grids.nc, townships.nc, townships.gpkg, report.json
  run/cap/             the warnings as CAP 1.2 messages, and feed.xml
  truth/               what really fell: maps, rain.nc, townships.csv; no cycle reads it
  data/                the inputs: radar (ODIM_H5), forecast (GRIB2), townships (GeoPackage)
  summary.txt, summary.json
)";

}  // namespace

std::string summary_text(const DemoOutcome& o) {
  std::string text =
      fmt::format("Guyu demo: a made-up rainstorm over {} townships; three cycles through the code of any `guyu run`.\n\n", o.regions.regions.size());
  text += decided(o) + messages(o) + table_of_scores(o) + lead_times(o) + next_hour(o) + worst_hit(o);
  for (const CycleResult& c : o.cycles)
    for (const std::string& d : c.report.degraded) text += fmt::format("DEGRADED at {}: {}\n", local(c.report.cycle, o.config), d);
  return text + std::string(kWhere);
}

}  // namespace guyu::cli::demo
