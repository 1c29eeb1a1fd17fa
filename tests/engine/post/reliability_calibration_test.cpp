#include "engine/post/reliability_calibration.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"
#include "engine/post/blend_steps.h"
#include "tests/engine/post/planes.h"
#include "tests/engine/post/random_plane.h"

using namespace guyu;
namespace tt = boost::test_tools;
namespace {
std::vector<double> frequencies(const std::vector<CalibrationRow>& rows) {
  std::vector<double> all;
  for (const CalibrationRow& r : rows) all.push_back(r.events / r.forecasts);
  return all;
}
}  // namespace
BOOST_AUTO_TEST_SUITE(reliability_calibration)

BOOST_AUTO_TEST_CASE(every_probability_falls_into_one_class) {
  for (const bool zero : {false, true}) {
    for (const bool one : {false, true}) {
      const std::vector<ProbabilityBin> bins = probability_bins(5, zero, one);
      BOOST_TEST(bins.size() == 5U);
      for (const float p : {0.0F, 1e-6F, 1.1e-6F, 0.2F, 1.0F / 3, 0.5F, 0.75F, 0.999998F, 0.9999995F, 1.0F}) {
        int in = 0;
        for (const ProbabilityBin& b : bins) in += p >= b.lower && p <= b.upper ? 1 : 0;
        BOOST_TEST(in == 1, "probability " << p);
      }
    }
  }
  BOOST_CHECK_THROW(probability_bins(2, true, true), Error);
}

BOOST_AUTO_TEST_CASE(a_table_sums_its_cells_and_skips_missing_pairs) {
  PointReliability r(probability_bins(2), 1, 3);
  Plane forecast(1, 3), truth = forecast;
  forecast.values = {0.25F, 0.75F, 1}, truth.values = {0, 1, NAN};
  r.add(forecast.view(), truth.view());
  r.add(forecast.view(), truth.view());
  const std::vector<CalibrationRow> rows = r.table();
  BOOST_TEST((rows[0].forecasts == 2 && rows[0].events == 0 && rows[0].probability_sum == 0.5));
  BOOST_TEST((rows[1].forecasts == 2 && rows[1].events == 2 && rows[1].probability_sum == 1.5));
}

BOOST_AUTO_TEST_CASE(scarce_classes_join_the_scarcer_neighbour) {
  const std::vector<CalibrationRow> rows = joined_rows({{0, 1, 1000}, {100, 150, 500}, {30, 50, 100}, {160, 180, 200}}, 200);
  BOOST_TEST(rows.size() == 3U);  // 100 joins the 200 above it, not the 500 below
  BOOST_TEST((rows[2].forecasts == 300 && rows[2].events == 190));
  BOOST_CHECK_THROW(joined_rows({}, 0), Error);
}

BOOST_AUTO_TEST_CASE(frequencies_rise_after_joining) {
  const std::vector<double> f = frequencies(joined_rows({{0, 0, 1000}, {250, 250, 1000}, {500, 500, 1000}, {375, 750, 1000}, {1000, 1000, 1000}}));
  BOOST_TEST(f == (std::vector<double>{0, 0.25, 0.4375, 1}), tt::per_element());
  const std::vector<double> held = frequencies(joined_rows({{0, 0, 2000}, {500, 250, 1000}, {400, 500, 1000}, {300, 750, 1000}, {1000, 1000, 1000}}));
  for (std::size_t k = 1; k < held.size(); ++k) BOOST_TEST(held[k] >= held[k - 1]);
}

// Said 0.25 and 0.75, seen 0 and 0.5: half a class less everywhere, cut at 0.
BOOST_AUTO_TEST_CASE(probabilities_move_to_what_was_seen) {
  Plane forecast(1, 5), out = forecast;
  forecast.values = {0, 0.25F, 0.5F, 1, NAN};
  BOOST_TEST(calibrate_probability(forecast.view(), std::vector<CalibrationRow>{{0, 250, 1000}, {0, 0, 0}, {500, 750, 1000}}, out.view()));
  const std::vector<float> wanted{0, 0, 0.25F, 0.75F, NAN};
  for (std::size_t k = 0; k < 5; ++k) BOOST_TEST(test::same(out.values[k], wanted[k], 1e-7));
  BOOST_TEST(!calibrate_probability(forecast.view(), std::vector<CalibrationRow>{{0, 250, 1000}}, out.view()));
  for (std::size_t k = 0; k < 5; ++k) BOOST_TEST(test::same(out.values[k], forecast.values[k]));
}

BOOST_AUTO_TEST_CASE(probabilities_are_ordered_by_threshold) {
  std::vector<Plane> planes{Plane(1, 1, 0.5F), Plane(1, 1, 0.6F), Plane(1, 1, 0.1F)};
  order_by_threshold(test::writable(planes), false);
  BOOST_TEST((planes[0].values[0] == 0.6F && planes[1].values[0] == 0.5F && planes[2].values[0] == 0.1F));
  order_by_threshold(test::writable(planes), true);
  BOOST_TEST((planes[0].values[0] == 0.1F && planes[2].values[0] == 0.6F));
}

BOOST_AUTO_TEST_CASE(steps_weigh_less_the_further_they_are) {
  BOOST_TEST(triangular_weights(std::vector<double>{1, 2, 3}, 2, 2) == (std::vector<double>{0.25, 0.5, 0.25}), tt::per_element());
  BOOST_TEST(triangular_weights(std::vector<double>{0, 2, 9}, 2, 1) == (std::vector<double>{0, 1, 0}), tt::per_element());
  BOOST_CHECK_THROW(triangular_weights(std::vector<double>{0}, 5, 1), Error);
  BOOST_CHECK_THROW(triangular_weights(std::vector<double>{0}, 0, 0), Error);
}

BOOST_AUTO_TEST_CASE(a_blend_needs_every_step_that_weighs) {
  const std::vector<Plane> planes{Plane(1, 1, 2), Plane(1, 1, NAN), Plane(1, 1, 6)};
  Plane out(1, 1);
  weighted_mean_of_planes(test::views(planes), std::vector<double>{1, 0, 3}, out.view());
  BOOST_TEST(out.values[0] == 5.0F);
  weighted_mean_of_planes(test::views(planes), std::vector<double>{1, 1, 3}, out.view());
  BOOST_TEST(std::isnan(out.values[0]));
  BOOST_CHECK_THROW(weighted_mean_of_planes(test::views(planes), std::vector<double>{1}, out.view()), Error);
}

BOOST_AUTO_TEST_SUITE_END()
