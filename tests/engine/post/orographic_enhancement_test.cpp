#include "engine/post/orographic_enhancement.h"

#include <boost/test/unit_test.hpp>
#include <numbers>

#include "engine/core/error.h"
#include "engine/post/grid_wind.h"
#include "engine/post/moisture.h"
#include "engine/post/rain_enhancement.h"
#include "hpc/parallel/parallel_for.h"
#include "tests/engine/post/random_plane.h"

using namespace guyu;
namespace tt = boost::test_tools;
namespace {

struct Air {
  Plane t, rh, p, u, v, height;
  explicit Air(std::int64_t n) : t(n, n, 285), rh(n, n, 0.95F), p(n, n, 9e4F), u(n, n, 10), v(n, n, 0), height(n, n, 100) {}
  Plane rain(double cell = 1000) const {
    Plane out(t.ny, t.nx);
    orographic_enhancement({t.view(), rh.view(), p.view(), u.view(), v.view(), height.view(), cell}, {}, out.view());
    return out;
  }
};

}  // namespace
BOOST_AUTO_TEST_SUITE(orographic_enhancement_)

// A plain slope of 1 in 100 in a west wind of 10 m/s lifts by 0.1 m/s everywhere, so that the upstream mean changes nothing.
BOOST_AUTO_TEST_CASE(a_slope_makes_the_rain_that_the_formula_says) {
  Air air(40);
  for (std::int64_t j = 0; j < 40; ++j)
    for (std::int64_t i = 0; i < 40; ++i) air.height.row(j)[i] = static_cast<float>(100 + 10 * i);
  const double wanted = 0.23265 * 3600 / 461.6 * double{0.95F} * moisture::saturation_vapour_pressure_in_air(285, 9e4) * 0.1 / 285;
  for (const float r : air.rain().values) BOOST_TEST(r == static_cast<float>(wanted), tt::tolerance(1e-4F));
}

BOOST_AUTO_TEST_CASE(no_rain_falls_from_flat_low_or_dry_ground_or_sinking_air) {
  Air flat(20);
  for (const float r : flat.rain().values) BOOST_TEST(r == 0.0F);
  Air low(20), dry(20), lee(20);
  for (std::int64_t j = 0; j < 20; ++j) {
    for (std::int64_t i = 0; i < 20; ++i) {
      low.height.row(j)[i] = static_cast<float>(i) * 0.9F;
      dry.height.row(j)[i] = static_cast<float>(100 + 10 * i);
      lee.height.row(j)[i] = static_cast<float>(500 - 10 * i);
      dry.rh.row(j)[i] = 0.7F;
    }
  }
  for (const Air* air : {&low, &dry, &lee})
    for (const float r : air->rain().values) BOOST_TEST(r == 0.0F);
}

// Turn hill and wind by a quarter: the rain turns with them. North is towards falling rows.
BOOST_AUTO_TEST_CASE(a_turned_hill_in_a_turned_wind_has_the_turned_rain) {
  constexpr std::int64_t n = 31;
  Air west(n), south(n);
  for (std::int64_t j = 0; j < n; ++j) {
    for (std::int64_t i = 0; i < n; ++i) {
      const auto x = static_cast<double>(i - 15), y = static_cast<double>(j - 13);
      west.height.row(j)[i] = static_cast<float>(50 + 800 * std::exp(-(x * x + 2 * y * y) / 40));
      south.height.row(n - 1 - i)[j] = west.height.row(j)[i];
      south.u.row(j)[i] = 0, south.v.row(j)[i] = 10;
    }
  }
  const Plane a = west.rain(), b = south.rain();
  float most = 0;
  for (std::int64_t j = 0; j < n; ++j) {
    for (std::int64_t i = 0; i < n; ++i) {
      BOOST_TEST(test::same(a.row(j)[i], b.row(n - 1 - i)[j], 1e-5));
      most = std::max(most, a.row(j)[i]);
    }
  }
  BOOST_TEST(most > 0.5F);
}

BOOST_AUTO_TEST_CASE(missing_air_is_missing_rain_and_threads_change_nothing) {
  Air air(30);
  air.height = test::random_plane(30, 30, 3);
  for (float& h : air.height.values) h = 100 + 30 * h;
  air.rh.row(4)[5] = NAN;
  set_num_threads(1);
  const Plane one = air.rain();
  BOOST_TEST(std::isnan(one.row(4)[5]));
  set_num_threads(4);
  BOOST_TEST(test::differing(air.rain(), one) == 0U);
  set_num_threads(0);
  BOOST_CHECK_THROW(air.rain(0), Error);
  BOOST_CHECK_THROW(Air(2).rain(), Error);
}

// On the central meridian grid north is true north; away from it they part by (lon - lon0) sin(lat), nearly.
BOOST_AUTO_TEST_CASE(winds_turn_with_the_convergence_of_the_projection) {
  const Grid grid("+proj=longlat +datum=WGS84", -2, 50, 2, 1, 2, 1);
  Plane speed(1, 2, 10), from(1, 2, 180), u = speed, v = speed;  // from the south
  wind_along_axes(grid, "+proj=tmerc +lat_0=49 +lon_0=-2 +ellps=WGS84", speed.view(), from.view(), u.view(), v.view());
  BOOST_TEST(std::abs(u.values[0]) < 1e-4F);
  BOOST_TEST(v.values[0] == 10.0F, tt::tolerance(1e-6F));
  const double convergence = 2 * std::numbers::pi / 180 * std::sin(50 * std::numbers::pi / 180);
  BOOST_TEST(-std::atan2(double{u.values[1]}, double{v.values[1]}) == convergence, tt::tolerance(2e-3));
  BOOST_TEST(std::hypot(double{u.values[1]}, double{v.values[1]}) == 10.0, tt::tolerance(1e-6));
  from.values[0] = NAN;
  wind_along_axes(grid, grid.crs(), speed.view(), from.view(), u.view(), v.view());
  BOOST_TEST((std::isnan(u.values[0]) && std::abs(u.values[1]) < 1e-5F));
}

BOOST_AUTO_TEST_CASE(what_the_ground_adds_is_taken_off_and_put_on_where_it_rains) {
  Plane rate(1, 4), added(1, 4, 1), without = rate, with = rate;
  rate.values = {0.01F, 0.5F, 3, NAN};
  remove_enhancement(rate.view(), added.view(), without.view());
  BOOST_TEST((without.values[0] == 0.01F && without.values[1] == kLeastRainRate && without.values[2] == 2 && std::isnan(without.values[3])));
  add_enhancement(without.view(), added.view(), with.view());
  BOOST_TEST((with.values[0] == 0.01F && with.values[2] == 3));
  added.values[0] = NAN;
  add_enhancement(without.view(), added.view(), with.view());
  BOOST_TEST(std::isnan(with.values[0]));
}

BOOST_AUTO_TEST_SUITE_END()
