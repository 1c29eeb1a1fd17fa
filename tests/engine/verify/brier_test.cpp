#include "engine/verify/brier.h"

#include <boost/test/unit_test.hpp>

#include "tests/engine/verify/reference.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(brier_)

// One member: two forecasts of 1 (one right), two of 0 (both right): score 1/4; base rate 1/4, uncertainty
// 3/16; reliability (2 x 1/4 + 0) / 4 = 1/8; resolution (2 x 1/16 + 2 x 1/16) / 4 = 1/16.
BOOST_AUTO_TEST_CASE(a_hand_case_parts_as_it_should) {
  const Brier b = brier({{0, 1}, {2, 1}, 0});
  BOOST_TEST(b.score == 0.25);
  BOOST_TEST(b.reliability == 0.125);
  BOOST_TEST(b.resolution == 0.0625);
  BOOST_TEST(b.uncertainty == 0.1875);
  BOOST_TEST(b.skill == 1 - 0.25 / 0.1875);
}

BOOST_AUTO_TEST_CASE(the_parts_make_the_score_and_the_score_is_the_mean_square) {
  const auto m = test::ensemble(13, 3000, 6);
  const auto o = test::rain(1, 3000, 7).values;
  const Brier b = brier(probability_table(test::spans(m), o, 1.0));
  double plain = 0, n = 0;
  for (std::size_t k = 0; k < o.size(); ++k) {
    if (!test::all_known(m, o, k)) continue;
    double p = 0;
    for (const auto& member : m) p += member[k] >= 1 ? 1.0 / 13 : 0;
    const double event = o[k] >= 1 ? 1 : 0;
    plain += (p - event) * (p - event), ++n;
  }
  BOOST_TEST(b.score == plain / n, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(b.score == b.reliability - b.resolution + b.uncertainty, boost::test_tools::tolerance(1e-12));
}

// Two members in two classes: 0 alone (frequency 1/4), 1/2 and 1 together (mean 2/3, frequency 2/3); base
// rate 3/7.
BOOST_AUTO_TEST_CASE(classes_stand_for_their_mean_probability) {
  const ProbabilityTable t{{1, 1, 1}, {3, 1, 0}, 0};
  const Brier b = brier_of_bins(t, 2);
  BOOST_TEST(b.reliability == 4.0 / 7 / 16, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(b.resolution == 4.0 / 7 * (0.25 - 3.0 / 7) * (0.25 - 3.0 / 7) + 3.0 / 7 * (2.0 / 3 - 3.0 / 7) * (2.0 / 3 - 3.0 / 7),
             boost::test_tools::tolerance(1e-12));
  BOOST_TEST(b.score == brier(t).score);
  // With a class for each probability nothing is lost.
  BOOST_TEST(brier_of_bins(t, 3).reliability == brier(t).reliability, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(certain_and_right_is_perfect_and_nothing_judged_is_no_score) {
  const Brier b = brier({{0, 0, 4}, {6, 0, 0}, 0});
  BOOST_TEST(b.score == 0.0);
  BOOST_TEST(b.skill == 1.0);
  BOOST_TEST(std::isnan(brier({}).score));
  BOOST_TEST(std::isnan(brier({{0, 0}, {5, 0}, 0}).skill));
}

BOOST_AUTO_TEST_SUITE_END()
