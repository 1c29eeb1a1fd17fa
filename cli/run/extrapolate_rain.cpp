#include "cli/run/extrapolate_rain.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "cli/forecast/rain_to_blend.h"
#include "engine/motion/optical_flow.h"
#include "engine/nowcast/advection.h"
#include "engine/nowcast/ensemble.h"
#include "engine/nowcast/region_ensemble.h"
#include "engine/regrid/cell_size.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu::cli {
namespace {

// Adds the step; NaN stays, so that what is unknown once is unknown in the total.
void add_to(Field& total, const Field& step) {
  const auto sum = total.values();
  const auto mm = step.values();
  parallel_for(static_cast<std::int64_t>(sum.size()), 1 << 16, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) sum[i] += mm[i];
  });
}

// The seed of one cycle: no two cycles share their random numbers.
std::uint64_t seed_of(std::uint64_t seed, TimePoint issue) { return seed + 0x9E3779B97F4A7C15U * static_cast<std::uint64_t>(issue.time_since_epoch().count()); }

// An interval's rain in each member and, as the slot, their mean.
RainOutlook outlook(const RegionEnsemble& ensemble, const Interval& interval, TimePoint observed, const std::string& source) {
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  RainOutlook out{{interval, std::vector<float>(ensemble.regions(), kNaN), std::vector<float>(ensemble.regions(), 0.0F), source}, {}};
  const auto members = static_cast<std::size_t>(ensemble.members());
  out.members_mm.assign(members, std::vector<float>(ensemble.regions(), kNaN));
  for (std::size_t r = 0; r < ensemble.regions(); ++r) {
    double mm = 0, coverage = 0, known = 0;
    for (std::size_t m = 0; m < members; ++m) {
      const RegionEnsemble::Amount a = ensemble.amount(static_cast<int>(m), r, interval.begin - observed, interval.end - observed);
      out.members_mm[m][r] = a.mm;
      if (std::isnan(a.mm)) continue;
      mm += double{a.mm};
      coverage += double{a.coverage};
      known += 1;
    }
    if (known == 0) continue;
    out.slot.amount_mm[r] = static_cast<float>(mm / known);
    out.slot.coverage[r] = static_cast<float>(coverage / static_cast<double>(members));
    // A member whose rain came from beyond the radars' view there: the others speak for it, with the coverage
    // that tells.
    for (auto& member : out.members_mm)
      if (std::isnan(member[r])) member[r] = out.slot.amount_mm[r];
  }
  return out;
}

// What members go on as; nothing when no forecast is to be had, and the report says why.
std::optional<ForecastBlend> blend_of(const MotionFrames& frames, const std::vector<FieldView<const float>>& views, const Motion& motion, const CyclePlan& plan,
                                      const EnsembleOptions& options, RunReport& report) {
  std::vector<std::string> files;
  for (const auto& run : plan.forecasts)
    for (const InventoryItem& item : run) files.push_back(item.path);
  if (files.empty()) return std::nullopt;
  StageTimer timer(report, "blend.forecast");
  const Field& newest = *frames.rates.back();
  std::vector<Decorrelation> memory;
  for (const CascadeModel::Level& level : build_cascade_model(views, frames.times, motion, options.cascade).levels) memory.push_back(level.decorrelation);
  // What had arrived is for the plan to say, by reference time and delay.
  RainToBlend rain = rain_to_blend(files, newest, false, options.steps * options.cascade.step, static_cast<int>(memory.size()));
  for (const std::string& n : rain.notes) report.notes.push_back("blend: " + n);
  for (const std::string& p : rain.problems) report.degraded.push_back("blend: " + p);
  if (rain.forecast.members.empty()) return std::nullopt;
  return std::optional<ForecastBlend>(std::in_place, std::move(rain.forecast), std::move(memory), frames.times.back(), options.cascade.step, newest.grid().ny(),
                                      newest.grid().nx());
}

std::vector<RainOutlook> ensemble_rain(const MotionFrames& frames, const Motion& motion, const CyclePlan& plan, const RunConfig& config,
                                       const std::vector<Interval>& intervals, RegionMeans& means, RunReport& report) {
  StageTimer timer(report, "ensemble");
  const Field& newest = *frames.rates.back();
  const TimePoint observed = frames.times.back();
  EnsembleOptions options = config.ensemble;
  options.seed = seed_of(config.ensemble.seed, plan.issue);
  options.cascade.step = config.extrapolate_step;
  options.steps = static_cast<int>((intervals.back().end - observed + options.cascade.step - Seconds(1)) / options.cascade.step);
  options.motion.cell_km = cell_size_km(newest.grid());
  std::vector<FieldView<const float>> views;
  for (const FieldPtr& f : frames.rates) views.push_back(f->view());
  RegionEnsemble ensemble(means.weights(newest.grid()), newest.view(), options.members, options.steps, options.cascade.step);
  std::optional<ForecastBlend> blend = config.blend ? blend_of(frames, views, motion, plan, options, report) : std::nullopt;
  run_ensemble(views, frames.times, motion, options, [&](int member, int step, FieldView<const float> rate) {
    if (blend) rate = (*blend)(member, step, rate);
    ensemble.add(member, step, rate);
    timer.add_bytes(rate.ny * rate.nx * 4);
  });
  if (blend) {
    std::string parts;
    for (int s = 1; s <= options.steps; s *= 2)
      parts += fmt::format("{}{:.0f} % at {} min", parts.empty() ? "" : ", ", 100 * blend->forecast_part(s), (s * options.cascade.step).count() / 60);
    report.notes.push_back("blend: the forecast's part of the variance is " + parts);
  }
  std::vector<RainOutlook> out;
  for (const Interval& i : intervals) out.push_back(outlook(ensemble, i, observed, newest.meta.source));
  return out;
}

}  // namespace

std::vector<Interval> extrapolation_steps(TimePoint newest, TimePoint issue, Seconds until, Seconds step) {
  std::vector<Interval> steps;
  if (newest < issue) steps.push_back({newest, issue});
  for (TimePoint t = issue; t < issue + until; t += step) steps.push_back({t, std::min(t + step, issue + until)});
  return steps;
}

ExtrapolatedRain extrapolate_rain(const MotionFrames& frames, const CyclePlan& plan, const RunConfig& config, RegionMeans& means, RunReport& report,
                                  const std::function<void(const Field& amount)>& each) {
  const TimePoint issue = plan.issue;
  ExtrapolatedRain out;
  if (frames.rates.empty()) return out;
  const Field& newest = *frames.rates.back();
  const TimePoint observed = frames.times.back();
  {
    StageTimer timer(report, "motion");
    std::vector<FieldView<const float>> views;
    for (const FieldPtr& f : frames.rates) views.push_back(f->view());
    out.motion = estimate_motion(views, frames.times);
    timer.add_bytes(static_cast<std::int64_t>(views.size()) * newest.grid().size() * 4);
    if (frames.rates.size() < 2) report.degraded.push_back("motion: only one usable radar frame; echoes are held where they are");
    else if (!out.motion.note.empty()) report.notes.push_back("motion: " + out.motion.note);
  }
  StageTimer timer(report, "extrapolate");
  double in_regions = 0;
  Extrapolator extrapolator(newest.view(), out.motion);
  FieldMeta meta = newest.meta;
  meta.quantity = quantities::precipitation_amount();
  meta.kind = TimeKind::accumulation;
  meta.reference = issue;
  Field step(newest.grid(), meta);
  const std::vector<Interval> intervals = extrapolation_steps(observed, issue, config.extrapolate_until, config.extrapolate_step);
  for (const Interval& interval : intervals) {
    step.meta.valid = interval;
    extrapolator.accumulate(interval.begin - observed, interval.end - observed, step.view());
    timer.add_bytes(step.grid().size() * 4);
    if (config.ensemble.members == 0) {
      const auto started = std::chrono::steady_clock::now();
      out.slots.push_back({means(step), {}});
      in_regions += std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    }
    if (interval.begin < issue) continue;
    if (!out.total) {
      out.total = step.clone();
    } else {
      add_to(*out.total, step);
      out.total->meta.valid.end = interval.end;
    }
    each(step);
  }
  report.stages.push_back({"extrapolate.regions", in_regions, 0});
  if (config.ensemble.members > 0 && !intervals.empty()) out.slots = ensemble_rain(frames, out.motion, plan, config, intervals, means, report);
  return out;
}

}  // namespace guyu::cli
