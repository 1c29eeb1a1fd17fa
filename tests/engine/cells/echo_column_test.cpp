#include "engine/cells/echo_column.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"
#include "tests/engine/cells/radar_column.h"

using namespace guyu;
using guyu::test::Column;
using guyu::test::kHeights;
using guyu::test::kNaN;
namespace tt = boost::test_tools;

BOOST_AUTO_TEST_SUITE(echo_column)

BOOST_AUTO_TEST_CASE(liquid_of_an_even_column_is_that_of_its_formula) {
  // 3.44e-6 x (10^4)^(4/7) x 10000 m
  BOOST_TEST(Column(kHeights, {40, 40, 40, 40, 40}).liquid() == 3.44e-6F * 193.0698F * 10000, tt::tolerance(1e-4F));
  BOOST_TEST(Column(kHeights, {70, 70, 70, 70, 70}).liquid() == Column(kHeights, {56, 56, 56, 56, 56}).liquid());
}

BOOST_AUTO_TEST_CASE(echo_top_is_interpolated_and_zero_only_where_it_is_known) {
  BOOST_TEST(Column(kHeights, {40, 40, 28, 8, 0}).top() == 6250, tt::tolerance(1e-6F));
  BOOST_TEST(Column(kHeights, {10, 10, 10, 10, 10}).top() == 0);
  BOOST_TEST(Column(kHeights, {10, 10, 10, 10, 30}).top() == 10000);
  BOOST_TEST(std::isnan(Column(kHeights, {kNaN, kNaN, kNaN, kNaN, kNaN}).top()));
}

BOOST_AUTO_TEST_CASE(liquid_of_two_layers_is_the_sum_by_hand) {
  // Mean Z of each layer: 10^4; (10^4 + 10^3) / 2 = 5500. 3.44e-6 x 2500 x (193.0698 + 137.1975), for 5500^(4/7) = e^(8.612503 x 4/7).
  BOOST_TEST(Column({0, 2500, 5000}, {40, 40, 30}).liquid() == 3.44e-6F * 2500 * (193.0698F + 137.1975F), tt::tolerance(1e-4F));
}

BOOST_AUTO_TEST_CASE(more_echo_is_never_less_liquid_nor_a_lower_top) {
  float liquid = 0, top = 0;
  for (float z = -20; z <= 70; z += 3) {
    const Column c(kHeights, {30, 25, z, 10, 0});
    BOOST_TEST((c.liquid() >= liquid && c.top() >= top));
    liquid = c.liquid(), top = c.top();
  }
}

BOOST_AUTO_TEST_CASE(a_missing_level_is_bridged_and_a_wide_gap_is_not) {
  const Column whole({0, 1000, 2000, 3000}, {50, 50, 50, 50}), hole({0, 1000, 2000, 3000}, {50, kNaN, 50, 50});
  BOOST_TEST(whole.liquid() == hole.liquid(), tt::tolerance(1e-5F));
  BOOST_TEST(std::isnan(Column(kHeights, {50, kNaN, kNaN, kNaN, 50}).liquid()));
}

BOOST_AUTO_TEST_CASE(levels_out_of_order_are_a_user_error) {
  BOOST_CHECK_THROW(Column({1000, 500}, {30, 30}).liquid(), Error);
  BOOST_CHECK_THROW(Column({1000}, {30}).top(), Error);
}

BOOST_AUTO_TEST_SUITE_END()
