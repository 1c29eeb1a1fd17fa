#include "engine/core/normal_distribution.h"

#include <boost/test/unit_test.hpp>

namespace guyu {

BOOST_AUTO_TEST_SUITE(normal_distribution)

// Abramowitz and Stegun, tables 26.1 and 26.5.
BOOST_AUTO_TEST_CASE(values_of_the_printed_tables) {
  BOOST_TEST(normal_density(0) == 0.3989422804, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(normal_cumulative(1) == 0.8413447461, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(normal_quantile(0.975) == 1.9599639845, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(normal_quantile(0.001) == -3.0902323062, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(the_quantile_is_the_inverse_far_into_both_tails) {
  for (const double p : {1e-9, 1e-4, 0.02, 0.024, 0.03, 0.5, 0.7, 0.98, 0.9999})
    BOOST_TEST(normal_cumulative(normal_quantile(p)) == p, boost::test_tools::tolerance(1e-10));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
