#include "engine/core/time_axis.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/core/error.h"

namespace guyu {
namespace {

std::string shown(const Interval& i) { return i.begin == i.end ? to_iso(i.end) : "(" + to_iso(i.begin) + ", " + to_iso(i.end) + "]"; }

void check(TimeKind kind, const std::vector<Interval>& steps) {
  const bool instants = kind == TimeKind::instant;
  for (std::size_t k = 0; k < steps.size(); ++k) {
    const Interval& s = steps[k];
    if (s.begin > s.end) throw Error("", fmt::format("time step {} ends before it begins: {}", k + 1, shown(s)));
    if ((s.begin == s.end) != instants) {
      throw Error("", fmt::format("time step {} is an {}, the others are {}: {}", k + 1, instants ? "interval" : "instant", instants ? "instants" : "intervals",
                                  shown(s)));
    }
    if (k > 0 && (s.end <= steps[k - 1].end || s.begin < steps[k - 1].begin)) {
      throw Error("", fmt::format("time step {} does not follow the one before it: {} after {}", k + 1, shown(s), shown(steps[k - 1])),
                  "put the steps in order, each once");
    }
  }
}

bool ends_before(const Interval& step, TimePoint t) { return step.end < t; }

}  // namespace

TimeAxis::TimeAxis(TimeKind kind, std::vector<Interval> steps) : kind_(kind), steps_(std::move(steps)) { check(kind_, steps_); }

std::optional<std::size_t> TimeAxis::find(const Interval& step) const {
  const auto it = std::lower_bound(steps_.begin(), steps_.end(), step.end, ends_before);
  if (it == steps_.end() || !(*it == step)) return std::nullopt;
  return static_cast<std::size_t>(it - steps_.begin());
}

std::optional<std::size_t> TimeAxis::at(TimePoint t) const {
  // Begins never fall, so when the first interval that ends at or after t begins too late, all later ones do.
  const auto it = std::lower_bound(steps_.begin(), steps_.end(), t, ends_before);
  if (it == steps_.end() || (kind_ == TimeKind::instant ? it->end != t : it->begin >= t)) return std::nullopt;
  return static_cast<std::size_t>(it - steps_.begin());
}

bool TimeAxis::is_contiguous() const {
  if (kind_ == TimeKind::instant) return false;
  return std::adjacent_find(steps_.begin(), steps_.end(), [](const Interval& a, const Interval& b) { return a.end != b.begin; }) == steps_.end();
}

Interval LocalDay::holding(TimePoint t) const {
  using std::chrono::days;
  const auto boundary = Seconds{hour * 3600} - utc_offset;  // of the UTC day
  TimePoint end = std::chrono::floor<days>(t - boundary) + boundary;
  if (end < t) end += days{1};
  return {end - days{1}, end};
}

std::vector<Interval> LocalDay::inside(const Interval& span) const {
  std::vector<Interval> out;
  Interval day = holding(span.begin);
  if (day.begin < span.begin) day = {day.end, day.end + std::chrono::days{1}};
  for (; day.end <= span.end; day = {day.end, day.end + std::chrono::days{1}}) out.push_back(day);
  return out;
}

}  // namespace guyu
