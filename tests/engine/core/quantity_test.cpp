#include "engine/core/quantity.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"

using namespace guyu;
namespace tt = boost::test_tools;
BOOST_AUTO_TEST_SUITE(quantity)

BOOST_AUTO_TEST_CASE(conversions_agree_with_hand_arithmetic) {
  BOOST_TEST(convert_units("kg m-2 s-1", "mm h-1")(0.001) == 3.6, tt::tolerance(1e-12));
  BOOST_TEST(convert_units("degC", "K")(-40) == 233.15, tt::tolerance(1e-12));
  BOOST_TEST(convert_units("m", "mm")(0.05) == 50.0, tt::tolerance(1e-12));
  BOOST_TEST(convert_units("%", "1")(55) == 0.55, tt::tolerance(1e-12));
  BOOST_TEST(convert_units("m s**-1", "km/h")(10) == 36.0, tt::tolerance(1e-12));
  BOOST_CHECK_THROW(convert_units("mm", "K"), Error);
  BOOST_CHECK_THROW(convert_units("furlong", "mm"), Error);
}

BOOST_AUTO_TEST_CASE(every_quantity_has_a_unit_that_converts_to_itself) {
  for (const auto& name : quantity_names()) BOOST_TEST(units_convertible(find_quantity(name)->unit, find_quantity(name)->unit));
  BOOST_TEST(find_quantity("nonsense") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
