#include "models/rules/rule_samples.h"

#include <algorithm>

namespace guyu {
namespace {

// The last local time of day not after t.
TimePoint last_at(TimePoint t, Seconds time_of_day, Seconds utc_offset) {
  const TimePoint midnight = std::chrono::floor<std::chrono::days>(t + utc_offset);
  TimePoint at = midnight + time_of_day;
  if (at > t + utc_offset) at -= std::chrono::days(1);
  return at - utc_offset;
}

}  // namespace

bool is_in_time(const Rule& rule, TimePoint t, Seconds utc_offset) {
  const bool in_season =
      rule.seasons.empty() || std::any_of(rule.seasons.begin(), rule.seasons.end(), [&](const Season& season) { return season.holds(t, utc_offset); });
  return in_season && (!rule.hours || rule.hours->holds(t, utc_offset));
}

std::vector<TimePoint> sample_ends(const Rule& rule, const Condition& c, const SeriesAxis* axis, const SampleTimes& times, TimePoint from) {
  std::vector<TimePoint> ends;
  if (rule.daily_at) {
    for (TimePoint t = last_at(times.end, *rule.daily_at, times.utc_offset); t > from; t -= std::chrono::days(1)) ends.push_back(t);
  } else {
    const bool rolls = c.aggregate == Aggregate::sum;  // sums of places stand at the ends of their own series
    if (rolls) ends.push_back(times.issue);
    ends.push_back(times.end);
    for (std::size_t k = 0; axis && k < axis->size(); ++k) {
      ends.push_back(axis->span(k).end);
      if (c.sums_places()) continue;
      if (rolls) {
        for (const TimePoint t : {axis->span(k).begin, axis->span(k).begin + c.window, axis->span(k).end + c.window}) ends.push_back(t);
        continue;
      }
      // Time that no piece speaks for is looked at too: left out, it would count as if it were like the pieces beside it.
      const TimePoint told_to = k > 0 ? axis->span(k - 1).end : from;
      if (axis->span(k).begin > told_to) ends.push_back(axis->span(k).begin), ends.push_back(std::min(told_to + c.window, axis->span(k).begin));
    }
    // A step that is longer than the rule's hours speaks for them, though it ends outside.
    if (rule.hours)
      for (TimePoint t = last_at(times.end, rule.hours->to, times.utc_offset); t > from; t -= std::chrono::days(1)) ends.push_back(t);
    std::erase_if(ends, [&](TimePoint t) { return t > times.end || (t <= from && !(rolls && t == times.issue)); });
  }
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  return ends;
}

std::vector<TimePoint> place_moments(const RulePack& pack, const SampleTimes& times) {
  std::vector<TimePoint> moments;
  for (const Rule& rule : pack.rules) {
    if (std::none_of(rule.conditions.begin(), rule.conditions.end(), [](const Condition& c) { return c.sums_places(); })) continue;
    const TimePoint end = std::min(times.issue + rule.within, times.end);
    moments.push_back(end);
    moments.push_back(std::min(times.issue + pack.continuing_within, times.end));
    if (!rule.hours) continue;
    for (TimePoint t = last_at(end, rule.hours->to, times.utc_offset); t > times.issue; t -= std::chrono::days(1)) moments.push_back(t);
  }
  return moments;
}

std::vector<Sample> samples_of(const Rule& rule, const Condition& c, const SeriesAxis* axis, const std::vector<TimePoint>& ends, const SampleTimes& times) {
  std::vector<Sample> samples;
  for (const TimePoint end : ends) {
    Sample s;
    s.end = end;
    const TimePoint at = c.at ? last_at(end, *c.at, times.utc_offset) : end;
    s.value = {at - c.window, at};
    if (c.change != Change::none) s.earlier = Interval{s.value.begin - c.change_over, s.value.end - c.change_over};
    s.counts = end > times.issue || (c.aggregate == Aggregate::sum && end == times.issue);
    const bool observed_now = c.aggregate == Aggregate::each && !rule.daily_at && axis && end <= axis->observed_to();
    s.past = !s.counts && observed_now && end > times.issue - times.continuing_within;
    s.in_time = is_in_time(rule, end, times.utc_offset);
    samples.push_back(s);
  }
  return samples;
}

Seconds look_back(const Rule& rule, const Condition& c, Seconds continuing_within) {
  const Seconds day = c.at || rule.daily_at ? Seconds(86400) : Seconds(0);
  return std::max(c.lasting, c.once_in) + c.window + c.change_over + day + (c.aggregate == Aggregate::each ? continuing_within : Seconds(0));
}

}  // namespace guyu
