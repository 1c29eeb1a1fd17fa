#include "engine/verify/roc.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "tests/engine/verify/reference.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(roc)

BOOST_AUTO_TEST_CASE(the_curve_runs_from_never_to_always) {
  const auto c = roc_curve({{1, 3}, {4, 1}, 0});
  BOOST_REQUIRE(c.size() == 3U);
  BOOST_TEST((c[0].false_detection == 0 && c[0].detection == 0));
  BOOST_TEST((c[1].false_detection == 0.2 && c[1].detection == 0.75));
  BOOST_TEST((c[2].false_detection == 1 && c[2].detection == 1));
  // Trapezoids: 0.2 x 0.375 + 0.8 x 0.875.
  BOOST_TEST(roc_area({{1, 3}, {4, 1}, 0}) == 0.775, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(the_area_is_the_chance_that_an_event_outranks_a_non_event) {
  const auto m = test::ensemble(6, 400, 31);
  const auto o = test::rain(1, 400, 32).values;
  std::vector<double> events, others;
  for (std::size_t k = 0; k < o.size(); ++k) {
    if (!test::all_known(m, o, k)) continue;
    double yes = 0;
    for (const auto& member : m) yes += member[k] >= 1 ? 1 : 0;
    (o[k] >= 1 ? events : others).push_back(yes);
  }
  double wins = 0;
  for (const double e : events)
    for (const double n : others) wins += e > n ? 1 : e == n ? 0.5 : 0;
  BOOST_TEST(roc_area(probability_table(test::spans(m), o, 1.0)) == wins / static_cast<double>(events.size() * others.size()),
             boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(without_events_there_is_no_area) { BOOST_TEST(std::isnan(roc_area({{0, 0}, {3, 4}, 0}))); }

// Two thresholds of four members, 0 and 1, leave the points for k = 4 and k = 0: (0, 0), (0.1, 0.5), (1, 1).
BOOST_AUTO_TEST_CASE(the_area_of_steps_goes_through_their_points_alone) {
  const ProbabilityTable t{{1, 0, 1, 0, 2}, {4, 3, 2, 0, 1}, 0};
  BOOST_TEST(roc_area_of_steps(t, 2) == 0.1 * 0.5 / 2 + 0.9 * 1.5 / 2, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(roc_area_of_steps(t, 5) == roc_area(t), boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_SUITE_END()
