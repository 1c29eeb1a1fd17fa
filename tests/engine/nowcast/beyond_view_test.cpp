#include "engine/nowcast/beyond_view.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstring>

#include "engine/nowcast/advection.h"
#include "hpc/parallel/parallel_for.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(beyond_view)

namespace {
// Rain of 2 to 5 mm/h; the columns left of `first` are not seen.
Plane seen_from(std::int64_t first) {
  Plane f(40, 60);
  for (std::int64_t j = 0; j < f.ny; ++j)
    for (std::int64_t i = 0; i < f.nx; ++i) f.row(j)[i] = i < first ? NAN : 2 + 3 * static_cast<float>((i * 7 + j * 3) % 10) / 9;
  return f;
}
std::int64_t missing_in_row(const Plane& f, std::int64_t j) {
  return std::count_if(f.row(j), f.row(j) + f.nx, [](float x) { return std::isnan(x); });
}

// Everything moves by `columns` to the right.
Plane ahead(const Plane& now, float columns, double reach) {
  Plane out(now.ny, now.nx);
  Displacement moved(uniform_motion(now.ny, now.nx, columns / 600, 0));
  moved.advance_to(600);
  advect(now.view(), moved.view(), out.view());
  BeyondView(now.view()).fill(moved.view(), reach, out.view());
  return out;
}
}  // namespace

BOOST_AUTO_TEST_CASE(the_view_grows_by_the_reach_and_no_farther) {
  const Plane now = seen_from(10);
  for (const int reach : {0, 1, 3, 8}) BOOST_TEST(missing_in_row(ahead(now, 12, reach), 20) == 22 - reach);
}

BOOST_AUTO_TEST_CASE(beyond_the_grid_counts_as_beyond_the_view) {
  const Plane now = seen_from(0);
  for (const int reach : {0, 4, 11}) BOOST_TEST(missing_in_row(ahead(now, 12, reach), 20) == 12 - reach);
}

BOOST_AUTO_TEST_CASE(what_is_known_stays_as_it_is) {
  const Plane now = seen_from(10), strict = ahead(now, 12, 0), wide = ahead(now, 12, 5);
  for (std::size_t k = 0; k < strict.values.size(); ++k)
    if (!std::isnan(strict.values[k])) BOOST_REQUIRE(strict.values[k] == wide.values[k]);
}

BOOST_AUTO_TEST_CASE(no_value_leaves_the_range_of_what_was_seen) {
  const Plane wide = ahead(seen_from(10), 30, 25);
  for (const float x : wide.values)
    if (!std::isnan(x)) BOOST_REQUIRE((x >= 2 && x <= 5.0001F));
}

BOOST_AUTO_TEST_CASE(a_dry_edge_goes_on_dry_and_a_wet_one_wet) {
  Plane now = seen_from(10);
  for (std::int64_t j = 0; j < 20; ++j) std::fill(now.row(j) + 10, now.row(j) + now.nx, 0.0F);
  const Plane wide = ahead(now, 6, 6);
  BOOST_TEST(wide.row(3)[12] < 0.1F);
  BOOST_TEST(wide.row(36)[12] >= 2.0F);
}

BOOST_AUTO_TEST_CASE(nothing_seen_is_continued_nowhere) {
  const Plane now(12, 9, NAN);
  const Plane out = ahead(now, 3, 100);
  BOOST_TEST(std::all_of(out.values.begin(), out.values.end(), [](float x) { return std::isnan(x); }));
}

BOOST_AUTO_TEST_CASE(fields_of_one_row_or_column_survive) {
  for (const auto& [ny, nx] : {std::pair{1, 7}, std::pair{7, 1}, std::pair{1, 1}}) {
    const Plane now(ny, nx, 1.0F);
    const Plane out = ahead(now, 2, 3);
    BOOST_TEST(std::all_of(out.values.begin(), out.values.end(), [](float x) { return x == 1.0F; }));
  }
}

BOOST_AUTO_TEST_CASE(the_result_is_the_same_for_any_number_of_threads) {
  const Plane now = seen_from(17);
  const Plane one = (set_num_threads(1), ahead(now, 7.3F, 4));
  const Plane four = (set_num_threads(4), ahead(now, 7.3F, 4));
  set_num_threads(0);
  BOOST_TEST(std::memcmp(one.values.data(), four.values.data(), one.values.size() * sizeof(float)) == 0);
}

// Where all of the grid is seen, what is beyond the grid is all that is beyond the view.
BOOST_AUTO_TEST_CASE(a_member_of_a_grid_that_is_seen_goes_on_beyond_it_as_the_view_does) {
  const Plane now = seen_from(0);
  for (const auto& [u, v] : {std::pair{12.0F, 0.0F}, {-9.5F, 4.0F}, {3.0F, -20.0F}, {0.4F, 0.6F}, {500.0F, 0.0F}}) {
    Motion turning = uniform_motion(40, 60, u / 600, v / 600);
    turning.ny = turning.nx = 2, turning.factor = 30;
    turning.u = {u / 600, u / 500, u / 700, u / 600}, turning.v = {v / 600, v / 600, v / 500, v / 900};
    turning.confidence.assign(4, 1.0F);
    Displacement moved(turning);
    moved.advance_to(600);
    for (const double reach : {0.0, 2.5, 7.0, 1000.0}) {
      Plane whole(40, 60), rim(40, 60);
      advect(now.view(), moved.view(), whole.view());
      BeyondView(now.view()).fill(moved.view(), reach, whole.view());
      const SeenArea seen(now.view());
      advect(now.view(), moved.view(), BeyondGrid{seen, reach}, rim.view());
      for (std::size_t k = 0; k < whole.values.size(); ++k) {
        BOOST_TEST_REQUIRE(std::isnan(whole.values[k]) == std::isnan(rim.values[k]));
        if (!std::isnan(rim.values[k])) BOOST_TEST_REQUIRE(std::fabs(whole.values[k] - rim.values[k]) < 1e-3F);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(an_edge_of_the_grid_that_is_not_seen_is_not_gone_on_from) {
  const Plane now = seen_from(1);
  Plane out(40, 60);
  Displacement moved(uniform_motion(40, 60, 0.02F, 0));
  moved.advance_to(600);
  advect(now.view(), moved.view(), out.view());
  const std::int64_t before = missing_in_row(out, 20);
  const SeenArea seen(now.view());
  advect(now.view(), moved.view(), BeyondGrid{seen, 5}, out.view());
  BOOST_TEST(missing_in_row(out, 20) == before);
}

BOOST_AUTO_TEST_CASE(an_extrapolation_looks_beyond_only_when_asked_and_its_amounts_never_do) {
  const Plane now = seen_from(10);
  const Motion motion = uniform_motion(now.ny, now.nx, 12.0F / 3600, 0);
  Plane strict(now.ny, now.nx), wide = strict, amount = strict, amount_after = strict;
  Extrapolator extrapolator(now.view(), motion);
  extrapolator.step_to(Seconds(3600), strict.view());
  extrapolator.accumulate(Seconds(0), Seconds(3600), amount.view());
  MotionSpread spread;
  spread.cell_km = 5;
  extrapolator.look_beyond(spread);
  extrapolator.step_to(Seconds(3600), wide.view());
  extrapolator.accumulate(Seconds(0), Seconds(3600), amount_after.view());
  BOOST_TEST(missing_in_row(strict, 5) - missing_in_row(wide, 5) == static_cast<std::int64_t>(spread.reach(3600)));
  BOOST_TEST(std::memcmp(amount.values.data(), amount_after.values.data(), amount.values.size() * sizeof(float)) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
