#include "models/rules/pack_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/core/quantity.h"

namespace guyu {
namespace {

bool upward(Compare c) { return c == Compare::at_least || c == Compare::above; }

bool implies(const Condition& a, const Condition& b) {
  if (a.quantity != b.quantity || a.statistic != b.statistic || a.aggregate != b.aggregate || a.change != b.change || a.change_over != b.change_over ||
      a.at != b.at)
    return false;
  if (upward(a.compare) != upward(b.compare) || a.threshold_attribute != b.threshold_attribute) return false;
  const double x = a.threshold_attribute.empty() ? a.threshold : a.factor, y = b.threshold_attribute.empty() ? b.threshold : b.factor;
  const bool strict_enough = a.compare == b.compare || b.compare == Compare::at_least || b.compare == Compare::at_most || x != y;
  if (!strict_enough || (upward(a.compare) ? x < y : x > y)) return false;
  const bool eased_by_length = (a.aggregate == Aggregate::sum || a.aggregate == Aggregate::maximum) == upward(a.compare) && a.aggregate != Aggregate::mean;
  if (a.aggregate != Aggregate::each && a.window != b.window && !(eased_by_length && b.window > a.window)) return false;
  // Held all through `lasting`; held once in `once_in`.
  if (b.lasting.count() > 0 && a.lasting < b.lasting) return false;
  if (a.once_in.count() > 0 && (b.once_in.count() == 0 || b.once_in < a.once_in)) return false;
  return true;
}

bool same_gates(const Rule& a, const Rule& b) {
  const auto texts = [](const Rule& r) {
    std::vector<std::string> t;
    for (const RegionGate& g : r.gates) t.push_back(g.text);
    std::sort(t.begin(), t.end());
    return t;
  };
  const auto same_seasons = [&] {
    return std::equal(a.seasons.begin(), a.seasons.end(), b.seasons.begin(), b.seasons.end(),
                      [](const Season& x, const Season& y) { return x.from == y.from && x.to == y.to; });
  };
  const bool hours = !b.hours || (a.hours && a.hours->from == b.hours->from && a.hours->to == b.hours->to);
  return (b.gates.empty() || texts(a) == texts(b)) && (b.seasons.empty() || same_seasons()) && hours;
}

void check_condition(const Rule& r, const Condition& c, std::vector<PackFinding>& found) {
  if (!c.threshold_attribute.empty()) return;
  const Quantity* q = find_quantity(c.quantity);
  double least = q ? q->plausible_min : -1e30, most = q ? q->plausible_max : 1e30;
  if (c.statistic.starts_with("frac")) least = 0, most = 1;
  if (c.change != Change::none) most = most - least, least = -most;
  const double t = c.threshold;
  const bool never = (c.compare == Compare::at_least && t > most) || (c.compare == Compare::above && t >= most) ||
                     (c.compare == Compare::at_most && t < least) || (c.compare == Compare::below && t <= least);
  const bool always = (c.compare == Compare::at_least && t <= least) || (c.compare == Compare::above && t < least) ||
                      (c.compare == Compare::at_most && t >= most) || (c.compare == Compare::below && t > most);
  if (never)
    found.push_back({true, c.place, fmt::format("{} can never hold: {} is from {:g} to {:g} {}", r.name, c.quantity, least, most, c.unit),
                     "check the figure and its unit"});
  if (always) found.push_back({false, c.place, fmt::format("{}: \"{}\" holds always", r.name, describe(c)), "check the figure and its unit"});
}

void check_contradiction(const Rule& r, std::vector<PackFinding>& found) {
  if (r.conditions.size() < 2) return;
  std::size_t counted = 0;
  for (const Condition& c : r.conditions) counted += c.required ? 0 : 1;
  const bool all = r.needed == counted;
  for (const Condition& low : r.conditions)
    for (const Condition& high : r.conditions) {
      if (!upward(high.compare) || upward(low.compare) || !low.threshold_attribute.empty() || !high.threshold_attribute.empty()) continue;
      const bool must = (all || (low.required && high.required)) && r.together == Together::time;
      const bool same = low.quantity == high.quantity && low.statistic == high.statistic && low.aggregate == high.aggregate && low.window == high.window &&
                        low.change == high.change && low.change_over == high.change_over && low.at == high.at && low.once_in.count() == 0 &&
                        high.once_in.count() == 0;
      if (!must || !same) continue;
      const bool both_closed = high.compare == Compare::at_least && low.compare == Compare::at_most;
      if (high.threshold > low.threshold || (high.threshold == low.threshold && !both_closed))
        found.push_back({true, high.place,
                         fmt::format("{} can never hold: {} cannot be {} {:g} and {} {:g} at one time", r.name, high.quantity, symbol(high.compare),
                                     high.threshold, symbol(low.compare), low.threshold),
                         "part the conditions into two rules"});
    }
}

// Gates of one attribute leave it no value.
void check_gates(const Rule& r, std::vector<PackFinding>& found) {
  for (const RegionGate& low : r.gates)
    for (const RegionGate& high : r.gates) {
      if (low.attribute != high.attribute || !(upward(high.compare) || high.equal) || !(!upward(low.compare) || low.equal) || &low == &high) continue;
      double least = high.value;
      if (high.unit != low.unit) {
        if (!units_convertible(high.unit, low.unit)) continue;
        least = convert_units(high.unit, low.unit)(high.value);
      }
      const bool both_closed = (high.equal || high.compare == Compare::at_least) && (low.equal || low.compare == Compare::at_most);
      if (least > low.value || (least == low.value && !both_closed)) {
        found.push_back({true, r.place, fmt::format("{} can never hold: no region has {} and {}", r.name, high.text, low.text), "part the rule into two"});
        return;
      }
    }
}

void check_clock(const Rule& r, std::vector<PackFinding>& found) {
  if (r.hours && r.hours->from == r.hours->to)
    found.push_back(
        {true, r.place, r.name + " can never hold: its hours begin when they end", "write them like \"10:00..18:00\", or all of the day 00:00..24:00"});
  else if (r.daily_at && r.hours && !r.hours->holds(TimePoint{} + *r.daily_at, Seconds{0}))
    found.push_back({true, r.place, r.name + " can never hold: it is decided at a time of day outside of its hours", "mend \"daily_at\" or \"hours\""});
  if (r.daily_at && r.within < Seconds(86400))
    found.push_back({false, r.place,
                     fmt::format("{} is unknown for most of the day: it is decided once a day and looks {:g} h ahead", r.name,
                                 static_cast<double>(r.within.count()) / 3600),
                     "let it look 24 h ahead"});
}

}  // namespace

bool implies(const Rule& a, const Rule& b) {
  if (!same_gates(a, b) || a.daily_at != b.daily_at || (a.conditions.size() > 1 && a.together != b.together)) return false;
  if (b.within < a.within) return false;
  const auto any_implies = [](const Rule& from, const Condition& to, bool of_required) {
    return std::any_of(from.conditions.begin(), from.conditions.end(), [&](const Condition& c) { return (!of_required || c.required) && implies(c, to); });
  };
  std::size_t a_counted = 0;
  for (const Condition& c : a.conditions) a_counted += c.required ? 0 : 1;
  const bool a_all = a.needed == a_counted;
  // What b requires must follow from something that a is sure of.
  for (const Condition& c : b.conditions)
    if (c.required && !any_implies(a, c, !a_all)) return false;
  if (b.needed == 0) return true;
  if (a_all) {
    std::size_t sure = 0;
    for (const Condition& c : b.conditions) sure += !c.required && any_implies(a, c, false) ? 1 : 0;
    return sure >= b.needed;
  }
  // Any k of a's: each brings one of b's of its own.
  std::size_t lost = 0;
  std::vector<bool> taken(b.conditions.size(), false);
  for (const Condition& c : a.conditions) {
    if (c.required) continue;
    bool found = false;
    for (std::size_t k = 0; k < b.conditions.size() && !found; ++k) {
      if (taken[k] || b.conditions[k].required || !implies(c, b.conditions[k])) continue;
      taken[k] = found = true;
    }
    lost += found ? 0 : 1;
  }
  return a.needed >= b.needed + lost;
}

std::vector<PackFinding> check_pack(const RulePack& pack) {
  std::vector<PackFinding> found;
  for (std::size_t i = 0; i < pack.rules.size(); ++i) {
    const Rule& r = pack.rules[i];
    for (const Condition& c : r.conditions) check_condition(r, c, found);
    check_contradiction(r, found);
    check_gates(r, found);
    check_clock(r, found);
    for (std::size_t k = 0; k < i; ++k) {
      const Rule& o = pack.rules[k];
      if (o.name == r.name) {
        found.push_back({true, r.place, r.name + " stands twice", "keep one of them, or give the second a \"name\""});
        continue;
      }
      if (o.level == r.level) {
        if (r.grade == o.grade && (implies(r, o) || implies(o, r)))
          found.push_back({false, r.place, fmt::format("{} holds whenever {} does", implies(r, o) ? o.name : r.name, implies(r, o) ? r.name : o.name),
                           "the stricter one can go"});
        continue;
      }
      const Rule &high = o.level > r.level ? o : r, &low = o.level > r.level ? r : o;
      if (implies(low, high))
        found.push_back({true, high.place,
                         fmt::format("{} ({}) is reached no later than {} ({}): levels must nest", high.name, describe(high), low.name, describe(low)),
                         "raise the severer threshold or shorten its window"});
    }
  }
  return found;
}

std::vector<PackFinding> check_inputs(const RulePack& pack, const AvailableInputs& available) {
  std::vector<PackFinding> found;
  // Why an attribute cannot be compared; empty: it can. A number without a unit is taken in the rule's own.
  const auto lacks = [&](const std::string& name, const std::string& unit) -> std::string {
    const auto a = std::find_if(available.attributes.begin(), available.attributes.end(), [&](const AvailableInputs::Attribute& o) { return o.name == name; });
    if (a == available.attributes.end()) return "the attribute " + name;
    const bool comparable = unit.empty() || a->unit == "1" || units_convertible(a->unit, unit);
    return comparable ? "" : fmt::format("the attribute {} in a unit like {} (it is in {})", name, unit, a->unit);
  };
  for (const Rule& r : pack.rules) {
    std::vector<std::string> lacking;
    std::size_t counted = 0, answerable = 0;
    bool blocked = false;
    for (const Condition& c : r.conditions) {
      const bool there = std::find(available.series.begin(), available.series.end(), AvailableInputs::Series{c.quantity, c.statistic, c.series_window()}) !=
                         available.series.end();
      const std::string own = c.threshold_attribute.empty() ? "" : lacks(c.threshold_attribute, c.unit);
      const bool threshold = own.empty();
      if (!there) lacking.push_back(c.quantity + (c.statistic == "mean" ? "" : " (" + c.statistic + ")"));
      if (!threshold) lacking.push_back(own);
      if (c.required) blocked = blocked || !there || !threshold;
      else ++counted, answerable += there && threshold ? 1 : 0;
    }
    for (const RegionGate& g : r.gates)
      if (std::string own = lacks(g.attribute, g.unit); !own.empty()) lacking.push_back(std::move(own)), blocked = true;
    std::string all;
    for (const std::string& l : lacking) all += (all.empty() ? "" : ", ") + l;
    if (blocked || answerable < r.needed)
      found.push_back({false, r.place, r.name + " can never hold with these inputs: nothing gives " + all,
                       "give the run a series or attribute of it, or leave the rule out"});
    else if (!lacking.empty())
      found.push_back({false, r.place, r.name + " can hold but never be ruled out with these inputs: nothing gives " + all, "give the run a series of it"});
    if (available.horizon.count() > 0 && r.within > available.horizon)
      found.push_back({false, r.place,
                       fmt::format("{} looks {:g} h ahead, the run {:g} h", r.name, static_cast<double>(r.within.count()) / 3600,
                                   static_cast<double>(available.horizon.count()) / 3600),
                       "it answers for the run's time only"});
  }
  return found;
}

}  // namespace guyu
