#include "engine/cells/hail.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"
#include "tests/engine/cells/radar_column.h"

using namespace guyu;
using guyu::test::Column;
using guyu::test::kHeights;
using guyu::test::kNaN;
namespace tt = boost::test_tools;

BOOST_AUTO_TEST_SUITE(hail)

BOOST_AUTO_TEST_CASE(hail_of_an_even_column_is_that_of_the_paper) {
  // E = 5e-6 x 10^5.04 = 0.54824; weighted height 0.5 x 3000 + 3000 m; WT = 57.5 x 4 - 121 = 109
  const HailIndex x = Column(kHeights, {60, 60, 60, 60, 60}).hail(4000, 7000);
  BOOST_TEST(x.shi == 0.1 * 0.54824 * 4500, tt::tolerance(2e-3));
  BOOST_TEST(x.mesh_mm == 2.54 * std::sqrt(246.7), tt::tolerance(2e-3));
  BOOST_TEST(x.posh == 29 * std::log(246.7 / 109) + 50, tt::tolerance(2e-3));
  const HailIndex none = Column(kHeights, {60, 60, 39, 39, 39}).hail(5000, 8000);
  BOOST_TEST((none.shi == 0 && none.posh == 0 && none.mesh_mm == 0));
  BOOST_TEST(hail_from_shi(1e5, 4000).posh == 100);
}

BOOST_AUTO_TEST_CASE(sizes_are_those_of_the_three_fits_by_hand) {
  // SHI = 100: 2.54 x 10; 15.096 x e^(0.206 x 4.605170) = 15.096 x 2.582260; 22.157 x e^(0.212 x 4.605170) = 22.157 x 2.654606.
  BOOST_TEST(hail_size_mm(100, HailSizeFit::witt) == 25.4, tt::tolerance(1e-9));
  BOOST_TEST(hail_size_mm(100, HailSizeFit::murillo_75) == 38.9818, tt::tolerance(1e-4));
  BOOST_TEST(hail_size_mm(100, HailSizeFit::murillo_95) == 58.8181, tt::tolerance(1e-4));
  for (const HailSizeFit fit : {HailSizeFit::witt, HailSizeFit::murillo_75, HailSizeFit::murillo_95}) {
    BOOST_TEST(hail_size_mm(0, fit) == 0);
    BOOST_TEST(std::isnan(hail_size_mm(std::nan(""), fit)));
    for (double shi = 0; shi < 1000; shi += 7) BOOST_TEST(hail_size_mm(shi + 7, fit) > hail_size_mm(shi, fit));
  }
}

BOOST_AUTO_TEST_CASE(hail_needs_strong_echo_above_the_freezing_level) {
  BOOST_TEST(Column(kHeights, {60, 60, 60, 30, 30}).hail(7500, 10000).shi == 0);
  BOOST_TEST(Column(kHeights, {30, 30, 60, 60, 30}).hail(4000, 7000).shi > 0);
  BOOST_TEST((Column(kHeights, {60, 60, 60, 60, 60}).hail(3000, 6000).shi > Column(kHeights, {60, 60, 60, 60, 60}).hail(4000, 7000).shi));
}

BOOST_AUTO_TEST_CASE(unknown_heights_and_unseen_tops_are_not_no_hail) {
  BOOST_TEST(std::isnan(Column(kHeights, {50, 50, kNaN, kNaN, kNaN}).hail(4000, 7000).shi));
  BOOST_TEST(std::isnan(Column(kHeights, {60, 60, 60, 60, 60}).hail(std::nan(""), 7000).mesh_mm));
  BOOST_TEST(std::isnan(Column(kHeights, {60, 60, 60, 60, 60}).hail(7000, 7000).mesh_mm));
}

BOOST_AUTO_TEST_SUITE_END()
