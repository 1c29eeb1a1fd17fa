#include "engine/downscale/lapse_rate.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <utility>
#include <vector>

namespace guyu {
namespace {

const Grid kCoarse("+proj=longlat +datum=WGS84 +no_defs", 100, 30, 0.25, 0.25, 13, 11);
constexpr float kLapse = -0.0065F;

float hill(double x, double y) { return static_cast<float>(800 + 600 * std::sin(9 * x) * std::cos(7 * y)); }

Field on(const Grid& grid, float (*f)(double, double)) {
  Field field(grid, {});
  for (std::int64_t j = 0; j < grid.ny(); ++j)
    for (std::int64_t i = 0; i < grid.nx(); ++i) field.view()(j, i) = f(grid.x(static_cast<double>(i)), grid.y(static_cast<double>(j)));
  return field;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lapse_rates)

BOOST_AUTO_TEST_CASE(relief_gives_the_slope_that_the_field_was_made_with) {
  const Field z = on(kCoarse, hill);
  Field t(kCoarse, {});
  for (std::size_t k = 0; k < t.values().size(); ++k) t.values()[k] = 295 - 0.008F * z.values()[k];
  const Plane lapse = local_lapse_rate(std::as_const(t).view(), z.view(), {.doubt_m = 0.01F});
  for (const float x : lapse.values) BOOST_TEST(x == -0.008F, boost::test_tools::tolerance(1e-3F));
}

BOOST_AUTO_TEST_CASE(flat_ground_has_the_standard_atmosphere) {
  const Field z = on(kCoarse, [](double, double) { return 40.0F; }), t = on(kCoarse, [](double x, double) { return static_cast<float>(x); });
  for (const float x : local_lapse_rate(t.view(), z.view()).values) BOOST_TEST(x == kLapse, boost::test_tools::tolerance(1e-4F));
}

BOOST_AUTO_TEST_CASE(levels_above_the_ground_tell_their_own_slope) {
  const Plane ground(2, 2, 400.0F), z1(2, 2, 800.0F), z2(2, 2, 1500.0F), z0(2, 2, 300.0F);
  Plane t1(2, 2, 283.0F), t2(2, 2, 283.0F - 0.0055F * 700), t0(2, 2, 310.0F);  // the lowest lies below the ground and says nothing
  t1.values[3] = std::nanf("");
  const std::vector<LapseLevel> levels{{std::as_const(t0).view(), z0.view()}, {std::as_const(t1).view(), z1.view()}, {std::as_const(t2).view(), z2.view()}};
  const Plane lapse = lapse_rate_of_levels(levels, ground.view());
  BOOST_TEST(lapse.values[0] == -0.0055F, boost::test_tools::tolerance(1e-3F));
  BOOST_TEST(lapse.values[3] == kLapse);  // one level is none
}

BOOST_AUTO_TEST_CASE(no_slope_leaves_its_bounds_and_missing_cells_are_skipped) {
  Field z = on(kCoarse, hill), t(kCoarse, {});
  for (std::size_t k = 0; k < t.values().size(); ++k) t.values()[k] = k % 3 == 0 ? std::nanf("") : 295 - 0.05F * z.values()[k];
  for (const float x : local_lapse_rate(std::as_const(t).view(), std::as_const(z).view()).values) BOOST_TEST((x >= -0.0098F && x < -0.0065F));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
