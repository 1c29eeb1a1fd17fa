#include "engine/convection/flash_density.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/cells/grid_scale.h"
#include "engine/core/error.h"
#include "engine/core/plane.h"
#include "hpc/parallel/parallel_for.h"

using namespace guyu;
namespace {

const TimePoint kNow = parse_time("2024-07-01T06:00:00Z");
constexpr Seconds kMinute{60};

FlashRecord record() {
  FlashRecord r;
  r.watched = {{kNow - 15 * kMinute, kNow}};
  r.west = 100, r.east = 130, r.south = -50, r.north = 50;
  r.flashes = {{kNow, 110.05, 30.05}, {kNow - 4 * kMinute, 110.05, 30.05}, {kNow - 5 * kMinute, 110.15, 30.05}, {kNow - 12 * kMinute, 110.05, 30.05}};
  return r;
}

// Four cells of 0.1 degrees from 110 E, 30 N on.
const Grid kGrid("EPSG:4326", 110.05, 30.15, 0.1, 0.1, 2, 2);

Region box(const std::string& code, double west, double south, double size) {
  return {code, code, "", {{{{west, south}, {west + size, south}, {west + size, south + size}, {west, south + size}, {west, south}}, {}}}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(flash_density_)

BOOST_AUTO_TEST_CASE(flashes_of_the_window_are_counted_by_area_and_hour) {
  Plane out(2, 2);
  flash_density(record(), {kNow - 5 * kMinute, kNow}, kGrid, out.view());
  const double area = GridScale(kGrid).area_km2(1);
  BOOST_TEST(double{out.row(1)[0]} == 2 / (area * 5 / 60), boost::test_tools::tolerance(1e-5));
  BOOST_TEST(out.row(1)[1] == 0);  // five minutes ago is the end of the window before
  BOOST_TEST(out.row(0)[0] == 0);
  flash_density(record(), {kNow - 15 * kMinute, kNow}, kGrid, out.view());
  BOOST_TEST(double{out.row(1)[0]} == 3 / (area * 15 / 60), boost::test_tools::tolerance(1e-5));
}

BOOST_AUTO_TEST_CASE(a_sensor_that_does_not_look_or_see_knows_nothing) {
  Plane out(2, 2);
  flash_density(record(), {kNow - 30 * kMinute, kNow}, kGrid, out.view());  // half of it watched
  BOOST_TEST(std::isnan(out.row(1)[0]));
  FlashRecord r = record();
  r.north = 30.1;
  flash_density(r, {kNow - 5 * kMinute, kNow}, kGrid, out.view());
  BOOST_TEST((std::isnan(out.row(0)[0]) && out.row(1)[0] > 0));
  BOOST_CHECK_THROW(flash_density(r, {kNow, kNow}, kGrid, out.view()), Error);
}

BOOST_AUTO_TEST_CASE(density_counts_the_time_that_was_watched) {
  FlashRecord r = record();
  r.watched = {{kNow - 9 * kMinute, kNow}, {kNow - 5 * kMinute, kNow - 2 * kMinute}};
  BOOST_TEST(r.watched_share({kNow - 10 * kMinute, kNow}) == 0.9, boost::test_tools::tolerance(1e-9));
  Plane out(2, 2);
  flash_density(r, {kNow - 10 * kMinute, kNow}, kGrid, out.view());
  BOOST_TEST(double{out.row(1)[0]} == 2 / (GridScale(kGrid).area_km2(1) * 9 / 60), boost::test_tools::tolerance(1e-5));
}

BOOST_AUTO_TEST_CASE(regions_count_what_lies_in_their_outline) {
  const RegionSet regions{"EPSG:4326", {box("a", 110, 30, 0.1), box("b", 110.1, 30, 0.1), box("c", 110, 30, 0.2), box("d", 20, 30, 0.1)}, {}};
  const ZonalWeights weights = compute_zonal_weights(kGrid, regions);
  const auto at = [&](int minutes) { return region_flash_density(record(), {kNow - minutes * kMinute, kNow}, regions, weights); };
  const auto five = at(5), ten = at(10);
  BOOST_TEST(double{five[0]} == 2 / (1e-6 * weights.regions[0].total_area * 5 / 60), boost::test_tools::tolerance(1e-5));
  BOOST_TEST(five[1] == 0);
  BOOST_TEST(double{ten[2]} == 3 / (1e-6 * weights.regions[2].total_area * 10 / 60), boost::test_tools::tolerance(1e-5));
  BOOST_TEST(std::isnan(five[3]));
  BOOST_TEST(std::isnan(at(60)[0]));
}

BOOST_AUTO_TEST_CASE(a_hole_of_a_region_is_none_of_it) {
  Region ring = box("ring", 110, 30, 0.2);
  ring.shape[0].holes.push_back(box("", 110.02, 30.02, 0.06).shape[0].outer);
  const RegionSet regions{"EPSG:4326", {ring}, {}};
  BOOST_TEST(region_flash_density(record(), {kNow - 5 * kMinute, kNow}, regions, compute_zonal_weights(kGrid, regions))[0] == 0);
}

BOOST_AUTO_TEST_CASE(files_of_a_sensor_join_and_the_same_flash_counts_once) {
  FlashRecord all, first = record(), second = record();
  second.watched = {{kNow, kNow + kMinute}};
  second.flashes.push_back({kNow + Seconds{5}, 111, 31});
  second.north = 45, second.west = 105;
  all.merge(first), all.merge(second);
  BOOST_TEST(all.flashes.size() == 5U);
  BOOST_TEST(all.watched_share({kNow - kMinute, kNow + kMinute}) == 1);
  BOOST_TEST((all.sees(106, 44) && !all.sees(104, 44) && !all.sees(106, 46)));
}

BOOST_AUTO_TEST_CASE(a_field_of_view_may_cross_the_date_line) {
  FlashRecord r;
  r.west = 170, r.east = -160;
  BOOST_TEST((r.sees(175, 0) && r.sees(-170, 0) && r.sees(190, 0) && !r.sees(160, 0) && !r.sees(-150, 0)));
}

BOOST_AUTO_TEST_CASE(a_grid_of_longitudes_beyond_180_finds_its_flashes) {
  FlashRecord r = record();
  r.west = -180, r.east = 180;
  r.flashes = {{kNow, -89.95, 30.05}};
  Plane out(2, 2);
  flash_density(r, {kNow - 5 * kMinute, kNow}, Grid("EPSG:4326", 270.05, 30.15, 0.1, 0.1, 2, 2), out.view());
  BOOST_TEST(out.row(1)[0] > 0);
}

BOOST_AUTO_TEST_SUITE_END()
