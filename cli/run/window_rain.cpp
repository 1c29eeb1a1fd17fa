#include "cli/run/window_rain.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include "cli/run/extrapolate_rain.h"
#include "engine/core/plane.h"
#include "engine/cycle/gauge_planes.h"
#include "engine/downscale/bilinear_sampler.h"
#include "hpc/parallel/parallel_for.h"
#include "models/rule_model.h"

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

std::vector<TimePoint> ends_of(const RunConfig& config, TimePoint issue, const MotionFrames& frames, const std::vector<RainPlanePtr>& forecast) {
  std::set<TimePoint> ends{issue};
  TimePoint extrapolated = issue;
  if (!frames.rates.empty())
    for (const Interval& i : extrapolation_steps(frames.times.back(), issue, config.extrapolate_until, config.extrapolate_step))
      ends.insert(i.end), extrapolated = i.end;
  for (const RainPlanePtr& p : forecast)
    for (TimePoint t = p->interval.end; t > p->interval.begin; t -= kLongestStep)
      if (t > extrapolated) ends.insert(t);
  for (const InputNeed& need : window_needs(config)) ends.insert(issue + *need.ahead);
  ends.erase(ends.begin(), ends.lower_bound(issue));
  ends.erase(ends.upper_bound(issue + config.horizon), ends.end());
  return {ends.begin(), ends.end()};
}

// Known share of area over some time, by region.
struct KnownShare {
  Interval time;
  const std::vector<float>* coverage;  // null: all
};

// What is known of the time before each end, for all windows: of area and time together.
std::vector<KnownShare> known_shares(const WindowPlan& plan, const HazardSeries& rain, const std::optional<TimePoint>& dry_before) {
  std::vector<KnownShare> all;
  // As join_rain() has it.
  if (dry_before)
    all.push_back({{TimePoint(Seconds(0)), plan.observed.empty() ? *dry_before : std::min(*dry_before, plan.observed.front()->interval.begin)}, nullptr});
  for (const RainPlanePtr& p : plan.observed) all.push_back({p->interval, &p->coverage});
  const TimePoint observed_to = plan.observed.empty() ? TimePoint::min() : plan.observed.back()->interval.end;
  for (const SeriesPiece& p : rain.pieces)
    if (p.origin != Origin::observed && p.interval.end > observed_to) all.push_back({{std::max(p.interval.begin, observed_to), p.interval.end}, &p.coverage});
  return all;
}

std::vector<float> known_of(const std::vector<KnownShare>& shares, const Interval& window, std::size_t regions) {
  std::vector<double> seconds(regions, 0.0);
  for (const KnownShare& s : shares) {
    const TimePoint begin = std::max(s.time.begin, window.begin), end = std::min(s.time.end, window.end);
    if (begin >= end) continue;
    const auto length = static_cast<double>((end - begin).count());
    for (std::size_t r = 0; r < regions; ++r) {
      const double c = s.coverage ? double{(*s.coverage)[r]} : 1.0;
      if (c > 0) seconds[r] += length * std::min(c, 1.0);
    }
  }
  std::vector<float> known(regions);
  const auto all = static_cast<double>(window.length().count());
  for (std::size_t r = 0; r < regions; ++r) known[r] = static_cast<float>(std::min(1.0, seconds[r] / all));
  return known;
}

// Of the values [at, at + n) of each future.
std::vector<float> mean_of(const std::vector<std::vector<float>>& futures, std::size_t at, std::size_t n) {
  std::vector<float> mean(n);
  for (std::size_t r = 0; r < n; ++r) {
    double sum = 0;
    for (const std::vector<float>& f : futures) sum += double{f[at + r]};
    mean[r] = static_cast<float>(sum / static_cast<double>(futures.size()));
  }
  return mean;
}

std::vector<float> slice(const std::vector<float>& values, std::size_t at, std::size_t n) {
  const auto begin = values.begin() + static_cast<std::ptrdiff_t>(at);
  return {begin, begin + static_cast<std::ptrdiff_t>(n)};
}

}  // namespace

std::vector<WindowWanted> wanted_windows(const RunConfig& config) {
  std::vector<WindowWanted> wanted;
  for (const InputNeed& need : window_needs(config)) {
    auto window = std::find_if(wanted.begin(), wanted.end(), [&](const WindowWanted& w) { return w.window == need.window; });
    if (window == wanted.end()) window = wanted.insert(wanted.end(), {need.window, {}});
    auto& statistics = window->statistics;
    if (std::none_of(statistics.begin(), statistics.end(), [&](const ZonalStatistic& s) { return s.name == need.statistic; }))
      statistics.push_back(parse_zonal_statistics(need.statistic).front());
  }
  return wanted;
}

RainPlane plane_on(const Grid& grid, const Field& amount, std::vector<float> coverage) {
  if (amount.grid() == grid) return rain_plane(amount.view(), amount.meta.valid, std::move(coverage));
  const BilinearSampler sampler(amount.grid(), grid);
  Plane out(sampler.rows(), sampler.columns());
  parallel_for(sampler.rows(), 32, [&](std::int64_t begin, std::int64_t end) {
    BilinearSampler::Scratch scratch;
    for (std::int64_t j = begin; j < end; ++j) sampler.row(j, amount.view(), out.row(j), scratch);
  });
  return rain_plane(std::as_const(out).view(), amount.meta.valid, std::move(coverage));
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
  const TimePoint observed_to = task.plan.observed.empty() ? issue : task.plan.observed.back()->interval.end;
  if (forecast.grid && *forecast.grid == *task.grid)
    for (const RainPlanePtr& p : forecast.planes)
      if (p->interval.end > observed_to)
        task.plan.forecast.push_back(p->interval.begin >= observed_to ? p : std::make_shared<const RainPlane>(part_of(*p, {observed_to, p->interval.end})));
  task.plan.ends = ends_of(config, issue, frames, task.plan.forecast);
  std::vector<RainPlanePtr> all = task.plan.observed;
  all.insert(all.end(), task.plan.forecast.begin(), task.plan.forecast.end());
  task.plan.nowhere = never_known(all);
  return task;
}

std::vector<HazardSeries> window_series(const WindowTask& task, std::vector<std::vector<float>> futures, const RunConfig& config, const HazardSeries& rain,
                                        const RegionSet& regions, RegionMeans& means) {
  const WindowPlan& plan = task.plan;
  std::vector<HazardSeries> out;
  if (plan.empty()) return out;
  const std::size_t n = regions.regions.size();
  const WindowSums sums(plan, means.weights(*task.grid));
  if (futures.empty()) futures.push_back(sums.future().finish());
  const std::vector<float> observed = sums.future().finish_without_forecast();
  const TimePoint observed_to = plan.observed.empty() ? TimePoint::min() : plan.observed.back()->interval.end;
  const std::vector<KnownShare> shares = known_shares(plan, rain, config.dry_before);
  std::size_t column = 0;
  for (const WindowWanted& w : plan.wanted) {
    std::vector<std::vector<float>> known;
    for (const TimePoint end : plan.ends) known.push_back(known_of(shares, {end - w.window, end}, n));
    for (const ZonalStatistic& s : w.statistics) {
      HazardSeries series{quantities::precipitation_amount(), s.name, TimeKind::instant, {}, rain.observed_to, rain.horizon, w.window};
      for (std::size_t e = 0; e < plan.ends.size(); ++e) {
        const std::size_t at = plan.at(column, e, n);
        SeriesPiece p{{plan.ends[e], plan.ends[e]}, Origin::forecast, mean_of(futures, at, n), known[e], {}};
        if (futures.size() > 1)
          for (const std::vector<float>& f : futures) p.members.push_back(slice(f, at, n));
        if (plan.ends[e] - w.window < observed_to) p.observed = slice(observed, at, n);
        series.pieces.push_back(std::move(p));
      }
      out.push_back(std::move(series));
      ++column;
    }
  }
  return out;
}

}  // namespace guyu::cli
