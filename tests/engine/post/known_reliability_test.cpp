#include <boost/test/unit_test.hpp>

#include "engine/post/blend_steps.h"
#include "engine/post/reliability_calibration.h"
#include "tests/engine/post/known_answers.h"
#include "tests/engine/post/planes.h"

using namespace guyu;
using test::Cube;
namespace {

// Rows of a published table: events, sums of probability, forecasts.
std::vector<CalibrationRow> rows_of(const std::vector<double>& values, std::size_t first = 0) {
  std::vector<CalibrationRow> rows;
  for (std::size_t b = 0; b < 5; ++b) rows.push_back({values[first + b], values[first + 5 + b], values[first + 10 + b]});
  return rows;
}

}  // namespace
BOOST_AUTO_TEST_SUITE(known_reliability)

BOOST_AUTO_TEST_CASE(reliability_tables_have_the_published_answers) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const std::string at = root + "/construct-reliability-tables/basic/";
  std::vector<Cube> forecasts, truths;
  for (const char* k : {"0", "1"}) {
    forecasts.push_back(test::read_cube(at + "forecast_" + k + ".nc"));
    truths.push_back(test::read_cube(at + "truth_" + k + ".nc"));
  }
  for (const bool single : {false, true}) {
    std::vector<Plane> points, table;
    for (std::size_t threshold = 0; threshold < 2; ++threshold) {
      PointReliability reliability(probability_bins(5, single, single), 2, 2);
      for (std::size_t k = 0; k < 2; ++k) reliability.add(forecasts[k].planes[threshold].view(), truths[k].planes[threshold].view());
      for (std::size_t b = 0; b < 5; ++b) points.push_back(reliability.events(b));
      for (std::size_t b = 0; b < 5; ++b) points.push_back(reliability.probability_sum(b));
      for (std::size_t b = 0; b < 5; ++b) points.push_back(reliability.forecasts(b));
      Plane rows(3, 5);
      for (std::size_t b = 0; b < 5; ++b) {
        const CalibrationRow row = reliability.table()[b];
        rows.values[b] = static_cast<float>(row.events), rows.values[5 + b] = static_cast<float>(row.probability_sum);
        rows.values[10 + b] = static_cast<float>(row.forecasts);
      }
      table.push_back(std::move(rows));
    }
    const std::string answer = single ? "kgo_single_value_bins" : "kgo_without_single_value_bins";
    test::check_answer("construct-reliability-tables/" + answer, points, test::read_cube(at + answer + ".nc"));
    if (!single) test::check_answer("construct-reliability-tables/kgo_aggregated", table, test::read_cube(at + "kgo_aggregated.nc"));
  }
}

BOOST_AUTO_TEST_CASE(calibrated_probabilities_have_the_published_answers) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const std::string at = root + "/apply-reliability-calibration/";
  const Cube forecast = test::read_cube(at + "basic/forecast.nc"), answer = test::read_cube(at + "basic/kgo.nc");
  const auto calibrated = [&](const std::vector<CalibrationRow>& at_270, const std::vector<CalibrationRow>& at_275) {
    std::vector<Plane> out = forecast.planes;
    BOOST_TEST(calibrate_probability(forecast.planes[0].view(), at_270, out[0].view()));
    BOOST_TEST(calibrate_probability(forecast.planes[1].view(), at_275, out[1].view()));
    order_by_threshold(test::writable(out), false);
    return out;
  };
  const std::vector<double> both = test::read_values(at + "basic/collapsed_table.nc", "reliability_calibration_table");
  test::check_answer("apply-reliability-calibration/collapsed table", calibrated(rows_of(both), rows_of(both, 15)), answer);
  const std::string list = at + "basic/cubelist_table.nc";
  test::check_answer(
      "apply-reliability-calibration/list of tables",
      calibrated(rows_of(test::read_values(list, "reliability_calibration_table")), rows_of(test::read_values(list, "reliability_calibration_table_0"))),
      answer);
}

BOOST_AUTO_TEST_CASE(calibration_point_by_point_has_the_published_answer) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const std::string at = root + "/apply-reliability-calibration/point_by_point/";
  const Cube forecast = test::read_cube(at + "forecast_point_by_point.nc");
  std::vector<Plane> out = forecast.planes;
  // The tables stand threshold by threshold, row by row: the first without a number, then 0, 1, ...
  for (std::size_t k = 0; k < 18; ++k) {
    const std::string name = "reliability_calibration_table" + (k == 0 ? std::string() : "_" + std::to_string(k - 1));
    const std::vector<CalibrationRow> rows = rows_of(test::read_values(at + "cubelist_table_point_by_point.nc", name));
    const FieldView<const float> cell{forecast.planes[k / 9].values.data() + k % 9, 1, 1, 1};
    const FieldView<float> result{out[k / 9].values.data() + k % 9, 1, 1, 1};
    BOOST_TEST(calibrate_probability(cell, rows, result));
  }
  order_by_threshold(test::writable(out), false);
  test::check_answer("apply-reliability-calibration/point_by_point", out, test::read_cube(at + "kgo_point_by_point.nc"));
}

BOOST_AUTO_TEST_CASE(blends_of_adjacent_steps_have_the_published_answers) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const auto blended = [](const std::vector<std::string>& paths, const std::vector<double>& hours, double centre, double width) {
    const std::vector<double> weights = triangular_weights(hours, centre, width);
    std::vector<Cube> steps;
    for (const std::string& p : paths) steps.push_back(test::read_cube(p));
    std::vector<Plane> all;
    for (std::size_t k = 0; k < steps[0].planes.size(); ++k) {
      std::vector<FieldView<const float>> planes;
      for (const Cube& s : steps) planes.push_back(s.planes[k].view());
      Plane mean(planes[0].ny, planes[0].nx);
      weighted_mean_of_planes(planes, weights, mean.view());
      all.push_back(std::move(mean));
    }
    return all;
  };
  const std::string rain = root + "/blend-adjacent-points/basic_mean/", gust = root + "/blend-adjacent-points/time_bounds/";
  const std::string name = "multiple_probabilities_rain_", end = "-wind_gust_at_10m_max-PT01H.nc";
  test::check_answer("blend-adjacent-points/basic_mean", blended({rain + name + "1H.nc", rain + name + "2H.nc", rain + name + "3H.nc"}, {1, 2, 3}, 2, 3),
                     test::read_cube(rain + "kgo.nc"));
  test::check_answer(
      "blend-adjacent-points/time_bounds",
      blended({gust + "20180914T0600Z-PT0003H00M" + end, gust + "20180914T0700Z-PT0004H00M" + end, gust + "20180914T0800Z-PT0005H00M" + end}, {3, 4, 5}, 4, 2),
      test::read_cube(gust + "kgo.nc"));
}

BOOST_AUTO_TEST_SUITE_END()
