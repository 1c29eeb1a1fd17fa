#include "engine/verify/missing_forecast.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <vector>

using namespace guyu;
BOOST_AUTO_TEST_SUITE(missing_forecast)

BOOST_AUTO_TEST_CASE(only_a_forecast_missing_against_a_known_observation_becomes_zero) {
  std::vector<float> f{1, NAN, NAN, 2};
  const std::vector<float> o{NAN, 3, NAN, 4};
  fill_missing_with_zero(f, o);
  BOOST_TEST((f[0] == 1 && f[1] == 0 && std::isnan(f[2]) && f[3] == 2));
}

BOOST_AUTO_TEST_SUITE_END()
