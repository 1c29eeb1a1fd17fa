#include "engine/hydrology/basin_model.h"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cmath>
#include <fstream>
#include <numeric>
#include <sstream>
#include <string>

#include "engine/calibrate/simplex.h"
#include "engine/hydrology/potential_evaporation.h"
#include "tests/support/test_data.h"

namespace guyu {
namespace {

struct Basin {
  BasinForcing forcing;
  std::vector<double> flow_mm;
};

// Daily forcing (Maurer) and flow of CAMELS (Newman and others 2015), 2000-2002: header lines latitude, elevation and area (m2), then a line a day.
Basin read_basin(const std::string& folder, const std::string& gauge) {
  Basin b;
  std::ifstream forcing(folder + "/basin_mean_forcing/maurer_extended/" + gauge + "_lump_maurer_forcing_leap.txt");
  std::ifstream flow(folder + "/usgs_streamflow/" + gauge + "_streamflow_qc.txt");
  double latitude = 0, elevation = 0, area_m2 = 0;
  forcing >> latitude >> elevation >> area_m2;
  std::string line;
  std::getline(forcing, line), std::getline(forcing, line);
  while (std::getline(forcing, line)) {
    std::istringstream in(line);
    int year = 0, month = 0, day = 0, hour = 0;
    double light = 0, rain = 0, sun = 0, snow = 0, warmest = 0, coldest = 0;
    if (!(in >> year >> month >> day >> hour >> light >> rain >> sun >> snow >> warmest >> coldest)) continue;
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    const auto first = std::chrono::sys_days{date.year() / std::chrono::January / 1};
    const int of_year = static_cast<int>((std::chrono::sys_days{date} - first).count()) + 1;
    const double mean = 0.5 * (warmest + coldest);
    b.forcing.precipitation_mm.push_back(rain), b.forcing.temperature_c.push_back(mean);
    b.forcing.potential_evaporation_mm.push_back(oudin_evaporation_mm(mean, latitude, of_year));
  }
  while (std::getline(flow, line)) {
    std::istringstream in(line);
    std::string id;
    int year = 0, month = 0, day = 0;
    double cubic_feet = 0;
    if (in >> id >> year >> month >> day >> cubic_feet) b.flow_mm.push_back(cubic_feet < 0 ? std::nan("") : cubic_feet * 0.0283168466 * 86400 * 1000 / area_m2);
  }
  return b;
}

// Parameters between sober bounds from any real numbers.
struct Bound {
  double low, high;
};
constexpr std::array<Bound, 13> kBounds{{{0.6, 1.4},    // evaporation factor
                                         {5, 40},       // upper
                                         {30, 150},     // lower
                                         {10, 120},     // deep
                                         {0.1, 1.5},    // curve
                                         {0.05, 0.25},  // deep evaporation
                                         {5, 80},       // free water
                                         {0.02, 0.6},   // interflow rate
                                         {0.02, 0.39},  // groundwater rate
                                         {0.2, 0.9},    // interflow recession
                                         {0.9, 0.995},  // groundwater recession
                                         {1, 6},        // melt
                                         {4, 60}}};     // k of two reservoirs, hours
BasinModel model_of(const std::vector<double>& x) {
  std::array<double, kBounds.size()> v{};
  for (std::size_t k = 0; k < v.size(); ++k) v[k] = kBounds[k].low + (kBounds[k].high - kBounds[k].low) / (1 + std::exp(-x[k]));
  BasinModel m;
  m.soil.evaporation_factor = v[0], m.soil.upper_mm = v[1], m.soil.lower_mm = v[2], m.soil.deep_mm = v[3], m.soil.curve = v[4];
  m.soil.deep_evaporation = v[5], m.soil.free_mm = v[6], m.soil.interflow_rate = v[7], m.soil.groundwater_rate = v[8];
  m.soil.interflow_recession = v[9], m.soil.groundwater_recession = v[10], m.snow.melt_mm_per_c_day = v[11], m.k_hours = v[12];
  return m;
}

// The record after its own first year has been run once for the state.
std::vector<double> warm_run(const BasinModel& model, const Basin& b) {
  BasinState state{{}, xinanjiang_state(model.soil, 0.7)};
  BasinForcing year;
  const auto first = [](const std::vector<double>& v) { return std::vector<double>(v.begin(), v.begin() + 366); };
  year.precipitation_mm = first(b.forcing.precipitation_mm), year.temperature_c = first(b.forcing.temperature_c);
  year.potential_evaporation_mm = first(b.forcing.potential_evaporation_mm);
  simulate(model, state, year, 24);
  return simulate(model, state, b.forcing, 24);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(basin_model)

BOOST_AUTO_TEST_CASE(evaporation_follows_sun_and_warmth) {
  // FAO-56, example 8: 20 degrees south, 3 September: 32.2 MJ m-2 d-1 above the air.
  BOOST_TEST(std::abs(oudin_evaporation_mm(20, -20, 246) - 32.2 / 2.45 * 0.25) < 0.02);
  BOOST_TEST(oudin_evaporation_mm(-6, 45, 180) == 0);
  BOOST_TEST(oudin_evaporation_mm(-1, 80, 1) == 0);  // polar night
  BOOST_TEST(std::isnan(oudin_evaporation_mm(std::nan(""), 45, 180)));
}

BOOST_AUTO_TEST_CASE(snow_keeps_what_it_does_not_melt) {
  const SnowParameters p;
  SnowState s;
  BOOST_TEST(snow_step(p, s, 10, -5, 24) == 0);
  BOOST_TEST(s.water_equivalent_mm == 10);
  BOOST_TEST(snow_step(p, s, 0, 2, 24) == 6);
  BOOST_TEST(snow_step(p, s, 5, 4, 24) == 9);  // 5 of rain, the last 4 of snow
  BOOST_TEST(s.water_equivalent_mm == 0);
  BOOST_TEST(std::isnan(snow_step(p, s, std::nan(""), 4, 24)));
}

BOOST_AUTO_TEST_CASE(efficiency_is_one_for_the_truth_and_none_for_the_mean) {
  const std::vector<double> seen{1, 2, 6, std::nan("")}, mean{3, 3, 3, 3};
  BOOST_TEST(nash_sutcliffe(seen, seen, 0, 4) == 1);
  BOOST_TEST(nash_sutcliffe(mean, seen, 0, 4) == 0);
  BOOST_TEST(std::isnan(nash_sutcliffe(mean, seen, 3, 4)));
}

BOOST_AUTO_TEST_CASE(real_basins_are_told_in_years_that_calibration_did_not_see) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  constexpr std::size_t kHalf = 548;
  double sum = 0;
  for (const char* gauge : {"01022500", "01547700", "02064000", "03015500"}) {
    const Basin b = read_basin(data + "/reference/camels_us", gauge);
    BOOST_REQUIRE(b.flow_mm.size() == 1096U);
    BOOST_REQUIRE(b.forcing.precipitation_mm.size() == 1096U);
    const auto objective = [&](const std::vector<double>& x) {
      const std::vector<double> flow = warm_run(model_of(x), b);
      std::vector<double> root(flow), seen(b.flow_mm);  // roots, so that low flows count too
      for (double& q : root) q = std::sqrt(q);
      for (double& q : seen) q = std::sqrt(q);
      return 2 - nash_sutcliffe(flow, b.flow_mm, 0, kHalf) - nash_sutcliffe(root, seen, 0, kHalf);
    };
    std::vector<double> best;
    for (const double start : {0.0, -1.0, 1.0}) {
      std::vector<double> x(kBounds.size(), start);
      for (int again = 0; again < 2; ++again) x = simplex_minimum(objective, x, std::vector<double>(kBounds.size(), 1.0), 1200, 1e-6);
      if (best.empty() || objective(x) < objective(best)) best = x;
    }
    const std::vector<double> flow = warm_run(model_of(best), b);
    const double seen = nash_sutcliffe(flow, b.flow_mm, 0, kHalf), unseen = nash_sutcliffe(flow, b.flow_mm, kHalf, 1096);
    const auto total = [](const std::vector<double>& v) { return std::accumulate(v.begin() + kHalf, v.end(), 0.0); };
    BOOST_TEST_MESSAGE("gauge " << gauge << ": Nash-Sutcliffe " << seen << " in calibration, " << unseen << " after it; volume after it "
                                << total(flow) / total(b.flow_mm) << " of the observed");
    BOOST_TEST(seen > 0.5, gauge);
    BOOST_TEST(unseen > 0.3, gauge);
    sum += unseen;
  }
  BOOST_TEST(sum / 4 > 0.45);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
