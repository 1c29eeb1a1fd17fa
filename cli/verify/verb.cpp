#include "cli/verb.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <type_traits>

#include "cli/app.h"
#include "cli/progress.h"
#include "cli/shipped_files.h"
#include "cli/verify/pairing.h"
#include "cli/verify/score_pairs.h"
#include "cli/verify/warnings.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/core/hash.h"
#include "guyu_version.h"
#include "products/score_report.h"

namespace guyu::cli {
namespace {
using namespace verify;

struct VerifyArguments {
  std::vector<std::string> words;  // FORECASTS OBSERVATIONS
  std::string quantity = "rainfall_rate", thresholds = "0.1,1,5,10", scales = "1,5,11,21", leads;
  std::string missing = "skip", event = "at-least";
  double wet = 0.1;
  std::optional<int> member;
  RegionSource regions;
  std::string cache;
  int block_min = 60;
  std::size_t bootstrap = 1000;
  std::uint64_t seed = 1;
  double confidence = 0.95;
  std::string warnings, rules = "cma_2007_rainstorm", dry_before;
  std::string out;
  bool quiet = false;
};

template <typename Number>
std::vector<Number> numbers(const std::string& option, const std::string& text, const char* remedy) {
  std::vector<Number> all;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    Number v{};
    const auto [rest, error] = std::from_chars(text.data() + at, text.data() + end, v);
    bool good = error == std::errc() && rest == text.data() + end;
    if constexpr (std::is_floating_point_v<Number>) good = good && std::isfinite(v);
    if (!good) throw Error(option, "'" + text.substr(at, end - at) + "' is no number that it takes", remedy);
    all.push_back(v);
    at = end + 1;
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

ScoreSettings settings_of(const VerifyArguments& a) {
  ScoreSettings s;
  s.thresholds = numbers<double>("--thresholds", a.thresholds, "give values parted by commas: 0.1,1,5,10");
  s.scales = numbers<int>("--scales", a.scales, "give odd whole numbers of cells parted by commas: 1,5,11,21");
  for (const int scale : s.scales)
    if (scale < 1 || scale % 2 == 0 || scale > 9999)
      throw Error("--scales", fmt::format("{} is no odd number of cells from 1 to 9999", scale), "the square needs a cell in its middle: 1,5,11,21");
  s.event = a.event == "above" ? EventRule::above : EventRule::at_least;
  s.wet = a.wet;
  s.gridded = a.regions.path.empty();
  if (!s.gridded) s.scales.clear();
  return s;
}

PairingOptions pairing_of(const VerifyArguments& a) {
  PairingOptions o;
  o.member = a.member;
  if (a.leads.empty()) return o;
  for (const int m : numbers<int>("--leads", a.leads, "give whole minutes parted by commas: 15,30,60")) o.leads.emplace_back(std::int64_t{60} * m);
  return o;
}

std::string time_span(TimePoint from, TimePoint to) { return from == to ? to_iso(from) : to_iso(from) + " to " + to_iso(to); }
std::string minutes_text(Seconds s) { return fmt::format("{:g} min", static_cast<double>(s.count()) / 60); }

std::string words_of(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

// Each file once, with its hash.
std::vector<std::string> hashed(std::vector<std::string> files) {
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  for (std::string& f : files) f += " " + hash_file(f);
  return files;
}

int finish(const VerifyArguments& a, const ScoreReport& report) {
  for (const std::string& p : report.problems) fmt::print(stderr, "guyu: {}\n", p);
  fmt::print("{}", score_text(report));
  if (!a.out.empty()) {
    std::filesystem::create_directories(a.out);
    write_file_atomically(a.out + "/scores.json", score_json(report));
    write_score_netcdf(a.out + "/scores.nc", report);
    write_file_atomically(a.out + "/report.html", score_html(report));
  }
  return report.problems.empty() ? exit_done : exit_degraded;
}

// The sums of each lead's blocks become scores with bounds.
LeadScores finished(const ScoreReport& r, Seconds lead, const std::map<std::int64_t, ScoreSums>& blocks, const VerifyArguments& a) {
  LeadScores out;
  out.lead = lead, out.blocks = blocks.size();
  std::vector<ScoreSums> all;
  for (const auto& [block, sums] : blocks) {
    all.push_back(sums);
    out.sums += sums;
  }
  const auto values = [&](const ScoreSums& s) { return score_values(r.settings, r.ensemble(), s); };
  out.values = values(out.sums);
  out.bounds = bootstrap_bounds(all, a.bootstrap, a.seed + static_cast<std::uint64_t>(lead.count()), r.confidence, values);
  return out;
}

int verify_forecasts(const VerifyArguments& a, const std::optional<RegionSet>& regions) {
  ScoreReport r;
  r.settings = settings_of(a);
  r.confidence = a.confidence;
  r.problems = regions ? regions->problems : std::vector<std::string>{};
  const PairingOptions pairing_options = pairing_of(a);
  const std::vector<std::string> forecast_files = named_files(a.words[0]), observation_files = named_files(a.words[1]);
  const Pairing pairing =
      pair_up(list_fields(forecast_files, a.quantity, r.problems), list_fields(observation_files, a.quantity, r.problems), pairing_options, r.problems);

  PairScoring scoring{
      a.quantity, r.settings, a.missing == "zero" ? MissingForecast::zero : MissingForecast::skip, Seconds(60 * a.block_min), regions ? &*regions : nullptr,
      a.cache};
  Progress progress(a.quiet);
  const BlockSums sums = score_pairs(pairing, scoring, r.problems, [&](std::size_t done, std::size_t all) { progress.tell("verify", done, all); });

  r.members = sums.begin()->second.begin()->second.members;
  const Quantity* known = find_quantity(a.quantity);
  r.quantity = a.quantity, r.unit = known ? known->unit : pairing.pairs.front().members.front().meta.quantity.unit;
  r.places = regions ? fmt::format("{} townships", regions->regions.size()) : "grid cells";
  r.names = score_names(r.settings, r.ensemble());
  for (const auto& [lead, blocks] : sums) r.leads.push_back(finished(r, lead, blocks, a));

  TimePoint first = pairing.pairs.front().issue, last = first;
  std::vector<std::string> used;
  for (const Pair& p : pairing.pairs) {
    first = std::min(first, p.issue), last = std::max(last, p.issue);
    for (const FieldEntry& m : p.members) used.push_back(m.path);
    used.push_back(pairing.observations[p.observation].path);
  }
  r.from = {"Verification of " + words_of(r.quantity), kVersion, "", hashed(std::move(used)), last};
  r.facts = {{"forecasts", a.words[0] + (r.ensemble() ? fmt::format(" ({} members)", r.members)
                                         : a.member   ? fmt::format(" (member {})", *a.member)
                                                      : "")},
             {"observations", a.words[1]},
             {"issued", time_span(first, last)},
             {"places", r.places + (regions ? fmt::format(" of {}, area means", a.regions.path) : "")},
             {"pairs", fmt::format("{} forecasts with the nearest observation within {}; {} have none", pairing.pairs.size(), minutes_text(pairing.tolerance),
                                   pairing.without_observation)},
             {"missing", scoring.missing == MissingForecast::zero ? "a missing forecast counts as 0 where the observation is known"
                                                                  : "only pairs in which both are known are scored"},
             {"events", a.event == "above" ? "above the threshold; in FSS at least the threshold" : "at least the threshold"},
             {"bounds", a.bootstrap == 0 ? "none"
                                         : fmt::format("{:g} %, bootstrap of {} draws over blocks of {} min of issue time, seed {}", 100 * a.confidence,
                                                       a.bootstrap, a.block_min, a.seed)}};
  return finish(a, r);
}

int verify_warnings(const VerifyArguments& a, const RegionSet& regions) {
  ScoreReport r;
  r.problems = regions.problems;
  const RulePack pack = load_rule_pack(find_config_file(a.rules, "rules", "."));
  WarningScoring scoring;
  scoring.run = a.warnings, scoring.cache = a.cache;
  if (!a.dry_before.empty()) scoring.dry_before = parse_time(a.dry_before);
  const std::vector<FieldEntry> observations = list_fields(named_files(a.words[0]), a.quantity, r.problems);
  const WarningVerification v = score_warnings(scoring, pack, regions, observations, r.problems);
  std::vector<std::string> used;
  for (const FieldEntry& o : observations) used.push_back(o.path);
  r.from = {"Verification of " + pack.hazard + " warnings", kVersion, "", hashed(std::move(used)), v.last};
  r.quantity = observations.front().meta.quantity.name, r.unit = observations.front().meta.quantity.unit;
  r.places = fmt::format("{} townships", regions.regions.size());
  r.members = 1;
  r.warnings = v.levels;
  r.facts = {{"warnings", fmt::format("{}, {} cycles issued {}", a.warnings, v.cycles, time_span(v.first, v.last))},
             {"observations", fmt::format("{}, {}", a.words[0], time_span(v.observed.begin, v.observed.end))},
             {"criteria", pack.name + " (" + pack.path + ")"},
             {"places", r.places + " of " + a.regions.path}};
  return finish(a, r);
}

int run(const VerifyArguments& a) {
  const std::size_t words = a.warnings.empty() ? 2 : 1;
  if (a.words.size() != words)
    throw Error("guyu verify", a.warnings.empty() ? "wants FORECASTS and OBSERVATIONS" : "wants OBSERVATIONS alone beside --warnings", "guyu verify --help");
  std::optional<RegionSet> regions;
  if (!a.regions.path.empty()) regions = read_regions(a.regions);
  if (a.warnings.empty()) return verify_forecasts(a, regions);
  if (!regions) throw Error("--warnings", "needs --regions and --code", "give the regions of the run");
  return verify_warnings(a, *regions);
}

}  // namespace

void add_verify(Verb& guyu) {
  Verb verb = guyu.verb("verify", "scores of forecasts, or of a run's warnings, against what was observed");
  auto a = std::make_shared<VerifyArguments>();
  verb.option("words", a->words,
              "FORECASTS OBSERVATIONS: each a file, a folder or a quoted pattern with *; beside "
              "--warnings only OBSERVATIONS")
      .required()
      .words(1, 2);
  verb.option("--quantity", a->quantity, "what is compared");
  verb.option("--thresholds", a->thresholds, "of events, in the quantity's unit, parted by commas");
  verb.option("--scales", a->scales, "of FSS: odd numbers of cells, parted by commas");
  verb.option("--leads", a->leads, "minutes, parted by commas; default: all that there are");
  verb.option("--member", a->member, "score this member alone, as a single forecast");
  verb.option("--missing-forecast", a->missing, "where the observation is known: skip the pair, or count the forecast as zero").one_of({"skip", "zero"});
  verb.option("--event", a->event, "an event is a value of at least the threshold, or above it").one_of({"at-least", "above"});
  verb.option("--wet", a->wet, "from here on a value counts as rain (wet MAE, spread and skill)").at_least_zero();
  Option regions = verb.option("--regions", a->regions.path, "score area means of these regions: GeoPackage, Shapefile, GeoJSON or TopoJSON");
  Option code = verb.option("--code", a->regions.code_column, "column with the regions' codes");
  regions.needs(code);
  code.needs(regions);
  verb.option("--layer", a->regions.layer, "layer of the regions' file").needs(regions);
  verb.option("--crs", a->regions.crs, "CRS of the regions, when their file does not say").needs(regions);
  verb.option("--cache", a->cache, "folder that keeps the regions' weights between calls").needs(regions);
  verb.option("--block", a->block_min, "minutes of issue time that the bootstrap draws together").between(1, 1000000);
  verb.option("--bootstrap", a->bootstrap, "draws; 0: no confidence bounds").between(0, 1000000);
  verb.option("--confidence", a->confidence, "share of the draws between the bounds").between(0.01, 0.999);
  verb.option("--seed", a->seed, "of the bootstrap");
  Option warnings = verb.option("--warnings", a->warnings, "score the township levels of this --out folder of guyu run instead").needs(regions);
  verb.option("--rules", a->rules, "rule pack whose thresholds make the events of --warnings").needs(warnings);
  verb.option("--dry-before", a->dry_before, "time before which nothing fell, for the windows that begin earlier than the observations").needs(warnings);
  verb.option("--out", a->out, "folder for scores.json, scores.nc and report.html");
  verb.flag("--quiet", a->quiet, "no progress");
  verb.action([a] { return run(*a); });
}

}  // namespace guyu::cli
