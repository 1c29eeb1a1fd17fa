#include "engine/blend/blend_weights.h"

#include <boost/test/unit_test.hpp>

namespace guyu {

BOOST_AUTO_TEST_SUITE(blend_weights_of)

BOOST_AUTO_TEST_CASE(weights_keep_the_variance_and_go_from_radar_to_forecast) {
  for (const double n : {1.0, 0.8, 0.3, 0.0}) {
    for (const double f : {0.0, 0.4, 0.9}) {
      for (const double c : {-0.2, 0.0, 0.6}) {
        const BlendWeights w = blend_weights(n, f, c);
        const double m = static_cast<double>(w.member), g = static_cast<double>(w.forecast);
        BOOST_TEST(m * m + 2 * m * g * c + g * g == 1, boost::test_tools::tolerance(1e-5));
      }
    }
  }
  BOOST_TEST(blend_weights(1, 0.9, 0.5).forecast == 0);
  BOOST_TEST(blend_weights(0, 0.6, 0).forecast == 0.6F, boost::test_tools::tolerance(1e-5F));
  BOOST_TEST(blend_weights(0.4, 0, 0.3).member == 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
