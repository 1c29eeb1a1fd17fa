#include "engine/post/midpoint_trajectory.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"
#include "tests/engine/post/planes.h"
#include "tests/engine/post/random_plane.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(midpoint_trajectory)

// Two columns east and one row down a step: after two steps the field stands four and two cells further, and what flows in is missing.
BOOST_AUTO_TEST_CASE(a_uniform_motion_carries_the_field_along) {
  const Plane in = test::random_plane(12, 15, 1), u(12, 15, 2), v(12, 15, 1);
  MidpointTrajectory trajectory(u.view(), v.view());
  trajectory.step(), trajectory.step();
  for (const Sampling s : {Sampling::nearest, Sampling::bilinear}) {
    Plane out(12, 15);
    trajectory.sample(in.view(), s, out.view());
    for (std::int64_t j = 0; j < 12; ++j) {
      for (std::int64_t i = 0; i < 15; ++i) {
        const float wanted = j < 2 || i < 4 ? NAN : in.row(j - 2)[i - 4];
        BOOST_TEST(test::same(out.row(j)[i], wanted));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(half_a_cell_is_halved_between_its_neighbours) {
  Plane in(1, 3), u(1, 3, 0.5F), v(1, 3, 0), out(1, 3);
  in.values = {0, 1, NAN};
  MidpointTrajectory trajectory(u.view(), v.view());
  trajectory.step();
  trajectory.sample(in.view(), Sampling::bilinear, out.view());
  BOOST_TEST((std::isnan(out.values[0]) && out.values[1] == 0.5F && std::isnan(out.values[2])));
}

// Solid rotation by 1/20 turn a step comes back after 20: the midpoint rule is off by less than a twentieth of a cell at a radius of ten.
BOOST_AUTO_TEST_CASE(a_turn_comes_back_to_where_it_began) {
  constexpr std::int64_t n = 41;
  Plane u(n, n), v(n, n), column(n, n), out(n, n);
  const double rate = 2 * 3.14159265358979 / 20;
  for (std::int64_t j = 0; j < n; ++j) {
    for (std::int64_t i = 0; i < n; ++i) {
      u.row(j)[i] = static_cast<float>(-rate * static_cast<double>(j - 20)), v.row(j)[i] = static_cast<float>(rate * static_cast<double>(i - 20));
      column.row(j)[i] = static_cast<float>(i);
    }
  }
  MidpointTrajectory trajectory(u.view(), v.view());
  for (int k = 0; k < 20; ++k) trajectory.step();
  trajectory.sample(column.view(), Sampling::bilinear, out.view());
  BOOST_TEST(std::abs(out.row(20)[25] - 25) < 1.0F);
  BOOST_TEST(std::abs(out.row(25)[20] - 20) < 1.0F);
}

BOOST_AUTO_TEST_CASE(rates_add_up_by_the_trapezoid_rule) {
  const std::vector<Plane> rates{Plane(1, 1, 2), Plane(1, 1, 4), Plane(1, 1, 6)};
  Plane amount(1, 1);
  accumulate_rates(test::views(rates), 0.5, amount.view());
  BOOST_TEST(amount.values[0] == 4.0F);
  BOOST_CHECK_THROW(accumulate_rates(std::vector<FieldView<const float>>{rates[0].view()}, 1, amount.view()), Error);
}

BOOST_AUTO_TEST_CASE(threads_change_nothing_and_a_hole_in_the_motion_is_refused) {
  const Plane in = test::random_plane(50, 40, 2), v = test::random_plane(50, 40, 4);
  Plane u = test::random_plane(50, 40, 3), one = in, more = in;
  const auto carried = [&](Plane& out) {
    MidpointTrajectory trajectory(u.view(), v.view());
    trajectory.step(), trajectory.step();
    trajectory.sample(in.view(), Sampling::bilinear, out.view());
  };
  set_num_threads(1);
  carried(one);
  set_num_threads(4);
  carried(more);
  set_num_threads(0);
  BOOST_TEST(test::differing(one, more) == 0U);
  u.values[7] = NAN;
  BOOST_CHECK_THROW(MidpointTrajectory(u.view(), v.view()), Error);
}

BOOST_AUTO_TEST_SUITE_END()
