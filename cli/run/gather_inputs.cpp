#include "cli/run/gather_inputs.h"

#include <algorithm>

#include "cli/run/attempt.h"
#include "cli/run/earthquake_shaking.h"
#include "cli/run/forecast.h"
#include "cli/run/gauge_rain.h"
#include "cli/run/observe.h"
#include "cli/run/run_models.h"
#include "cli/run/weather_series.h"
#include "cli/run/window_rain.h"
#include "engine/core/hash.h"
#include "engine/cycle/gauge_slots.h"
#include "models/rule_model.h"
#include "models/rules/pack_check.h"

namespace guyu::cli {
namespace {

// Of the packs and of the models that compute what packs decide on.
std::vector<InputNeed> input_needs(const RunConfig& config) {
  std::vector<InputNeed> needs;
  const auto add = [&](const std::vector<InputNeed>& some) { needs.insert(needs.end(), some.begin(), some.end()); };
  for (const RulePack& pack : config.packs) add(RuleModel(pack).needs());
  for (const ChosenModel& m : config.models) {
    add(m.model->needs(m.params));
    add(m.model->optional_needs(m.params));
  }
  return needs;
}

// Means over the regions, and then what packs ask of sums place by place.
std::vector<HazardSeries> gather_rain(const Gathering& g, ExtrapolatedRain& extrapolated) {
  const TimePoint issue = g.plan.issue;
  const MotionFrames frames = observe(g.plan, g.config, g.means, g.rain, g.report, [&](std::size_t done, std::size_t all) { g.tell("radar", done, all); });
  if (g.rain.gauges) g.tell("gauges", 0, 0);
  complete_rain({g.found, g.config, issue, g.regions, g.means, g.report}, g.rain);
  attempt(g.report, "cycle state", [&] { g.rain.save([&](const std::string& name) { return g.work.next_state(name); }); });
  std::vector<RainSlot> observed = g.rain.radar.slots();
  if (g.rain.gauges) observed = with_gauges(observed, g.rain.gauges->slots());
  g.on_newest(frames.rates.empty() ? nullptr : frames.rates.back());
  g.tell("forecast", 0, 0);
  const ForecastRain forecast = forecast_rain(g.plan, g.config, g.means, rain_grid(frames, g.rain), g.report);
  const WindowTask windows = window_task(g.config, issue, frames, g.rain, forecast.planes);
  g.tell("extrapolate", 0, 0);
  extrapolated =
      extrapolate_rain(frames, g.plan, windows.plan, g.config, g.means, g.report, {g.options.team, g.work.members(), "run", {}, g.options.stop}, g.on_step);
  std::vector<HazardSeries> rain{
      join_rain(issue, g.regions.regions.size(), {std::move(observed), extrapolated.slots, forecast.slots, g.config.dry_before, g.config.plan.history})};
  rain.front().horizon = issue + g.config.horizon;
  StageTimer timer(g.report, "windows");
  for (HazardSeries& s : window_series(windows, extrapolated, g.config, rain.front(), g.means)) rain.push_back(std::move(s));
  extrapolated.windows.clear();
  return rain;
}

void gather_attributes(const Gathering& g, HazardInputs& inputs) {
  std::vector<std::string> codes;
  for (const Region& r : g.regions.regions) codes.push_back(r.code);
  for (const AttributeSource& source : g.config.attributes) {
    std::vector<std::string> problems;
    unless_degraded(g.report, "attributes", [&] {
      for (RegionAttribute& a : read_attributes(source, codes, problems)) {
        if (inputs.find_attribute(a.name)) g.report.notes.push_back("attributes: " + source.path + ": " + a.name + " is given before; the first stands");
        inputs.attributes.push_back(std::move(a));
      }
      g.report.inputs.push_back({source.path, "attributes", "table", hash_file(source.path), "", g.plan.issue, Seconds(0)});
    });
    for (const std::string& p : problems) g.report.notes.push_back("attributes: " + p);
  }
}

}  // namespace

void complete_rain(const RainCompletion& from, RainState& state) {
  const TimePoint oldest = from.issue - from.config.plan.history;
  state.forget_before(oldest);
  if (!state.gauges) return;
  merge_gauge_rain(from.found.gauges, from.found.radar, from.config, from.issue, from.regions, from.means, state, from.report);
  state.forget_before(oldest);
}

GatheredInputs gather_inputs(const Gathering& g) {
  const RunConfig& config = g.config;
  const TimePoint issue = g.plan.issue;
  GatheredInputs out;
  HazardInputs& inputs = out.inputs;
  inputs = {issue, issue + config.horizon, g.regions.regions.size(), 1, Seconds(60 * config.cap.utc_offset_minutes)};
  inputs.series = gather_rain(g, out.extrapolated);
  if (!config.weather_pattern.empty()) {
    g.tell("weather", 0, 0);
    StageTimer timer(g.report, "weather");
    for (HazardSeries& s : weather_series(g.found.weather, config, input_needs(config), issue, g.regions, g.report)) inputs.series.push_back(std::move(s));
  }
  gather_attributes(g, inputs);
  if (!config.convection.pattern.empty()) {
    g.tell("convection", 0, 0);
    CycleConvection found = gather_convection(g.found.convection, config, issue, g.regions, g.means, g.report);
    add_convection_series(std::move(found.series), inputs);
    for (RegionColumn& column : found.columns) out.columns.push_back(std::move(column));
  }
  if (!config.earthquake_pattern.empty()) gather_shaking(g.found.earthquakes, config, g.regions, inputs, g.report);
  for (const HazardSeries& s : inputs.series) {
    inputs.horizon = std::max(inputs.horizon, s.horizon.value_or(inputs.horizon));
    for (const SeriesPiece& p : s.pieces) inputs.members = std::max(inputs.members, p.members.size());
  }
  if (!config.models.empty()) {
    g.tell("models", 0, 0);
    run_models(config.models, g.state_from + "/models.nc", g.work.next_state("models.nc"), g.regions, inputs, g.report);
    for (RegionColumn& column : model_columns(config.models, inputs)) out.columns.push_back(std::move(column));
  }
  return out;
}

void note_what_packs_lack(const std::vector<RulePack>& packs, const HazardInputs& inputs, RunReport& report) {
  AvailableInputs available;
  for (const RegionAttribute& a : inputs.attributes) available.attributes.push_back({a.name, a.unit});
  for (const HazardSeries& s : inputs.series) available.series.push_back({s.quantity.name, s.statistic, s.window});
  for (const RulePack& pack : packs) {
    // Up to when all of its series are known.
    TimePoint horizon = inputs.horizon;
    for (const InputNeed& need : RuleModel(pack).needs())
      if (const HazardSeries* s = inputs.find_series(need.quantity, need.statistic, need.window)) horizon = std::min(horizon, s->horizon.value_or(horizon));
    available.horizon = horizon - inputs.issue;
    // Local days; the text of dates sorts as they do.
    const std::string today = to_iso(inputs.issue + inputs.utc_offset).substr(0, 10);
    if (pack.effective > today) report.notes.push_back("rules: the pack \"" + pack.name + "\" comes into force on " + pack.effective + " only");
    for (const PackFinding& f : check_inputs(pack, available)) report.notes.push_back("rules: " + f.what);
  }
}

}  // namespace guyu::cli
