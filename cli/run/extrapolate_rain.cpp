#include "cli/run/extrapolate_rain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "cli/ensemble/member_units.h"
#include "engine/core/error.h"
#include "engine/motion/optical_flow.h"
#include "engine/nowcast/advection.h"
#include "engine/nowcast/ensemble.h"
#include "engine/nowcast/region_ensemble.h"
#include "engine/regrid/cell_size.h"
#include "hpc/parallel/parallel_for.h"
#include "hpc/parallel/serial_comm.h"

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

// Where a member knows nothing of a region for a while, the others speak for it from then on, as they do in outlook().
void let_others_speak(const WindowPlan& windows, const RegionEnsemble& ensemble, TimePoint observed, std::vector<std::vector<float>>& of_members) {
  const std::size_t regions = ensemble.regions(), members = of_members.size();
  for (std::size_t r = 0; r < regions; ++r) {
    std::vector<TimePoint> lost(members, TimePoint::max());  // from when on
    bool any = false;
    for (std::size_t m = 0; m < members; ++m)
      for (int step = 1; step <= ensemble.steps() && lost[m] == TimePoint::max(); ++step)
        if (std::isnan(ensemble.rates(static_cast<int>(m), step)[r])) lost[m] = observed + (step - 1) * ensemble.step(), any = true;
    if (!any) continue;
    for (std::size_t e = 0; e < windows.ends.size(); ++e)
      for (std::size_t column = 0; column < windows.columns(); ++column) {
        const std::size_t at = windows.at(column, e, regions) + r;
        double sum = 0, known = 0;
        for (std::size_t m = 0; m < members; ++m)
          if (lost[m] >= windows.ends[e] && !std::isnan(of_members[m][at])) sum += double{of_members[m][at]}, known += 1;
        if (known == 0) continue;
        // What the member itself knows has fallen in any case.
        for (std::size_t m = 0; m < members; ++m)
          if (lost[m] < windows.ends[e]) of_members[m][at] = std::fmax(of_members[m][at], static_cast<float>(sum / known));
      }
  }
}

// What the members of this cycle are made from; without their blend.
MemberTask member_task(const MotionFrames& frames, const Motion& motion, const CyclePlan& plan, const WindowPlan& windows, const RunConfig& config,
                       const std::vector<Interval>& intervals, RegionMeans& means) {
  const Field& newest = *frames.rates.back();
  MemberTask task;
  task.frames = frames.rates;
  task.times = frames.times;
  task.motion = motion;
  task.options = config.ensemble;
  task.options.seed = seed_of(config.ensemble.seed, plan.issue);
  task.options.cascade.step = config.extrapolate_step;
  task.options.steps = static_cast<int>((intervals.back().end - frames.times.back() + config.extrapolate_step - Seconds(1)) / config.extrapolate_step);
  task.options.motion.cell_km = cell_size_km(newest.grid());
  // What had arrived is for the plan to say, by reference time and delay.
  if (config.blend)
    for (const auto& run : plan.forecasts)
      for (const InventoryItem& item : run) task.forecast_files.push_back(item.path);
  task.weights = means.weights(newest.grid());
  task.windows = windows;
  return task;
}

// Makes the members that are not there yet, keeps each when it is done, and gives all to `ensemble`. The parts of the last member are for the report.
void make_members(const MemberTask& task, TaskBlend& blend, const MemberHow& how, RegionEnsemble* ensemble, std::vector<std::vector<float>>& windows,
                  RunReport& report, std::vector<double>& last_parts) {
  const std::string key = member_key(task, blend);
  MemberUnits units(how.folder, key, how.writer);
  std::map<int, MemberTable> there = how.folder.empty() ? std::map<int, MemberTable>{} : units.load();
  std::vector<int> missing;
  for (int m = 0; m < task.options.members; ++m)
    if (!there.count(m) && (how.only.empty() || std::find(how.only.begin(), how.only.end(), m) != how.only.end())) missing.push_back(m);
  bool keeping = !how.folder.empty();
  const auto give = [&](int member, const MemberTable& table) {
    if (ensemble) ensemble->put(member, table.rates, table.coverages);
    windows[static_cast<std::size_t>(member)] = table.windows;
    if (member == task.options.members - 1) last_parts = table.parts;
  };
  MemberTaker taker;
  taker.table = [&](int member, MemberTable&& table) {
    give(member, table);
    try {
      if (keeping) units.keep(member, table);
    } catch (const Error& e) {
      if (!ensemble) throw;  // to keep them is all that is wanted
      keeping = false;       // a run goes on without
      report.notes.push_back(std::string("members are not kept for a restart: ") + e.what());
    }
    if (how.stop && how.stop()) throw Stopped("members");
  };
  SerialComm alone;
  std::optional<MemberTeam> team;
  if (!how.team) team.emplace(alone);
  const TeamWork work = (how.team ? *how.team : *team).make(task, blend, key, missing, taker);
  for (auto& [member, table] : there) give(member, table);
  for (const std::string& p : work.problems) report.notes.push_back("ensemble: " + p);
  for (const RankWork& w : work.ranks)
    report.ranks.push_back({"ensemble", w.host, w.rank, w.members, w.seconds, w.bytes, w.memory.before, w.memory.predicted, w.memory.peak});
}

// What the members say: into the slots and windows of `out`.
void ensemble_rain(const MotionFrames& frames, const CyclePlan& plan, const WindowPlan& windows, const RunConfig& config,
                   const std::vector<Interval>& intervals, RegionMeans& means, RunReport& report, const MemberHow& how, ExtrapolatedRain& out) {
  StageTimer timer(report, "ensemble");
  const Field& newest = *frames.rates.back();
  const MemberTask task = member_task(frames, out.motion, plan, windows, config, intervals, means);
  const EnsembleOptions& options = task.options;
  std::optional<RegionEnsemble> ensemble;
  if (how.only.empty()) ensemble.emplace(means.weights(newest.grid()), newest.view(), options.members, options.steps, options.cascade.step);
  TaskBlend blend;
  if (!task.forecast_files.empty()) {
    StageTimer reading(report, "blend.forecast");
    blend = read_blend(task);
    for (const std::string& n : blend.notes) report.notes.push_back("blend: " + n);
    for (const std::string& p : blend.problems) report.degraded.push_back("blend: " + p);
  }
  std::vector<double> forecast_parts;
  std::vector<std::vector<float>> of_windows(static_cast<std::size_t>(options.members));
  make_members(task, blend, how, ensemble ? &*ensemble : nullptr, of_windows, report, forecast_parts);
  timer.add_bytes(std::int64_t{options.members} * options.steps * newest.grid().size() * 4);
  if (!ensemble) return;
  if (blend.blend) {
    std::string parts;
    for (std::size_t s = 1; s <= forecast_parts.size(); s *= 2)
      parts += fmt::format("{}{:.0f} % at {} min", parts.empty() ? "" : ", ", 100 * forecast_parts[s - 1],
                           (static_cast<std::int64_t>(s) * options.cascade.step).count() / 60);
    report.notes.push_back("blend: the forecast's part of the variance is " + parts);
  }
  for (const Interval& i : intervals) out.slots.push_back(outlook(*ensemble, i, frames.times.back(), newest.meta.source));
  if (windows.empty()) return;
  let_others_speak(windows, *ensemble, frames.times.back(), of_windows);
  out.windows = std::move(of_windows);
}

}  // namespace

std::vector<Interval> extrapolation_steps(TimePoint newest, TimePoint issue, Seconds until, Seconds step) {
  std::vector<Interval> steps;
  if (newest < issue) steps.push_back({newest, issue});
  for (TimePoint t = issue; t < issue + until; t += step) steps.push_back({t, std::min(t + step, issue + until)});
  return steps;
}

ExtrapolatedRain extrapolate_rain(const MotionFrames& frames, const CyclePlan& plan, const WindowPlan& windows, const RunConfig& config, RegionMeans& means,
                                  RunReport& report, const MemberHow& how, const std::function<void(const Field& amount)>& each) {
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
  const bool alone = config.ensemble.members == 0;
  std::optional<WindowSums> sums;
  std::optional<WindowSums::Future> future;
  if (alone && !windows.empty()) future.emplace(sums.emplace(windows, means.weights(newest.grid())).future());
  for (const Interval& interval : intervals) {
    step.meta.valid = interval;
    extrapolator.accumulate(interval.begin - observed, interval.end - observed, step.view());
    timer.add_bytes(step.grid().size() * 4);
    if (alone) {
      const auto started = std::chrono::steady_clock::now();
      out.slots.push_back({means(step), {}});
      if (future) future->add(rain_plane(std::as_const(step).view(), interval, {}));
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
  if (future) out.windows.push_back(future->finish());
  if (!alone && !intervals.empty()) ensemble_rain(frames, plan, windows, config, intervals, means, report, how, out);
  return out;
}

void make_group(const MotionFrames& frames, const CyclePlan& plan, const WindowPlan& windows, const RunConfig& config, RegionMeans& means, RunReport& report,
                const MemberHow& how) {
  if (frames.rates.empty()) throw Error("ensemble", "there is no usable radar frame to make members from");
  std::vector<FieldView<const float>> views;
  for (const FieldPtr& f : frames.rates) views.push_back(f->view());
  const std::vector<Interval> intervals = extrapolation_steps(frames.times.back(), plan.issue, config.extrapolate_until, config.extrapolate_step);
  if (intervals.empty()) return;
  ExtrapolatedRain unused;
  unused.motion = estimate_motion(views, frames.times);
  ensemble_rain(frames, plan, windows, config, intervals, means, report, how, unused);
}

}  // namespace guyu::cli
