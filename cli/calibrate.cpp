#include <fmt/format.h>

#include <cmath>

#include "cli/app.h"
#include "cli/calibration_file.h"
#include "cli/shipped_files.h"
#include "cli/verb.h"
#include "cli/verify/run_archive.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "models/rules/rule_pack.h"

namespace guyu::cli {
namespace {

struct CalibrateArguments {
  std::string runs, observations, rules = "cma_2007_rainstorm", method = "logistic", out, dry_before, cache;
  int block_min = 180;
  RegionSource regions;
};

// The end of what a cycle undertook to answer: that of a township without a level, whose word is the whole time.
TimePoint horizon_of(const TownshipLevels& cycle) {
  TimePoint latest = cycle.issue;
  for (std::size_t r = 0; r < cycle.levels.size(); ++r) {
    if (cycle.levels[r] == Level::none) return cycle.valid_until[r];
    latest = std::max(latest, cycle.valid_until[r]);
  }
  return latest;
}

// Whether a criterion was reached within (issue, end]; nothing when it cannot be told.
std::optional<bool> happened(const Spells& spells, const Interval& when, const Interval& observed) {
  for (const Interval& s : spells.reached)
    if (s.end > when.begin && s.begin <= when.end) return true;
  if (when.begin < observed.begin || when.end > observed.end || spells.unsure_within(when.begin, when.end)) return std::nullopt;
  return false;
}

struct Archive {
  RulePack pack;
  RegionSet regions;
  std::vector<TownshipLevels> cycles;
  verify::RegionRain rain;
};

std::vector<CalibrationCase> cases_of(const Archive& archive, Level level, const CalibrateArguments& a) {
  std::vector<RainCriterion> criteria;
  for (const RainRule& rule : rain_rules(archive.pack))
    if (rule.level >= level) criteria.push_back({rule.window, rule.threshold_mm});
  std::vector<CalibrationCase> cases;
  if (criteria.empty()) return cases;
  const Interval observed = *archive.rain.observed();
  const TimePoint dry_before = a.dry_before.empty() ? TimePoint::min() : parse_time(a.dry_before);
  const TimePoint first = archive.cycles.front().issue;
  for (std::size_t r = 0; r < archive.regions.regions.size(); ++r) {
    const Spells spells = rain_spells(archive.rain.steps(r), criteria, observed, archive.pack.least_coverage, dry_before);
    for (const TownshipLevels& c : archive.cycles) {
      const std::size_t at = verify::place_in(c, archive.regions.regions[r].code, r);
      const float p = c.member_share[at][static_cast<std::size_t>(level) - 1];
      if (std::isnan(p) || c.unknown_share[at] > 0) continue;  // members that cannot tell count as no in a share
      const std::optional<bool> came = happened(spells, {c.issue, horizon_of(c)}, observed);
      if (came) cases.push_back({r, p, *came, static_cast<std::size_t>((c.issue - first) / Seconds(60 * a.block_min))});
    }
  }
  return cases;
}

int run(const CalibrateArguments& a) {
  std::vector<std::string> problems;
  RulePack pack = load_rule_pack(find_config_file(a.rules, "rules", "."));
  RegionSet regions = read_regions(a.regions);
  std::vector<TownshipLevels> cycles = verify::read_cycles(a.runs, pack.hazard, problems);
  std::erase_if(cycles, [&](const TownshipLevels& c) {
    if (c.member_share.empty()) problems.push_back("the cycle of " + to_iso(c.issue) + " holds no probabilities: it was made by an older program");
    return c.member_share.empty();
  });
  if (cycles.empty()) throw Error(a.runs, "holds no cycle with probabilities", "run the cycles anew");
  const auto observations = verify::list_fields(verify::named_files(a.observations), quantities::rainfall_rate().name, problems);
  verify::RegionRain rain = verify::read_rain(regions, {a.cache, Seconds(15 * 60)}, observations, problems);
  const Archive archive{std::move(pack), std::move(regions), std::move(cycles), std::move(rain)};

  const CalibrationMethod method = a.method == "isotonic" ? CalibrationMethod::isotonic : CalibrationMethod::logistic;
  CalibrationFile file;
  file.hazard = archive.pack.hazard, file.pack = archive.pack.name;
  file.archive = {archive.cycles.front().issue, archive.cycles.back().issue};
  file.inputs = {a.runs, a.observations};
  for (const Region& r : archive.regions.regions) file.codes.push_back(r.code);

  fmt::print(
      "{} calibration of {} probabilities, {} cycles from {} to {}\n\n  level          cases    events   Brier before   after (blocks of {} min left out)\n",
      a.method, file.hazard, archive.cycles.size(), to_iso(file.archive.begin), to_iso(file.archive.end), a.block_min);
  for (const Level level : {Level::blue, Level::yellow, Level::orange, Level::red}) {
    const std::vector<CalibrationCase> cases = cases_of(archive, level, a);
    Calibration& c = file.levels[static_cast<std::size_t>(level) - 1] = fit_calibration(cases, file.codes.size(), method);
    const CalibrationGain gain = calibration_gain(cases, file.codes.size(), method);
    const auto brier = [](double x) { return std::isnan(x) ? std::string("-") : fmt::format("{:.5f}", x); };
    fmt::print("  {:<8} {:>11} {:>9}   {:>12}   {:>5}{}\n", to_string(level), c.cases, c.events, brier(gain.brier_before), brier(gain.brier_after),
               c.note.empty() ? "" : "  (" + c.note + ")");
  }
  for (const std::string& p : problems) fmt::print(stderr, "guyu: {}\n", p);
  write_file_atomically(a.out, to_json(file));
  return problems.empty() ? exit_done : exit_degraded;
}

}  // namespace

void add_calibrate(Verb& guyu) {
  Verb verb = guyu.verb("calibrate", "learn from finished cycles what their probabilities are worth");
  auto a = std::make_shared<CalibrateArguments>();
  verb.option("--runs", a->runs, "the --out folder of guyu run, with its cycles").required();
  verb.option("--observations", a->observations, "the rain that fell: a file, a folder or a quoted pattern with *").required();
  verb.option("--regions", a->regions.path, "the regions of the run").required();
  verb.option("--code", a->regions.code_column, "column with the regions' codes").required();
  verb.option("--layer", a->regions.layer, "layer of the regions' file");
  verb.option("--crs", a->regions.crs, "CRS of the regions, when their file does not say");
  verb.option("--rules", a->rules, "rule pack whose thresholds make the events");
  verb.option("--method", a->method, "the common curve of all regions").one_of({"logistic", "isotonic"});
  verb.option("--block", a->block_min, "minutes of issue time that are left out together to measure the gain").between(1, 1000000);
  verb.option("--dry-before", a->dry_before, "time before which nothing fell, for windows that begin earlier than the observations");
  verb.option("--cache", a->cache, "folder that keeps the regions' weights between calls");
  verb.option("--out", a->out, "the calibration (JSON); a run takes it by [ensemble] calibration").required();
  verb.action([a] { return run(*a); });
}

}  // namespace guyu::cli
