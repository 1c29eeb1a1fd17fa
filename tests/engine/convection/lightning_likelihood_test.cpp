#include "engine/convection/lightning_likelihood.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <utility>

#include "engine/core/error.h"
#include "engine/core/plane.h"

using namespace guyu;

BOOST_AUTO_TEST_SUITE(lightning_likelihood_)

BOOST_AUTO_TEST_CASE(likelihoods_are_those_of_the_contingency_table) {
  // Of 1000 cells 500 flash: 420 hits, 80 misses; 420 / 0.93 = 451.61 showed the signature; 80 of the other 548.39 flash.
  BOOST_TEST(lightning_likelihood(40) == 0.93, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(lightning_likelihood(39.9) == 80 / 548.387, boost::test_tools::tolerance(1e-5));
  BOOST_TEST(std::isnan(lightning_likelihood(std::nan(""))));
}

BOOST_AUTO_TEST_CASE(the_paper_is_consistent_with_itself) {
  // Gremillion and Orville (1999) give a critical success index of 79 % with their 84 % and 7 %: 1 / (1 / POD + 1 / (1 - FAR) - 1).
  const LightningSignature s;
  BOOST_TEST(std::abs(1 / (1 / s.detection + 1 / (1 - s.false_alarms) - 1) - 0.79) < 0.005);
}

BOOST_AUTO_TEST_CASE(tables_that_cannot_be_are_refused) {
  BOOST_CHECK_THROW(lightning_likelihood(40, {40, 1.2, 0.1, 0.5}), Error);
  BOOST_CHECK_THROW(lightning_likelihood(40, {40, 0.9, 0.5, 0.9}), Error);
}

BOOST_AUTO_TEST_CASE(reflectivity_is_taken_halfway_between_the_heights) {
  Plane a(1, 2, 50), b(1, 2, 30), c(1, 2, 10), out(1, 2);
  b.row(0)[1] = std::nanf("");
  const std::vector<ReflectivityLevel> levels{{4000, std::as_const(a).view()}, {6000, std::as_const(b).view()}, {8000, std::as_const(c).view()}};
  reflectivity_at_minus_10(levels, {4000, {}}, {7000, {}}, out.view());  // 5500 m
  BOOST_TEST(out.row(0)[0] == 35);
  BOOST_TEST(std::isnan(out.row(0)[1]));  // 4 km are not bridged
  reflectivity_at_minus_10(levels, {8000, {}}, {11000, {}}, out.view());
  BOOST_TEST(std::isnan(out.row(0)[0]));  // above the highest level
  reflectivity_at_minus_10(levels, {5000, {}}, {7000, {}}, out.view());
  BOOST_TEST(out.row(0)[0] == 30);  // a level itself
  reflectivity_at_minus_10(levels, {std::nan(""), {}}, {7000, {}}, out.view());
  BOOST_TEST(std::isnan(out.row(0)[0]));
}

BOOST_AUTO_TEST_SUITE_END()
