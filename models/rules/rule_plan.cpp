#include "models/rules/rule_plan.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace guyu {
namespace {

void note_need(AxisNeeds& needs, Aggregate aggregate, const AxisWindow& w) {
  needs.totals = needs.totals || aggregate == Aggregate::sum || aggregate == Aggregate::mean;
  if (aggregate == Aggregate::maximum) needs.largest.emplace_back(w.first, w.last);
  if (aggregate == Aggregate::minimum) needs.smallest.emplace_back(w.first, w.last);
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

constexpr double kRounding = 1e-6;  // float amounts that add up to a round threshold

}  // namespace

double PlannedCondition::threshold_of(std::size_t region) const {
  return threshold ? threshold_unit(double{threshold->values[region]}) * condition->factor : condition->threshold;
}

Limit PlannedCondition::limit_of(std::size_t region) const {
  const double t = threshold_of(region);
  const auto level = static_cast<float>(t), tolerance = static_cast<float>(kRounding * std::abs(t)), reached = level - tolerance;
  const auto scale = static_cast<float>(1 / (reach > 0 ? reach : std::abs(t) > 0 ? std::abs(t) : 1));
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  // More than a float is at least the next one.
  switch (condition->compare) {
    case Compare::at_least: return {reached, level, scale, reached};
    case Compare::above: return {std::nextafter(level, kInfinity), level, scale, reached};
    case Compare::at_most: return {-(level + tolerance), -level, scale, reached};
    case Compare::below: return {std::nextafter(-level, kInfinity), -level, scale, reached};
  }
  return {};
}

Answer PlannedGate::is_one(std::size_t region) const {
  const double v = attribute ? double{attribute->values[region]} : std::numeric_limits<double>::quiet_NaN();
  if (std::isnan(v)) return Answer::unknown;
  const Compare c = gate->compare;
  const bool holds = gate->equal              ? v == value
                     : c == Compare::at_least ? v >= value
                     : c == Compare::above    ? v > value
                     : c == Compare::at_most  ? v <= value
                                              : v < value;
  return holds ? Answer::yes : Answer::no;
}

RulePlan::RulePlan(const std::vector<const RulePack*>& p, const HazardInputs& in) : packs(p), inputs(in) {
  for (const RulePack* pack : packs) {
    TimePoint horizon = TimePoint::min();
    for (const Rule& r : pack->rules) horizon = std::max(horizon, add(*pack, r));
    horizons.push_back(horizon);
  }
  link_extremes(extremes);
}

std::size_t RulePlan::axis_of(const Condition& c, const RulePack& pack) {
  const HazardSeries* series = inputs.find_series(c.quantity, c.statistic, c.series_window());
  if (!series) return kNoAxis;
  Seconds back{0}, ahead{0};
  for (const RulePack* p : packs)
    for (const Rule& r : p->rules)
      for (const Condition& other : r.conditions)
        if (other.quantity == c.quantity && other.statistic == c.statistic && other.series_window() == c.series_window() &&
            p->least_coverage == pack.least_coverage) {
          back = std::max(back, look_back(r, other, p->continuing_within));
          ahead = std::max({ahead, r.within, p->continuing_within});
        }
  // An instant just after the end speaks for the time before it.
  return axis_of(*series, pack, {inputs.issue - back, inputs.issue + ahead});
}

std::size_t RulePlan::axis_of(const HazardSeries& series, const RulePack& pack, const Interval& needed) {
  for (std::size_t k = 0; k < axes.size(); ++k)
    if (&axes[k].time->series() == &series && axes[k].least_coverage == pack.least_coverage) return k;
  axes.push_back({std::make_unique<SeriesAxis>(series, needed), pack.least_coverage, {}});
  return axes.size() - 1;
}

std::size_t RulePlan::to_come_axis(const Condition& c, const RulePack& pack) {
  const HazardSeries* largest = inputs.find_series(c.quantity, "max", kToCome);
  if (!largest) return kNoAxis;
  Seconds ahead{0};  // of whoever asks
  for (const RulePack* p : packs)
    for (const Rule& r : p->rules) ahead = std::max({ahead, r.within, p->continuing_within});
  return axis_of(*largest, pack, {inputs.issue - Seconds(1), inputs.issue + ahead});
}

void RulePlan::plan_soon(PlannedCondition& p) {
  const Interval soon{inputs.issue, inputs.issue + p.pack->continuing_within};
  p.soon_axis = p.condition->sums_places() ? to_come_axis(*p.condition, *p.pack) : p.axis;
  if (p.soon_axis == kNoAxis) return;
  const SeriesAxis& axis = *axes[p.soon_axis].time;
  p.soon = p.condition->sums_places() ? moment_on(axis, soon) : window_on(axis, soon);
}

TimePoint RulePlan::add(const RulePack& pack, const Rule& rule) {
  PlannedRule planned;
  planned.rule = &rule;
  planned.pack = &pack;
  planned.at_times = rule.together == Together::time && rule.conditions.size() > 1;
  TimePoint known_to = inputs.horizon;
  for (const Condition& c : rule.conditions)
    if (const HazardSeries* s = inputs.find_series(c.quantity, c.statistic, c.series_window())) known_to = std::min(known_to, s->horizon.value_or(known_to));
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
    planned.counted += c.required ? 0 : 1;
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
    if (c.aggregate == Aggregate::sum) plan_soon(p);
    const bool at_moments = c.aggregate == Aggregate::each || c.sums_places();
    const auto ends = planned.at_times ? common : sample_ends(rule, c, &axis, times, first_wanted(c));
    TimePoint before = ends.empty() ? times.issue : ends.front();
    for (const Sample& s : samples_of(rule, c, &axis, ends, times)) {
      PlannedSample planned_sample{s, at_moments ? moment_on(axis, s.value) : window_on(axis, s.value), {}, {}, {}, false, false};
      if (c.sums_places() && p.soon_axis != kNoAxis) planned_sample.to_come = moment_on(*axes[p.soon_axis].time, {inputs.issue, s.end});
      if (s.earlier) planned_sample.earlier = window_on(axis, *s.earlier);
      if (!at_moments) note_need(axes[p.axis].needs, c.aggregate, planned_sample.window);
      if (s.earlier) note_need(axes[p.axis].needs, c.aggregate, planned_sample.earlier);
      p.has_past = p.has_past || s.past;
      planned_sample.begin = rule.daily_at ? s.end - std::chrono::days(1) : before;
      before = s.end;
      planned_sample.may_be_over = c.aggregate == Aggregate::sum && c.change == Change::none && p.upward() && planned_sample.window.partly_observed;
      planned_sample.soon = planned_sample.begin < times.issue + pack.continuing_within;
      p.samples.push_back(planned_sample);
    }
    if (!at_moments) {  // sums run from the first piece on
      p.last_piece = axis.size();
    } else if (!p.samples.empty()) {
      p.first_piece = (c.change == Change::none ? p.samples.front().window : p.samples.front().earlier).first;
      p.last_piece = p.samples.back().window.last;
    }
    p.known_from = p.samples.empty() ? TimePoint::max() : p.samples.front().begin;
    // A series that ends before the issue time, or no time of decision in what the rule looks into.
    p.time_unknown = std::none_of(p.samples.begin(), p.samples.end(), [](const PlannedSample& x) { return x.sample.counts; });
    if (!planned.at_times && !p.persists()) add_extremes(p);
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

void RulePlan::add_extremes(PlannedCondition& p) {
  const auto of = [&](auto&& wanted) {
    PlannedExtreme e{p.axis, p.condition->aggregate, p.condition->change, p.upward(), {}, kNoExtreme};
    for (const PlannedSample& s : p.samples)
      if (s.sample.in_time && wanted(s)) e.samples.push_back({s.window, s.earlier});
    return e;
  };
  const auto counts = [](const PlannedSample& s) { return s.sample.counts; };
  p.all = add_extreme(extremes, of(counts));
  for (const PlannedSample& s : p.samples) p.may_be_over = p.may_be_over || (s.may_be_over && s.sample.in_time && s.sample.counts);
  if (!p.has_past) return;
  p.past = add_extreme(extremes, of([](const PlannedSample& s) { return s.sample.past && !s.sample.counts; }));
  PlannedExtreme next = of([](const PlannedSample& s) { return s.sample.counts && s.soon; });
  if (!next.samples.empty()) p.next = add_extreme(extremes, std::move(next));
}

}  // namespace guyu
