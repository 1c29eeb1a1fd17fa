#include "models/rules/rule.h"

#include <fmt/format.h>

#include "engine/core/quantity.h"

namespace guyu {
namespace {

Seconds time_of_day(TimePoint local) { return local - std::chrono::floor<std::chrono::days>(local); }

std::string duration_text(Seconds s) {
  if (s.count() % 86400 == 0 && s.count() >= 2 * 86400) return fmt::format("{} days", s.count() / 86400);
  return s.count() % 3600 == 0 ? fmt::format("{} h", s.count() / 3600) : fmt::format("{} min", s.count() / 60);
}
std::string clock_text(Seconds s) { return fmt::format("{:02}:{:02}", s.count() / 3600, s.count() / 60 % 60); }

// As people write it: temperatures in degC, but differences of them in K; humidity and shares in percent.
std::string threshold_text(const Condition& c) {
  if (!c.threshold_attribute.empty()) {
    const std::string own = "the region's own " + c.threshold_attribute;
    return c.factor == 1 ? own : fmt::format("{:g} times {}", c.factor, own);
  }
  if (c.unit == "K" && c.change == Change::none) return fmt::format("{:g} degC", c.threshold - 273.15);
  if (c.unit == "1" && c.quantity == "relative_humidity") return fmt::format("{:g} %", c.threshold * 100);
  return c.unit == "1" ? fmt::format("{:g}", c.threshold) : fmt::format("{:g} {}", c.threshold, c.unit);
}

}  // namespace

std::string_view to_string(Aggregate a) {
  switch (a) {
    case Aggregate::each: return "each";
    case Aggregate::sum: return "sum";
    case Aggregate::mean: return "mean";
    case Aggregate::maximum: return "maximum";
    case Aggregate::minimum: return "minimum";
  }
  return "";
}

std::string_view symbol(Compare c) {
  switch (c) {
    case Compare::at_least: return ">=";
    case Compare::above: return ">";
    case Compare::at_most: return "<=";
    case Compare::below: return "<";
  }
  return "";
}

bool Season::holds(TimePoint t, Seconds utc_offset) const {
  // Midnight ends a day, as it does for hours.
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(t + utc_offset - Seconds(1))};
  const DayOfYear day{static_cast<int>(static_cast<unsigned>(date.month())), static_cast<int>(static_cast<unsigned>(date.day()))};
  return from <= to ? from <= day && day <= to : day >= from || day <= to;
}

bool HoursOfDay::holds(TimePoint t, Seconds utc_offset) const {
  const Seconds time = time_of_day(t + utc_offset);
  const Seconds since = time.count() == 0 ? Seconds{86400} : time;  // midnight ends a day
  return from <= to ? since > from && since <= to : since > from || since <= to;
}

std::string describe(const Condition& c) {
  std::string what = c.quantity;
  if (c.sums_places()) what = fmt::format("{} over the area of the {} of {} over {}", c.statistic, to_string(c.aggregate), what, duration_text(c.window));
  else if (c.statistic != "mean") what += " (" + c.statistic + " over the area)";
  if (!c.sums_places() && c.aggregate != Aggregate::each) what = fmt::format("{} of {} over {}", to_string(c.aggregate), what, duration_text(c.window));
  if (c.change != Change::none) what = fmt::format("{} within {} of the {}", c.change == Change::fall ? "fall" : "rise", duration_text(c.change_over), what);
  if (c.at) what += " at " + clock_text(*c.at);
  what += fmt::format(" {} {}", symbol(c.compare), threshold_text(c));
  if (c.lasting.count() > 0) what += " for " + duration_text(c.lasting);
  if (c.once_in.count() > 0) what += " once in " + duration_text(c.once_in);
  return what;
}

std::string describe(const Rule& r) {
  std::vector<std::string> required, counted;
  for (const Condition& c : r.conditions) (c.required ? required : counted).push_back(describe(c));
  std::string text;
  if (counted.size() > 1) text = r.needed == counted.size() ? "all of: " : r.needed == 1 ? "any of: " : fmt::format("at least {} of: ", r.needed);
  text += fmt::format("{}", fmt::join(counted, "; "));
  if (!required.empty()) text += (text.empty() ? "" : ", and ") + fmt::format("{}", fmt::join(required, " and "));
  if (r.conditions.size() > 1 && r.together == Together::time) text += ", at the same time";
  text += ", within " + duration_text(r.within);
  if (r.daily_at) text += ", decided daily at " + clock_text(*r.daily_at);
  for (const Season& s : r.seasons) text += fmt::format(", from {:02}-{:02} to {:02}-{:02}", s.from.month, s.from.day, s.to.month, s.to.day);
  if (r.hours) text += ", from " + clock_text(r.hours->from) + " to " + clock_text(r.hours->to);
  for (const RegionGate& g : r.gates) text += ", where " + g.text;
  return text;
}

}  // namespace guyu
