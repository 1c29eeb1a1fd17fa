#include "engine/nowcast/motion_spread.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstring>
#include <vector>

using namespace guyu;
namespace {

Displacement advanced(float u, float v, double seconds) {
  Displacement d(uniform_motion(100, 100, u, v));
  d.advance_to(seconds);
  return d;
}

// Integral of max(0, a t^b + c) km/h from 0 to the lead, by many small rectangles: km.
double reference_distance(const double (&p)[3], double minutes) {
  constexpr int n = 200'000;
  double sum = 0;
  for (int k = 0; k < n; ++k) {
    const double t = minutes * (k + 0.5) / n;
    sum += std::max(0.0, p[0] * std::pow(t, p[1]) + p[2]);
  }
  return sum * minutes / n / 60;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(motion_spread)

BOOST_AUTO_TEST_CASE(without_spread_all_members_move_alike) {
  const Displacement common = advanced(0.01F, -0.02F, 1800);
  MotionSpread none;
  none.scale = 0;
  const MemberDisplacement own = perturb(common, 1800, none, 1, 3);
  BOOST_TEST(own.dx.at(0) == common.dx()(0, 0));
  BOOST_TEST(own.dy.at(0) == common.dy()(0, 0));
  BOOST_TEST(none.reach(3600) == 0);
}

BOOST_AUTO_TEST_CASE(the_reach_is_the_integral_of_the_speed_error) {
  MotionSpread spread;
  spread.cell_km = 2;
  spread.scale = 1.5;
  for (const double minutes : {0.1, 1.0, 5.0, 30.0, 120.0}) {
    const double wanted = 1.5 / 2 * std::hypot(reference_distance(spread.along, minutes), reference_distance(spread.across, minutes));
    BOOST_TEST(std::fabs(spread.reach(60 * minutes) - wanted) < 1e-4 * (1 + wanted), minutes << " minutes");
  }
  BOOST_TEST(spread.reach(0) == 0);
}

BOOST_AUTO_TEST_CASE(errors_along_and_across_have_the_variance_of_the_formula_and_long_tails) {
  constexpr double lead = 3600;
  const Displacement common = advanced(0.008F, 0.006F, lead);  // along (0.8, 0.6)
  MotionSpread spread;
  spread.scale = 1;
  double mean_a = 0, mean_b = 0, aa = 0, bb = 0, ab = 0, fourth = 0;
  constexpr int n = 40'000;
  for (std::uint32_t m = 0; m < n; ++m) {
    const MemberDisplacement own = perturb(common, lead, spread, 4, m);
    const double ex = static_cast<double>(own.dx[0] - common.dx()(0, 0)), ey = static_cast<double>(own.dy[0] - common.dy()(0, 0));
    const double a = 0.8 * ex + 0.6 * ey, b = -0.6 * ex + 0.8 * ey;
    mean_a += a / n;
    mean_b += b / n;
    aa += a * a / n;
    bb += b * b / n;
    ab += a * b / n;
    fourth += a * a * a * a / n;
  }
  const double sa = reference_distance(spread.along, 60), sb = reference_distance(spread.across, 60);
  BOOST_TEST(std::fabs(mean_a) < 0.03 * sa);
  BOOST_TEST(std::fabs(mean_b) < 0.03 * sb);
  BOOST_TEST(std::fabs(aa / (sa * sa) - 1) < 0.06);
  BOOST_TEST(std::fabs(bb / (sb * sb) - 1) < 0.06);
  BOOST_TEST(std::fabs(ab / (sa * sb)) < 0.03);
  BOOST_TEST(std::fabs(fourth / (aa * aa) - 6) < 1.2);  // Laplace's kurtosis
}

BOOST_AUTO_TEST_CASE(a_member_keeps_its_error_at_all_leads) {
  MotionSpread spread;
  spread.scale = 1;
  for (std::uint32_t m = 0; m < 20; ++m) {
    double first = 0;
    for (const double lead : {300.0, 600.0, 1800.0, 7200.0}) {
      const Displacement common = advanced(0.02F, 0, lead);
      const MemberDisplacement own = perturb(common, lead, spread, 4, m);
      const double in_deviations = static_cast<double>(own.dx[0] - common.dx()(0, 0)) / reference_distance(spread.along, lead / 60);
      if (first == 0) first = in_deviations;
      BOOST_TEST(std::fabs(in_deviations - first) < 1e-3 * (1 + std::fabs(first)));
    }
  }
}

BOOST_AUTO_TEST_CASE(members_and_seeds_have_errors_of_their_own) {
  const Displacement common = advanced(0.01F, 0.01F, 1800);
  MotionSpread spread;
  spread.scale = 1;
  const auto a = perturb(common, 1800, spread, 1, 0), b = perturb(common, 1800, spread, 1, 1), c = perturb(common, 1800, spread, 2, 0);
  BOOST_TEST(a.dx[0] != b.dx[0]);
  BOOST_TEST(a.dx[0] != c.dx[0]);
  BOOST_TEST(perturb(common, 1800, spread, 1, 0).dx[0] == a.dx[0]);
}

BOOST_AUTO_TEST_CASE(what_stands_still_is_uncertain_in_all_directions) {
  const Displacement common = advanced(0, 0, 3600);
  MotionSpread spread;
  spread.scale = 1;
  double xx = 0, yy = 0, xy = 0;
  constexpr int n = 20'000;
  for (std::uint32_t m = 0; m < n; ++m) {
    const MemberDisplacement own = perturb(common, 3600, spread, 4, m);
    BOOST_TEST_REQUIRE((std::isfinite(own.dx[0]) && std::isfinite(own.dy[0])));
    xx += static_cast<double>(own.dx[0]) * static_cast<double>(own.dx[0]) / n;
    yy += static_cast<double>(own.dy[0]) * static_cast<double>(own.dy[0]) / n;
    xy += static_cast<double>(own.dx[0]) * static_cast<double>(own.dy[0]) / n;
  }
  const double all = std::pow(reference_distance(spread.along, 60), 2) + std::pow(reference_distance(spread.across, 60), 2);
  BOOST_TEST(std::fabs((xx + yy) / all - 1) < 0.08);
  BOOST_TEST(std::fabs(xx / yy - 1) < 0.15);
  BOOST_TEST(std::fabs(xy) < 0.08 * all);
}

BOOST_AUTO_TEST_CASE(one_error_for_the_whole_field_along_and_across_the_mean_motion) {
  Motion turning;  // eastward in the west, southward in the east: south-eastward on average
  turning.ny = 1;
  turning.nx = 2;
  turning.field_ny = 50;
  turning.field_nx = 100;
  turning.factor = 50;
  turning.u = {0.01F, 0};
  turning.v = {0, 0.01F};
  turning.confidence = {1, 1};
  Displacement common(turning);
  common.advance_to(60);
  MotionSpread only_along;
  only_along.across[0] = 1e-9;
  only_along.across[2] = 0;
  const MemberDisplacement own = perturb(common, 60, only_along, 4, 1);
  const float ex = own.dx[0] - common.dx()(0, 0), ey = own.dy[0] - common.dy()(0, 0);
  BOOST_TEST(std::fabs(ex) > 0);
  BOOST_TEST(std::fabs(ex - ey) < 1e-4F * std::fabs(ex));
  BOOST_TEST(std::fabs((own.dx[1] - common.dx()(0, 1)) - ex) < 1e-4F);
  BOOST_TEST(std::fabs((own.dy[1] - common.dy()(0, 1)) - ey) < 1e-4F);
}

BOOST_AUTO_TEST_SUITE_END()
