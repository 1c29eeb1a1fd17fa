#include "engine/verify/reliability.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

using namespace guyu;
BOOST_AUTO_TEST_SUITE(reliability)

// Four members, two classes: 0, 1/4 in the lower one; 1/2, 3/4, 1 in the upper one.
BOOST_AUTO_TEST_CASE(probabilities_fall_into_their_class_and_carry_its_frequency) {
  const auto d = reliability_diagram({{0, 1, 2, 0, 3}, {5, 1, 0, 2, 0}, 0}, 2);
  BOOST_REQUIRE(d.size() == 2U);
  BOOST_TEST(d[0].count == 7U);
  BOOST_TEST(d[0].probability == 0.5 / 7, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(d[0].frequency == 1.0 / 7, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(d[1].count == 7U);
  BOOST_TEST(d[1].probability == (2 * 0.5 + 2 * 0.75 + 3) / 7, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(d[1].frequency == 5.0 / 7, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(an_empty_class_has_no_frequency) {
  const auto d = reliability_diagram({{0, 0, 1}, {3, 0, 0}, 0}, 10);
  BOOST_TEST(d[4].count == 0U);
  BOOST_TEST(std::isnan(d[4].frequency));
  BOOST_TEST(d[9].frequency == 1.0);
}

// As pysteps has it: of 24 members, 12 stand in [0.5, 0.6) and 24 in the last class.
BOOST_AUTO_TEST_CASE(class_edges_belong_to_the_upper_class) {
  ProbabilityTable t{std::vector<std::uint64_t>(25, 0), std::vector<std::uint64_t>(25, 1), 0};
  const auto d = reliability_diagram(t, 10);
  const std::size_t expected[10] = {3, 2, 3, 2, 2, 3, 2, 3, 2, 3};
  for (std::size_t b = 0; b < 10; ++b) BOOST_TEST(d[b].count == expected[b], "class " << b);
}

BOOST_AUTO_TEST_SUITE_END()
