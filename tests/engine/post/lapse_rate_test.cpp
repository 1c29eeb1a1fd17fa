#include "engine/post/lapse_rate.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"
#include "engine/post/sites.h"
#include "hpc/parallel/parallel_for.h"
#include "tests/engine/post/random_plane.h"

using namespace guyu;
namespace tt = boost::test_tools;
namespace {
Plane rates(const Plane& t, const Plane& height, const Plane& land, const LapseRateFit& fit = {}) {
  Plane out(t.ny, t.nx);
  temperature_lapse_rate(t.view(), height.view(), land.view(), fit, out.view());
  return out;
}
}  // namespace
BOOST_AUTO_TEST_SUITE(lapse_rate)

BOOST_AUTO_TEST_CASE(a_temperature_linear_in_height_gives_its_slope) {
  Plane height = test::random_plane(20, 20, 1), t = height;
  for (std::size_t k = 0; k < t.values.size(); ++k) t.values[k] = 290 - 0.006F * height.values[k];
  const Plane out = rates(t, height, Plane(20, 20, 1));
  for (const float r : out.values) BOOST_TEST(r == -0.006F, tt::tolerance(2e-3F));  // temperatures in float are 3e-5 K apart
}

BOOST_AUTO_TEST_CASE(sea_and_flat_land_have_the_dry_adiabatic_rate) {
  const Plane t = test::random_plane(9, 9, 2), flat(9, 9, 100), hilly = test::random_plane(9, 9, 3);
  const auto dry = static_cast<float>(kDryAdiabaticLapseRate);
  for (const float r : rates(t, flat, Plane(9, 9, 1)).values) BOOST_TEST(r == dry);
  for (const float r : rates(t, hilly, Plane(9, 9, 0)).values) BOOST_TEST(r == dry);
}

// Three cells in a row: heights 0, 30 and 100 m. The middle one sees the first alone: 1 K over 30 m is beyond the greatest rate allowed.
BOOST_AUTO_TEST_CASE(cells_too_far_above_do_not_count_and_rates_are_kept_in_bounds) {
  Plane t(1, 3), height = t;
  t.values = {280, 281, 250}, height.values = {0, 30, 100};
  BOOST_TEST(rates(t, height, Plane(1, 3, 1)).values[1] == static_cast<float>(-3 * kDryAdiabaticLapseRate));
  BOOST_TEST(rates(t, height, Plane(1, 3, 1), {7, 35, -1, 1}).values[1] == 1.0F / 30, tt::tolerance(1e-6F));
}

BOOST_AUTO_TEST_CASE(a_missing_neighbour_is_left_out_and_a_missing_cell_is_missing) {
  Plane t(1, 3), height = t;
  t.values = {280, NAN, 279.9F}, height.values = {0, 5, 10};
  const Plane out = rates(t, height, Plane(1, 3, 1), {7, 35, -1, 1});
  BOOST_TEST(out.values[0] == -0.01F, tt::tolerance(1e-3F));
  BOOST_TEST(std::isnan(out.values[1]));
}

BOOST_AUTO_TEST_CASE(beyond_the_limit_the_standard_atmosphere_holds) {
  BOOST_TEST(lapse_rate_adjustment(0.02, 30) == 0.6, tt::tolerance(1e-12));
  BOOST_TEST(lapse_rate_adjustment(0.02, 150) == 1.0 - 0.65, tt::tolerance(1e-12));
  BOOST_TEST(lapse_rate_adjustment(0.02, -150) == -1.0 + 0.65, tt::tolerance(1e-12));
  Plane t(1, 2, 280), rate(1, 2, -0.006F), from(1, 2, 10), to(1, 2, 30), out = t;
  to.values[1] = NAN;
  apply_lapse_rate(t.view(), rate.view(), from.view(), to.view(), out.view());
  BOOST_TEST(out.values[0] == 279.88F);
  BOOST_TEST(std::isnan(out.values[1]));
}

BOOST_AUTO_TEST_CASE(sites_take_their_cells_values) {
  const Plane t(2, 2, 280), rate(2, 2, -0.006F);
  const std::vector<SiteCell> sites{{1, 0, 20}, {5, 0, 0}, {0, 0, NAN}};
  const std::vector<float> adjusted = temperatures_at_sites(t.view(), rate.view(), sites);
  BOOST_TEST(adjusted[0] == 279.88F);
  BOOST_TEST((std::isnan(adjusted[1]) && std::isnan(adjusted[2])));
  BOOST_TEST(values_at_sites(t.view(), sites)[2] == 280.0F);
}

BOOST_AUTO_TEST_CASE(threads_change_nothing) {
  const Plane t = test::random_plane(50, 40, 4), height = test::random_plane(50, 40, 5), land(50, 40, 1);
  set_num_threads(1);
  const Plane one = rates(t, height, land);
  set_num_threads(4);
  BOOST_TEST(test::differing(rates(t, height, land), one) == 0U);
  set_num_threads(0);
}

BOOST_AUTO_TEST_CASE(a_fit_that_cannot_be_is_refused) {
  const Plane p(3, 3);
  BOOST_CHECK_THROW(rates(p, p, p, {-1}), Error);
  BOOST_CHECK_THROW(rates(p, p, p, {1, -1}), Error);
  BOOST_CHECK_THROW(rates(p, p, p, {1, 1, 1, -1}), Error);
}

BOOST_AUTO_TEST_SUITE_END()
