#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/verify/contingency.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(contingency)

// Finley's tornado forecasts of 1884, as printed in every textbook: 28 hits, 72 false alarms, 23 misses, 2680 correct negatives.
BOOST_AUTO_TEST_CASE(finleys_tornadoes_get_their_published_scores) {
  Contingency c;
  for (int k = 0; k < 28; ++k) c.add(true, true);
  for (int k = 0; k < 72; ++k) c.add(true, false);
  for (int k = 0; k < 23; ++k) c.add(false, true);
  for (int k = 0; k < 2680; ++k) c.add(false, false);
  BOOST_TEST(c.judged() == 2803U);
  BOOST_TEST(c.detection() == 0.549, boost::test_tools::tolerance(1e-3));
  BOOST_TEST(c.false_ratio() == 0.72, boost::test_tools::tolerance(1e-3));
  BOOST_TEST(c.success() == 0.228, boost::test_tools::tolerance(2e-3));
  BOOST_TEST(c.bias() == 1.961, boost::test_tools::tolerance(1e-3));
}

BOOST_AUTO_TEST_CASE(the_unknown_is_counted_apart_and_enters_no_score) {
  Contingency c;
  c.add(true, true);
  c.add(std::nullopt, true);
  c.add(false, std::nullopt);
  BOOST_TEST(c.unjudged == 2U);
  BOOST_TEST(c.judged() == 1U);
  BOOST_TEST(c.detection() == 1.0);
}

BOOST_AUTO_TEST_CASE(with_nothing_to_judge_by_there_is_no_score) {
  Contingency c;
  c.add(false, false);
  for (const double score : {c.detection(), c.false_ratio(), c.success(), c.bias()}) BOOST_TEST(std::isnan(score));
}

BOOST_AUTO_TEST_CASE(tables_add_up) {
  Contingency a{1, 2, 3, 4, 5};
  a += Contingency{10, 20, 30, 40, 50};
  BOOST_TEST((a.hits == 11 && a.misses == 22 && a.false_alarms == 33 && a.correct_negatives == 44 && a.unjudged == 55));
}

BOOST_AUTO_TEST_SUITE_END()
