#include "models/rules/condition_reader.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "engine/core/error.h"
#include "engine/core/quantity.h"
#include "engine/region/zonal_statistics.h"

namespace guyu {
namespace {

using P = ParamType;

// Least wind of a Beaufort force, m/s: GB/T 28591-2012, as the criteria use it.
double beaufort(double force, const std::string& place) {
  constexpr std::array<double, 18> least{0, 0.3, 1.6, 3.4, 5.5, 8.0, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7, 37.0, 41.5, 46.2, 51.0, 56.1};
  const auto k = static_cast<std::size_t>(std::max(0.0, force));
  if (force < 0 || force != std::floor(force) || k >= least.size())
    throw Error(place, fmt::format("there is no wind force {:g}", force), "give a whole force from 0 to 17");
  return least[k];
}

double threshold_value(const std::string& text, const Condition& c, const std::string& place) {
  try {
    if (const auto number = leading_number(text); number && number->rest == "Bft" && c.unit == "m s-1") return beaufort(number->value, place);
    const double value = parse_quantity(text, c.unit);
    if (c.change == Change::none) return value;
    // A difference has no zero point.
    const std::size_t blank = text.find_first_not_of("+-.0123456789eE");
    return value - parse_quantity(blank == std::string::npos ? "0" : "0 " + text.substr(blank), c.unit);
  } catch (const Error& e) {
    throw e.place().empty() ? Error(place, e.reason() + " (the threshold of " + c.quantity + ", " + c.unit + ")", e.remedy()) : e;
  }
}

// Quantities that no table knows are a slip of the pen more often than something new.
const Quantity& known_quantity(const std::string& name, const std::string& place) {
  if (const Quantity* q = find_quantity(name)) return *q;
  const std::string near = nearest_word(name, quantity_names());
  throw Error(place, "the quantity \"" + name + "\" is not known",
              near.empty() ? "guyu rules quantities lists those that are" : "did you mean \"" + near + "\"?");
}

// A unit is the table's business, and a sign that is none of those known would make a name that no table has.
std::string attribute_name(const std::string& text, const std::string& place) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string::npos) throw Error(place, "names no attribute", "write its name, as the table's heading has it");
  std::string name = text.substr(first, text.find_last_not_of(' ') + 1 - first);
  if (name.find_first_of("!<>=~[]") != std::string::npos)
    throw Error(place, "\"" + name + "\" is no name of an attribute", "compare with >=, >, <=, < or =; the unit stands behind the number");
  return name;
}

// Which word series carry for what is made of a region's cells.
const std::string& known_statistic(const std::string& word, const std::string& place) {
  try {
    const auto statistics = parse_zonal_statistics(word);
    if (statistics.size() == 1 && statistics[0].kind != ZonalStatistic::Kind::coverage) return word;
  } catch (const Error& e) {
    throw Error(place, e.reason(), e.remedy());
  }
  throw Error(place, "\"" + word + "\" is no one statistic over the area", "say mean, max, min, p90 or frac>=20");
}

}  // namespace

std::vector<ParamSpec> condition_params() {
  return {{"quantity", P::text, "CF standard name; without it the pack's", ""},
          {"statistic", P::text, "Over the region's area: mean, max, min, p90, frac>=20 (of the canonical unit) ...; without it the pack's", ""},
          {"aggregate",
           P::text,
           "What is made of the values of a window of time; auto: the sum of amounts over a window, else each value by itself",
           "auto",
           "",
           0,
           0,
           {"auto", "each", "sum", "mean", "maximum", "minimum"}},
          {"window", P::duration, "Length of the rolling window", "0 s", "", 0, 30 * 86400},
          {"change", P::text, "The aggregate's fall or rise is compared, not itself", "none", "", 0, 0, {"none", "fall", "rise"}},
          {"change_over", P::duration, "From so long before", "0 s", "", 0, 30 * 86400},
          {"at", P::text, "Looked at only at this local time of day (\"14:00\"), the last before the moment of decision", ""},
          {"is", P::text, "How the value compares with the threshold", "at least", "", 0, 0, {"at least", "above", "at most", "below"}},
          {"threshold", P::text,
           "With its unit: \"50 mm\", \"-5 degC\", \"8 Bft\" (the least wind of a Beaufort force), or \"attribute NAME\": the region's own", ""},
          {"factor", P::number, "Times the region's own threshold", "1", "", 0.001, 1000},
          {"lasting", P::duration, "It holds all through so long before", "0 s", "", 0, 30 * 86400},
          {"once_in", P::duration, "It held at least once in so long before", "0 s", "", 0, 30 * 86400},
          {"required", P::boolean, "Must hold whatever `combine` says of the other conditions", "false"}};
}

std::optional<int> whole_number(std::string_view text) {
  int v = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), v);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return v;
}

std::optional<NumberAndRest> leading_number(const std::string& text) {
  char* end = nullptr;
  const double v = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || !std::isfinite(v)) return std::nullopt;
  while (*end == ' ') ++end;
  return NumberAndRest{v, end};
}

Seconds read_time_of_day(const std::string& text, const std::string& place) {
  const std::size_t colon = text.find(':');
  const auto h = whole_number(std::string_view(text).substr(0, colon));
  const auto m = colon == std::string::npos ? std::optional<int>(0) : whole_number(std::string_view(text).substr(colon + 1));
  if (!h || !m || *h < 0 || *h > 24 || *m < 0 || *m > 59 || *h * 60 + *m > 1440)
    throw Error(place, "\"" + text + "\" is no time of day", "write it like \"14:00\"");
  return Seconds{*h * 3600 + *m * 60};
}

// What falls in each place is summed up for rain alone, and only for windows that end at the issue time or later.
void check_sum_of_places(const Condition& c, const ConfigTable& t) {
  if (c.quantity != quantities::precipitation_amount().name)
    throw Error(t.place("statistic"), "the " + c.statistic + " over the area of a sum is known of precipitation_amount, not of " + c.quantity,
                "take the mean, or a quantity that is summed place by place before");
  const std::string so = "the " + c.statistic + " over the area of a sum is known of windows that end at the issue time or later";
  if (c.change != Change::none) throw Error(t.place("change"), so + ", so that nothing is known of its change", "take the mean");
  if (c.at) throw Error(t.place("at"), so + ", not of times of day before", "take the mean, or leave out \"at\"");
  if (c.lasting.count() > 0 || c.once_in.count() > 0)
    throw Error(t.place(c.lasting.count() > 0 ? "lasting" : "once_in"), so + ", not of what held before", "take the mean, or a longer window");
}

Condition read_condition(const ConfigTable& t, const ConfigTable& root, bool may_be_required) {
  Condition c;
  c.place = t.place("threshold");
  const std::string& own = t.text("quantity");
  const Quantity& quantity = known_quantity(own.empty() ? root.text("quantity") : own, own.empty() ? root.place("quantity") : t.place("quantity"));
  c.quantity = quantity.name;
  c.unit = quantity.unit;
  const bool own_statistic = !t.text("statistic").empty();
  c.statistic = known_statistic(own_statistic ? t.text("statistic") : root.text("statistic"), own_statistic ? t.place("statistic") : root.place("statistic"));
  if (c.statistic.starts_with("frac")) c.unit = "1";  // the threshold is a share of the area
  c.window = t.duration("window");
  const std::string& aggregate = t.text("aggregate");
  const bool amount = is_amount(quantity);
  if (aggregate == "auto") {
    c.aggregate = amount && c.window.count() > 0 ? Aggregate::sum : Aggregate::each;
    if (!amount && c.window.count() > 0)
      throw Error(t.place("window"), "a window over " + quantity.name + " needs an aggregate",
                  "say maximum, minimum or mean; or give \"within\" instead of \"window\"");
  } else {
    for (const Aggregate a : {Aggregate::each, Aggregate::sum, Aggregate::mean, Aggregate::maximum, Aggregate::minimum})
      if (aggregate == to_string(a)) c.aggregate = a;
  }
  if (c.aggregate == Aggregate::each && c.window.count() > 0) throw Error(t.place("window"), "each value by itself has no window", "give \"within\" instead");
  if (c.aggregate != Aggregate::each && c.window.count() < 60)
    throw Error(t.place("window"), "the " + aggregate + " needs a window", "give \"window\", e.g. \"24 h\"");
  if ((c.aggregate == Aggregate::sum) != amount && (c.aggregate == Aggregate::sum || c.aggregate == Aggregate::mean))
    throw Error(t.place("aggregate"),
                quantity.name + (amount ? " is an amount, which has a sum and no mean over time" : " is no amount and has no sum over time"),
                amount ? "say sum" : "say mean, maximum or minimum");
  const std::string& change = t.text("change");
  c.change = change == "fall" ? Change::fall : change == "rise" ? Change::rise : Change::none;
  c.change_over = t.duration("change_over");
  if ((c.change != Change::none) != (c.change_over.count() > 0))
    throw Error(t.place(c.change != Change::none ? "change" : "change_over"), "\"change\" and \"change_over\" belong together", "give both or none");
  if (!t.text("at").empty()) c.at = read_time_of_day(t.text("at"), t.place("at"));
  const std::string& is = t.text("is");
  c.compare = is == "at least" ? Compare::at_least : is == "above" ? Compare::above : is == "at most" ? Compare::at_most : Compare::below;
  const std::string& threshold = t.text("threshold");
  if (threshold.empty()) throw Error(t.place("threshold"), "has no threshold", "give one with its unit, e.g. \"50 mm\"");
  constexpr std::string_view kAttribute = "attribute ";
  if (threshold.starts_with(kAttribute)) {
    c.threshold_attribute = attribute_name(threshold.substr(kAttribute.size()), t.place("threshold"));
    c.factor = t.number("factor");
  } else {
    c.threshold = threshold_value(threshold, c, t.place("threshold"));
    if (t.given("factor")) throw Error(t.place("factor"), "a factor belongs to a threshold that is an attribute", "write the product");
  }
  c.lasting = t.duration("lasting");
  c.once_in = t.duration("once_in");
  if (c.lasting.count() > 0 && c.once_in.count() > 0) throw Error(t.place("once_in"), "\"lasting\" and \"once_in\" exclude each other", "keep one of them");
  if (may_be_required) c.required = t.flag("required");
  if (c.sums_places()) check_sum_of_places(c, t);
  return c;
}

RegionGate read_gate(const std::string& text, const std::string& place) {
  RegionGate g;
  g.text = text;
  const std::size_t op = text.find_first_of("<>=");
  if (op == std::string::npos || op == 0) throw Error(place, "\"" + text + "\" compares nothing", "write it like \"slope >= 15 degree\"");
  g.attribute = attribute_name(text.substr(0, op), place);
  const bool with_equal = op + 1 < text.size() && text[op + 1] == '=';
  g.equal = text[op] == '=';
  g.compare = text[op] == '>' ? (with_equal ? Compare::at_least : Compare::above) : with_equal ? Compare::at_most : Compare::below;
  std::string value = text.substr(op + (with_equal ? 2 : 1));
  value.erase(0, value.find_first_not_of(' '));
  const auto number = leading_number(value);
  if (!number) throw Error(place, "\"" + text + "\" compares with no number", "write it like \"slope >= 15 degree\"");
  g.value = number->value;
  g.unit = number->rest;
  return g;
}

}  // namespace guyu
