#include "engine/window_sums/window_sums.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <optional>
#include <utility>

#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

std::size_t cells_of(const ZonalWeights& w) { return static_cast<std::size_t>(w.nx) * static_cast<std::size_t>(w.ny); }

std::vector<Seconds> lengths_of(const WindowPlan& plan) {
  std::vector<Seconds> lengths;
  for (const WindowWanted& w : plan.wanted) lengths.push_back(w.window);
  return lengths;
}

// What the planes hold of the interval, as far as they follow each other.
std::optional<RainPlane> over(const std::vector<RainPlanePtr>& planes, const Interval& interval) {
  std::optional<RainPlane> all;
  for (const RainPlanePtr& p : planes) {
    const Interval common{std::max(p->interval.begin, interval.begin), std::min(p->interval.end, interval.end)};
    if (common.begin >= common.end) continue;
    if (all && all->interval.end != common.begin) return all;
    RainPlane part = common == p->interval ? *p : part_of(*p, common);
    all = all ? together(*all, part) : std::move(part);
  }
  return all;
}

}  // namespace

std::size_t WindowPlan::columns() const {
  std::size_t n = 0;
  for (const WindowWanted& w : wanted) n += w.statistics.size();
  return n + (to_come ? 1 : 0);
}

WindowSums::WindowSums(const WindowPlan& plan, const ZonalWeights& weights)
    : plan_(plan), weights_(weights), observed_(cells_of(weights), lengths_of(plan)), cells_(cells_of(weights)) {
  for (const RainPlanePtr& p : plan.observed) {
    observed_.add(p);
    observed_.end_at(p->interval.end);
  }
  nowhere_ = never_known(plan.observed);
}

std::int64_t WindowSums::memory(const WindowPlan& plan, const ZonalWeights& weights, int futures, std::int64_t planes, std::int64_t wet_cells) {
  if (plan.empty()) return 0;
  const auto cells = static_cast<std::int64_t>(cells_of(weights)), windows = static_cast<std::int64_t>(plan.wanted.size());
  // Of each future its sums, the rates of the step before, and its planes.
  const std::int64_t of_each = cells * 4 * (windows + 1 + (plan.to_come ? 1 : 0)) + planes * wet_cells * 5;
  return cells * 4 * (windows + 1) + of_each * futures + static_cast<std::int64_t>(plan.size(weights.regions.size()) * sizeof(float)) * futures;
}

WindowSums::Future::Future(const WindowSums& of)
    : of_(of), sums_(of.observed_), nowhere_(of.nowhere_), any_(!of.plan_.observed.empty()),
      known_to_(of.plan_.observed.empty() ? TimePoint::min() : of.plan_.observed.back()->interval.end),
      values_(of.plan_.size(of.weights_.regions.size()), std::numeric_limits<float>::quiet_NaN()) {
  if (of.plan_.to_come) to_come_.emplace(of.cells_.size(), std::vector<Seconds>{Seconds::max()});
}

void WindowSums::Future::add(RainPlane plane) {
  if (plane.interval.end <= known_to_) return;
  if (plane.interval.begin < known_to_) plane = part_of(plane, {known_to_, plane.interval.end});
  if (!plane.unknown.empty())
    if (const auto forecast = over(of_.plan_.forecast, plane.interval)) plane = filled(plane, *forecast);
  append(std::move(plane));
}

void WindowSums::Future::append(RainPlane plane) {
  close_until(plane.interval.begin);
  nowhere_ = any_ ? in_both(nowhere_, plane.unknown) : plane.unknown;
  any_ = true;
  const Interval whole = plane.interval;
  known_to_ = whole.end;
  // Cut where a window ends.
  std::vector<TimePoint> cuts{whole.begin};
  for (std::size_t e = next_end_; e < of_.plan_.ends.size() && of_.plan_.ends[e] < whole.end; ++e)
    if (of_.plan_.ends[e] > whole.begin) cuts.push_back(of_.plan_.ends[e]);
  cuts.push_back(whole.end);
  for (std::size_t k = 0; k + 1 < cuts.size(); ++k) {
    const Interval part{cuts[k], cuts[k + 1]};
    const auto kept = std::make_shared<const RainPlane>(part == whole ? std::move(plane) : part_of(plane, part));
    sums_.add(kept);
    if (to_come_) to_come_->add(kept);
    close_until(part.end);
  }
}

// Nothing more comes of the time before t.
void WindowSums::Future::close_until(TimePoint t) {
  while (next_end_ < of_.plan_.ends.size() && of_.plan_.ends[next_end_] <= t) take_end();
}

void WindowSums::Future::take_column(std::span<const std::uint32_t> units, std::span<const ZonalStatistic> statistics, std::size_t column) {
  float* const cells = of_.cells_.data();
  parallel_for(static_cast<std::int64_t>(of_.cells_.size()), 1 << 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t k = begin; k < end; ++k) cells[k] = static_cast<float>(units[static_cast<std::size_t>(k)] / kRainUnits);
  });
  for (const RainPlane::Run& r : nowhere_) std::fill_n(cells + r.first, r.count, std::numeric_limits<float>::quiet_NaN());
  const FieldView<const float> view{cells, of_.weights_.ny, of_.weights_.nx, of_.weights_.nx};
  const std::size_t regions = of_.weights_.regions.size();
  for (const std::vector<float>& values : zonal_statistics(view, of_.weights_, statistics).columns)
    std::copy(values.begin(), values.end(), values_.begin() + static_cast<std::ptrdiff_t>(of_.plan_.at(column++, next_end_, regions)));
}

void WindowSums::Future::take_end() {
  static const auto largest = parse_zonal_statistics("max");
  const WindowPlan& plan = of_.plan_;
  sums_.end_at(plan.ends[next_end_]);
  std::size_t column = 0;
  for (std::size_t w = 0; w < plan.wanted.size(); ++w) {
    take_column(sums_.sums(w), plan.wanted[w].statistics, column);
    column += plan.wanted[w].statistics.size();
  }
  if (to_come_) {
    to_come_->end_at(plan.ends[next_end_]);
    take_column(to_come_->sums(0), largest, column);
  }
  ++next_end_;
}

std::vector<float> WindowSums::Future::finish() {
  for (const RainPlanePtr& p : of_.plan_.forecast) {
    if (p->interval.end <= known_to_) continue;
    const Interval rest{std::max(p->interval.begin, known_to_), p->interval.end};
    append(rest == p->interval ? *p : part_of(*p, rest));
  }
  return finish_without_forecast();
}

std::vector<float> WindowSums::Future::finish_without_forecast() {
  while (next_end_ < of_.plan_.ends.size()) take_end();
  return std::move(values_);
}

}  // namespace guyu
