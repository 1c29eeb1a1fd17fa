#include "engine/window_sums/window_sums.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "hpc/parallel/parallel_for.h"

using namespace guyu;
namespace {
const float kUnknown = std::nanf("");
TimePoint minute(int m) { return TimePoint(Seconds(60 * m)); }

// Four cells in a row; the first region has the first two, the second the others.
struct Case {
  Grid grid{"EPSG:32650", 0.5, 0.5, 1, 1, 4, 1};
  ZonalWeights weights;
  Case() {
    RegionSet regions;
    regions.crs = "EPSG:32650";
    regions.regions.push_back({"a", "a", "", {{{{0, 0}, {2, 0}, {2, 1}, {0, 1}, {0, 0}}, {}}}});
    regions.regions.push_back({"b", "b", "", {{{{2, 0}, {4, 0}, {4, 1}, {2, 1}, {2, 0}}, {}}}});
    weights = compute_zonal_weights(grid, regions);
  }
};
RainPlane plane(int begin, int end, const std::vector<float>& mm) { return rain_plane({mm.data(), 1, 4, 4}, {minute(begin), minute(end)}, {}); }
RainPlanePtr kept(int begin, int end, const std::vector<float>& mm) { return std::make_shared<const RainPlane>(plane(begin, end, mm)); }
WindowPlan plan_of(int window, const char* statistics, std::vector<TimePoint> ends) {
  WindowPlan p;
  p.wanted.push_back({std::chrono::minutes(window), parse_zonal_statistics(statistics)});
  p.ends = std::move(ends);
  return p;
}
}  // namespace
BOOST_AUTO_TEST_SUITE(window_sums)

BOOST_AUTO_TEST_CASE(the_largest_sum_is_not_the_sum_of_the_largest) {
  const Case c;
  WindowPlan p = plan_of(60, "max,mean,frac>=8", {minute(60)});
  // Ten millimetres here, and then ten there.
  p.observed = {kept(0, 30, {10, 0, 6, 0})};
  const WindowSums sums(p, c.weights);
  WindowSums::Future f = sums.future();
  f.add(plane(30, 60, {0, 10, 6, 0}));
  const std::vector<float> v = f.finish();
  BOOST_TEST(v == (std::vector<float>{10, 12, 10, 6, 1, 0.5F}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(futures_go_on_from_what_was_observed_and_then_as_the_forecast) {
  const Case c;
  WindowPlan p = plan_of(60, "max", {minute(60), minute(90), minute(120), minute(180)});
  p.observed = {kept(0, 60, {6, 0, 0, 0})};
  p.forecast = {kept(60, 180, {12, 0, 24, 0})};  // the nowcast knows better until minute 90
  const WindowSums sums(p, c.weights);
  const auto of = [&](float mm) {
    WindowSums::Future f = sums.future();
    f.add(plane(60, 90, {mm, 0, 0, 0}));
    return f.finish();
  };
  const std::vector<float> wet = of(4), dry = of(0);
  // a: 6 | half of 6, and 4 | 4 and a quarter of 12 | half of 12. b: forecast alone.
  BOOST_TEST(wet == (std::vector<float>{6, 0, 7, 0, 7, 6, 6, 12}), boost::test_tools::per_element());
  BOOST_TEST(dry == (std::vector<float>{6, 0, 3, 0, 3, 6, 6, 12}), boost::test_tools::per_element());
  const std::vector<float> observed = sums.future().finish_without_forecast();
  BOOST_TEST(observed == (std::vector<float>{6, 0, 3, 0, 0, 0, 0, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_rain_at_the_issue_time_is_none_of_what_is_to_come) {
  const Case c;
  WindowPlan p = plan_of(60, "max", {minute(60), minute(70)});
  p.observed = {kept(0, 60, {6, 6, 6, 6})};
  const WindowSums sums(p, c.weights);
  WindowSums::Future f = sums.future();
  f.add(plane(60, 70, {100, 0, 0, 0}));
  BOOST_TEST(f.finish() == (std::vector<float>{6, 6, 105, 5}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(ends_within_a_plane_have_their_even_share) {
  const Case c;
  const WindowPlan p = plan_of(60, "max", {minute(15), minute(30), minute(60)});
  const WindowSums sums(p, c.weights);
  WindowSums::Future f = sums.future();
  f.add(plane(0, 60, {8, 0, 4, 0}));
  BOOST_TEST(f.finish() == (std::vector<float>{2, 1, 4, 2, 8, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_a_future_does_not_know_the_forecast_tells) {
  const Case c;
  WindowPlan p = plan_of(60, "max", {minute(30)});
  p.forecast = {kept(0, 120, {40, 40, 40, 40})};
  const WindowSums sums(p, c.weights);
  WindowSums::Future f = sums.future();
  f.add(plane(0, 30, {1, 2, kUnknown, 3}));
  BOOST_TEST(f.finish() == (std::vector<float>{2, 10}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(cells_that_nobody_knows_are_left_out_and_a_region_of_them_has_no_value) {
  const Case c;
  WindowPlan p = plan_of(60, "min", {minute(60)});
  p.observed = {kept(0, 60, {5, kUnknown, kUnknown, kUnknown})};
  const WindowSums sums(p, c.weights);
  const std::vector<float> v = sums.future().finish();
  BOOST_TEST(v[0] == 5);
  BOOST_TEST(std::isnan(v[1]));
}

BOOST_AUTO_TEST_CASE(a_cell_that_a_future_knows_counts_in_it_though_nobody_saw_it_before) {
  const Case c;
  WindowPlan p = plan_of(60, "max", {minute(60), minute(70)});
  p.observed = {kept(0, 60, {5, 0, kUnknown, kUnknown})};
  const WindowSums sums(p, c.weights);
  WindowSums::Future f = sums.future();
  f.add(plane(60, 70, {0, 0, 8, kUnknown}));
  const std::vector<float> v = f.finish();
  BOOST_TEST(v[0] == 5);
  BOOST_TEST(std::isnan(v[1]));
  BOOST_TEST(v[3] == 8);
}

BOOST_AUTO_TEST_CASE(of_a_plane_that_begins_before_the_end_of_what_was_observed_the_rest_is_added) {
  const Case c;
  WindowPlan p = plan_of(60, "max", {minute(60), minute(90)});
  p.observed = {kept(0, 60, {6, 0, 0, 0})};
  const WindowSums sums(p, c.weights);
  WindowSums::Future f = sums.future();
  f.add(plane(30, 50, {100, 100, 100, 100}));
  f.add(plane(50, 90, {8, 0, 0, 0}));
  BOOST_TEST(f.finish() == (std::vector<float>{6, 0, 9, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_to_come_holds_nothing_that_was_observed) {
  const Case c;
  WindowPlan p = plan_of(60, "max", {minute(60), minute(90), minute(200)});
  p.to_come = true;
  p.observed = {kept(0, 60, {50, 0, 0, 0})};
  p.forecast = {kept(90, 120, {0, 4, 0, 0})};
  const WindowSums sums(p, c.weights);
  WindowSums::Future f = sums.future();
  f.add(plane(60, 90, {0, 3, 2, 0}));
  const std::vector<float> v = f.finish();
  BOOST_REQUIRE(v.size() == 12U);
  const std::vector<float> to_come(v.begin() + 6, v.end());
  BOOST_TEST(to_come == (std::vector<float>{0, 0, 3, 2, 7, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(values_do_not_depend_on_the_number_of_threads) {
  const Grid grid("EPSG:4326", 100.005, 34.995, 0.01, 0.01, 400, 400);
  const ZonalWeights weights = compute_zonal_weights(grid, mesh_regions(100, 31, 104, 35, 0.3));
  WindowPlan p = plan_of(180, "max,p90,frac>=20", {minute(0), minute(10), minute(20), minute(60)});
  std::mt19937 random(11);
  const auto random_plane = [&](int begin, int end) {
    std::vector<float> mm(static_cast<std::size_t>(grid.size()));
    for (float& v : mm) v = random() % 3 == 0 ? static_cast<float>(random() % 20000) / 1000 : random() % 50 == 0 ? kUnknown : 0;
    return rain_plane({mm.data(), grid.ny(), grid.nx(), grid.nx()}, {minute(begin), minute(end)}, {});
  };
  for (int k = -180; k < 0; k += 30) p.observed.push_back(std::make_shared<const RainPlane>(random_plane(k, k + 30)));
  const RainPlane next = random_plane(0, 10), then = random_plane(10, 20);
  const auto run = [&](int threads) {
    set_num_threads(threads);
    const WindowSums sums(p, weights);
    WindowSums::Future f = sums.future();
    f.add(next);
    f.add(then);
    return f.finish();
  };
  const std::vector<float> one = run(1), four = run(4);
  set_num_threads(0);
  BOOST_TEST(one == four, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
