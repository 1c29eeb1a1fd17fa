#include "engine/nowcast/exceedance.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <vector>

using namespace guyu;

namespace {
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
FieldView<const float> view(const std::vector<float>& v) { return {v.data(), 1, static_cast<std::int64_t>(v.size()), static_cast<std::int64_t>(v.size())}; }
}  // namespace

BOOST_AUTO_TEST_SUITE(exceedance)

BOOST_AUTO_TEST_CASE(shares_of_members_that_reach_a_threshold_by_hand) {
  Exceedance e(1, 4, 2, {1, 5});
  e.add(1, view({0, 1, 5, kNaN}));
  e.add(1, view({0, 2, 9, 7}));
  e.add(1, view({0, 0.5F, 4, kNaN}));
  e.add(1, view({0, 0, kNaN, kNaN}));
  e.add(2, view({9, 9, 9, 9}));
  std::vector<float> p(4);
  const FieldView<float> out{p.data(), 1, 4, 4};
  e.probability(0, 1, 4, out);
  BOOST_TEST(p[0] == 0.0F);
  BOOST_TEST(p[1] == 0.5F);
  BOOST_TEST(p[2] == 1.0F);      // three of three that can tell
  BOOST_TEST(std::isnan(p[3]));  // one of four can tell
  e.probability(1, 1, 4, out);
  BOOST_TEST(p[1] == 0.0F);
  BOOST_TEST(p[2] == 2.0F / 3);
  e.probability(1, 2, 1, out);
  BOOST_TEST(p[0] == 1.0F);
  e.probability(0, 1, 4, out, 0.25);
  BOOST_TEST(p[3] == 1.0F);
}

BOOST_AUTO_TEST_SUITE_END()
