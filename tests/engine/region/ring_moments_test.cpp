#include "engine/region/ring_moments.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

using namespace guyu;

namespace {
// A right triangle with legs of 3 and 6: area 9, centroid a third of the legs from the right angle.
const Ring kTriangle{{100, 30}, {103, 30}, {100, 36}, {100, 30}};
}  // namespace

BOOST_AUTO_TEST_SUITE(ring_moments_test)

BOOST_AUTO_TEST_CASE(a_triangle_has_its_area_and_centroid_whichever_way_round_it_is_given) {
  Ring other = kTriangle;
  std::reverse(other.begin(), other.end());
  for (const Ring& ring : {kTriangle, other}) {
    const RingMoments m = ring_moments(ring);
    BOOST_TEST(m.area == 9.0, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(m.x / m.area == 101.0, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(m.y / m.area == 32.0, boost::test_tools::tolerance(1e-12));
  }
}

BOOST_AUTO_TEST_CASE(a_hole_taken_off_leaves_the_moments_of_the_rest) {
  const RingMoments whole = ring_moments({{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}}), hole = ring_moments({{2, 0}, {4, 0}, {4, 4}, {2, 4}, {2, 0}});
  BOOST_TEST((whole.x - hole.x) / (whole.area - hole.area) == 1.0, boost::test_tools::tolerance(1e-12));
  BOOST_TEST((whole.y - hole.y) / (whole.area - hole.area) == 2.0, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(what_closes_nothing_in_has_no_area_and_what_is_not_a_place_makes_none) {
  BOOST_TEST(ring_moments({}).area == 0);
  BOOST_TEST(ring_moments({{1, 1}, {2, 2}, {1, 1}}).area == 0);
  BOOST_TEST(ring_moments({{1, 1}, {2, 2}, {3, 3}, {1, 1}}).area == 0);
  BOOST_TEST(std::isnan(ring_moments({{1, 1}, {2, std::numeric_limits<double>::quiet_NaN()}, {3, 1}, {1, 1}}).area));
}

BOOST_AUTO_TEST_SUITE_END()
