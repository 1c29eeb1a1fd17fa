#include "engine/hydrology/kinematic_routing.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numeric>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"
#include "hpc/parallel/random.h"

namespace guyu {
namespace {

struct Valley {
  Grid grid{"EPSG:32650", 0, 0, 500, 500, 61, 41};
  Plane z{41, 61};
  FlowDirections directions;
  Valley() {
    for (std::int64_t j = 0; j < 41; ++j) {
      RandomStream{9, 1, 0, 0}.fill_row(static_cast<std::uint32_t>(j), 61, z.row(j));
      for (std::int64_t i = 0; i < 61; ++i) z.row(j)[i] = 3 * z.row(j)[i] + 6 * static_cast<float>(std::abs(j - 20)) + 4 * static_cast<float>(60 - i);
    }
    directions = flow_directions(z.view(), grid);
  }
};

double volume(const RoutingState& state) { return std::accumulate(state.volume.values.begin(), state.volume.values.end(), 0.0); }

}  // namespace

BOOST_AUTO_TEST_SUITE(kinematic_routing)

BOOST_AUTO_TEST_CASE(what_goes_in_comes_out_or_stays_for_any_step) {
  const Valley v;
  const FlowNetwork network(v.directions);
  const ChannelCells channels = channel_cells(network, v.directions, v.grid, v.z.view());
  for (const double step : {60.0, 3600.0, 86400.0}) {
    RoutingState state = dry_routing_state(network);
    double in = 0, out = 0;
    for (int t = 0; t < 12; ++t) {
      const Plane runoff(41, 61, t < 4 ? 10.0F : 0.0F);
      in += t < 4 ? 10 * 0.25 * 1000 * 41 * 61 : 0;
      const Plane flow = route(network, channels, runoff, step, state);
      for (const std::int32_t c : network.order()) {
        BOOST_TEST_REQUIRE(flow.values[static_cast<std::size_t>(c)] >= 0);
        if (network.downstream(c) < 0) out += static_cast<double>(flow.values[static_cast<std::size_t>(c)]) * step;
      }
    }
    BOOST_TEST(std::abs((out + volume(state)) / in - 1) < 1e-5, step << ": " << out << " + " << volume(state) << " of " << in);
  }
}

BOOST_AUTO_TEST_CASE(twice_the_runoff_never_lowers_a_flow) {
  const Valley v;
  const FlowNetwork network(v.directions);
  const ChannelCells channels = channel_cells(network, v.directions, v.grid, v.z.view());
  RoutingState one = dry_routing_state(network), two = dry_routing_state(network);
  for (int t = 0; t < 24; ++t) {
    const float rain = t < 6 ? 5.0F : 0.0F;
    const Plane a = route(network, channels, Plane(41, 61, rain), 1800, one), b = route(network, channels, Plane(41, 61, 2 * rain), 1800, two);
    for (std::size_t k = 0; k < a.values.size(); ++k) BOOST_TEST_REQUIRE(b.values[k] >= a.values[k] * (1 - 1e-6F) - 1e-6F);
  }
}

BOOST_AUTO_TEST_CASE(steady_rain_ends_in_a_steady_flow_of_rain_times_area) {
  const Valley v;
  const FlowNetwork network(v.directions);
  const ChannelCells channels = channel_cells(network, v.directions, v.grid, v.z.view());
  const Plane area = upstream_area_km2(network, v.grid);
  const std::int32_t mouth = outlets(network, area, 0).front();
  RoutingState state = dry_routing_state(network);
  Plane flow;
  for (int t = 0; t < 400; ++t) flow = route(network, channels, Plane(41, 61, 6.0F), 3600, state);
  const float expected = area.values[static_cast<std::size_t>(mouth)] * 6 / 3.6F;
  BOOST_TEST(std::abs(flow.values[static_cast<std::size_t>(mouth)] / expected - 1) < 1e-3F);
}

BOOST_AUTO_TEST_CASE(steady_rain_on_a_plane_rises_as_the_exact_kinematic_wave) {
  // Chow and others (1988), section 9.3, for a plane of length L: at its foot q = a (i t)^(5/3) a unit width, a = sqrt(slope) / n, until t = (L / (a
  // i^(2/3)))^(3/5); from then on q = i L.
  const Grid grid("EPSG:32650", 0, 0, 50, 50, 60, 1);
  Plane z(1, 60);
  for (std::int64_t i = 0; i < 60; ++i) z.row(0)[i] = 500 - 2.5F * static_cast<float>(i);
  const FlowDirections directions = flow_directions(z.view(), grid);
  const FlowNetwork network(directions);
  const ChannelCells channels = channel_cells(network, directions, grid, z.view(), {.channel_from_km2 = 100});
  const double rain = 1e-5, length = 60 * 50, a = std::sqrt(0.05) / 0.30, full = std::pow(length / (a * std::pow(rain, 2.0 / 3)), 0.6), step = 60;
  RoutingState state = dry_routing_state(network);
  // The last cell is an outlet without a slope of its own: the flow of the one before it.
  for (int t = 1; t * step < 2 * full; ++t) {
    const double q = static_cast<double>(route(network, channels, Plane(1, 60, static_cast<float>(1000 * rain * step)), step, state).values[58]);
    const double exact = 50 * (t * step < full ? a * std::pow(rain * t * step, 5.0 / 3) : rain * length * 59 / 60);
    if (t * step > 0.2 * full && t * step < 0.75 * full) BOOST_TEST_REQUIRE(std::abs(q / exact - 1) < 0.02, t * step / full << ": " << q << " of " << exact);
    if (t * step > 1.4 * full) BOOST_TEST_REQUIRE(std::abs(q / exact - 1) < 0.01, t * step / full << ": " << q << " of " << exact);
  }
}

BOOST_AUTO_TEST_CASE(one_cell_by_hand) {
  // 1 km2, one step: V + dt r V^(5/3) = in. With r = 1/dt and in = 8 + 32: V = 8.
  FlowDirections d{1, 1, {FlowDirections::outlet}};
  const FlowNetwork network(d);
  const ChannelCells channels{{1.0 / 100}, {1.0}};
  RoutingState state = dry_routing_state(network);
  const Plane flow = route(network, channels, Plane(1, 1, 0.04F), 100, state);
  BOOST_TEST(std::abs(state.volume.values[0] - 8) < 1e-4F);
  BOOST_TEST(std::abs(flow.values[0] - 0.32F) < 1e-5F);
}

BOOST_AUTO_TEST_CASE(flows_below_unknown_rain_are_unknown) {
  FlowDirections d{1, 4, {0, 0, 0, FlowDirections::outlet}};
  const FlowNetwork network(d);
  const ChannelCells channels{{1e-4, 1e-4, 1e-4, 1e-4}, {1.0}};
  RoutingState state = dry_routing_state(network);
  Plane runoff(1, 4, 1.0F);
  runoff.values[1] = std::nanf("");
  const Plane flow = route(network, channels, runoff, 3600, state);
  BOOST_TEST(flow.values[0] > 0);
  for (const std::size_t k : {1U, 2U, 3U}) BOOST_TEST(std::isnan(flow.values[k]));
  BOOST_TEST(route(network, channels, runoff, 3600, state, 0.7).values[3] > 0);
  BOOST_CHECK_THROW(route(network, channels, runoff, 0, state), Error);
}

BOOST_AUTO_TEST_CASE(routing_is_the_same_for_any_number_of_threads) {
  const Valley v;
  const FlowNetwork network(v.directions);
  const ChannelCells channels = channel_cells(network, v.directions, v.grid, v.z.view());
  const auto with = [&](int threads) {
    set_num_threads(threads);
    RoutingState state = dry_routing_state(network);
    Plane flow;
    for (int t = 0; t < 5; ++t) flow = route(network, channels, Plane(41, 61, 7.0F), 600, state);
    return flow.values;
  };
  const auto one = with(1), four = with(4);
  set_num_threads(0);
  BOOST_TEST((one == four));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
