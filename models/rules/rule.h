#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/core/time.h"
#include "engine/region/risk_table.h"

namespace guyu {

// What is made of a quantity's values over a window of time before a decision is taken.
enum class Aggregate { each, sum, mean, maximum, minimum };  // each: the values of the steps themselves
enum class Change { none, fall, rise };                      // of the aggregate, from a time before to the time itself
enum class Compare { at_least, above, at_most, below };
std::string_view to_string(Aggregate aggregate);
std::string_view symbol(Compare compare);  // ">=", ">", "<=", "<"

// "The 24 h minimum of air_temperature (mean over the township) falls by at least 8 K within 48 h."
struct Condition {
  std::string quantity, unit;  // CF standard name; its canonical unit
  std::string statistic = "mean";
  Aggregate aggregate = Aggregate::each;
  Seconds window{0};  // of the aggregate; 0 for `each`
  Change change = Change::none;
  Seconds change_over{0};
  std::optional<Seconds> at{};  // looked at only at this local time of day: the last one not after the moment of decision
  Compare compare = Compare::at_least;
  double threshold = 0;             // canonical unit
  std::string threshold_attribute;  // a region's own threshold instead, times `factor`
  double factor = 1;
  Seconds lasting{0};     // it holds all through the time before
  Seconds once_in{0};     // it held at least once in the time before
  bool required = false;  // must hold whatever the rule's combination of the others
  std::string place;      // file:line of the pack

  // What falls in each place over the window is asked for, not the sum of what the area gets: a series of its own (HazardSeries::window).
  bool sums_places() const { return aggregate == Aggregate::sum && statistic != "mean"; }
  Seconds series_window() const { return sums_places() ? window : Seconds(0); }
};

struct DayOfYear {
  int month = 1, day = 1;
  auto operator<=>(const DayOfYear&) const = default;
};
struct Season {
  DayOfYear from, to;  // both inside; from > to: over the new year; midnight belongs to the day that it ends
  bool holds(TimePoint t, Seconds utc_offset) const;
};
struct HoursOfDay {
  Seconds from{0}, to{86400};  // local; from > to: over midnight; (from, to]
  bool holds(TimePoint t, Seconds utc_offset) const;
};
// Only in regions whose attribute compares so; a region whose attribute is not known may be one.
struct RegionGate {
  std::string attribute, unit;
  bool equal = false;  // "=", for codes
  Compare compare = Compare::at_least;
  double value = 0;
  std::string text;
};

// Whether conditions must hold at one and the same moment, or each at any moment of the window that the rule looks into.
enum class Together { window, time };

struct Rule {
  Level level = Level::blue;
  std::string name;                   // "rainstorm.orange.3h"
  std::string grade;                  // a name beside the level, e.g. "extreme rainstorm"
  Seconds within{0};                  // the rule looks so far ahead of the issue time
  std::optional<Seconds> daily_at{};  // decided once a day, at this local time; else at every step
  Together together = Together::window;
  std::size_t needed = 1;  // of the conditions that are not required
  std::vector<Condition> conditions;
  std::vector<Season> seasons;
  std::optional<HoursOfDay> hours{};
  std::vector<RegionGate> gates;
  std::string source, edition, effective;
  bool verified = false;
  std::string place;
};

// Words for people: "sum of precipitation_amount over 3 h >= 50 mm".
std::string describe(const Condition& condition);
std::string describe(const Rule& rule);

}  // namespace guyu
