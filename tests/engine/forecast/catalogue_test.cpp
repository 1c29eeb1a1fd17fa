#include "engine/forecast/catalogue.h"

#include <boost/test/unit_test.hpp>

namespace guyu {
namespace {

TimePoint at(int hour) { return TimePoint(Seconds(3600 * hour)); }

ForecastEntry entry(const std::string& quantity, const std::string& level, int run, int begin, int end, std::optional<int> member = {}, int arrival = 0) {
  ForecastEntry e;
  e.meta.quantity = *find_quantity(quantity);
  e.meta.level = level;
  e.meta.reference = at(run);
  e.meta.valid = {at(begin), at(end)};
  e.meta.kind = begin == end ? TimeKind::instant : TimeKind::accumulation;
  e.meta.member = member;
  e.arrival = at(arrival);
  return e;
}

ForecastEntry temperature(int run, int hour, std::optional<int> member = {}, int arrival = 0) {
  return entry("air_temperature", "2 m", run, hour, hour, member, arrival);
}

const Variable kTemperature{"air_temperature", "2 m"}, kRain{"precipitation_amount", "surface"};

bool has_note(const ForecastSelection& s, const std::string& words) {
  return std::any_of(s.notes.begin(), s.notes.end(), [&](const std::string& n) { return n.find(words) != std::string::npos; });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(forecast_catalogue)

BOOST_AUTO_TEST_CASE(the_newest_run_that_had_arrived_is_taken) {
  const std::vector<ForecastEntry> entries{temperature(0, 12, {}, 5), temperature(6, 12, {}, 11), temperature(12, 12, {}, 17)};
  const auto reference = [&](int as_of) { return select_forecast(entries, {{kTemperature}, at(as_of), {at(0), at(48)}}).steps.at(0).reference; };
  BOOST_TEST((reference(18) == at(12)));
  BOOST_TEST((reference(16) == at(6)));
  BOOST_TEST((reference(10) == at(0)));
  BOOST_TEST(select_forecast(entries, {{kTemperature}, at(4), {at(0), at(48)}}).steps.empty());
}

BOOST_AUTO_TEST_CASE(a_partial_run_goes_on_with_the_run_before_and_says_so) {
  std::vector<ForecastEntry> entries;
  for (int h = 3; h <= 24; h += 3) entries.push_back(temperature(0, h));
  for (int h = 9; h <= 15; h += 3) entries.push_back(temperature(6, h));
  const ForecastSelection s = select_forecast(entries, {{kTemperature}, at(7), {at(6), at(48)}});
  BOOST_REQUIRE(s.steps.size() == 6);
  for (std::size_t k = 0; k < s.steps.size(); ++k) {
    BOOST_TEST((s.steps[k].valid.end == at(9 + 3 * static_cast<int>(k))));
    BOOST_TEST((s.steps[k].reference == at(k < 3 ? 6 : 0)));
  }
  BOOST_TEST(has_note(s, "ends at 1970-01-01T15:00:00Z"));
}

BOOST_AUTO_TEST_CASE(amounts_of_an_older_run_never_overlap_those_of_the_newer) {
  std::vector<ForecastEntry> entries;
  for (const int h : {6, 12, 18, 24}) entries.push_back(entry("precipitation_amount", "surface", 0, 0, h));
  for (const int h : {3, 9}) entries.push_back(entry("precipitation_amount", "surface", 6, 6, 6 + h));
  const ForecastSelection s = select_forecast(entries, {{kRain}, at(7), {at(6), at(48)}});
  TimePoint covered = at(6);
  for (const ForecastStep& step : s.steps) {
    BOOST_TEST((step.valid.begin >= covered));
    covered = step.valid.end;
  }
  // (6, 9], (9, 15] of the newer run, then (18, 24] of the older: (12, 18] would count three hours twice.
  BOOST_REQUIRE(s.steps.size() == 3);
  BOOST_TEST((s.steps[1].valid == Interval{at(9), at(15)}));
  BOOST_TEST((s.steps[2].valid == Interval{at(18), at(24)}));
  BOOST_TEST(s.steps[2].less.has_value());
}

BOOST_AUTO_TEST_CASE(a_derived_variable_needs_all_its_inputs_at_one_time) {
  std::vector<ForecastEntry> entries;
  for (const int h : {3, 6, 9}) entries.push_back(entry("eastward_wind", "10 m", 0, h, h));
  for (const int h : {3, 9}) entries.push_back(entry("northward_wind", "10 m", 0, h, h));
  const ForecastSelection s = select_forecast(entries, {{{"wind_speed", "10 m"}}, at(1), {at(0), at(24)}});
  BOOST_REQUIRE(s.steps.size() == 2);
  BOOST_TEST(s.steps[0].entries.size() == 2);
  BOOST_TEST((s.steps[1].valid.end == at(9)));
}

BOOST_AUTO_TEST_CASE(members_that_the_newest_run_lacks_are_told_and_none_joins_half_way) {
  std::vector<ForecastEntry> entries;
  for (int m = 0; m < 3; ++m)
    for (const int h : {6, 12, 18}) entries.push_back(temperature(0, h, m));
  for (int m = 0; m < 2; ++m) entries.push_back(temperature(6, 12, m));
  const ForecastSelection s = select_forecast(entries, {{kTemperature}, at(7), {at(6), at(24)}});
  for (const ForecastStep& step : s.steps) BOOST_TEST(*step.member < 2);
  BOOST_TEST(s.steps.size() == 4);
  BOOST_TEST(has_note(s, "has 2 members of the 3"));
}

BOOST_AUTO_TEST_CASE(a_member_that_ends_early_goes_on_with_the_run_before_and_is_named) {
  std::vector<ForecastEntry> entries;
  for (int m = 0; m < 3; ++m) {
    for (int h = 6; h <= 36; h += 6) entries.push_back(temperature(0, h, m));
    for (int h = 18; h <= (m == 1 ? 24 : 36); h += 6) entries.push_back(temperature(12, h, m));
  }
  const ForecastSelection s = select_forecast(entries, {{kTemperature}, at(13), {at(12), at(36)}});
  BOOST_TEST(s.steps.size() == 12U);
  for (const ForecastStep& step : s.steps) BOOST_TEST((step.reference == at(step.member == 1 && step.valid.end > at(24) ? 0 : 12)));
  BOOST_TEST(has_note(s, "member 1 lacks 2 of the 4 steps that the others have, the first of them that of 1970-01-02T06:00:00Z"));
  BOOST_TEST(has_note(s,
                      "member 1 of the run of 1970-01-01T12:00:00Z ends at 1970-01-02T00:00:00Z, before others; what follows of it is of the run of "
                      "1970-01-01T00:00:00Z"));
  BOOST_TEST(s.notes.size() == 2U);
}

// Hourly, three-hourly and six-hourly steps, as one run has them, are no holes; a step between closer ones is.
BOOST_AUTO_TEST_CASE(a_step_that_is_not_there_is_told_and_spacing_that_grows_is_not) {
  std::vector<ForecastEntry> entries;
  const auto all = [&](int without) {
    entries.clear();
    for (int h = 1; h <= 240; h += h < 90 ? 1 : h < 144 ? 3 : 6)
      if (h != without) entries.push_back(entry("precipitation_amount", "surface", 0, 0, h)), entries.push_back(temperature(0, h));
    return select_forecast(entries, {{kTemperature, kRain}, at(0), {at(0), at(240)}});
  };
  BOOST_TEST(all(0).notes.empty());
  const ForecastSelection s = all(120);
  BOOST_TEST(has_note(s, "air_temperature at 2 m: the run of 1970-01-01T00:00:00Z has no step between 1970-01-05T21:00:00Z and 1970-01-06T03:00:00Z"));
  BOOST_TEST(s.notes.size() == 2U);
  // Rain goes on as one longer step: nothing of it is lost.
  const auto longer = std::find_if(s.steps.begin(), s.steps.end(), [](const ForecastStep& step) { return step.variable == 1 && step.valid.end == at(123); });
  BOOST_REQUIRE((longer != s.steps.end()));
  BOOST_TEST((longer->valid.begin == at(117)));
}

// The older run is hourly all along; the newer has 1 h to 6 h hourly and 9 h, 12 h after them.
BOOST_AUTO_TEST_CASE(a_hole_takes_the_older_runs_field_of_that_time_and_sparse_steps_take_none) {
  for (const bool members : {false, true}) {
    std::vector<ForecastEntry> entries;
    for (int m = 0; m < (members ? 3 : 1); ++m) {
      const std::optional<int> number = members ? std::optional(m) : std::nullopt;
      for (int h = 1; h <= 24; ++h) entries.push_back(temperature(0, h, number));
      for (const int h : {1, 2, 3, 4, 5, 6, 9, 12})
        if (h != 4 || (members && m != 1)) entries.push_back(temperature(6, 6 + h, number));
    }
    const ForecastSelection s = select_forecast(entries, {{kTemperature}, at(7), {at(6), at(24)}});
    for (const ForecastStep& step : s.steps) {
      const bool filled = step.valid.end == at(10) && (!members || step.member == 1);
      BOOST_TEST((step.reference == at(filled || step.valid.end > at(18) ? 0 : 6)));
      BOOST_TEST((step.valid.end <= at(12) || step.valid.end == at(15) || step.valid.end >= at(18)));
    }
    BOOST_TEST(s.steps.size() == (members ? 3U : 1U) * 14U);
    BOOST_TEST(std::is_sorted(s.steps.begin(), s.steps.end(),
                              [](const auto& a, const auto& b) { return std::pair(a.member, a.valid.end) < std::pair(b.member, b.valid.end); }));
    BOOST_TEST(has_note(s, std::string("1 step that the run of 1970-01-01T06:00:00Z lacks is of the run of 1970-01-01T00:00:00Z, the first of them that of "
                                       "1970-01-01T10:00:00Z") +
                               (members ? ", for member 1" : "")));
  }
}

BOOST_AUTO_TEST_CASE(a_hole_in_amounts_is_filled_only_where_nothing_is_counted_twice) {
  const auto steps_with = [](bool newer_totals, int older_length, int shift) {
    std::vector<ForecastEntry> entries;
    for (int h = shift; h + older_length <= 36; h += older_length) entries.push_back(entry("precipitation_amount", "surface", 0, h, h + older_length));
    for (int h = 3; h <= 24; h += 3)
      if (h != 9) entries.push_back(entry("precipitation_amount", "surface", 6, newer_totals ? 6 : 6 + h - 3, 6 + h));
    return select_forecast(entries, {{kRain}, at(7), {at(6), at(30)}});
  };
  const auto of_older = [](const ForecastSelection& s) {
    return std::count_if(s.steps.begin(), s.steps.end(), [](const auto& x) { return x.reference == at(0); });
  };
  const auto covered_once = [](const ForecastSelection& s) {
    TimePoint covered = at(6);
    for (const ForecastStep& step : s.steps) {
      if (step.valid.begin != covered) return false;
      covered = step.valid.end;
    }
    return covered == at(30);
  };
  for (const int length : {1, 3}) {
    BOOST_TEST(covered_once(steps_with(false, length, 0)));
    BOOST_TEST(of_older(steps_with(false, length, 0)) == 3 / length);
    // The total after the hole holds what fell in it.
    BOOST_TEST(covered_once(steps_with(true, length, 0)));
    BOOST_TEST(of_older(steps_with(true, length, 0)) == 0);
  }
  // Intervals that reach out of the hole are left out: a gap stays.
  for (const auto& [length, shift] : {std::pair(6, 0), std::pair(3, 1)}) {
    BOOST_TEST(!covered_once(steps_with(false, length, shift)));
    BOOST_TEST(of_older(steps_with(false, length, shift)) == 0);
  }
}

BOOST_AUTO_TEST_CASE(an_older_run_of_another_kind_of_values_neither_fills_nor_follows) {
  std::vector<ForecastEntry> entries;
  for (int h = 1; h <= 24; ++h) {
    entries.push_back(temperature(0, h));
    entries.back().meta.kind = TimeKind::maximum;
    entries.back().meta.valid.begin = at(h - 1);
  }
  for (const int h : {7, 8, 10, 11}) entries.push_back(temperature(6, h));
  const ForecastSelection s = select_forecast(entries, {{kTemperature}, at(7), {at(6), at(24)}});
  BOOST_TEST(s.steps.size() == 4U);
  BOOST_TEST(has_note(s, "the values of the run of 1970-01-01T00:00:00Z are maximum, those of the run of 1970-01-01T06:00:00Z instantaneous"));
}

BOOST_AUTO_TEST_CASE(maxima_do_not_mix_with_instants) {
  std::vector<ForecastEntry> entries;
  for (const int h : {6, 12}) {
    entries.push_back(temperature(0, h));
    entries.push_back(temperature(0, h));
    entries.back().meta.kind = TimeKind::maximum;
    entries.back().meta.valid.begin = at(h - 6);
  }
  const ForecastSelection s = select_forecast(entries, {{kTemperature}, at(1), {at(0), at(24)}});
  BOOST_REQUIRE(s.steps.size() == 2);
  for (const ForecastStep& step : s.steps) BOOST_TEST((step.kind == TimeKind::instant));
  BOOST_TEST(has_note(s, "maximum values beside"));
}

BOOST_AUTO_TEST_CASE(files_that_tell_the_same_field_are_named_and_repeats_within_a_file_are_not) {
  for (const bool rain : {false, true}) {
    std::vector<ForecastEntry> entries;
    for (const char* file : {"mem1.nc", "mem2.nc"}) {
      entries.push_back(rain ? entry("precipitation_amount", "surface", 0, 0, 6) : temperature(0, 6));
      entries.back().meta.source = file;
    }
    const ForecastRequest request{{rain ? kRain : kTemperature}, at(1), {at(0), at(48)}};
    const ForecastSelection s = select_forecast(entries, request);
    BOOST_TEST(s.steps.size() == 1U);
    BOOST_TEST(s.steps[0].entries[0] == 0U);
    BOOST_TEST(has_note(s, "mem1.nc and mem2.nc tell the same run, time and member"));
    entries[1].meta.source = "mem1.nc";
    BOOST_TEST(select_forecast(entries, request).notes.empty());
    entries[1].meta.source = "mem2.nc", entries[0].meta.member = 1, entries[1].meta.member = 2;
    BOOST_TEST(select_forecast(entries, request).notes.empty());
  }
}

BOOST_AUTO_TEST_CASE(what_stands_beyond_the_wanted_time_is_told_with_its_own) {
  const ForecastSelection s = select_forecast(std::vector<ForecastEntry>{temperature(0, 30), temperature(0, 36)}, {{kTemperature}, at(1), {at(0), at(24)}});
  BOOST_TEST(s.steps.empty());
  BOOST_TEST(has_note(s, "no run has it for 1970-01-01T00:00:00Z to 1970-01-02T00:00:00Z, but for 1970-01-02T06:00:00Z to 1970-01-02T12:00:00Z"));
}

BOOST_AUTO_TEST_CASE(a_late_run_is_told) {
  const std::vector<ForecastEntry> entries{temperature(0, 30), temperature(6, 30)};
  BOOST_TEST(!has_note(select_forecast(entries, {{kTemperature}, at(12), {at(0), at(48)}}), "was expected"));
  BOOST_TEST(has_note(select_forecast(entries, {{kTemperature}, at(19), {at(0), at(48)}}), "was expected"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_had_is_named_with_what_it_would_need) {
  const ForecastSelection s = select_forecast(std::vector<ForecastEntry>{temperature(0, 3)}, {{{"relative_humidity", "2 m"}}, at(1), {at(0), at(24)}});
  BOOST_TEST(s.steps.empty());
  BOOST_TEST(has_note(s, "dew_point_temperature at 2 m"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
