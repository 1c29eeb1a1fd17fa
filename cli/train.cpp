#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <set>

#include "cli/app.h"
#include "cli/forecast/earlier_runs.h"
#include "cli/forecast/series_memory.h"
#include "cli/forecast/wanted.h"
#include "cli/rain_frames.h"
#include "cli/verb.h"
#include "engine/calibrate/forecast_calibration.h"
#include "engine/calibrate/surroundings.h"
#include "engine/core/error.h"
#include "engine/cycle/forecast_rain.h"
#include "guyu_version.h"
#include "products/forecast_calibration_netcdf.h"

namespace guyu::cli {
namespace {

struct TrainArguments {
  std::vector<std::string> forecasts, observations, elevation, variables;
  RegionSource regions;
  DownscaleSettings downscale;
  std::string method = "emos", family, probabilities, out;
  std::vector<double> thresholds;
  bool places_alone = false;
  int block_min = 180, hours = 240, interval_min = 0, runs = 1;
};

// What was observed of one variable at all regions.
class Observed {
 public:
  Observed(const std::vector<std::string>& files, const Variable& variable, const RegionSet& regions, TownshipDownscaler& downscale,
           std::vector<std::string>& problems) {
    FieldStore store(files);
    problems.insert(problems.end(), store.problems().begin(), store.problems().end());
    // Each analysis is a run of its own in its file; here they are one series.
    std::vector<ForecastEntry> entries = store.entries();
    std::set<std::string> levels;
    for (ForecastEntry& e : entries) {
      e.meta.reference = {};
      e.arrival = {};
      if (e.meta.quantity.name == variable.quantity) levels.insert(e.meta.level);
    }
    if (levels.size() == 1 && !levels.count(variable.level))  // observations seldom say at which level
      for (ForecastEntry& e : entries)
        if (e.meta.quantity.name == variable.quantity && e.meta.level == *levels.begin()) e.meta.level = variable.level;
    ForecastRequest request{{variable}, TimePoint::max(), {TimePoint(Seconds(-4'000'000'000)), TimePoint(Seconds(8'000'000'000))}, Seconds(0)};
    const ForecastSelection selection = select_forecast(entries, request);
    if (selection.steps.empty())
      throw Error(files.empty() ? "" : files.front(), "holds no observation of " + variable.describe(), "guyu inspect shows what it holds");
    const SeriesLayout layout = series_layout(request, selection, entries);
    SeriesMemory memory(layout);
    fill_series(store, request, selection, layout, downscale, regions.regions.size(), {&memory}, problems);
    const RegionSeries& s = layout.series.front();
    for (std::size_t t = 0; t < s.times.size(); ++t) {
      const SeriesMemory::Column& c = memory.at(0, 0, t);
      if (!c.values.empty()) slots_.push_back({s.times[t], c.values, c.coverage, ""});
    }
    amounts_ = s.kind == TimeKind::accumulation;
  }

  // What is known of one time, for all regions to look at.
  std::vector<RainSlot> within(const Interval& valid) const {
    std::vector<RainSlot> part;
    for (const RainSlot& s : slots_)
      if (amounts_ ? s.interval.begin < valid.end && valid.begin < s.interval.end : s.interval.end == valid.end) part.push_back(s);
    return part;
  }

  float over(const std::vector<RainSlot>& known, const Interval& valid, std::size_t region) const {
    constexpr double kKnown = 0.9;
    if (amounts_) {
      const RainOver sum = rain_over(known, valid, region);
      return sum.coverage >= kKnown ? static_cast<float>(sum.amount_mm / sum.coverage) : std::nanf("");
    }
    for (const RainSlot& s : known)
      if (s.coverage[region] >= static_cast<float>(kKnown)) return s.amount_mm[region];
    return std::nanf("");
  }

 private:
  std::vector<RainSlot> slots_;
  bool amounts_ = false;
};

struct Pairs {
  ReliabilityCases reliability;  // with shares only where they are asked for; its cases serve every method
  std::vector<RegionCase> by_region;
  std::vector<float> forecast, observed;
  LeadErrors by_lead;
  Interval archive{TimePoint::max(), TimePoint::min()};
  std::set<TimePoint> runs;
};

// What is looked at around each township, at every radius that may be chosen.
using SurroundingsOperators = std::vector<SurroundingsOperator>;

// Columns of a run that is kept for those after it.
struct KeptRun {
  SeriesLayout layout;
  SeriesMemory columns;
};

// Members of earlier runs over the very same time; empty when one of them does not tell it.
std::vector<const std::vector<float>*> earlier_members(const std::deque<KeptRun>& earlier, std::size_t runs, const Interval& valid) {
  std::vector<const std::vector<float>*> out;
  if (earlier.size() < runs) return {};
  for (std::size_t k = 0; k < runs; ++k) {
    const RegionSeries& s = earlier[k].layout.series.front();
    const auto at = std::find(s.times.begin(), s.times.end(), valid);
    if (at == s.times.end()) return {};
    const std::size_t before = out.size();
    for (std::size_t m = 0; m < s.members.size(); ++m) {
      const SeriesMemory::Column& c = earlier[k].columns.at(0, m, static_cast<std::size_t>(at - s.times.begin()));
      if (!c.values.empty()) out.push_back(&c.values);
    }
    if (out.size() == before) return {};
  }
  return out;
}

// By the length of time that the values hold over.
std::map<Seconds, Pairs> pairs_of(FieldStore& store, const Variable& variable, const Observed& observed, const RegionSet& regions,
                                  TownshipDownscaler& downscale, const SurroundingsOperators& look_around, const TrainArguments& a,
                                  std::span<const double> thresholds, std::vector<std::string>& problems) {
  std::map<Seconds, Pairs> pairs_by_length;
  std::set<TimePoint> runs;
  for (const ForecastEntry& e : store.entries()) runs.insert(e.meta.reference);
  const auto lagged = static_cast<std::size_t>(a.runs - 1);
  std::deque<KeptRun> earlier;  // newest first
  // One run at a time, as it was: none is filled up from another.
  for (const TimePoint reference : runs) {
    const ForecastRequest request{{variable}, reference, {reference, reference + Seconds(3600) * a.hours}, Seconds(0)};
    const ForecastSelection selection = select_run(store, request, reference);
    if (selection.steps.empty()) continue;
    const SeriesLayout layout = series_layout(request, selection, store.entries());
    SeriesMemory memory(layout);
    fill_series(store, request, selection, layout, downscale, regions.regions.size(), {&memory}, problems);
    const RegionSeries& s = layout.series.front();
    for (std::size_t t = 0; t < s.times.size(); ++t) {
      const std::vector<RainSlot> known = observed.within(s.times[t]);
      if (known.empty()) continue;
      const auto before = earlier_members(earlier, lagged, s.times[t]);
      if (lagged > 0 && before.empty()) continue;
      Pairs& pairs = pairs_by_length[s.times[t].length()];
      pairs.runs.insert(reference);
      std::vector<const std::vector<float>*> columns;
      for (std::size_t m = 0; m < s.members.size(); ++m)
        if (const SeriesMemory::Column& c = memory.at(0, m, t); !c.values.empty()) columns.push_back(&c.values);
      columns.insert(columns.end(), before.begin(), before.end());
      std::vector<std::vector<Surroundings>> around;
      for (const SurroundingsOperator& look : look_around) around.push_back(look(columns));
      std::vector<float> members, shares(thresholds.size());
      for (std::size_t r = 0; r < regions.regions.size(); ++r) {
        members.clear();
        double sum = 0, square = 0;
        const auto add = [&](float value) {
          if (std::isnan(value)) return;
          const auto x = static_cast<double>(value);
          sum += x, square += x * x;
          members.push_back(value);
        };
        for (const auto* column : columns) add((*column)[r]);
        const float o = observed.over(known, s.times[t], r);
        if (members.empty() || std::isnan(o)) continue;
        const auto n = static_cast<double>(members.size());
        const double mean = sum / n;
        const auto block = static_cast<std::size_t>(std::max<std::int64_t>(0, s.times[t].end.time_since_epoch().count() / (60 * a.block_min)));
        pairs.reliability.cases.push_back({static_cast<float>(mean), static_cast<float>(std::sqrt(std::max(0.0, square / n - mean * mean))), o, block});
        if (!around.empty()) pairs.reliability.cases.back().around = pairs.reliability.around.size() / kRadii_km.size();
        for (const auto& of_radius : around) pairs.reliability.around.push_back(of_radius[r]);
        member_shares(members, thresholds, shares);
        pairs.reliability.shares.insert(pairs.reliability.shares.end(), shares.begin(), shares.end());
        pairs.by_region.push_back({r, static_cast<float>(mean), o});
        pairs.by_lead.add(s.times[t].end - reference, mean - static_cast<double>(o));
        pairs.forecast.push_back(static_cast<float>(mean));
        pairs.observed.push_back(o);
        pairs.archive = {std::min(pairs.archive.begin, s.times[t].begin), std::max(pairs.archive.end, s.times[t].end)};
      }
    }
    if (lagged == 0) continue;
    earlier.push_front({layout, std::move(memory)});
    if (earlier.size() > lagged) earlier.pop_back();
  }
  std::erase_if(pairs_by_length, [](const auto& p) { return p.second.reliability.cases.empty(); });
  return pairs_by_length;
}

std::string length_told(Seconds s) {
  if (s == Seconds(0)) return "instants";
  return s.count() % 3600 == 0 ? fmt::format("{} h", s.count() / 3600) : fmt::format("{:g} min", static_cast<double>(s.count()) / 60);
}

// Values over one length of time have one distribution: the length that was asked for, else the one that most pairs have.
std::pair<Seconds, Pairs> of_one_length(std::map<Seconds, Pairs> all, const std::string& variable, const TrainArguments& a) {
  const auto most = std::max_element(all.begin(), all.end(),
                                     [](const auto& x, const auto& y) { return x.second.reliability.cases.size() < y.second.reliability.cases.size(); });
  auto chosen = most;
  std::string lengths;
  for (const auto& [length, pairs] : all)
    lengths += fmt::format("{}{} ({} pairs)", lengths.empty() ? "" : ", ", length_told(length), pairs.reliability.cases.size());
  if (a.interval_min > 0) {
    chosen = all.find(Seconds(60) * a.interval_min);
    if (chosen == all.end())
      throw Error("--interval", fmt::format("no forecast of {} holds over {} min; there are {}", variable, a.interval_min, lengths),
                  "give one of these lengths");
  }
  if (all.size() > 1) fmt::print("{}: steps of {}; learnt from {} alone (--interval chooses)\n", variable, lengths, length_told(chosen->first));
  return {chosen->first, std::move(chosen->second)};
}

Family usual_family(const Variable& v) {
  if (is_amount({v.quantity, ""}) || v.quantity == "rainfall_rate") return Family::censored_logistic;
  if (v.quantity == "wind_speed" || v.quantity == "wind_speed_of_gust") return Family::truncated_normal;
  return Family::normal;
}

std::vector<double> usual_thresholds(Family f) { return f == Family::censored_logistic ? std::vector<double>{0.1, 1, 5, 10, 25} : std::vector<double>{}; }

void tell_reliability(const Reliability& r, int block_min) {
  fmt::print("  probabilities of {}{}; {} blocks of {} min, each left out\n", name_of(r.source), r.runs > 1 ? fmt::format(", {} runs together", r.runs) : "",
             r.blocks, block_min);
  for (const EventReliability& e : r.events)
    fmt::print("  at least {:<6g} {:>7} events   reliability term before {:.5f}, after {:.5f}   Brier score before {:.5f}, after {:.5f}   {}\n", e.threshold,
               e.events, e.reliability_before, e.reliability_after, e.brier_before, e.brier_after,
               ReliabilityCurve(e.table).changes() ? fmt::format("trusted by {:.2f}", e.trust) : "(too few: nothing is changed)");
}

int run(TrainArguments a) {
  const ForecastMethod method = parse_forecast_method(a.method);
  const bool reliability = method == ForecastMethod::reliability;
  if (!reliability && (a.runs > 1 || !a.probabilities.empty()))
    throw Error("train", "--runs and --probabilities belong to probabilities", "give them with --method reliability");
  a.downscale.elevation = files_named(a.elevation);
  const RegionSet regions = read_regions(a.regions);
  std::vector<std::string> codes, problems;
  for (const Region& r : regions.regions) codes.push_back(r.code);
  FieldStore store(files_named(a.forecasts));
  problems = store.problems();
  DownscaleSettings as_they_are;  // observations are not corrected
  as_they_are.cache = a.downscale.cache;
  TownshipDownscaler downscale(regions, a.downscale), plain(regions, as_they_are);
  ForecastCalibration calibration;
  calibration.archive = {TimePoint::max(), TimePoint::min()};
  SurroundingsOperators operators;
  std::size_t runs = 0;
  for (const std::string& text : a.variables) {
    const Variable variable = parse_variable(text);
    if (variable.quantity == "wind_from_direction") throw Error("train", "a direction has no mean that could be corrected", "train the wind speed");
    const Observed observed(files_named(a.observations), variable, regions, plain, problems);
    const Family family = a.family.empty() ? usual_family(variable) : parse_family(a.family);
    const bool amounts = family == Family::censored_logistic;
    const std::vector<double> thresholds = a.thresholds.empty() ? usual_thresholds(family) : a.thresholds;
    if (reliability && thresholds.empty())
      throw Error("--thresholds", "the probabilities of " + variable.describe() + " are of reaching what?", "name thresholds in the quantity's unit");
    const bool look_around = amounts && !a.places_alone && (method == ForecastMethod::emos || reliability);
    if (look_around && operators.empty()) {
      const std::vector<RegionPlace> places = region_places(regions);
      for (const double radius : kRadii_km) operators.emplace_back(places, radius);
    }
    auto by_length = pairs_of(store, variable, observed, regions, downscale, look_around ? operators : SurroundingsOperators(), a,
                              reliability ? std::span<const double>(thresholds) : std::span<const double>(), problems);
    if (by_length.empty() && a.runs > 1)
      throw Error(a.forecasts.front(), fmt::format("no {} runs in a row tell {} over the same time", a.runs, variable.describe()),
                  "give more runs, or a smaller number with --runs");
    if (by_length.empty())
      throw Error(a.forecasts.front(), "no forecast of " + variable.describe() + " has an observation of its time",
                  "give observations of the forecasts' valid times");
    const auto [length, pairs] = of_one_length(std::move(by_length), text, a);
    const std::vector<ForecastCase>& cases = pairs.reliability.cases;
    runs = std::max(runs, pairs.runs.size());
    calibration.archive = {std::min(calibration.archive.begin, pairs.archive.begin), std::max(calibration.archive.end, pairs.archive.end)};
    CalibratedVariable c;
    c.variable = text;
    c.method = method;
    c.interval = length;
    c.by_lead = pairs.by_lead;
    std::string note;
    if (method == ForecastMethod::emos) {
      c.emos = fit_emos(cases, family, pairs.reliability.around);
      c.scores = cross_validated(cases, family, thresholds, pairs.reliability.around);
      note = c.emos.note;
    } else if (method == ForecastMethod::quantile_mapping) {
      c.mapping = fit_quantile_mapping(pairs.forecast, pairs.observed, amounts);
      note = c.mapping.note;
    } else if (reliability) {
      const bool spread = std::any_of(cases.begin(), cases.end(), [](const ForecastCase& k) { return k.spread > 0; });
      const ProbabilitySource source = !a.probabilities.empty() ? parse_probability_source(a.probabilities)
                                       : spread                 ? ProbabilitySource::members
                                                                : ProbabilitySource::distribution;
      c.reliability = fit_reliability(pairs.reliability, thresholds, source, family);
      c.reliability.runs = a.runs;
      note = c.reliability.emos.note;
    } else {
      c.bias = fit_region_bias(pairs.by_region, codes, amounts);
    }
    if (const Emos* distribution = c.distribution(); distribution && distribution->radius_km > 0) {
      c.regions = regions.hash();
      fmt::print("{}: with what the forecast says within {:g} km\n", text, distribution->radius_km);
    }
    fmt::print("{}: {} of {} pairs, {} runs{}\n", text, a.method, cases.size(), pairs.runs.size(), note.empty() ? "" : " (" + note + ")");
    if (method == ForecastMethod::emos) {
      fmt::print("  CRPS before {:.4f}, after {:.4f} ({} blocks of {} min, each left out)\n", c.scores.crps_before, c.scores.crps_after, c.scores.blocks,
                 a.block_min);
      const auto score = [](double x) { return std::isnan(x) ? std::string("-") : fmt::format("{:.3f}", x); };
      for (const auto& e : c.scores.events)
        fmt::print("  at least {:<6g} {:>7} events   CSI before {}, after {}\n", e.threshold, e.events, score(e.csi_before), score(e.csi_after));
    }
    if (reliability) tell_reliability(c.reliability, a.block_min);
    calibration.variables.push_back(std::move(c));
  }
  for (const std::string& p : problems) fmt::print(stderr, "guyu: {}\n", p);
  std::vector<std::string> inputs = hashed(files_named(a.forecasts));
  for (const std::string& f : hashed(files_named(a.observations))) inputs.push_back(f);
  write_forecast_calibration(a.out, calibration,
                             {fmt::format("calibration of forecasts by {}, {} runs", a.method, runs), kVersion, "", inputs, calibration.archive.end});
  return problems.empty() ? exit_done : exit_degraded;
}

}  // namespace

void add_train(Verb& guyu) {
  Verb verb = guyu.verb("train", "learn from an archive how forecasts of townships are to be corrected");
  auto a = std::make_shared<TrainArguments>();
  verb.option("forecasts", a->forecasts, "forecast files, folders or quoted patterns; every run in them is used").required();
  verb.option("--observations", a->observations, "grids of what came: files, folders or patterns").required();
  verb.option("--regions", a->regions.path, "the regions of the forecasts").required();
  verb.option("--code", a->regions.code_column, "column with the regions' codes").required();
  verb.option("--layer", a->regions.layer, "layer of the regions' file");
  verb.option("--crs", a->regions.crs, "CRS of the regions, when their file does not say");
  verb.option("--variables", a->variables, "quantity@level, parted by commas").required().parted_by(',');
  verb.option("--method", a->method, "of correction").one_of({"bias", "quantile-mapping", "emos", "reliability"});
  verb.option("--family", a->family, "emos: what values follow; without it rain censored_logistic, wind truncated_normal, else normal")
      .one_of({"normal", "truncated_normal", "censored_logistic"});
  verb.flag(
      "--places-alone", a->places_alone,
      "emos of rain, and probabilities of its distribution: leave out what the forecast says around a township, within 50 to 400 km as the archive chooses");
  verb.option("--thresholds", a->thresholds, "events whose CSI is told, or whose probabilities are calibrated (reliability), in the quantity's unit")
      .parted_by(',');
  verb.option("--probabilities", a->probabilities,
              "reliability: of members (of a single forecast 0 or 1) or of the distribution that emos gives; without it members where there are several")
      .one_of({"members", "distribution"});
  verb.option("--runs", a->runs, "reliability: members of so many runs in a row count together, at the same valid time").shows_default().between(1, 50);
  verb.option("--interval", a->interval_min, "minutes that the amounts hold over which are learnt from; without it the length that most have; 0 too")
      .between(0, 60 * 24 * 400);
  verb.option("--block", a->block_min, "minutes of valid time that are left out together to measure the gain").shows_default().between(1, 1000000);
  verb.option("--hours", a->hours, "leads to learn from").shows_default().between(1, 24 * 400);
  verb.option("--elevation", a->elevation, "as for guyu forecast: what is learnt belongs to forecasts made the same way");
  verb.flag("--sea-too", a->downscale.sea_too, "as for guyu forecast");
  verb.option("--cache", a->downscale.cache, "folder that keeps weights between calls");
  verb.option("--out", a->out, "NetCDF file to write; guyu forecast takes it by --calibration").required();
  verb.action([a] { return run(*a); });
}

}  // namespace guyu::cli
