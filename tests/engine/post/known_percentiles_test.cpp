#include <boost/test/unit_test.hpp>

#include "engine/post/percentiles.h"
#include "engine/post/probability_percentiles.h"
#include "engine/post/wet_periods.h"
#include "tests/engine/post/known_answers.h"
#include "tests/engine/post/planes.h"

using namespace guyu;
using test::Cube;
namespace {

const std::pair<double, double> kTemperature{173.15, 333.15}, kGust{0, 200}, kCloudBase{-4000, 20000};

std::vector<Plane> of_probabilities(const std::vector<Plane>& in, const ThresholdDistribution& d, const std::vector<double>& percentiles) {
  std::vector<Plane> out(percentiles.size(), Plane(in[0].ny, in[0].nx));
  percentiles_of_probabilities(test::views(in), d, percentiles, test::writable(out));
  return out;
}

// Each plane a realization at one threshold.
std::vector<Plane> of_realizations(const Cube& in, const ThresholdDistribution& d, const std::vector<double>& percentiles) {
  std::vector<Plane> all;
  for (const Plane& p : in.planes) test::append(all, of_probabilities({p}, d, percentiles));
  return all;
}

}  // namespace
BOOST_AUTO_TEST_SUITE(known_percentiles)

BOOST_AUTO_TEST_CASE(percentiles_of_realizations_have_the_published_answers) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const std::string at = root + "/generate-percentiles/basic/";
  const Cube in = test::read_cube(at + "input.nc");
  const std::vector<double> percentiles{25, 50, 75};
  std::vector<Plane> ours(3, Plane(in.planes[0].ny, in.planes[0].nx));
  percentiles_of_planes(in.views(), percentiles, test::writable(ours));
  test::check_answer("generate-percentiles/basic", ours, test::read_cube(at + "kgo.nc"));
  std::vector<Plane> sorted(in.planes.size(), ours[0]);
  sort_planes(in.views(), test::writable(sorted));
  const std::string flat = at + "rebadging/flat_rank_histogram_percentiles_kgo.nc", crps = at + "rebadging/optimal_crps_percentiles_kgo.nc";
  test::check_answer("generate-percentiles/rebadging flat rank", sorted, test::read_cube(flat));
  test::check_answer("generate-percentiles/rebadging optimal crps", sorted, test::read_cube(crps));
  const std::vector<double> flat_axis = test::read_values(flat, "percentile"), crps_axis = test::read_values(crps, "percentile");
  BOOST_TEST(flat_rank_percentiles(4) == flat_axis, boost::test_tools::per_element());
  BOOST_TEST(least_crps_percentiles(4) == crps_axis, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(percentiles_of_probabilities_have_the_published_answers) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const std::string at = root + "/generate-percentiles/";
  const std::vector<double> percentiles{25, 50, 75};
  const ThresholdDistribution above_280{{280}, false, kTemperature};
  test::check_answer("generate-percentiles/single_realization",
                     of_realizations(test::read_cube(at + "probability_convert/single_realization.nc"), above_280, percentiles),
                     test::read_cube(at + "probability_convert/single_realization_kgo.nc"));
  test::check_answer("generate-percentiles/multi_realization",
                     of_realizations(test::read_cube(at + "probability_convert/multi_realization.nc"), above_280, percentiles),
                     test::read_cube(at + "probability_convert/multi_realization_kgo.nc"));
  test::check_answer("generate-percentiles/ecc_bounds_warning",
                     of_realizations(test::read_cube(at + "ecc_bounds_warning/input.nc"), {{560}, false, kTemperature, true}, percentiles),
                     test::read_cube(at + "ecc_bounds_warning/kgo.nc"));
  const Cube cloud = test::read_cube(at + "probability_convert/masked_input.nc");
  test::check_answer("generate-percentiles/masked", of_probabilities(cloud.planes, {{0, 152, 15000}, true, kCloudBase, false, true}, percentiles),
                     test::read_cube(at + "probability_convert/masked_kgo.nc"));
  const Cube gust = test::read_cube(at + "skip_ecc_bounds/input.nc");
  test::check_answer("generate-percentiles/with_ecc_bounds", of_probabilities(gust.planes, {{9, 10, 11}, false, kGust}, {2, 50, 98}),
                     test::read_cube(at + "skip_ecc_bounds/with_ecc_bounds_kgo.nc"));
  test::check_answer("generate-percentiles/without_ecc_bounds", of_probabilities(gust.planes, {{9, 10, 11}, false}, {2, 50, 98}),
                     test::read_cube(at + "skip_ecc_bounds/without_ecc_bounds_kgo.nc"));
}

BOOST_AUTO_TEST_CASE(durations_of_precipitation_have_the_published_answers) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const std::vector<std::string> times{"20250127T1200Z", "20250127T1500Z", "20250127T1800Z", "20250127T2100Z",
                                       "20250128T0000Z", "20250128T0300Z", "20250128T0600Z", "20250128T0900Z"};
  const std::vector<double> percentiles{10, 25, 50, 75, 90};
  // which: threshold of the accumulation by place; planes are realization, then threshold.
  const auto durations = [&](const std::string& at, std::size_t first_time, std::size_t which) {
    std::vector<Cube> amounts, rates;
    for (std::size_t t = first_time; t < times.size(); ++t) {
      amounts.push_back(test::read_cube(at + times[t] + "-precipitation_accumulation.nc"));
      rates.push_back(test::read_cube(at + times[t] + "-precipitation_rate_max.nc"));
    }
    const std::size_t members = amounts[0].shape[0], thresholds = amounts[0].planes.size() / members;
    std::vector<Plane> shares;
    for (std::size_t m = 0; m < members; ++m) {
      std::vector<FieldView<const float>> amount, rate;
      for (std::size_t t = 0; t < amounts.size(); ++t)
        amount.push_back(amounts[t].planes[m * thresholds + which].view()), rate.push_back(rates[t].planes[m].view());
      Plane share(amount[0].ny, amount[0].nx);
      wet_share_of_periods(amount, rate, share.view());
      shares.push_back(std::move(share));
    }
    std::vector<Plane> out(percentiles.size(), shares[0]);
    percentiles_of_planes(test::views(shares), percentiles, test::writable(out));
    return out;
  };
  const auto both = [&](const std::string& at) {  // percentile, then threshold
    const std::vector<Plane> low = durations(at, 0, 0), high = durations(at, 0, 1);
    std::vector<Plane> all;
    for (std::size_t p = 0; p < low.size(); ++p) all.push_back(low[p]), all.push_back(high[p]);
    return all;
  };
  const std::string at = root + "/precipitation_duration/", standard = at + "standard_names/";
  test::check_answer("precipitation_duration/0.1 mm", durations(standard, 0, 0), test::read_cube(standard + "kgo_acc_0.10_rate_4.0.nc"));
  test::check_answer("precipitation_duration/1 mm", durations(standard, 0, 1), test::read_cube(standard + "kgo_acc_1.00_rate_4.0.nc"));
  test::check_answer("precipitation_duration/short period", durations(standard, 4, 0), test::read_cube(standard + "kgo_short_period.nc"));
  test::check_answer("precipitation_duration/multi threshold", both(standard), test::read_cube(standard + "kgo_multi_threshold.nc"));
  test::check_answer("precipitation_duration/renamed", durations(at + "renamed/", 0, 0), test::read_cube(at + "renamed/kgo.nc"));
  test::check_answer("precipitation_duration/spot data", both(at + "spot_data/"), test::read_cube(at + "spot_data/kgo.nc"));
}

BOOST_AUTO_TEST_SUITE_END()
