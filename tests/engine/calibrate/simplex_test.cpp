#include "engine/calibrate/simplex.h"

#include <boost/test/unit_test.hpp>

namespace guyu {

BOOST_AUTO_TEST_SUITE(simplex)

// Rosenbrock (1960): a bent valley whose floor is flat; its minimum is at (1, 1).
BOOST_AUTO_TEST_CASE(the_floor_of_a_bent_valley_is_found) {
  const auto f = [](const std::vector<double>& x) { return 100 * (x[1] - x[0] * x[0]) * (x[1] - x[0] * x[0]) + (1 - x[0]) * (1 - x[0]); };
  const std::vector<double> best = simplex_minimum(f, {-1.2, 1}, {0.5, 0.5}, 2000, 1e-14);
  BOOST_TEST(best[0] == 1, boost::test_tools::tolerance(1e-4));
  BOOST_TEST(best[1] == 1, boost::test_tools::tolerance(1e-4));
}

BOOST_AUTO_TEST_CASE(the_number_of_evaluations_is_kept_but_for_a_last_step) {
  int calls = 0;
  simplex_minimum([&](const std::vector<double>& x) { return ++calls, x[0] * x[0] + x[1] * x[1]; }, {5, 5}, {1, 1}, 50, 0);
  BOOST_TEST(calls <= 54);
}

BOOST_AUTO_TEST_CASE(no_start_is_made_worse) {
  const auto f = [](const std::vector<double>& x) { return x[0] * x[0]; };
  BOOST_TEST(f(simplex_minimum(f, {0}, {1})) <= 1e-7);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
