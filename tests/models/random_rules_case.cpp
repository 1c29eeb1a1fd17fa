#include "tests/models/random_rules_case.h"

#include <algorithm>
#include <limits>
#include <random>

namespace guyu::test {
namespace {

const TimePoint kIssueOfAll = parse_time("2024-06-10T02:30:00Z");
constexpr float kHole = std::numeric_limits<float>::quiet_NaN();

struct Dice {
  std::mt19937 random;
  int upto(int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); }  // 0 to n - 1
  bool one_in(int n) { return upto(n) == 0; }
  template <typename T>
  T of(std::initializer_list<T> list) {
    return list.begin()[upto(static_cast<int>(list.size()))];
  }
};

struct Subject {
  const char *quantity, *statistic;
  double middle, step;  // values are the middle and up to four steps on either side, not below zero
};
constexpr Subject kSubjects[] = {{"wind_speed", "mean", 10, 2},          {"wind_speed_of_gust", "max", 14, 3},   {"visibility_in_air", "min", 800, 200},
                                 {"air_temperature", "mean", 273.15, 4}, {"relative_humidity", "p90", 0.5, 0.1}, {"precipitation_amount", "mean", 3, 1.5},
                                 {"snowfall_amount", "max", 1, 0.5}};

Seconds hours(int n) { return std::chrono::hours(n); }
constexpr std::initializer_list<int> kWindows{1, 2, 3, 6, 12, 24};

Condition random_condition(Dice& dice) {
  const Subject& s = kSubjects[dice.upto(static_cast<int>(std::size(kSubjects)))];
  const Quantity& q = *find_quantity(s.quantity);
  const bool amount = is_amount(q);
  Condition c;
  c.quantity = s.quantity, c.statistic = s.statistic, c.unit = q.unit;
  if (amount) c.aggregate = dice.one_in(4) ? Aggregate::each : dice.one_in(5) ? Aggregate::maximum : Aggregate::sum;
  else c.aggregate = dice.of({Aggregate::each, Aggregate::each, Aggregate::each, Aggregate::mean, Aggregate::maximum, Aggregate::minimum});
  if (c.aggregate != Aggregate::each) c.window = hours(dice.of(kWindows));
  if (dice.one_in(6)) c.change = dice.one_in(2) ? Change::fall : Change::rise, c.change_over = hours(1 + dice.upto(24));
  if (dice.one_in(12)) c.at = hours(dice.upto(24));
  c.compare = dice.of({Compare::at_least, Compare::above, Compare::at_most, Compare::below});
  c.threshold = s.middle + dice.upto(4) * s.step;
  if (c.aggregate == Aggregate::sum) c.threshold += c.threshold * dice.upto(4);
  if (c.change != Change::none) c.threshold = dice.upto(3) * s.step;
  if (dice.one_in(6)) c.threshold_attribute = dice.one_in(4) ? "nowhere" : "own", c.factor = s.middle;
  if (dice.one_in(5)) (dice.one_in(2) ? c.lasting : c.once_in) = hours(1 + dice.upto(6));
  if (c.aggregate == Aggregate::sum && c.quantity == "precipitation_amount" && dice.one_in(2)) {
    // What falls in each place, which is known of the present and later alone.
    c.statistic = dice.of({"max", "p90"});
    c.change = Change::none, c.change_over = c.lasting = c.once_in = Seconds(0), c.at.reset();
  }
  return c;
}

}  // namespace

RulePack random_rules(std::uint32_t seed) {
  Dice dice{std::mt19937(seed)};
  RulePack pack;
  pack.name = pack.hazard = "random";
  pack.continuing_mm = dice.one_in(2) ? 0.5 : 3;
  pack.continuing_within = hours(1 + dice.upto(2));
  if (dice.one_in(2)) pack.level_probability = {0.3, 0.4, 0.5, 0.7};
  for (int level = 4; level >= 1; --level)
    for (int n = dice.upto(3); n >= 0; --n) {
      Rule r;
      r.level = static_cast<Level>(level);
      r.name = "random." + std::to_string(pack.rules.size());
      r.within = hours(dice.of({1, 2, 6, 12, 24, 48}));
      if (dice.one_in(8)) r.daily_at = hours(dice.upto(24));
      for (int conditions = 1 + dice.upto(4) * dice.upto(2); conditions > 0; --conditions) r.conditions.push_back(random_condition(dice));
      std::size_t counted = r.conditions.size();
      if (counted > 1 && dice.one_in(4)) r.conditions[0].required = true, --counted;
      if (counted > 1 && dice.one_in(6)) r.conditions[1].required = true, --counted;
      r.needed = dice.one_in(2) ? counted : 1 + static_cast<std::size_t>(dice.upto(static_cast<int>(counted)));
      if (dice.one_in(2)) r.together = Together::time;
      // The rest of the pack often looks at the same things in another time.
      if (!pack.rules.empty() && dice.one_in(3)) r.conditions = pack.rules.back().conditions, r.needed = pack.rules.back().needed;
      if (std::any_of(r.conditions.begin(), r.conditions.end(), [](const Condition& c) { return c.sums_places(); })) r.daily_at.reset();
      if (dice.one_in(10)) r.seasons.push_back({{6, 1}, {6, 11}});
      if (dice.one_in(10)) r.hours = HoursOfDay{hours(dice.upto(24)), hours(dice.upto(24))};
      if (dice.one_in(8)) r.gates.push_back({dice.one_in(4) ? "nowhere" : "own", "", false, Compare::at_least, 1.0, "own >= 1"});
      pack.rules.push_back(std::move(r));
    }
  return pack;
}

HazardInputs random_inputs(std::size_t regions, std::size_t members, Holes holes, std::uint32_t seed) {
  Dice dice{std::mt19937(seed)};
  HazardInputs in{kIssueOfAll, kIssueOfAll + hours(6 + dice.upto(48)), regions, members};
  const int rare = holes == Holes::many ? 6 : 400;
  const auto lost = [&] { return holes != Holes::none && dice.one_in(rare); };
  RegionAttribute own{"own", "1", {}};
  for (std::size_t r = 0; r < regions; ++r) own.values.push_back(lost() ? kHole : static_cast<float>(dice.upto(8)) / 4);
  in.attributes.push_back(std::move(own));
  const TimePoint last = in.horizon + hours(1);
  const auto random_ends = [&] {
    std::vector<TimePoint> ends;
    for (TimePoint t = in.issue; t < last; t += Seconds(600 * (1 + dice.upto(9)))) ends.push_back(t);
    return ends;
  };
  if (!dice.one_in(5)) {
    HazardSeries to_come{quantities::precipitation_amount(), "max", TimeKind::instant, {}, {}, {}, kToCome};
    for (const TimePoint t : random_ends()) {
      SeriesPiece p{{t, t}, Origin::forecast, {}, {}, {}};
      for (std::size_t m = 0; m < members; ++m) {
        p.members.emplace_back();
        for (std::size_t r = 0; r < regions; ++r) p.members.back().push_back(lost() ? kHole : static_cast<float>(dice.upto(3)) * 2);
      }
      p.values = p.members.front();
      for (std::size_t r = 0; r < regions; ++r) p.coverage.push_back(lost() ? static_cast<float>(dice.upto(11)) / 10 : 1.0F);
      to_come.pieces.push_back(std::move(p));
    }
    in.series.push_back(std::move(to_come));
  }
  for (const int window : kWindows)
    for (const char* statistic : {"max", "p90"}) {
      if (holes == Holes::many && dice.one_in(8)) continue;
      HazardSeries s{quantities::precipitation_amount(), statistic, TimeKind::instant, {}, {}, {}, hours(window)};
      for (const TimePoint t : random_ends()) {
        SeriesPiece p{{t, t}, Origin::forecast, {}, {}, {}};
        const auto fill = [&](std::vector<float>& values) {
          for (std::size_t r = 0; r < regions; ++r) values.push_back(lost() ? kHole : static_cast<float>(dice.upto(6)) * 4);
        };
        fill(p.values);
        for (std::size_t r = 0; r < regions; ++r) p.coverage.push_back(lost() ? static_cast<float>(dice.upto(11)) / 10 : 1.0F);
        if (!dice.one_in(6))
          for (std::size_t m = 0; m < members; ++m) fill(p.members.emplace_back());
        if (t - s.window < in.issue)
          for (std::size_t r = 0; r < regions; ++r) p.observed.push_back(lost() ? kHole : static_cast<float>(dice.upto(5)) * 4);
        s.pieces.push_back(std::move(p));
      }
      in.series.push_back(std::move(s));
    }
  for (const Subject& subject : kSubjects) {
    if (holes == Holes::many && dice.one_in(8)) continue;
    const Quantity& q = *find_quantity(subject.quantity);
    HazardSeries s{q, subject.statistic, is_amount(q) ? TimeKind::accumulation : TimeKind::mean, {}, {}, {}};
    const bool instants = !is_amount(q) && dice.one_in(2), even = dice.one_in(2);
    TimePoint t = in.issue - hours(holes == Holes::none ? 100 : 20 + dice.upto(60));
    if (dice.one_in(6)) s.horizon = in.issue + hours(12);
    while (t < in.horizon + hours(2)) {
      TimePoint end = t + (even ? Seconds(3600) : Seconds(600 * (1 + dice.upto(12))));
      if (t < in.issue && end > in.issue) end = in.issue;
      const bool observed = t < in.issue;
      SeriesPiece p{{instants ? end : t, end}, observed ? Origin::observed : Origin::forecast, {}, {}, {}};
      const bool calm = dice.one_in(2);
      const auto fill = [&](std::vector<float>& values) {
        for (std::size_t r = 0; r < regions; ++r) {
          const double v = subject.middle + (calm ? dice.upto(2) - 1 : dice.upto(9) - 4) * subject.step;
          values.push_back(lost() ? kHole : static_cast<float>(std::max(0.0, v)));
        }
      };
      fill(p.values);
      for (std::size_t r = 0; r < regions; ++r) p.coverage.push_back(lost() ? static_cast<float>(dice.upto(10)) / 10 : 1.0F);
      // What was observed is mostly the same in all futures, and some futures share a member.
      if (observed ? dice.one_in(150) : !dice.one_in(12))
        for (std::size_t m = 0; m < std::max<std::size_t>(1, members - (seed % 2)); ++m) fill(p.members.emplace_back());
      if (holes != Holes::many || !dice.one_in(12)) s.pieces.push_back(std::move(p));
      t = end;
    }
    in.series.push_back(std::move(s));
  }
  return in;
}

}  // namespace guyu::test
