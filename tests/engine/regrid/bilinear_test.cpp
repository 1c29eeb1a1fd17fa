#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "tests/engine/regrid/filled.h"

using namespace guyu;
using namespace guyu::test;
namespace tt = boost::test_tools;
BOOST_AUTO_TEST_SUITE(bilinear)

BOOST_AUTO_TEST_CASE(bilinear_keeps_linear_functions_between_projections) {
  const auto linear = [](double x, double y) { return 0.25 * x / 1e6 - 0.7 * y / 1e6 + 1; };
  const Grid source(kLambert, -2e6, 1.5e6, 10000, 10000, 400, 300);
  for (const Grid& target : {Grid(kLatLon, -110.03, 45.02, 0.07, 0.05, 300, 250), Grid("EPSG:3857", -1.2e7, 5.5e6, 9000, 11000, 200, 100),
                             Grid(kLambert, -1.9e6 + 1234, 1.4e6, 3333, 4444, 500, 400)}) {
    const Field f = regridded(filled(source, linear), target, RegridMethod::bilinear);
    std::int64_t seen = 0;
    for (std::int64_t j = 0; j < target.ny(); j += 19) {
      for (std::int64_t i = 0; i < target.nx(); i += 3) {
        const PlanePoint p = source_position(source, target, j, i);
        if (source.column_of(p.u) < 0 || source.column_of(p.u) > 399 || source.row_of(p.s) < 0 || source.row_of(p.s) > 299) continue;
        ++seen;
        BOOST_TEST_REQUIRE(std::abs(static_cast<double>(f.view()(j, i)) - linear(p.u, p.s)) < 1e-6);
      }
    }
    BOOST_TEST(seen > 300);
  }
}

BOOST_AUTO_TEST_CASE(bilinear_joins_the_globe_across_the_date_line_and_the_poles) {
  const Grid source = globe(2, -180);
  // z of the unit sphere and x of it: smooth at the poles, so a field cut or held there would be wrong by far more than a row's curvature.
  const auto smooth = [](double x, double y) {
    const double r = std::numbers::pi / 180;
    return std::cos(y * r) * std::cos(x * r) + std::sin(y * r);
  };
  const Grid target = globe(0.5, 0);
  const Field f = regridded(filled(source, smooth), target, RegridMethod::bilinear), expected = filled(target, smooth);
  for (std::size_t k = 0; k < f.values().size(); ++k) BOOST_TEST_REQUIRE(std::abs(f.values()[k] - expected.values()[k]) < 4e-4F);
}

BOOST_AUTO_TEST_CASE(uneven_rows_are_interpolated_between_their_own_latitudes) {
  std::vector<double> rows;
  for (int j = 0; j < 40; ++j) rows.push_back(88 - 4.5 * j + 0.3 * std::sin(j));
  const Grid gauss(kLatLon, 0, 5, 72, rows), target(kLatLon, -179, 80, 3, 2, 120, 80);
  const Field f = regridded(filled(gauss, [](double, double y) { return y; }), target, RegridMethod::bilinear);
  for (std::int64_t j = 0; j < 80; ++j) BOOST_TEST(static_cast<double>(f.view()(j, 17)) == target.y(static_cast<double>(j)), tt::tolerance(1e-6));
  const Field all = regridded(filled(gauss, [](double, double) { return 3; }), globe(1, 0), RegridMethod::nearest);
  for (const float v : all.values()) BOOST_TEST_REQUIRE(v == 3);  // up to the poles
}

BOOST_AUTO_TEST_SUITE_END()
