#include "engine/region/attribute_values.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

using namespace guyu;
BOOST_AUTO_TEST_SUITE(attribute_values)

BOOST_AUTO_TEST_CASE(values_come_in_the_unit_asked_for_and_what_does_not_compare_is_absent) {
  const RegionAttribute runoff{"threshold_runoff_1h", "cm", {1.2F, std::nanf("")}}, share{"impervious_share", "%", {80}}, bare{"x", "1", {12}};
  BOOST_REQUIRE(values_in(&runoff, "mm").size() == 2U);
  BOOST_TEST(values_in(&runoff, "mm")[0] == 12.0F);
  BOOST_TEST(std::isnan(values_in(&runoff, "mm")[1]));
  BOOST_TEST(values_in(&share, "1")[0] == 0.8F);
  BOOST_TEST(values_in(&bare, "mm")[0] == 12.0F);  // no unit: as it is
  BOOST_TEST(values_in(&runoff, "K").empty());
  BOOST_TEST(values_in(nullptr, "mm").empty());
}

BOOST_AUTO_TEST_SUITE_END()
