#include "engine/core/interval_parts.h"

#include <boost/test/unit_test.hpp>

namespace guyu {
namespace {

Interval hours(int begin, int end) { return {TimePoint(Seconds(3600 * begin)), TimePoint(Seconds(3600 * end))}; }

}  // namespace

BOOST_AUTO_TEST_SUITE(interval_parts)

BOOST_AUTO_TEST_CASE(totals_since_the_start_are_parted_by_difference) {
  const std::vector<Interval> totals{hours(0, 9), hours(0, 3), hours(0, 6)};
  const std::vector<IntervalPart> expected{{hours(0, 3), 1, -1}, {hours(3, 6), 2, 1}, {hours(6, 9), 0, 2}};
  BOOST_TEST((part_intervals(totals) == expected));
}

BOOST_AUTO_TEST_CASE(stated_steps_are_preferred_to_differences) {
  const std::vector<Interval> totals{hours(0, 3), hours(0, 6), hours(3, 6)};
  const std::vector<IntervalPart> expected{{hours(0, 3), 0, -1}, {hours(3, 6), 2, -1}};
  BOOST_TEST((part_intervals(totals) == expected));
}

BOOST_AUTO_TEST_CASE(buckets_that_begin_anew_every_six_hours) {
  const std::vector<Interval> totals{hours(0, 3), hours(0, 6), hours(6, 9), hours(6, 12)};
  const std::vector<IntervalPart> expected{{hours(0, 3), 0, -1}, {hours(3, 6), 1, 0}, {hours(6, 9), 2, -1}, {hours(9, 12), 3, 2}};
  BOOST_TEST((part_intervals(totals) == expected));
}

BOOST_AUTO_TEST_CASE(the_empty_total_of_the_first_step_is_passed_over) {
  const std::vector<Interval> totals{hours(0, 0), hours(0, 1)};
  const std::vector<IntervalPart> expected{{hours(0, 1), 1, -1}};
  BOOST_TEST((part_intervals(totals) == expected));
}

BOOST_AUTO_TEST_CASE(a_total_and_its_last_step_tell_what_came_before_it) {
  const std::vector<Interval> totals{hours(0, 12), hours(9, 12)};
  const std::vector<IntervalPart> expected{{hours(0, 9), 0, 1}, {hours(9, 12), 1, -1}};
  BOOST_TEST((part_intervals(totals) == expected));
}

BOOST_AUTO_TEST_CASE(steps_never_overlap_and_a_gap_stays_a_gap) {
  const std::vector<Interval> totals{hours(0, 3), hours(2, 5), hours(9, 12)};
  const auto parts = part_intervals(totals);
  BOOST_REQUIRE(parts.size() == 2);
  BOOST_TEST((parts[0].interval == hours(0, 3)));
  BOOST_TEST((parts[1].interval == hours(9, 12)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
