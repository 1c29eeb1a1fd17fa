#include "engine/convection/downdraft_gust.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "engine/core/plane.h"

using namespace guyu;

BOOST_AUTO_TEST_SUITE(downdraft_gust_)

BOOST_AUTO_TEST_CASE(gusts_are_those_of_the_formula_by_hand) {
  // Stewart (1991): 20.628571 x 50 = 1031.42855; 3.125e-6 x 12000^2 = 450; root of 581.42855 = 24.1128.
  BOOST_TEST(downdraft_gust_m_s(50, 12000) == 24.1128, boost::test_tools::tolerance(1e-5));
  // 20.628571 x 30 - 3.125e-6 x 10000^2 = 618.85713 - 312.5 = 306.35713
  BOOST_TEST(downdraft_gust_m_s(30, 10000) == 17.5031, boost::test_tools::tolerance(1e-5));
}

BOOST_AUTO_TEST_CASE(a_high_storm_with_little_liquid_brings_none_and_unknown_stays_unknown) {
  BOOST_TEST(downdraft_gust_m_s(5, 15000) == 0);
  BOOST_TEST(downdraft_gust_m_s(0, 0) == 0);
  BOOST_TEST(downdraft_gust_m_s(0.001, 0) == 0);  // faint echo of no height
  BOOST_TEST(std::isnan(downdraft_gust_m_s(std::nan(""), 10000)));
  BOOST_TEST(std::isnan(downdraft_gust_m_s(50, std::nan(""))));
}

BOOST_AUTO_TEST_CASE(more_liquid_at_one_height_is_never_a_weaker_gust) {
  for (double vil = 0; vil < 80; vil += 1) BOOST_TEST(downdraft_gust_m_s(vil + 1, 9000) >= downdraft_gust_m_s(vil, 9000));
}

BOOST_AUTO_TEST_CASE(planes_of_other_shapes_are_an_error) {
  Plane a(3, 4, 30), b(3, 5, 10000), out(3, 4);
  BOOST_CHECK_THROW(downdraft_gust(a.view(), b.view(), out.view()), Error);
  Plane top(3, 4, 10000);
  downdraft_gust(a.view(), top.view(), out.view());
  BOOST_TEST(out.row(2)[3] == 17.5031F, boost::test_tools::tolerance(1e-5F));
}

BOOST_AUTO_TEST_SUITE_END()
