#include "engine/hydrology/xinanjiang_runoff.h"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/error.h"
#include "engine/extremes/counter_uniform.h"
#include "engine/hydrology/curve_number_runoff.h"
#include "engine/hydrology/flood_run.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr std::int64_t kRows = 20, kColumns = 30;
constexpr double kCellM3 = 0.25 * 1000;  // of 1 mm

// A valley that falls to the east, cells of 500 m, two soils side by side.
struct Valley {
  Grid grid{"EPSG:32650", 0, 0, 500, 500, kColumns, kRows};
  Plane z{kRows, kColumns};
  FlowDirections directions;
  XinanjiangGrid columns{kRows, kColumns, {{}, {}}, std::vector<std::int16_t>(kRows* kColumns, 0)};
  Valley() {
    for (std::int64_t j = 0; j < kRows; ++j)
      for (std::int64_t i = 0; i < kColumns; ++i)
        z.row(j)[i] = static_cast<float>(7 * std::abs(j - 9) + 5 * (kColumns - i)) +
                      static_cast<float>(counter_uniform(3, 1, static_cast<std::uint32_t>(j * kColumns + i)));
    directions = flow_directions(z.view(), grid);
    for (std::size_t k = 0; k < columns.set_of.size(); k += 3) columns.set_of[k] = 1;
    columns.sets[1].free_mm = 45, columns.sets[1].curve = 0.8, columns.sets[1].impervious = 0.1;
  }
};

// Rain of a step that differs from cell to cell.
Plane squalls(int t) {
  Plane rain(kRows, kColumns);
  for (std::size_t k = 0; k < rain.values.size(); ++k) {
    const double u = counter_uniform(5, static_cast<std::uint32_t>(t), static_cast<std::uint32_t>(k));
    rain.values[k] = t % 40 < 12 && u > 0.4 ? static_cast<float>(12 * u * u) : 0.0F;
  }
  return rain;
}

double sum_of(const Plane& p) {
  double sum = 0;
  for (const float v : p.values) sum += std::isnan(v) ? 0 : static_cast<double>(v);
  return sum;
}

bool like(const Plane& a, const Plane& b) {
  return std::equal(a.values.begin(), a.values.end(), b.values.begin(), b.values.end(),
                    [](float x, float y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(xinanjiang_runoff)

BOOST_AUTO_TEST_CASE(a_cell_sheds_and_leads_as_reckoned_by_hand) {
  // The split by hand of xinanjiang_test: full ground, 10 of 20 mm of free water, 4 mm in a day: 1.462 mm leave at the surface, 0.2 and 0.02 of 4.388 mm from
  // the stores, 2.4274 mm together. On 1 km2 that is 2427.4 m3. The channel keeps V with V + step rate V^(5/3) = 2427.4: with V = 1000 and V^(5/3) = 1e5 that
  // is rate = 1427.4 / (86400 x 1e5), and 1427.4 m3 in a day are 0.016521 m3/s.
  FlowDirections d{1, 1, {FlowDirections::outlet}};
  const FlowNetwork network(d);
  const ChannelCells channels{{1427.4 / 8.64e9}, {1}};
  XinanjiangGrid one{1, 1, {{}}, {0}};
  one.sets[0].impervious = 0;
  const XinanjiangRunoff model(one);
  const FloodGround ground{&network, &channels, &model};
  FloodState state = flood_state(ground, 1);
  state.soil[3].values[0] = 10, state.soil[4].values[0] = 1;
  const Plane flow = flood_step(ground, state, Plane(1, 1, 4), Plane(1, 1, 0), 86400);
  BOOST_TEST(std::abs(flow.values[0] - 0.016521F) < 2e-5F);
  BOOST_TEST(std::abs(state.channels.volume.values[0] - 1000) < 1);
}

BOOST_AUTO_TEST_CASE(rain_has_evaporated_or_left_or_stands_in_the_ground_and_the_channels) {
  const Valley v;
  const FlowNetwork network(v.directions);
  const ChannelCells channels = channel_cells(network, v.directions, v.grid, v.z.view());
  const XinanjiangRunoff model(v.columns);
  const FloodGround ground{&network, &channels, &model};
  FloodState state = flood_state(ground, 0.6);
  const auto stands = [&](const SoilState& soil) {
    double mm = 0;
    for (std::size_t k = 0; k < v.columns.set_of.size(); ++k)
      mm += stored_mm(v.columns.sets[static_cast<std::size_t>(v.columns.set_of[k])], column_state(soil, k));
    return mm;
  };
  const double before = stands(state.soil);
  const Plane potential(kRows, kColumns, 0.1F);
  double fell = 0, evaporated = 0, left_m3 = 0;
  for (int t = 0; t < 200; ++t) {
    const Plane rain = squalls(t);
    for (std::size_t k = 0; k < rain.values.size(); ++k) {
      XinanjiangState s = column_state(state.soil, k);
      evaporated += xinanjiang_step(v.columns.sets[static_cast<std::size_t>(v.columns.set_of[k])], s, static_cast<double>(rain.values[k]),
                                    static_cast<double>(potential.values[k]), 0.5)
                        .evaporation;
    }
    fell += sum_of(rain);
    const Plane flow = flood_step(ground, state, rain, potential, 1800);
    for (const std::int32_t c : network.order())
      if (network.downstream(c) < 0) left_m3 += static_cast<double>(flow.values[static_cast<std::size_t>(c)]) * 1800;
  }
  const double there = evaporated + stands(state.soil) - before + (sum_of(state.channels.volume) + left_m3) / kCellM3;
  BOOST_TEST((evaporated > 0.02 * fell && left_m3 > 0.1 * fell * kCellM3));
  BOOST_TEST(std::abs(there / fell - 1) < 1e-5, there << " of " << fell << " mm");
}

BOOST_AUTO_TEST_CASE(twice_the_rain_never_lowers_a_peak) {
  const Valley v;
  const FlowNetwork network(v.directions);
  const ChannelCells channels = channel_cells(network, v.directions, v.grid, v.z.view());
  const XinanjiangRunoff model(v.columns);
  const FloodGround ground{&network, &channels, &model};
  for (const double wetness : {0.1, 0.5, 0.9}) {
    std::array<FloodState, 2> state{flood_state(ground, wetness), flood_state(ground, wetness)};
    std::array<Plane, 2> peak{Plane(kRows, kColumns, 0), Plane(kRows, kColumns, 0)};
    for (int t = 0; t < 100; ++t)
      for (std::size_t n = 0; n < 2; ++n) {
        Plane rain = squalls(t);
        for (float& mm : rain.values) mm *= static_cast<float>(n + 1);
        const Plane flow = flood_step(ground, state[n], rain, Plane(kRows, kColumns, 0.05F), 1800);
        for (std::size_t k = 0; k < flow.values.size(); ++k) peak[n].values[k] = std::max(peak[n].values[k], flow.values[k]);
      }
    for (std::size_t k = 0; k < peak[0].values.size(); ++k) BOOST_TEST_REQUIRE(peak[1].values[k] >= peak[0].values[k]);
  }
}

BOOST_AUTO_TEST_CASE(unknown_rain_leaves_flows_unknown_and_the_ground_no_drier_and_what_it_gives_still_flows) {
  const Valley v;
  const FlowNetwork network(v.directions);
  const ChannelCells channels = channel_cells(network, v.directions, v.grid, v.z.view());
  const XinanjiangRunoff model(v.columns);
  const FloodGround ground{&network, &channels, &model};
  FloodState state = flood_state(ground, 0.5);
  for (int t = 0; t < 20; ++t) flood_step(ground, state, squalls(t), Plane(kRows, kColumns, 0), 3600);
  const SoilState before = state.soil;
  const Plane volume = state.channels.volume, unseen(kRows, kColumns, std::nanf("")), potential(kRows, kColumns, 0.2F);
  const std::int32_t mouth = network.order().back();
  for (int t = 0; t < 12; ++t) BOOST_TEST_REQUIRE(std::isnan(flood_step(ground, state, unseen, potential, 3600).values[static_cast<std::size_t>(mouth)]));
  for (std::size_t k = 0; k < unseen.values.size(); ++k) {
    const XinanjiangParameters& p = v.columns.sets[static_cast<std::size_t>(v.columns.set_of[k])];
    const XinanjiangState was = column_state(before, k), is = column_state(state.soil, k);
    // By hand: half a day leaves 0.9^(1/2) of the way to full.
    BOOST_TEST_REQUIRE(std::abs(p.lower_mm - is.lower - (p.lower_mm - was.lower) * std::sqrt(0.9)) < 1e-3);
    BOOST_TEST_REQUIRE(is.groundwater + is.interflow + is.free < was.groundwater + was.interflow + was.free);
  }
  BOOST_TEST(sum_of(state.channels.volume) > 0);
  // What the ground gave meanwhile came into the channels: with dry ground they hold less.
  FloodState none = flood_state(ground, 0);
  none.channels.volume = volume;
  for (int t = 0; t < 12; ++t) flood_step(ground, none, unseen, potential, 3600);
  BOOST_TEST(sum_of(none.channels.volume) < sum_of(state.channels.volume));
  // After a lost frame of ten minutes flows come back within hours, as by the curve number.
  FloodState short_gap = flood_state(ground, 0.5);
  BOOST_TEST(std::isnan(flood_step(ground, short_gap, unseen, potential, 600).values[static_cast<std::size_t>(mouth)]));
  BOOST_TEST(!std::isnan(flood_step(ground, short_gap, squalls(20), potential, 600).values[static_cast<std::size_t>(mouth)]));
}

BOOST_AUTO_TEST_CASE(missing_evaporation_counts_as_none) {
  const Valley v;
  const XinanjiangRunoff model(v.columns);
  SoilState missing = model.start(0.5), none = missing;
  const Plane a = model.step(missing, squalls(1), Plane(kRows, kColumns, std::nanf("")), 3600),
              b = model.step(none, squalls(1), Plane(kRows, kColumns, 0), 3600);
  BOOST_TEST(like(a, b));
  for (std::size_t n = 0; n < missing.size(); ++n) BOOST_TEST(like(missing[n], none[n]));
}

BOOST_AUTO_TEST_CASE(unknown_ground_gives_no_flow_that_is_known) {
  Valley v;
  v.columns.set_of.assign(v.columns.set_of.size(), -1);
  const FlowNetwork network(v.directions);
  const ChannelCells channels = channel_cells(network, v.directions, v.grid, v.z.view());
  const XinanjiangRunoff model(v.columns);
  const FloodGround ground{&network, &channels, &model};
  FloodState state = flood_state(ground, 0.5);
  for (const float q : flood_step(ground, state, squalls(1), Plane(kRows, kColumns, 0), 3600).values) BOOST_TEST_REQUIRE(std::isnan(q));
}

BOOST_AUTO_TEST_CASE(a_run_is_the_same_for_any_number_of_threads_and_goes_on_from_its_state) {
  const Valley v;
  const FlowNetwork network(v.directions);
  const ChannelCells channels = channel_cells(network, v.directions, v.grid, v.z.view());
  const XinanjiangRunoff model(v.columns);
  const FloodGround ground{&network, &channels, &model};
  const auto run = [&](FloodState& state, int from, int to) {
    Plane flow;
    for (int t = from; t < to; ++t) flow = flood_step(ground, state, squalls(t), Plane(kRows, kColumns, 0.1F), 1800);
    return flow;
  };
  set_num_threads(1);
  FloodState one = flood_state(ground, 0.6), half = one;
  const Plane flow = run(one, 0, 60);
  set_num_threads(3);
  run(half, 0, 30);
  FloodState on = half;
  const Plane again = run(on, 30, 60);
  set_num_threads(0);
  BOOST_TEST(like(flow, again));
  for (std::size_t n = 0; n < one.soil.size(); ++n) BOOST_TEST(like(one.soil[n], on.soil[n]));
}

BOOST_AUTO_TEST_CASE(parameters_have_a_code_of_their_own_and_mistakes_are_told) {
  Valley v;
  const Plane code = XinanjiangRunoff(v.columns).parameters_code();
  BOOST_TEST(code.values[0] != code.values[1]);
  BOOST_TEST((code.values[0] >= 0 && code.values[0] <= 16777215 && code.values[0] == std::floor(code.values[0])));
  v.columns.sets[0].groundwater_recession = 0.981;
  BOOST_TEST(XinanjiangRunoff(v.columns).parameters_code().values[1] != code.values[1]);
  SoilState soil = XinanjiangRunoff(v.columns).start(0.5);
  BOOST_CHECK_THROW(XinanjiangRunoff(v.columns).step(soil, Plane(1, 1, 0), Plane(kRows, kColumns, 0), 600), Error);
  BOOST_CHECK_THROW(XinanjiangRunoff(v.columns).step(soil, Plane(kRows, kColumns, 0), Plane(), 600), Error);
  v.columns.set_of[0] = 5;
  BOOST_CHECK_THROW(XinanjiangRunoff{v.columns}, Error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
