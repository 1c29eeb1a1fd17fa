#include <algorithm>
#include <filesystem>

#include "cli/run/config/config_section.h"
#include "engine/core/quantity.h"
#include "models/rule_model.h"

namespace guyu::cli {
namespace fs = std::filesystem;
namespace {
using P = ParamType;

TableSpec radar_table() {
  return {"radar",
          "Observed rain grids.",
          false,
          true,
          {{"pattern", P::path, "Files below the data folder; %Y %m %d %H %M %S %j stand for the time in the name, * and ? for anything"},
           {"interval", P::duration, "Time between frames", {}, "", 30, 7200},
           {"quantity", P::text, "Which rain quantity to take where a file holds several", "any", "", 0, 0, {"any", "rainfall_rate", "precipitation_amount"}},
           {"max_gap", P::duration, "Rates further apart than this are not joined: the rain between them is unknown", "15 min", "", 30, 21600},
           {"late_after", P::duration, "A newest frame older than this makes the run degraded; 0: one and a half intervals", "0 s", "", 0, 86400},
           {"max_age", P::duration, "A newest frame older than this is not extrapolated", "30 min", "", 60, 86400},
           {"motion_span", P::duration, "How far back the frames reach that motion is found from", "10 min", "", 60, 7200}}};
}

TableSpec extrapolation_table() {
  return {"extrapolation",
          "Radar extrapolation along the motion of the echoes.",
          false,
          false,
          {{"until", P::duration, "Longest lead after the issue time", "60 min", "", 0, 43200}, {"step", P::duration, "Step", "5 min", "", 60, 3600}}};
}

TableSpec ensemble_table() {
  return {"ensemble",
          "Possible futures of the rain: levels are given by their share that reaches them.",
          false,
          false,
          {{"members", P::integer, "How many; 0: the extrapolation alone", "24", "", 0, 500},
           {"lagged", P::integer, "Of these, so many start from the frame before the newest", "0", "", 0, 500},
           {"calibration", P::path,
            "File of guyu calibrate below the data folder: probabilities become what the archive makes of them; empty: they are the members' shares", ""},
           {"blend", P::boolean, "Members go on as the forecast, scale by scale as its skill grows over theirs", "true"},
           {"seed", P::integer, "Of the random numbers; the cycle's time is mixed in", "1", "", 0, 1e15},
           {"motion_spread", P::number, "Times the error of the motion in Bowler and others (2006); 0: all members move alike", "1.3", "", 0, 10}}};
}

TableSpec gauges_table() {
  return {"gauges",
          "Rain gauges: merged with the radar, and alone where there is none.",
          false,
          false,
          {{"pattern", P::path,
            "Files of stations below the data folder (CSV, BUFR, MICAPS 3, CF NetCDF); the time in the name is their last report; empty: no gauges", ""},
           {"method", P::text, "Of merging", "ked", "", 0, 0, {"ked", "conditional", "mean-field-bias", "none"}},
           {"interval", P::duration, "Reports are summed over so long; 0: as they are", "0 s", "", 0, 86400},
           {"reach", P::number, "km beyond which a gauge says nothing but the mean bias", "40", "", 1, 500}}};
}

TableSpec forecast_table() {
  return {"forecast",
          "Forecast rain beyond the extrapolation.",
          false,
          false,
          {{"pattern", P::path, "Files below the data folder; the time in the name is the run's reference time; empty: no forecast", ""},
           {"quantity", P::text, "Which rain quantity to take", "any", "", 0, 0, {"any", "rainfall_rate", "precipitation_amount"}},
           {"delay", P::duration, "A run is there so long after its reference time", "0 s", "", 0, 172800},
           {"max_age", P::duration, "Older runs are not used", "24 h", "", 3600, 864000},
           {"until", P::duration, "Longest lead after the issue time", "12 h", "", 3600, 864000}}};
}

TableSpec history_table() {
  return {"history",
          "Observed rain before the cycle.",
          false,
          false,
          {{"dry_before", P::time, "Rain before this time, where nothing was observed, is assumed to be none: the start of an archive. Empty: unknown", ""}}};
}

Seconds or_else(Seconds given, Seconds otherwise) { return given.count() > 0 ? given : otherwise; }

void load_radar(const ConfigTable& radar, RunConfig& c, Faults& faults) {
  PlanSettings& p = c.plan;
  p.radar_pattern = radar.text("pattern");
  p.radar_interval = radar.duration("interval");
  faults.without("", [&] { check_pattern(radar); });
  c.rain_quantity = radar.text("quantity") == "any" ? "" : radar.text("quantity");
  p.joins_neighbours = c.rain_quantity != "precipitation_amount";
  p.max_gap = radar.duration("max_gap");
  p.late_after = or_else(radar.duration("late_after"), p.radar_interval * 3 / 2);
  p.max_age = radar.duration("max_age");
  p.motion_span = radar.duration("motion_span");
}

// As much observed rain as the rules and models look back.
void take_history(RunConfig& c) {
  const auto take = [&](const std::vector<InputNeed>& needs) {
    for (const InputNeed& need : needs)
      if (need.quantity == quantities::precipitation_amount().name) c.plan.history = std::max(c.plan.history, need.history);
  };
  for (const RulePack& pack : c.packs) take(RuleModel(pack).needs());
  for (const ChosenModel& m : c.models) take(m.model->needs(m.params));
}

void load_ensemble(const ConfigTable& t, const std::string& data, RunConfig& c) {
  if (!t.text("calibration").empty()) c.calibration = (fs::path(data) / t.text("calibration")).string();
  c.ensemble.members = static_cast<int>(t.integer("members"));
  c.ensemble.lagged = static_cast<int>(t.integer("lagged"));
  if (c.ensemble.lagged > c.ensemble.members) throw Error(t.place("lagged"), "more members are lagged than there are", "lower \"lagged\" or raise \"members\"");
  c.blend = t.flag("blend");
  c.ensemble.seed = static_cast<std::uint64_t>(t.integer("seed"));
  c.ensemble.motion.scale = t.number("motion_spread");
}

void load_gauges(const ConfigTable& gauges, RunConfig& c, Faults& faults) {
  c.gauge_pattern = gauges.text("pattern");
  if (!c.gauge_pattern.empty()) faults.without("", [&] { check_pattern(gauges); });
  c.gauge_method = gauges.text("method");
  c.gauge_interval = gauges.duration("interval");
  c.gauge_reach_km = gauges.number("reach");
}

void load_forecast(const ConfigTable& forecast, RunConfig& c, Faults& faults) {
  PlanSettings& p = c.plan;
  p.forecast_pattern = forecast.text("pattern");
  if (!p.forecast_pattern.empty()) faults.without("", [&] { check_pattern(forecast); });
  p.forecast_delay = forecast.duration("delay");
  p.forecast_max_age = forecast.duration("max_age");
  c.forecast_quantity = forecast.text("quantity") == "any" ? "" : forecast.text("quantity");
  c.forecast_until = p.forecast_pattern.empty() ? Seconds(0) : forecast.duration("until");
}

void load_rain_keys(const ConfigTable& root, ConfigLoad& into) {
  RunConfig& c = into.config;
  load_radar(root.table("radar"), c, into.faults);
  take_history(c);
  load_gauges(root.table("gauges"), c, into.faults);
  load_forecast(root.table("forecast"), c, into.faults);
  c.extrapolate_until = root.table("extrapolation").duration("until");
  c.extrapolate_step = root.table("extrapolation").duration("step");
  into.faults.without("", [&] { load_ensemble(root.table("ensemble"), into.data, c); });
  c.horizon = or_else(root.duration("horizon"), std::max(c.extrapolate_until, c.forecast_until));
  if (root.table("history").given("dry_before")) c.dry_before = root.table("history").time("dry_before");
}

}  // namespace

ConfigSection rain_section() {
  return {{radar_table(), extrapolation_table(), ensemble_table(), gauges_table(), forecast_table(), history_table()}, load_rain_keys};
}

}  // namespace guyu::cli
