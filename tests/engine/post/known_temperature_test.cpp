#include <boost/test/unit_test.hpp>

#include "engine/post/lapse_rate.h"
#include "engine/post/moisture.h"
#include "engine/post/percentiles.h"
#include "engine/post/probability_percentiles.h"
#include "engine/post/sites.h"
#include "engine/post/threshold.h"
#include "tests/engine/post/known_answers.h"
#include "tests/engine/post/planes.h"

using namespace guyu;
using test::Cube;
namespace {

std::vector<Plane> lapse_rates(const Cube& temperature, const Plane& height, const Plane& land, const LapseRateFit& fit = {}) {
  std::vector<Plane> all;
  for (const Plane& t : temperature.planes) {
    Plane out(t.ny, t.nx);
    temperature_lapse_rate(t.view(), height.view(), land.view(), fit, out.view());
    all.push_back(std::move(out));
  }
  return all;
}

// The published slopes are fitted in float: sums of temperatures near 280 K leave 1e-8 K m-1 where the slope is next to 0.
constexpr test::Tolerance kSlope{1e-5, 2e-8};

Plane row_of(const std::vector<float>& values) {
  Plane p(1, static_cast<std::int64_t>(values.size()));
  p.values = values;
  return p;
}

// The cells that the published neighbours of one way of choosing (0 nearest, 1 on land, 2 of similar height, 3 both) name.
std::vector<SiteCell> sites_of(const std::string& path, std::size_t way = 0) {
  const std::vector<double> v = test::read_values(path, "grid_neighbours");
  const std::size_t n = test::read_values(path, "spot_index").size();
  std::vector<SiteCell> sites;
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t first = way * 3 * n + k;
    sites.push_back({static_cast<std::int64_t>(v[first + n]), static_cast<std::int64_t>(v[first]), static_cast<float>(v[first + 2 * n])});
  }
  return sites;
}

std::vector<Plane> at_sites(const std::vector<Plane>& planes, const std::vector<SiteCell>& sites) {
  std::vector<Plane> all;
  for (const Plane& p : planes) all.push_back(row_of(values_at_sites(p.view(), sites)));
  return all;
}

std::vector<Plane> adjusted(const std::vector<Plane>& planes, const Plane& rate, const std::vector<SiteCell>& sites) {
  std::vector<Plane> all;
  for (const Plane& p : planes) all.push_back(row_of(temperatures_at_sites(p.view(), rate.view(), sites)));
  return all;
}

}  // namespace
BOOST_AUTO_TEST_SUITE(known_temperature)

BOOST_AUTO_TEST_CASE(wet_bulb_temperatures_have_the_published_answers) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const std::string at = root + "/wet-bulb-temperature/";
  const auto wet_bulbs = [&](const std::string& t, const std::string& rh, const std::string& p, double precision) {
    const Cube temperature = test::read_cube(at + t), humidity = test::read_cube(at + rh), pressure = test::read_cube(at + p);
    BOOST_TEST((temperature.units == "K" && (humidity.units == "1" || humidity.units == "%") && pressure.units == "Pa"));
    std::vector<Plane> all;
    for (std::size_t k = 0; k < temperature.planes.size(); ++k) {
      Plane share = humidity.planes[k], out = temperature.planes[k];
      for (float& v : share.values) v *= humidity.units == "%" ? 0.01F : 1.0F;
      wet_bulb_temperature(temperature.planes[k].view(), share.view(), pressure.planes[k].view(), out.view(), precision);
      all.push_back(std::move(out));
    }
    return all;
  };
  const std::vector<Plane> basic = wet_bulbs("basic/enukx_temperature.nc", "basic/enukx_relative_humidity.nc", "basic/enukx_pressure.nc", 0.05);
  test::check_answer("wet-bulb/basic with id", basic, test::read_cube(at + "basic/with_id_attr/kgo.nc"));
  test::check_answer("wet-bulb/basic without id", basic, test::read_cube(at + "basic/without_id_attr/kgo.nc"));
  test::check_answer("wet-bulb/global", wet_bulbs("global/temperature_input.nc", "global/relative_humidity_input.nc", "global/pressure_input.nc", 0.05),
                     test::read_cube(at + "global/kgo.nc"));
  test::check_answer("wet-bulb/multi_level",
                     wet_bulbs("multi_level/enukx_multilevel_temperature.nc", "multi_level/enukx_multilevel_relative_humidity.nc",
                               "multi_level/enukx_multilevel_pressure.nc", 0.005),
                     test::read_cube(at + "multi_level/kgo.nc"), {1e-5, 0, 2, 0.006});  // two Newton steps that float puts on the other side of the precision
}

BOOST_AUTO_TEST_CASE(lapse_rates_have_the_published_answers) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const std::string at = root + "/temp-lapse-rate/";
  const Cube t = test::read_cube(at + "basic/temperature_at_screen_level.nc");
  const Plane height = test::read_cube(at + "basic/ukvx_orography.nc").planes[0], land = test::read_cube(at + "basic/ukvx_landmask.nc").planes[0];
  test::check_answer("temp-lapse-rate/basic", lapse_rates(t, height, land), test::read_cube(at + "basic/kgo.nc"), kSlope);
  test::check_answer("temp-lapse-rate/options", lapse_rates(t, height, land, {3, 10, -0.01, 0.06}), test::read_cube(at + "options/kgo.nc"), kSlope);
  test::check_answer("temp-lapse-rate/dalr", {Plane(t.planes[0].ny, t.planes[0].nx, static_cast<float>(kDryAdiabaticLapseRate))},
                     test::read_cube(at + "dalr/kgo.nc"));
  test::check_answer("temp-lapse-rate/realizations",
                     lapse_rates(test::read_cube(at + "realizations/enukx_temperature.nc"), test::read_cube(at + "realizations/enukx_orography.nc").planes[0],
                                 test::read_cube(at + "realizations/enukx_landmask.nc").planes[0]),
                     test::read_cube(at + "realizations/kgo.nc"), kSlope);
}

BOOST_AUTO_TEST_CASE(applied_lapse_rates_have_the_published_answers) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const std::string at = root + "/apply-lapse-rate/";
  const Plane target = test::read_cube(at + "highres_orog.nc").planes[0];
  const auto applied = [&](const std::string& folder, const std::string& model) {
    const Cube t = test::read_cube(folder + model + "_temperature.nc"), rate = test::read_cube(folder + model + "_lapse_rate.nc");
    const Plane source = test::read_cube(folder + model + "_orography.nc").planes[0];
    std::vector<Plane> all;
    for (std::size_t k = 0; k < t.planes.size(); ++k) {
      Plane out(source.ny, source.nx);
      apply_lapse_rate(t.planes[k].view(), rate.planes[k].view(), source.view(), target.view(), out.view());
      all.push_back(std::move(out));
    }
    return all;
  };
  test::check_answer("apply-lapse-rate/basic", applied(at + "basic/", "ukvx"), test::read_cube(at + "basic/kgo.nc"));
  test::check_answer("apply-lapse-rate/realizations", applied(at + "realizations/", "enukx"), test::read_cube(at + "realizations/kgo.nc"));
}

BOOST_AUTO_TEST_CASE(values_at_sites_have_the_published_answers) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const std::string in = root + "/spot-extract/inputs/", out = root + "/spot-extract/outputs/";
  const std::vector<Plane> t = test::read_cube(in + "ukvx_temperature.nc").planes;
  const std::string neighbours = in + "all_methods_uk.nc";
  const std::vector<SiteCell> nearest = sites_of(neighbours);
  test::check_answer("spot-extract/nearest", at_sites(t, nearest), test::read_cube(out + "nearest_uk_temperatures.nc"));
  test::check_answer("spot-extract/nearest, unique ids", at_sites(t, sites_of(in + "all_methods_uk_unique_ids.nc")),
                     test::read_cube(out + "nearest_uk_temperatures_unique_ids.nc"));
  test::check_answer("spot-extract/ignore grid match", at_sites(t, sites_of(in + "all_methods_uk_different_model_grid_hash.nc")),
                     test::read_cube(out + "ignore_grid_match_kgo.nc"));
  test::check_answer("spot-extract/similar height", at_sites(t, sites_of(neighbours, 2)), test::read_cube(out + "mindz_uk_temperatures.nc"));
  test::check_answer("spot-extract/similar height on land", at_sites(t, sites_of(neighbours, 3)),
                     test::read_cube(out + "mindz_land_constraint_uk_temperatures.nc"));
  test::check_answer("spot-extract/subset", at_sites(t, {nearest.begin(), nearest.begin() + 8}), test::read_cube(out + "spot_subset.nc"));
  test::check_answer("spot-extract/lapse rate", adjusted(t, test::read_cube(in + "ukvx_lapse_rate.nc").planes[0], nearest),
                     test::read_cube(out + "lapse_rate_adjusted_uk_temperatures.nc"));
  const std::vector<Plane> percentiles = test::read_cube(in + "enukx_temperature_percentiles.nc").planes;
  test::check_answer("spot-extract/lapse rate, percentiles", adjusted(percentiles, test::read_cube(in + "enukx_lapse_rate.nc").planes[0], nearest),
                     test::read_cube(out + "lapse_adjusted_multiple_percentile_kgo.nc"));
  test::check_answer("spot-extract/fixed lapse rate, percentiles", adjusted(percentiles, Plane(t[0].ny, t[0].nx, -0.006F), nearest),
                     test::read_cube(out + "fixed_lapse_rate_adjusted_multiple_percentile_kgo.nc"));
}

BOOST_AUTO_TEST_CASE(distributions_at_sites_have_the_published_answers) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const std::string in = root + "/spot-extract/inputs/", out = root + "/spot-extract/outputs/";
  const std::vector<SiteCell> sites = sites_of(in + "all_methods_uk.nc");
  const auto of_members = [](const std::vector<Plane>& members, const std::vector<double>& wanted) {
    std::vector<Plane> all(wanted.size(), members[0]);
    percentiles_of_planes(test::views(members), wanted, test::writable(all));
    return all;
  };
  const auto of_thresholds = [](const std::vector<Plane>& probabilities, const ThresholdDistribution& d, const std::vector<double>& wanted) {
    std::vector<Plane> all(wanted.size(), probabilities[0]);
    percentiles_of_probabilities(test::views(probabilities), d, wanted, test::writable(all));
    return all;
  };
  const std::pair<double, double> bounds{173.15, 333.15};
  const std::vector<double> limits{278.15, 280.15, 282.15};
  const std::vector<Plane> probabilities = at_sites(test::read_cube(in + "enukx_temperature_thresholds.nc").planes, sites);
  const std::vector<Plane> members = at_sites(test::read_cube(in + "enukx_temperature_realizations.nc").planes, sites);
  const std::vector<Plane> percentiles = at_sites(test::read_cube(in + "enukx_temperature_percentiles.nc").planes, sites);  // 0, 25, 50, 75, 100
  const Cube median = test::read_cube(out + "extract_percentile_kgo.nc"), quartiles = test::read_cube(out + "extract_multiple_percentiles_kgo.nc");
  test::check_answer("spot-extract/median of thresholds", of_thresholds(probabilities, {limits, false, bounds}, {50}), median);
  test::check_answer("spot-extract/median of percentiles", {percentiles[2]}, median);
  test::check_answer("spot-extract/median of members", of_members(members, {50}), median);
  test::check_answer("spot-extract/quartiles of thresholds", of_thresholds(probabilities, {limits, false, bounds}, {25, 50, 75}), quartiles);
  test::check_answer("spot-extract/quartiles of members", of_members(members, {25, 50, 75}), quartiles);
  test::check_answer("spot-extract/resampled percentiles", of_members(percentiles, {45, 50, 55}), test::read_cube(out + "extract_resampled_percentiles.nc"));
  test::check_answer("spot-extract/with bounds", of_thresholds(probabilities, {limits, false, bounds}, {2, 50, 98}),
                     test::read_cube(out + "with_ecc_bounds_extract_percentile_kgo.nc"));
  test::check_answer("spot-extract/without bounds", of_thresholds(probabilities, {limits, false}, {2, 50, 98}),
                     test::read_cube(out + "without_ecc_bounds_kgo.nc"));

  const std::string rain_path = in + "enukx_precipacc_realizations_thresholds.nc";
  const std::vector<Plane> rain = at_sites(test::read_cube(rain_path).planes, sites);
  const std::vector<double> amounts = test::read_values(rain_path, "threshold");
  std::vector<Plane> mean(amounts.size(), rain[0]);
  for (std::size_t k = 0; k < amounts.size(); ++k) mean_of_planes(test::views(test::every(rain, k, amounts.size())), mean[k].view());
  test::check_answer("spot-extract/mean of members, median", of_thresholds(mean, {amounts, false, std::pair{0.0, 0.5}}, {50}),
                     test::read_cube(out + "with_realization_collapse.nc"));

  const std::vector<Plane> steps = at_sites(test::read_cube(in + "enukx_temperature_thresholds_multi_time.nc").planes, sites);  // time, threshold
  std::vector<Plane> turned;
  for (std::size_t k = 0; k < 3; ++k) test::append(turned, test::every(steps, k, 3));
  test::check_answer("spot-extract/times", turned, test::read_cube(out + "multi_time_kgo.nc"));
}

BOOST_AUTO_TEST_SUITE_END()
