#include "engine/cycle/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace guyu {
namespace {

using Items = std::vector<InventoryItem>;

std::string minutes(Seconds s) { return fmt::format("{:g} min", static_cast<double>(s.count()) / 60); }

// Two files that state the same time: the one that sorts last is taken as the correction of the earlier.
Items in_window(const Items& all, TimePoint after, TimePoint upto) {
  Items kept;
  for (const InventoryItem& i : all) {
    if (i.time <= after || i.time > upto) continue;
    if (!kept.empty() && kept.back().time == i.time) kept.back() = i;
    else kept.push_back(i);
  }
  return kept;
}

// The newest frame and the ones nearest to half and the whole of the span before it, within one and a half spans.
std::set<std::size_t> motion_frames(const Items& frames, Seconds span) {
  std::set<std::size_t> chosen;
  if (frames.empty()) return chosen;
  const std::size_t newest = frames.size() - 1;
  chosen.insert(newest);
  for (const Seconds back : {span / 2, span}) {
    const TimePoint wanted = frames[newest].time - back;
    std::size_t best = newest;
    for (std::size_t k = newest; k-- > 0;) {
      if (frames[newest].time - frames[k].time > span * 3 / 2) break;
      if (best == newest || std::chrono::abs(frames[k].time - wanted) < std::chrono::abs(frames[best].time - wanted)) best = k;
    }
    chosen.insert(best);
  }
  return chosen;
}

void note_gaps(const PlanSettings& s, TimePoint issue, const Items& frames, const std::set<std::size_t>& fresh, CyclePlan& plan) {
  for (std::size_t k = 1; k < frames.size(); ++k) {
    const Seconds gap = frames[k].time - frames[k - 1].time;
    if (gap < s.radar_interval * 3 / 2) continue;
    const auto absent = (gap + s.radar_interval / 2) / s.radar_interval - 1;
    if (fresh.count(k) || gap > s.max_gap) {
      plan.degraded.push_back(fmt::format("radar: {} {} missing between {} and {}", absent, absent == 1 ? "frame is" : "frames are", to_iso(frames[k - 1].time),
                                          to_iso(frames[k].time)));
    }
  }
  if (frames.empty()) {
    plan.degraded.push_back(fmt::format("radar: no frame in the {:g} h before {}", static_cast<double>(s.history.count()) / 3600, to_iso(issue)));
  } else if (const Seconds age = issue - frames.back().time; age > s.late_after) {
    plan.degraded.push_back(fmt::format("radar: the newest frame is {} old{}", minutes(age), age > s.max_age ? ", too old to extrapolate" : ""));
  }
}

}  // namespace

CyclePlan make_plan(const PlanSettings& s, TimePoint issue, const Items& radar, const Items& forecast, const std::function<bool(const Interval&)>& known) {
  CyclePlan plan;
  plan.issue = issue;
  const Items frames = in_window(radar, issue - std::max(s.history, s.max_age + s.motion_span * 2), issue);
  std::set<std::size_t> fresh, wanted;
  for (std::size_t k = 0; k < frames.size(); ++k) {
    if (frames[k].time <= issue - s.history) continue;
    // The last second of a frame's interval stands for the interval: its begin is not known from the name.
    if (known({frames[k].time - Seconds(1), frames[k].time})) ++plan.already_known;
    else fresh.insert(k);
  }
  for (const std::size_t k : fresh) {
    wanted.insert(k);
    if (!s.joins_neighbours) continue;
    if (k > 0) wanted.insert(k - 1);
    if (k + 1 < frames.size()) wanted.insert(k + 1);
  }
  const std::set<std::size_t> motion = motion_frames(frames, s.motion_span);
  const bool extrapolates = !frames.empty() && issue - frames.back().time <= s.max_age;
  if (extrapolates) wanted.insert(motion.begin(), motion.end());
  for (const std::size_t k : wanted) plan.frames.push_back({frames[k], fresh.count(k) == 1, extrapolates && motion.count(k) == 1});
  note_gaps(s, issue, frames, fresh, plan);

  if (!s.forecast_pattern.empty()) {
    for (auto i = forecast.rbegin(); i != forecast.rend(); ++i) {
      if (i->time + s.forecast_delay > issue || issue - i->time > s.forecast_max_age) continue;
      if (plan.forecasts.empty() || plan.forecasts.back().front().time != i->time) plan.forecasts.emplace_back();
      plan.forecasts.back().insert(plan.forecasts.back().begin(), *i);
    }
    if (plan.forecasts.empty()) {
      plan.degraded.push_back(
          fmt::format("forecast: no run of the {:g} h before {} is there", static_cast<double>(s.forecast_max_age.count()) / 3600, to_iso(issue)));
    }
  }
  return plan;
}

std::string CyclePlan::describe() const {
  std::string out = fmt::format("cycle {}\n  radar: {} to read, the rain of {} more is known\n", to_iso(issue), frames.size(), already_known);
  for (const PlannedFrame& f : frames) {
    out += fmt::format("    {}  {}{}{}\n", to_iso(f.item.time), f.item.path, f.for_rain ? "  rain" : "", f.for_motion ? "  motion" : "");
  }
  for (std::size_t k = 0; k < forecasts.size(); ++k) {
    out += fmt::format("  forecast {}{}: {} {}\n", to_iso(forecasts[k].front().time), k == 0 ? "" : " (in reserve)", forecasts[k].size(),
                       forecasts[k].size() == 1 ? "file" : "files");
    if (k == 0)
      for (const InventoryItem& i : forecasts[k]) out += fmt::format("    {}\n", i.path);
  }
  for (const std::string& d : degraded) out += "  degraded: " + d + "\n";
  return out;
}

}  // namespace guyu
