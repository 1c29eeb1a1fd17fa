#include "engine/regrid/land_mask.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/error.h"
#include "engine/core/plane.h"
#include "engine/regrid/apply.h"
#include "hpc/parallel/parallel_for.h"

using namespace guyu;
namespace {

const Grid kSource("EPSG:3857", 0, 3000, 1000, 1000, 4, 4);  // metres in the plane

// Value at one target point of this kind.
float at(double x, double y, bool on_land, const Plane& land, const Plane& values, RegridMethod method, double vicinity = 25000) {
  const Grid target("EPSG:3857", x, y, 1, 1, 1, 1);
  const Plane kind(1, 1, on_land ? 1.0F : 0.0F);
  const RegridWeights w = compute_land_aware_weights(kSource, land.view(), target, kind.view(), method, vicinity);
  double sum = 0;
  for (const auto& e : w.entries) sum += double{e.weight};
  BOOST_TEST((w.entries.empty() || std::abs(sum - 1) < 1e-6));
  Plane out(1, 1);
  apply_weights(w, values.view(), {}, out.view());
  return out.values[0];
}

// Columns 0 and 1 are sea at 10 degrees, 2 and 3 land at 30.
struct Coast {
  Plane land{4, 4}, values{4, 4};
  Coast() {
    for (std::int64_t j = 0; j < 4; ++j)
      for (std::int64_t i = 0; i < 4; ++i) land.row(j)[i] = i >= 2 ? 1.0F : 0.0F, values.row(j)[i] = i >= 2 ? 30.0F : 10.0F;
  }
};

}  // namespace
BOOST_AUTO_TEST_SUITE(land_mask)

BOOST_AUTO_TEST_CASE(land_draws_from_land_and_sea_from_sea) {
  const Coast c;
  for (const RegridMethod m : {RegridMethod::nearest, RegridMethod::bilinear}) {
    for (const double x : {200.0, 1200.0, 1500.0, 1900.0, 2800.0}) {
      BOOST_TEST(std::abs(at(x, 1400, true, c.land, c.values, m) - (x < 1000 ? 10 : 30)) < (x < 1000 ? 21 : 1e-4));
      if (x < 2000) BOOST_TEST(std::abs(at(x, 1400, false, c.land, c.values, m) - 10) < 1e-4);
    }
  }
}

BOOST_AUTO_TEST_CASE(without_a_coast_it_is_plain_regridding) {
  const Plane land(4, 4, 1);
  Plane values(4, 4);
  for (std::size_t k = 0; k < 16; ++k) values.values[k] = static_cast<float>(k * k);
  for (const RegridMethod m : {RegridMethod::nearest, RegridMethod::bilinear}) {
    const Grid target("EPSG:3857", 130, 2870, 270, 310, 9, 8);
    const RegridWeights plain = compute_regrid_weights(kSource, target, m);
    const RegridWeights aware = compute_land_aware_weights(kSource, land.view(), target, Plane(8, 9, 1).view(), m);
    BOOST_REQUIRE(plain.entries.size() == aware.entries.size());
    for (std::size_t k = 0; k < plain.entries.size(); ++k) {
      BOOST_TEST(plain.entries[k].source == aware.entries[k].source);
      BOOST_TEST(std::abs(plain.entries[k].weight - aware.entries[k].weight) < 1e-6F);
    }
  }
}

// Three of four corners are land on a plane in x and y: inside their triangle the plane's value comes out exactly.
BOOST_AUTO_TEST_CASE(the_plane_through_three_corners_is_kept) {
  for (std::size_t sea = 0; sea < 4; ++sea) {
    Plane land(4, 4, 1), values(4, 4);
    for (std::int64_t j = 0; j < 4; ++j)
      for (std::int64_t i = 0; i < 4; ++i) values.row(j)[i] = static_cast<float>(2 * i + 5 * j);
    const auto row = static_cast<std::int64_t>(1 + sea / 2), column = static_cast<std::int64_t>(1 + sea % 2);
    land.row(row)[column] = 0, values.row(row)[column] = 999;
    const double x = 1500 + (sea % 2 ? -200.0 : 200.0), down = 1.5 + (sea / 2 ? -0.2 : 0.2);
    BOOST_TEST(std::abs(at(x, 3000 - 1000 * down, true, land, values, RegridMethod::bilinear) - (2 * x / 1000 + 5 * down)) < 1e-4);
  }
}

BOOST_AUTO_TEST_CASE(an_island_looks_no_further_than_the_vicinity) {
  Coast c;
  // No corner of land around; two of the eight next are, 1.2 km away.
  for (const RegridMethod m : {RegridMethod::nearest, RegridMethod::bilinear}) {
    BOOST_TEST(std::abs(at(900, 1500, true, c.land, c.values, m, 1800) - 30) < 1e-4);
    BOOST_TEST(std::abs(at(400, 1500, true, c.land, c.values, m, 500) - 10) < 1e-4);
  }
}

BOOST_AUTO_TEST_CASE(about_a_rotated_pole_the_vicinity_is_metres_too) {
  // Cells of 0.1 degrees, 11 km; the nearest land is 14 km away.
  const std::string crs = "+proj=ob_tran +o_proj=longlat +o_lat_p=50 +o_lon_p=0 +lon_0=10 +R=6371229 +to_meter=0.0174532925199433 +no_defs";
  const Grid source(crs, 0, 0.3, 0.1, 0.1, 4, 4), target(crs, 0.08, 0.15, 0.01, 0.01, 1, 1);
  const Coast c;
  const Plane kind(1, 1, 1.0F);
  for (const auto& [vicinity, expected] : {std::pair{30e3, 30.0F}, std::pair{5e3, 10.0F}}) {
    Plane out(1, 1);
    apply_weights(compute_land_aware_weights(source, c.land.view(), target, kind.view(), RegridMethod::nearest, vicinity), c.values.view(), {}, out.view());
    BOOST_TEST(out.values[0] == expected);
  }
}

BOOST_AUTO_TEST_CASE(outside_the_source_nothing_is_drawn_and_misfits_are_refused) {
  const Coast c;
  BOOST_TEST(std::isnan(at(90000, 1500, true, c.land, c.values, RegridMethod::bilinear)));
  BOOST_CHECK_THROW(at(0, 0, true, c.land, c.values, RegridMethod::conservative), Error);
  BOOST_CHECK_THROW(at(0, 0, true, Plane(2, 2), c.values, RegridMethod::nearest), Error);
}

// Over the date line and with many threads.
BOOST_AUTO_TEST_CASE(round_the_globe_and_in_threads_it_is_the_same) {
  const Grid source("EPSG:4326", -180, 87, 3, 3, 120, 59), target("EPSG:4326", 170.3, 40.2, 0.7, 0.9, 30, 40);
  Plane land(59, 120), kind(40, 30);
  for (std::size_t k = 0; k < land.values.size(); ++k) land.values[k] = (k * 7919) % 5 < 2 ? 1.0F : 0.0F;
  for (std::size_t k = 0; k < kind.values.size(); ++k) kind.values[k] = (k * 104729) % 3 < 1 ? 1.0F : 0.0F;
  set_num_threads(1);
  const RegridWeights one = compute_land_aware_weights(source, land.view(), target, kind.view(), RegridMethod::bilinear, 1e6);
  set_num_threads(4);
  const RegridWeights more = compute_land_aware_weights(source, land.view(), target, kind.view(), RegridMethod::bilinear, 1e6);
  set_num_threads(0);
  BOOST_REQUIRE(one.row_begin == more.row_begin);
  for (std::size_t k = 0; k < one.entries.size(); ++k)
    BOOST_REQUIRE((one.entries[k].source == more.entries[k].source && one.entries[k].weight == more.entries[k].weight));
  for (std::int64_t t = 0; t < 1200; ++t) {
    double sum = 0;
    for (const auto& e : one.row(t)) sum += double{e.weight};
    BOOST_REQUIRE(std::abs(sum - 1) < 1e-6);
  }
}

BOOST_AUTO_TEST_SUITE_END()
