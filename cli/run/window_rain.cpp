#include "cli/run/window_rain.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include "engine/core/field.h"
#include "engine/cycle/gauge_planes.h"
#include "engine/downscale/bilinear_sampler.h"
#include "hpc/parallel/parallel_for.h"
#include "models/rule_model.h"
#include "models/rules/rule_samples.h"

namespace guyu::cli {
namespace {

constexpr Seconds kLongestStep{3600};  // between the ends of windows

std::vector<InputNeed> window_needs(const RunConfig& config) {
  std::vector<InputNeed> needs;
  for (const RulePack& pack : config.packs)
    for (InputNeed& need : RuleModel(pack).needs())
      if (need.window.count() > 0) needs.push_back(std::move(need));
  return needs;
}

std::vector<TimePoint> ends_of(const RunConfig& config, TimePoint issue, const MotionFrames& frames, const WindowPlan& plan) {
  const TimePoint last = last_window_end(config, issue);
  std::set<TimePoint> ends{issue, last};
  TimePoint extrapolated = issue;
  if (!frames.rates.empty())
    for (const Interval& i : extrapolation_steps(frames.times.back(), issue, config.extrapolate_until, config.extrapolate_step))
      ends.insert(i.end), extrapolated = i.end;
  for (const RainPlanePtr& p : plan.forecast)
    for (TimePoint t = p->interval.end; t > p->interval.begin; t -= kLongestStep)
      if (t > extrapolated) ends.insert(t);
  for (const RulePack& pack : config.packs)
    for (const TimePoint t : place_moments(pack, {issue, last, pack.continuing_within, Seconds(60 * config.cap.utc_offset_minutes)})) ends.insert(t);
  for (const WindowWanted& w : plan.wanted) ends.insert(issue + w.window);  // for the township files
  ends.erase(ends.begin(), ends.lower_bound(issue));
  ends.erase(ends.upper_bound(last), ends.end());
  return {ends.begin(), ends.end()};
}

// Known share of the regions' areas over some time.
struct KnownShare {
  Interval time;
  std::vector<float> coverage;  // by region; empty: all of it
};

// Of what is summed up, before the forecast; the steps of the extrapolation with what the forecast fills of them.
std::vector<KnownShare> known_shares(const WindowPlan& plan, const std::vector<RainOutlook>& extrapolated, const ZonalWeights& weights,
                                     const std::optional<TimePoint>& dry_before) {
  std::vector<KnownShare> all;
  // As join_rain() has it.
  TimePoint known_to = plan.observed.empty() ? TimePoint::min() : plan.observed.back()->interval.end;
  if (dry_before) {
    const TimePoint end = std::min(*dry_before, plan.observed.empty() ? plan.ends.front() : plan.observed.front()->interval.begin);
    all.push_back({{TimePoint(Seconds(0)), end}, {}});
    known_to = std::max(known_to, end);
  }
  for (const RainPlanePtr& p : plan.observed) all.push_back({p->interval, p->coverage});
  const auto forecast_over = [&](const Interval& time, std::size_t r) {
    double seconds = 0;
    for (const RainPlanePtr& p : plan.forecast) {
      const TimePoint begin = std::max(p->interval.begin, time.begin), end = std::min(p->interval.end, time.end);
      if (begin < end) seconds += static_cast<double>((end - begin).count()) * double{p->coverage[r]};
    }
    return seconds / static_cast<double>(time.length().count());
  };
  for (const RainOutlook& step : extrapolated) {
    const Interval time{std::max(step.slot.interval.begin, known_to), step.slot.interval.end};
    if (time.begin >= time.end) continue;
    KnownShare share{time, step.slot.coverage};
    for (std::size_t r = 0; r < share.coverage.size(); ++r) {
      const ZonalWeights::Region& region = weights.regions[r];
      const double covered = region.total_area > 0 ? std::min(1.0, region.covered_area / region.total_area) : 0.0;  // by the grid
      const double seen = std::isnan(step.slot.amount_mm[r]) ? 0.0 : std::min(double{share.coverage[r]}, covered);
      const double filled = covered > 0 ? std::min(1.0, forecast_over(time, r) / covered) : 0.0;
      share.coverage[r] = static_cast<float>(seen + (covered - seen) * filled);
    }
    known_to = time.end;
    all.push_back(std::move(share));
  }
  for (const RainPlanePtr& p : plan.forecast)
    if (p->interval.end > known_to) all.push_back({{std::max(p->interval.begin, known_to), p->interval.end}, p->coverage});
  return all;
}

std::vector<float> known_of(const std::vector<KnownShare>& shares, const Interval& window, std::size_t regions) {
  if (window.begin >= window.end) return std::vector<float>(regions, 1.0F);  // nothing is to be known
  std::vector<double> seconds(regions, 0.0);
  for (const KnownShare& s : shares) {
    const TimePoint begin = std::max(s.time.begin, window.begin), end = std::min(s.time.end, window.end);
    if (begin >= end) continue;
    const auto length = static_cast<double>((end - begin).count());
    for (std::size_t r = 0; r < regions; ++r) {
      const double c = s.coverage.empty() ? 1.0 : double{s.coverage[r]};
      if (c > 0) seconds[r] += length * std::min(c, 1.0);
    }
  }
  std::vector<float> known(regions);
  const auto all = static_cast<double>(window.length().count());
  for (std::size_t r = 0; r < regions; ++r) known[r] = static_cast<float>(std::min(1.0, seconds[r] / all));
  return known;
}

// Of the values [at, at + n) of each future, those that are known.
std::vector<float> mean_of(const std::vector<std::vector<float>>& futures, std::size_t at, std::size_t n) {
  std::vector<float> mean(n);
  for (std::size_t r = 0; r < n; ++r) {
    double sum = 0, known = 0;
    for (const std::vector<float>& f : futures)
      if (!std::isnan(f[at + r])) sum += double{f[at + r]}, known += 1;
    mean[r] = known > 0 ? static_cast<float>(sum / known) : std::numeric_limits<float>::quiet_NaN();
  }
  return mean;
}

std::vector<float> slice(const std::vector<float>& values, std::size_t at, std::size_t n) {
  const auto begin = values.begin() + static_cast<std::ptrdiff_t>(at);
  return {begin, begin + static_cast<std::ptrdiff_t>(n)};
}

Field on_grid(const Grid& grid, const Field& amount) {
  if (amount.grid() == grid) return amount.clone();
  const BilinearSampler sampler(amount.grid(), grid);
  Field out(grid, amount.meta);
  parallel_for(sampler.rows(), 32, [&](std::int64_t begin, std::int64_t end) {
    BilinearSampler::Scratch scratch;
    for (std::int64_t j = begin; j < end; ++j) sampler.row(j, amount.view(), out.view().row(j), scratch);
  });
  return out;
}

}  // namespace

std::vector<WindowWanted> wanted_windows(const RunConfig& config) {
  std::vector<WindowWanted> wanted;
  for (const InputNeed& need : window_needs(config)) {
    if (need.window == kToCome) continue;  // goes with them
    auto window = std::find_if(wanted.begin(), wanted.end(), [&](const WindowWanted& w) { return w.window == need.window; });
    if (window == wanted.end()) window = wanted.insert(wanted.end(), {need.window, {}});
    auto& statistics = window->statistics;
    if (std::none_of(statistics.begin(), statistics.end(), [&](const ZonalStatistic& s) { return s.name == need.statistic; }))
      statistics.push_back(parse_zonal_statistics(need.statistic).front());
  }
  return wanted;
}

TimePoint last_window_end(const RunConfig& config, TimePoint issue) {
  Seconds ahead{0};
  for (const InputNeed& need : window_needs(config)) ahead = std::max(ahead, *need.ahead);
  return issue + std::min(ahead, config.horizon);
}

RainPlane plane_on(const Grid& grid, const Field& amount, RegionMeans& means) {
  const Field there = on_grid(grid, amount);
  return rain_plane(there.view(), amount.meta.valid, means(there).coverage);
}

std::optional<Grid> rain_grid(const MotionFrames& frames, const RainState& state) {
  if (!frames.rates.empty()) return frames.rates.back()->grid();
  return state.radar_planes && !state.radar_planes->planes().empty() ? state.radar_planes->grid() : std::nullopt;
}

WindowTask window_task(const RunConfig& config, TimePoint issue, const MotionFrames& frames, const RainState& state, const ForecastPlanes& forecast) {
  WindowTask task;
  task.grid = rain_grid(frames, state);
  if (!task.grid) task.grid = forecast.grid;
  if (!task.grid) return task;
  task.plan.wanted = wanted_windows(config);
  if (task.plan.wanted.empty()) return task;
  // What is remembered of another grid does not fit.
  const auto fitting = [&](const std::optional<RainPlanes>& planes) {
    return planes && planes->grid() && *planes->grid() == *task.grid ? planes->planes() : std::vector<RainPlanePtr>{};
  };
  const std::vector<RainPlanePtr> gauges = fitting(state.gauge_planes);
  task.plan.observed = fitting(state.radar_planes);
  if (!gauges.empty()) task.plan.observed = with_gauges(task.plan.observed, gauges, static_cast<std::size_t>(task.grid->size()));
  std::erase_if(task.plan.observed, [&](const RainPlanePtr& p) { return p->interval.end > issue; });
  const TimePoint observed_to = task.plan.observed.empty() ? issue : task.plan.observed.back()->interval.end, last = last_window_end(config, issue);
  if (forecast.grid && *forecast.grid == *task.grid)
    for (const RainPlanePtr& p : forecast.planes)
      if (p->interval.end > observed_to && p->interval.begin < last)
        task.plan.forecast.push_back(p->interval.begin >= observed_to ? p : std::make_shared<const RainPlane>(part_of(*p, {observed_to, p->interval.end})));
  task.plan.to_come = true;
  task.plan.ends = ends_of(config, issue, frames, task.plan);
  return task;
}

std::vector<HazardSeries> window_series(const WindowTask& task, const ExtrapolatedRain& extrapolated, const RunConfig& config, const HazardSeries& rain,
                                        RegionMeans& means) {
  const WindowPlan& plan = task.plan;
  std::vector<HazardSeries> out;
  if (plan.empty()) return out;
  const ZonalWeights& weights = means.weights(*task.grid);
  const std::size_t n = weights.regions.size();
  const WindowSums sums(plan, weights);
  std::vector<std::vector<float>> from_observed;
  if (extrapolated.windows.empty()) from_observed.push_back(sums.future().finish());
  const std::vector<std::vector<float>>& futures = extrapolated.windows.empty() ? from_observed : extrapolated.windows;
  const std::vector<float> observed = sums.future().finish_without_forecast();
  const TimePoint observed_to = plan.observed.empty() ? TimePoint::min() : plan.observed.back()->interval.end;
  const std::vector<KnownShare> shares = known_shares(plan, extrapolated.slots, weights, config.dry_before);
  std::size_t column = 0;
  const auto add = [&](Seconds window, const std::string& statistic) {
    HazardSeries series{quantities::precipitation_amount(), statistic, TimeKind::instant, {}, rain.observed_to, rain.horizon, window};
    for (std::size_t e = 0; e < plan.ends.size(); ++e) {
      const TimePoint end = plan.ends[e];
      const std::size_t at = plan.at(column, e, n);
      const bool to_come = window == kToCome;
      const TimePoint begin = !to_come ? end - window : plan.observed.empty() ? plan.ends.front() : observed_to;
      SeriesPiece p{{end, end}, Origin::forecast, mean_of(futures, at, n), known_of(shares, {begin, end}, n), {}};
      if (futures.size() > 1)
        for (const std::vector<float>& f : futures) p.members.push_back(slice(f, at, n));
      if (!to_come && begin < observed_to) p.observed = slice(observed, at, n);
      series.pieces.push_back(std::move(p));
    }
    out.push_back(std::move(series));
    ++column;
  };
  for (const WindowWanted& w : plan.wanted)
    for (const ZonalStatistic& s : w.statistics) add(w.window, s.name);
  if (plan.to_come) add(kToCome, "max");
  return out;
}

}  // namespace guyu::cli
