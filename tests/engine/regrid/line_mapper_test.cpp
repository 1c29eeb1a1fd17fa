#include "engine/regrid/line_mapper.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "tests/engine/regrid/grids.h"

using namespace guyu;
using namespace guyu::test;
namespace {

// Largest distance of the mapped points from PROJ's own, as shares of the tolerance; and how many points have no image.
struct Miss {
  double worst = 0;
  std::size_t absent = 0;
};
Miss miss(const Grid& source, const Grid& target, double row, double first, double step, std::size_t n) {
  constexpr double kTolerance = 1e-6;
  const double period = source.is_latlon() ? 360 : 0, unit = source.is_latlon() ? 1 : 1000;
  const LineMapper mapper(
      source, target,
      [](double x, double y) {
        return PlanePoint{x, y};
      },
      {kTolerance * unit, kTolerance * unit}, period);
  std::vector<PlanePoint> line(n);
  mapper.map(row, first, step, line);
  const CrsTransform exact(target.crs(), source.crs());
  Miss m;
  for (std::size_t k = 0; k < n; ++k) {
    PlanePoint p{target.x(first + step * static_cast<double>(k)), target.y(row)};
    exact.forward(&p.u, &p.s, 1, sizeof p);
    if (!std::isfinite(p.u)) {
      BOOST_TEST_REQUIRE(!std::isfinite(line[k].u));
      ++m.absent;
      continue;
    }
    m.worst = std::max({m.worst, std::abs(nearest_turn(line[k].u - p.u, period)) / (kTolerance * unit), std::abs(line[k].s - p.s) / (kTolerance * unit)});
  }
  return m;
}

}  // namespace
BOOST_AUTO_TEST_SUITE(line_mapper)

BOOST_AUTO_TEST_CASE(every_point_of_a_line_is_where_proj_puts_it) {
  const Grid us(kLatLon, -129.995, 54.995, 0.01, 0.01, 7000, 3500), lambert(kLambert, -2.5e6, 1.8e6, 1000, 1000, 5000, 3600);
  for (const double row : {0.0, 1799.5, 3599.0}) {
    BOOST_TEST(miss(us, lambert, row, 0, 1, 5000).worst <= 1);
    BOOST_TEST(miss(us, lambert, row, -0.5, 0.25, 20001).worst <= 1);  // cell edges in quarters
  }
  BOOST_TEST(miss(lambert, us, 1500, 0, 1, 7000).worst <= 1);
}

BOOST_AUTO_TEST_CASE(poles_the_date_line_and_the_edge_of_a_projection_are_no_trap) {
  const Grid world = globe(1, -180), polar(kPolar, -4e6, 4e6, 10000, 10000, 800, 800);
  for (const double row : {0.0, 399.5, 400.0, 401.0}) BOOST_TEST(miss(world, polar, row, 0, 1, 800).worst <= 1);  // the pole lies at 400, 400
  const Grid disc("+proj=geos +h=35786023 +lon_0=0 +sweep=y +ellps=GRS80", -5.5e6, 5.5e6, 3000, 3000, 3667, 3667);
  for (const double row : {100.0, 900.0, 1833.0}) {
    const Miss m = miss(world, disc, row, 0, 1, 3667);
    BOOST_TEST(m.worst <= 1);
    BOOST_TEST((m.absent > 0 && (row < 200 || m.absent < 3667)));  // the line leaves the disc
  }
}

BOOST_AUTO_TEST_CASE(a_stretch_does_not_depend_on_how_the_line_is_asked_for) {
  const Grid us(kLatLon, -129.995, 54.995, 0.01, 0.01, 7000, 3500), lambert(kLambert, -2.5e6, 1.8e6, 1000, 1000, 5000, 3600);
  const LineMapper mapper(
      us, lambert,
      [](double x, double y) {
        return PlanePoint{x, y};
      },
      {1e-8, 1e-8}, 360);
  std::vector<PlanePoint> once(3000), again(3000);
  mapper.map(17, 0, 1, once);
  mapper.map(900, 0, 1, again);
  mapper.map(17, 0, 1, again);
  for (std::size_t k = 0; k < once.size(); ++k) BOOST_TEST_REQUIRE((once[k].u == again[k].u && once[k].s == again[k].s));
}

BOOST_AUTO_TEST_CASE(grids_of_one_crs_are_mapped_without_proj_and_rows_beyond_a_pole_stay_on_it) {
  const Grid shifted(kLatLon, 0.25, 90, 0.5, 0.5, 720, 361);  // rows centred on the poles: the outer edges lie beyond
  const LineMapper mapper(
      globe(1, 0), shifted,
      [](double x, double y) {
        return PlanePoint{x, y};
      },
      {1e-8, 1e-8}, 360);
  BOOST_TEST(mapper.is_identity());
  std::vector<PlanePoint> line(721);
  mapper.map(-0.5, -0.5, 1, line);
  for (std::size_t k = 0; k < line.size(); ++k) {
    BOOST_TEST_REQUIRE(line[k].u == 0.5 * static_cast<double>(k));  // no jump at 360
    BOOST_TEST_REQUIRE(line[k].s == 90.0);
  }
}

BOOST_AUTO_TEST_CASE(the_shorter_way_round) {
  BOOST_TEST(nearest_turn(350, 360) == -10.0);
  BOOST_TEST(nearest_turn(-350, 360) == 10.0);
  BOOST_TEST(nearest_turn(180, 360) == 180.0);
  BOOST_TEST(nearest_turn(730, 360) == 10.0);
  BOOST_TEST(nearest_turn(350, 0) == 350.0);  // a line
}

BOOST_AUTO_TEST_SUITE_END()
