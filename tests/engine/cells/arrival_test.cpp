#include "engine/cells/arrival.h"

#include <boost/test/unit_test.hpp>

#include "engine/cells/identify.h"
#include "engine/cells/tracker.h"
#include "hpc/parallel/parallel_for.h"
#include "tests/engine/cells/storm_case.h"

using namespace guyu;
using guyu::test::add_storm;
using guyu::test::kilometre_grid;
namespace {

// A storm of 8 km radius about column 30 that moves 10 m/s east (0.6 columns a minute), and a township of 10 by 10 km.
struct Case {
  Grid grid = kilometre_grid(120, 160);
  GridScale scale{grid};
  CellTracker tracker{scale, steady()};  // so that times are those of the storm's way alone
  static TrackOptions steady() {
    TrackOptions o;
    o.least_velocity_error_m_s = 1, o.velocity_error_share = 0;
    return o;
  }
  Case() {
    const Motion motion = uniform_motion(120, 160, 0.01F, 0);
    for (int k = 0; k < 5; ++k) {
      Plane p(120, 160, 0);
      add_storm(p, 60, 18 + 3.0 * k, 51, 2);
      tracker.add(TimePoint{Seconds{300 * k}}, identify_cells(p.view(), scale, CellIntensity::reflectivity), &motion);
    }
  }
  Region township(const std::string& code, double row, double column) const {
    const auto at = [&](double j, double i) { return Point{grid.x(i - 0.5), grid.y(j - 0.5)}; };
    return {code, code, "", {{{at(row, column), at(row, column + 10), at(row + 10, column + 10), at(row + 10, column), at(row, column)}, {}}}};
  }
  std::vector<CellArrival> arrivals(std::vector<Region> regions) const {
    const RegionSet set{grid.crs(), std::move(regions), {}};
    return cell_arrivals(tracker.tracks(), scale, compute_zonal_weights(grid, set), {});
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(arrival)

BOOST_AUTO_TEST_CASE(a_storm_reaches_the_townships_in_its_way_in_time) {
  const Case c;
  const auto a = c.arrivals({c.township("here", 55, 26), c.township("ahead", 55, 50), c.township("behind", 55, 5), c.township("aside", 100, 50)});
  BOOST_REQUIRE(a.size() == 2U);
  BOOST_TEST(a[0].region == 0U);
  BOOST_TEST(a[0].time_to_arrival.count() == 0);
  BOOST_TEST(a[0].share > 0.95);
  BOOST_TEST(a[1].region == 1U);
  BOOST_TEST(a[1].reach_share > 0.95);
  BOOST_TEST(a[1].share < a[1].reach_share);                                                      // not every cell lives so long
  BOOST_TEST(std::abs(static_cast<double>(a[1].time_to_arrival.count()) / 60 - 12 / 0.6) < 2.5);  // its front is 12 km away
  BOOST_TEST((a[1].earliest <= a[1].time_to_arrival && a[1].time_to_arrival <= a[1].latest));
  BOOST_TEST(std::abs(static_cast<double>(a[1].time_to_leaving.count()) / 60 - 38 / 0.6) < 5);  // its rear has 38 km to go: beyond the hour's end
}

BOOST_AUTO_TEST_CASE(a_township_beside_the_way_has_a_smaller_share) {
  const Case c;
  const auto a = c.arrivals({c.township("ahead", 55, 60), c.township("beside", 72, 60)});
  BOOST_REQUIRE(a.size() == 2U);
  BOOST_TEST((a[1].share < a[0].share && a[1].share > 0.05));
}

BOOST_AUTO_TEST_CASE(a_township_smaller_than_a_pixel_is_reached_too) {
  const Case c;
  Region r = c.township("tiny", 60, 45);
  for (Point& p : r.shape[0].outer) p.x = c.grid.x(45) + 0.02 * (p.x - c.grid.x(45)), p.y = c.grid.y(60) + 0.02 * (p.y - c.grid.y(60));
  BOOST_TEST(c.arrivals({r}).size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_number_of_threads_changes_nothing) {
  const Case c;
  const auto run = [&](int threads) {
    set_num_threads(threads);
    auto a = c.arrivals({c.township("ahead", 55, 60), c.township("beside", 72, 60)});
    set_num_threads(0);
    return a;
  };
  const auto one = run(1), four = run(4);
  BOOST_REQUIRE(one.size() == four.size());
  for (std::size_t k = 0; k < one.size(); ++k) BOOST_TEST((one[k].share == four[k].share && one[k].time_to_arrival == four[k].time_to_arrival));
}

BOOST_AUTO_TEST_SUITE_END()
