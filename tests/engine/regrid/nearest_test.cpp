#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "tests/engine/regrid/filled.h"

using namespace guyu;
using namespace guyu::test;
BOOST_AUTO_TEST_SUITE(nearest)

BOOST_AUTO_TEST_CASE(the_position_of_every_cell_is_that_of_proj_itself) {
  // Nearest with one source cell per value: a wrong position by half a thousandth of a cell would show somewhere in 60 000 cells.
  const Grid source(kLatLon, -128, 52, 0.01, 0.01, 7000, 3500), target(kLambert, -1e6, 6e5, 5000, 5000, 300, 200);
  const RegridWeights w = compute_regrid_weights(source, target, RegridMethod::nearest);
  const CrsTransform t(target.crs(), source.crs());
  for (std::int64_t k = 0; k < target.size(); ++k) {
    PlanePoint p{target.x(static_cast<double>(k % 300)), target.y(static_cast<double>(k / 300))};
    t.forward(&p.u, &p.s, 1, sizeof p);
    const double c = source.column_of(p.u), r = source.row_of(p.s);
    if (std::abs(c - std::floor(c) - 0.5) < 1e-6 || std::abs(r - std::floor(r) - 0.5) < 1e-6) continue;
    BOOST_TEST_REQUIRE(w.row(k).size() == 1U);
    BOOST_TEST_REQUIRE(w.row(k)[0].source == std::llround(r) * 7000 + std::llround(c));
  }
}

BOOST_AUTO_TEST_CASE(a_centre_half_way_goes_to_one_of_its_neighbours_and_categories_stay_themselves) {
  const Grid source(kLatLon, 0.5, 9.5, 1, 1, 10, 10), target(kLatLon, 1, 9, 1, 1, 9, 9);  // every target centre on a source corner
  const Field classes = filled(source, [](double x, double y) { return std::floor(x) * 10 + std::floor(y); }),
              f = regridded(classes, target, RegridMethod::nearest);
  for (std::int64_t j = 0; j < 9; ++j) {
    for (std::int64_t i = 0; i < 9; ++i) {
      const float v = f.view()(j, i);
      const bool neighbour = v == classes.view()(j, i) || v == classes.view()(j, i + 1) || v == classes.view()(j + 1, i) || v == classes.view()(j + 1, i + 1);
      BOOST_TEST(neighbour);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
