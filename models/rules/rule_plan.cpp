#include "models/rules/rule_plan.h"

#include <algorithm>
#include <cmath>

namespace guyu {
namespace {

void note_need(AxisNeeds& needs, Aggregate aggregate, const AxisWindow& w) {
  const std::size_t pieces = w.last - w.first;
  needs.totals = needs.totals || aggregate == Aggregate::sum || aggregate == Aggregate::mean;
  if (aggregate == Aggregate::maximum) needs.largest = std::max(needs.largest, std::max<std::size_t>(pieces, 1));
  if (aggregate == Aggregate::minimum) needs.smallest = std::max(needs.smallest, std::max<std::size_t>(pieces, 1));
}

// How far from the threshold nearness falls to nothing, in the condition's unit. What begins at zero, and differences, have a ratio to their threshold: 0 then,
// and the threshold is what counts. Where zero is a convention (temperatures, dBZ, indices) it is a twentieth of what the quantity can be: 10 K for air.
double conventional_reach(const Condition& c) {
  const Quantity* q = find_quantity(c.quantity);
  const bool conventional = q && q->unit == c.unit && c.change == Change::none && q->plausible_min != 0 && q->plausible_max - q->plausible_min < 1e6;
  return conventional ? (q->plausible_max - q->plausible_min) / 20 : 0;
}

// Whether any moment that the rule may look at is of its season and hours; those are written to the minute.
bool ever_in_time(const Rule& rule, const SampleTimes& times) {
  if (rule.seasons.empty() && !rule.hours) return true;
  const TimePoint end = times.end > times.issue ? times.end : times.issue + rule.within;
  for (TimePoint t = end; t >= times.issue - times.continuing_within; t -= Seconds(60))
    if (is_in_time(rule, t, times.utc_offset)) return true;
  return false;
}

}  // namespace

RulePlan::RulePlan(const std::vector<const RulePack*>& p, const HazardInputs& in) : packs(p), inputs(in) {
  for (const RulePack* pack : packs) {
    TimePoint horizon = TimePoint::min();
    for (const Rule& r : pack->rules) horizon = std::max(horizon, add(*pack, r));
    horizons.push_back(horizon);
  }
}

std::size_t RulePlan::axis_of(const Condition& c, const RulePack& pack) {
  const HazardSeries* series = inputs.find_series(c.quantity, c.statistic);
  if (!series) return kNoAxis;
  for (std::size_t k = 0; k < axes.size(); ++k)
    if (&axes[k].time->series() == series && axes[k].least_coverage == pack.least_coverage) return k;
  Seconds back{0}, ahead{0};
  for (const RulePack* p : packs)
    for (const Rule& r : p->rules)
      for (const Condition& other : r.conditions)
        if (other.quantity == c.quantity && other.statistic == c.statistic && p->least_coverage == pack.least_coverage) {
          back = std::max(back, look_back(r, other, p->continuing_within));
          ahead = std::max({ahead, r.within, p->continuing_within});
        }
  // An instant just after the end speaks for the time before it.
  axes.push_back({std::make_unique<SeriesAxis>(*series, Interval{inputs.issue - back, inputs.issue + ahead}), pack.least_coverage, {}});
  return axes.size() - 1;
}

TimePoint RulePlan::add(const RulePack& pack, const Rule& rule) {
  PlannedRule planned;
  planned.rule = &rule;
  planned.pack = &pack;
  TimePoint known_to = inputs.horizon;
  for (const Condition& c : rule.conditions)
    if (const HazardSeries* s = inputs.find_series(c.quantity, c.statistic)) known_to = std::min(known_to, s->horizon.value_or(known_to));
  const SampleTimes times{inputs.issue, std::max(inputs.issue, std::min(inputs.issue + rule.within, known_to)), pack.continuing_within, inputs.utc_offset};
  planned.in_time = ever_in_time(rule, times);
  std::vector<TimePoint> common;
  const auto first_wanted = [&](const Condition& c) {
    const Seconds lasting = std::max(c.lasting, c.once_in);
    return times.issue - std::max(lasting, c.aggregate == Aggregate::each ? pack.continuing_within : Seconds(0)) -
           (rule.daily_at && lasting.count() > 0 ? Seconds(86400) : Seconds(0));
  };
  for (const Condition& c : rule.conditions) {
    PlannedCondition p;
    p.condition = &c;
    p.pack = &pack;
    p.axis = axis_of(c, pack);
    if (!c.threshold_attribute.empty()) p.threshold = inputs.find_attribute(c.threshold_attribute);
    // A number without a unit is in the condition's own; one that cannot be compared is none.
    if (p.threshold && p.threshold->unit != "1" && !units_convertible(p.threshold->unit, c.unit)) p.threshold = nullptr;
    if (p.threshold && p.threshold->unit != "1") p.threshold_unit = convert_units(p.threshold->unit, c.unit);
    p.answerable = p.axis != kNoAxis && (c.threshold_attribute.empty() || p.threshold);
    p.number = conditions++;
    p.reach = conventional_reach(c);
    const auto ends = sample_ends(rule, c, p.axis == kNoAxis ? nullptr : axes[p.axis].time.get(), times, first_wanted(c));
    common.insert(common.end(), ends.begin(), ends.end());
    planned.conditions.push_back(std::move(p));
  }
  std::sort(common.begin(), common.end());
  common.erase(std::unique(common.begin(), common.end()), common.end());
  for (PlannedCondition& p : planned.conditions) {
    if (p.axis == kNoAxis) continue;
    const Condition& c = *p.condition;
    const SeriesAxis& axis = *axes[p.axis].time;
    if (c.aggregate == Aggregate::sum) p.soon = window_on(axis, {inputs.issue, inputs.issue + pack.continuing_within});
    const auto ends = rule.together == Together::time && rule.conditions.size() > 1 ? common : sample_ends(rule, c, &axis, times, first_wanted(c));
    TimePoint before = ends.empty() ? times.issue : ends.front();
    for (const Sample& s : samples_of(rule, c, &axis, ends, times)) {
      PlannedSample planned_sample{s, window_on(axis, s.value), {}, {}};
      if (c.aggregate == Aggregate::each) {  // the piece that speaks for the moment
        const AxisPlace at = axis.place(s.value.end);
        // place() gives the piece after a boundary; the moment belongs to the one that it ends.
        std::size_t k = at.piece;
        if (at.part == 0) k = k > 0 && axis.span(k - 1).end == s.value.end ? k - 1 : axis.size();
        planned_sample.window.first = std::min(k, axis.size());
        planned_sample.window.last = k < axis.size() ? k + 1 : planned_sample.window.first;
      }
      if (s.earlier) planned_sample.earlier = window_on(axis, *s.earlier);
      note_need(axes[p.axis].needs, c.aggregate, planned_sample.window);
      if (s.earlier) note_need(axes[p.axis].needs, c.aggregate, planned_sample.earlier);
      p.has_past = p.has_past || s.past;
      planned_sample.begin = rule.daily_at ? s.end - std::chrono::days(1) : before;
      before = s.end;
      p.samples.push_back(planned_sample);
    }
    p.known_from = p.samples.empty() ? TimePoint::max() : p.samples.front().begin;
    // A series that ends before the issue time, or no time of decision in what the rule looks into.
    p.time_unknown = std::none_of(p.samples.begin(), p.samples.end(), [](const PlannedSample& x) { return x.sample.counts; });
  }
  for (const RegionGate& g : rule.gates) {
    PlannedGate gate{&g, inputs.find_attribute(g.attribute), g.value};
    if (gate.attribute && !g.unit.empty() && gate.attribute->unit != "1") {
      if (units_convertible(g.unit, gate.attribute->unit)) gate.value = convert_units(g.unit, gate.attribute->unit)(g.value);
      else gate.attribute = nullptr;
    }
    planned.gates.push_back(gate);
  }
  rules.push_back(std::move(planned));
  return known_to;
}

}  // namespace guyu
