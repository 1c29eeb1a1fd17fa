#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "engine/cells/convective_echo.h"
#include "engine/cells/hail.h"
#include "engine/core/error.h"
#include "tests/engine/cells/storm_case.h"

using namespace guyu;
using guyu::test::kilometre_grid;
using guyu::test::kNaN;
namespace tt = boost::test_tools;
namespace {

// A column of one cell each, from heights and dBZ.
struct Column {
  std::vector<Plane> planes;
  std::vector<ReflectivityLevel> levels;
  Column(const std::vector<double>& heights, const std::vector<float>& dbz) {
    for (const float z : dbz) planes.emplace_back(1, 1, z);
    for (std::size_t k = 0; k < heights.size(); ++k) levels.push_back({heights[k], std::as_const(planes[k]).view()});
  }
  float liquid() const {
    Plane out(1, 1);
    integrated_liquid(levels, out.view());
    return out.values[0];
  }
  float top(float threshold = 18) const {
    Plane out(1, 1);
    echo_top(levels, threshold, out.view());
    return out.values[0];
  }
  HailIndex hail(double h0, double h20) const {
    Plane shi(1, 1), posh(1, 1), mesh(1, 1);
    hail_index(levels, {h0, {}}, {h20, {}}, {shi.view(), posh.view(), mesh.view()});
    return {double{shi.values[0]}, double{posh.values[0]}, double{mesh.values[0]}};
  }
};

const std::vector<double> kHeights{0, 2500, 5000, 7500, 10000};

}  // namespace

BOOST_AUTO_TEST_SUITE(column)

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

BOOST_AUTO_TEST_CASE(a_missing_level_is_bridged_and_a_wide_gap_is_not) {
  const Column whole({0, 1000, 2000, 3000}, {50, 50, 50, 50}), hole({0, 1000, 2000, 3000}, {50, kNaN, 50, 50});
  BOOST_TEST(whole.liquid() == hole.liquid(), tt::tolerance(1e-5F));
  BOOST_TEST(std::isnan(Column(kHeights, {50, kNaN, kNaN, kNaN, 50}).liquid()));
  BOOST_TEST(std::isnan(Column(kHeights, {50, 50, kNaN, kNaN, kNaN}).hail(4000, 7000).shi));
  BOOST_TEST(std::isnan(Column(kHeights, {60, 60, 60, 60, 60}).hail(std::nan(""), 7000).mesh_mm));
}

BOOST_AUTO_TEST_CASE(levels_out_of_order_are_a_user_error) {
  BOOST_CHECK_THROW(Column({1000, 500}, {30, 30}).liquid(), Error);
  BOOST_CHECK_THROW(Column({1000}, {30}).top(), Error);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(convective)

BOOST_AUTO_TEST_CASE(peakedness_and_radius_are_those_of_the_paper) {
  BOOST_TEST(convective_excess_db(-5) == 10);
  BOOST_TEST(convective_excess_db(30) == 5);
  BOOST_TEST(convective_excess_db(43) == 0);
  BOOST_TEST(convective_radius_km(20) == 1);
  BOOST_TEST(convective_radius_km(37) == 4);
  BOOST_TEST(convective_radius_km(50) == 5);
}

BOOST_AUTO_TEST_CASE(a_peak_in_even_rain_is_convective_with_what_stands_near_it) {
  Plane in(61, 61, 20), out(61, 61);
  in.row(30)[30] = 36;  // background hardly above 20 dBZ: 1 km around
  in.row(5)[5] = kNaN, in.row(55)[5] = -10;
  const GridScale scale(kilometre_grid(61, 61));
  separate_convective(in.view(), scale, out.view());
  BOOST_TEST(out.row(30)[30] == kConvective);
  BOOST_TEST(std::count(out.values.begin(), out.values.end(), kConvective) <= 5);
  BOOST_TEST(out.row(30)[33] == kStratiform);
  BOOST_TEST(std::isnan(out.row(5)[5]));
  BOOST_TEST(out.row(55)[5] == kNoEcho);
}

BOOST_AUTO_TEST_CASE(heavy_echo_is_convective_whatever_stands_around) {
  Plane in(61, 61, 41), out(61, 61);
  separate_convective(in.view(), GridScale(kilometre_grid(61, 61)), out.view());
  BOOST_TEST(std::all_of(out.values.begin(), out.values.end(), [](float v) { return v == kConvective; }));
}

BOOST_AUTO_TEST_SUITE_END()
