#include "engine/hydrology/flood_run.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numeric>

#include "engine/core/error.h"
#include "engine/hydrology/curve_number_runoff.h"
#include "engine/hydrology/xinanjiang_runoff.h"
#include "hpc/parallel/parallel_for.h"
#include "hpc/parallel/random.h"

namespace guyu {
namespace {

struct Hills {
  Grid grid{"EPSG:32650", 0, 0, 500, 500, 41, 31};
  Plane z{31, 41};
  FlowDirections directions;
  Hills() {
    for (std::int64_t j = 0; j < 31; ++j) {
      RandomStream{5, 1, 0, 0}.fill_row(static_cast<std::uint32_t>(j), 41, z.row(j));
      for (std::int64_t i = 0; i < 41; ++i) z.row(j)[i] = 2 * z.row(j)[i] + 6 * static_cast<float>(std::abs(j - 15)) + 4 * static_cast<float>(40 - i);
    }
    directions = flow_directions(z.view(), grid);
  }
};

// Rain of step t that differs from cell to cell.
Plane showers(int t) {
  Plane rain(31, 41);
  for (std::size_t k = 0; k < rain.values.size(); ++k) rain.values[k] = t < 8 ? static_cast<float>((k * 7 + static_cast<std::size_t>(t) * 13) % 17) : 0.0F;
  return rain;
}

const Plane kNoEvaporation;  // the curve number asks for none

double total(const Plane& p) { return std::accumulate(p.values.begin(), p.values.end(), 0.0); }

}  // namespace

BOOST_AUTO_TEST_SUITE(flood_run)

BOOST_AUTO_TEST_CASE(two_cells_lead_water_as_reckoned_by_hand) {
  // Two cells of 1 km2, the left one drains into the right one, which is the outlet. With a step of 100 s and rates of 1e-4 and 2e-4 s^-1 m^-2 the volume V
  // after a step solves V + step rate V^(5/3) = water. Rates are chosen so that the numbers are whole: 1000^(5/3) = 100000 and 8000^(5/3) = 3200000.
  FlowDirections d{1, 2, {0, FlowDirections::outlet}};
  const FlowNetwork network(d);
  ChannelCells channels{{1e-4, 1.0 / 32000}, {1}};
  RoutingState state = dry_routing_state(network);
  // Left: 2 mm on 1 km2 are 2000 m3 = 1000 + 100 x 1e-4 x 100000: 1000 stay, 1000 leave in 100 s, 10 m3/s.
  // Right: 17000 m3 stand there; with 1000 from the left they are 18000 = 8000 + 100 x 1/32000 x 3200000: 8000 stay, 10000 leave, 100 m3/s.
  state.volume.values[1] = 17000;
  Plane runoff(1, 2, 0);
  runoff.values[0] = 2;
  const Plane flow = route(network, channels, runoff, 100, state);
  BOOST_TEST(std::abs(state.volume.values[0] - 1000) < 0.01);
  BOOST_TEST(std::abs(flow.values[0] - 10) < 1e-4);
  BOOST_TEST(std::abs(state.volume.values[1] - 8000) < 0.05);
  BOOST_TEST(std::abs(flow.values[1] - 100) < 1e-3);
}

BOOST_AUTO_TEST_CASE(rain_is_in_the_soil_in_the_channels_or_has_left) {
  const Hills h;
  const FlowNetwork network(h.directions);
  const ChannelCells channels = channel_cells(network, h.directions, h.grid, h.z.view());
  const CurveNumberRunoff soil(network, Plane(31, 41, 78), 0.2, 1.0);
  const FloodGround ground{&network, &channels, &soil};
  FloodState state = flood_state(ground, 0.5);
  const double before = total(state.soil[0]);
  double fell = 0, left_m3 = 0;
  for (int t = 0; t < 30; ++t) {
    const Plane rain = showers(t);
    fell += total(rain);
    const Plane flow = flood_step(ground, state, rain, kNoEvaporation, 1800);
    for (const std::int32_t c : network.order())
      if (network.downstream(c) < 0) left_m3 += static_cast<double>(flow.values[static_cast<std::size_t>(c)]) * 1800;
  }
  const double m3 = 0.25 * 1000;  // of 1 mm on a cell
  const double there = (total(state.soil[0]) - before) * m3 + total(state.channels.volume) + left_m3;
  BOOST_TEST(left_m3 > 0);
  BOOST_TEST(std::abs(there / (fell * m3) - 1) < 1e-5);
}

BOOST_AUTO_TEST_CASE(wetter_soil_and_more_rain_never_lower_a_flow) {
  const Hills h;
  const FlowNetwork network(h.directions);
  const ChannelCells channels = channel_cells(network, h.directions, h.grid, h.z.view());
  const CurveNumberRunoff soil(network, Plane(31, 41, 70));
  const FloodGround ground{&network, &channels, &soil};
  FloodState dry = flood_state(ground, 0), wet = flood_state(ground, 1), more = flood_state(ground, 0);
  for (int t = 0; t < 24; ++t) {
    Plane rain = showers(t), twice = rain;
    for (float& v : twice.values) v *= 2;
    const Plane a = flood_step(ground, dry, rain, kNoEvaporation, 1800), b = flood_step(ground, wet, rain, kNoEvaporation, 1800),
                c = flood_step(ground, more, twice, kNoEvaporation, 1800);
    for (std::size_t k = 0; k < a.values.size(); ++k) {
      BOOST_TEST_REQUIRE(b.values[k] >= a.values[k] * (1 - 1e-6F) - 1e-6F);
      BOOST_TEST_REQUIRE(c.values[k] >= a.values[k] * (1 - 1e-6F) - 1e-6F);
    }
  }
}

BOOST_AUTO_TEST_CASE(unknown_rain_leaves_flows_unknown_until_it_is_forgotten_and_no_soil_drier) {
  const Hills h;
  const FlowNetwork network(h.directions);
  const ChannelCells channels = channel_cells(network, h.directions, h.grid, h.z.view());
  const CurveNumberRunoff soil(network, Plane(31, 41, 70));
  const FloodGround ground{&network, &channels, &soil};
  FloodState state = flood_state(ground, 0.5);
  const Plane water = state.soil[0];
  const auto step = [&](float mm) { return flood_step(ground, state, Plane(31, 41, mm), kNoEvaporation, 3600).values[20]; };
  for (int t = 0; t < 12; ++t) BOOST_TEST(std::isnan(step(std::nanf(""))));
  // By hand: the soil comes near the level above which all rain sheds, by 1 - 0.9^(1/2) of the way.
  for (std::size_t k = 0; k < water.values.size(); ++k) {
    const auto wet = static_cast<float>(soil.stores()[k].dry_level), before = water.values[k];
    BOOST_TEST_REQUIRE(std::abs(state.soil[0].values[k] - (wet + (before - wet) * std::sqrt(0.9F))) < 1e-2F);
  }
  // Twelve hours leave 1 - exp(-1/2) = 0.39 of a day unknown; that is less than a tenth after 24 ln 3.93 = 32.9 h.
  BOOST_TEST(std::abs(state.unknown.values[20] - 0.3935F) < 1e-3F);
  for (int t = 0; t < 32; ++t) BOOST_TEST_REQUIRE(std::isnan(step(0)), t);
  BOOST_TEST(step(0) == 0);
  // A frame of ten minutes that is lost is no more than a hundredth of a day.
  BOOST_TEST(std::isnan(flood_step(ground, state, Plane(31, 41, std::nanf("")), kNoEvaporation, 600).values[20]));
  for (int t = 0; t < 3; ++t) step(0);
  BOOST_TEST(step(0) == 0);
}

BOOST_AUTO_TEST_CASE(a_volume_that_is_missing_is_no_empty_channel) {
  FlowDirections d{1, 3, {0, 0, FlowDirections::outlet}};
  const FlowNetwork network(d);
  const ChannelCells channels{{1e-4, 1e-4, 1e-4}, {1}};
  RoutingState state = dry_routing_state(network);
  state.volume.values[1] = std::nanf("");
  const Plane flow = route(network, channels, Plane(1, 3, 2.0F), 900, state);
  BOOST_TEST(flow.values[0] > 0);
  BOOST_TEST(std::isnan(flow.values[1]));
  BOOST_TEST(std::isnan(flow.values[2]));
}

BOOST_AUTO_TEST_CASE(a_peak_that_comes_from_far_is_waited_for) {
  // A long valley, fast above and slow below, and a short one meet in a cell, the only one that is wanted: the short one's water comes first, more comes later.
  constexpr std::size_t kMeet = 110, kShort = 221;
  FlowDirections d{2, 111, std::vector<std::int8_t>(222, FlowDirections::missing)};
  for (std::size_t i = 0; i < kMeet; ++i) d.direction[i] = 0;
  d.direction[kMeet] = FlowDirections::outlet, d.direction[kShort] = 6;
  const FlowNetwork network(d);
  ChannelCells channels{std::vector<double>(222, 1e-5), {1, 1}};
  for (std::size_t i = 100; i < kMeet; ++i) channels.rate[i] = 1e-8;
  std::vector<char> wanted(222, 0);
  wanted[kMeet] = 1;
  Plane threshold(2, 111, std::nanf(""));
  RoutingState state = dry_routing_state(network);
  float first = 0, peak = 0;
  for (int t = 0; t < 288; ++t) {
    const float q = route(network, channels, Plane(2, 111, t < 4 ? 10.0F : 0.0F), 900, state).values[kMeet];
    if (t < 8) first = std::max(first, q);
    peak = std::max(peak, q);
  }
  BOOST_TEST_REQUIRE(peak > 1.2F * first, "the case is of another kind: " << first << " " << peak);
  threshold.values[kMeet] = peak;
  BOOST_TEST(std::abs(threshold_runoff_by_routing(network, channels, threshold, 1, wanted).values[kMeet] / 40 - 1) < 0.05F);
}

BOOST_AUTO_TEST_CASE(the_threshold_runoff_brings_the_peak_to_the_threshold) {
  const Hills h;
  const FlowNetwork network(h.directions);
  const ChannelCells channels = channel_cells(network, h.directions, h.grid, h.z.view());
  const std::vector<char> wanted(h.z.values.size(), 1);
  // The threshold is the peak that 30 mm in three hours make: they are to be found again.
  Plane peak(31, 41, 0);
  RoutingState state = dry_routing_state(network);
  for (int t = 0; t < 60; ++t) {
    const Plane flow = route(network, channels, Plane(31, 41, t < 12 ? 2.5F : 0.0F), 900, state);
    for (std::size_t k = 0; k < peak.values.size(); ++k) peak.values[k] = std::max(peak.values[k], flow.values[k]);
  }
  set_num_threads(1);
  const Plane runoff = threshold_runoff_by_routing(network, channels, peak, 3, wanted);
  set_num_threads(3);
  const Plane again = threshold_runoff_by_routing(network, channels, peak, 3, wanted);
  set_num_threads(0);
  BOOST_TEST(runoff.values == again.values, boost::test_tools::per_element());
  for (const float v : runoff.values) BOOST_TEST(std::abs(v / 30 - 1) < 0.03);
  BOOST_CHECK_THROW(threshold_runoff_by_routing(network, channels, peak, 1.1, wanted), Error);
}

BOOST_AUTO_TEST_CASE(a_mean_upstream_is_that_of_the_cells_that_drain_there) {
  FlowDirections d{1, 3, {0, 0, FlowDirections::outlet}};
  const FlowNetwork network(d);
  const ChannelCells channels{{1, 1, 1}, {1}};
  Plane cn(1, 3);
  cn.values = {60, 90, std::nanf("")};
  const Plane mean = upstream_mean(network, channels, cn);
  BOOST_TEST(mean.values[0] == 60);
  BOOST_TEST(mean.values[1] == 75);
  BOOST_TEST(mean.values[2] == 75);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace guyu
