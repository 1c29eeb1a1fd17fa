#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "cli/demo/storm_case.h"
#include "hpc/parallel/parallel_for.h"

using namespace guyu;
using namespace guyu::cli::demo;
namespace {
Cell still(double peak) { return {.born = 0, .life = 100, .x = 0, .y = 0, .steered = 0, .along = 12, .across = 6, .angle = 0, .peak = peak}; }
Field rates_at(const StormCase& c, double minute) {
  Field f(c.grid, {});
  c.storm.rates(c.grid, minute, f.view());
  return f;
}
}  // namespace
BOOST_AUTO_TEST_SUITE(storm)

BOOST_AUTO_TEST_CASE(a_cell_rains_only_while_it_lives_and_most_in_its_middle) {
  const Storm s({still(40)}, Steering{}, 0);
  BOOST_TEST(s.rate(0, 0, -1) == 0);
  BOOST_TEST(s.rate(0, 0, 101) == 0);
  BOOST_TEST(s.rate(0, 0, 45) > s.rate(0, 0, 10));
  BOOST_TEST(s.rate(0, 0, 45) > s.rate(0, 0, 90));
  BOOST_TEST(s.rate(0, 0, 45) > s.rate(4, 0, 45));
  BOOST_TEST(s.rate(6, 0, 45) > s.rate(0, 6, 45));  // the long axis runs west to east
  BOOST_TEST(s.rate(0, 60, 45) == 0);
}

BOOST_AUTO_TEST_CASE(a_steered_cell_is_carried_along_the_path_of_the_flow) {
  Cell c = still(40);
  c.steered = 1;
  const Steering flow{.speed = 36, .direction = 30, .turning = -10};
  const Storm moving({c}, flow, 0), standing({still(40)}, flow, 0);
  const auto path = flow.path(50);
  BOOST_TEST(moving.rate(path.x + 3, path.y - 2, 50) == standing.rate(3, -2, 50), boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(the_path_of_a_turning_flow_is_the_integral_of_its_velocity) {
  const Steering flow{.speed = 40, .direction = 20, .turning = -6};
  double x = 0, y = 0;
  constexpr int kSteps = 30000;
  for (int k = 0; k < kSteps; ++k) {
    const double hours = 3 * (k + 0.5) / kSteps, angle = (20 - 6 * hours) * std::numbers::pi / 180;
    x += 40 * std::cos(angle) * 3 / kSteps, y += 40 * std::sin(angle) * 3 / kSteps;
  }
  BOOST_TEST(flow.path(180).x == x, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(flow.path(180).y == y, boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(the_grid_holds_the_rates_of_its_cell_centres_for_any_number_of_threads) {
  const StormCase c = storm_case();
  const Field f = rates_at(c, 170);
  for (std::int64_t j = 3; j < c.grid.ny(); j += 37) {
    for (std::int64_t i = 5; i < c.grid.nx(); i += 29) {
      const double point = c.storm.rate(c.grid.x(static_cast<double>(i)) / 1000, c.grid.y(static_cast<double>(j)) / 1000, 170);
      BOOST_TEST(std::abs(f.view()(j, i) - point) < 1e-3 + 1e-4 * point);
    }
  }
  set_num_threads(1);
  const Field alone = rates_at(c, 170);
  set_num_threads(0);
  BOOST_TEST(std::ranges::equal(f.values(), alone.values()));
}

BOOST_AUTO_TEST_CASE(the_case_is_dry_before_its_beginning_and_as_strong_as_a_heavy_summer_storm_later) {
  const StormCase c = storm_case();
  BOOST_TEST(statistics(rates_at(c, 0).view()).max == 0);
  for (double minute = 60; minute <= 420; minute += 60) {
    const FieldStatistics s = statistics(rates_at(c, minute).view());
    BOOST_TEST((s.max > 60 && s.max < 130), minute << " min: " << s.max << " mm/h");
  }
  BOOST_TEST(statistics(rates_at(c, 895).view()).max < 5);
}

BOOST_AUTO_TEST_CASE(the_forecast_is_smoother_and_differs_from_the_truth) {
  const StormCase c = storm_case();
  const Storm forecast = forecast_of(c.storm);
  Field f(c.grid, {});
  forecast.rates(c.grid, 180, f.view());
  const Field truth = rates_at(c, 180);
  BOOST_TEST(statistics(f.view()).max < statistics(truth.view()).max);
  double apart = 0, all = 0;
  for (std::size_t k = 0; k < f.values().size(); ++k) apart += std::abs(double{f.values()[k]} - double{truth.values()[k]}), all += double{truth.values()[k]};
  BOOST_TEST(apart > 0.5 * all);
}

BOOST_AUTO_TEST_SUITE_END()
