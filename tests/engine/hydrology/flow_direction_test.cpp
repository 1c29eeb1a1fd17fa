#include "engine/hydrology/flow_direction.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/error.h"
#include "engine/hydrology/flow_network.h"
#include "hpc/parallel/parallel_for.h"
#include "hpc/parallel/random.h"

namespace guyu {
namespace {

Grid metres(std::int64_t nx, std::int64_t ny) { return Grid("EPSG:32650", 0, 0, 100, 100, nx, ny); }

Plane rough(std::int64_t ny, std::int64_t nx, bool steps) {
  Plane z(ny, nx);
  for (std::int64_t j = 0; j < ny; ++j) {
    RandomStream{5, 1, 0, 0}.fill_row(static_cast<std::uint32_t>(j), nx, z.row(j));
    for (std::int64_t i = 0; i < nx; ++i) z.row(j)[i] = steps ? std::floor(2 * z.row(j)[i]) : 20 * z.row(j)[i];  // steps: many flats
  }
  return z;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(flow_direction)

BOOST_AUTO_TEST_CASE(a_hollow_is_filled_to_its_lowest_rim_and_no_higher) {
  Plane z(5, 5, 9.0F);
  z.row(2)[2] = 1, z.row(2)[3] = 6, z.row(2)[4] = 4;
  const Plane filled = fill_depressions(z.view());
  BOOST_TEST(filled.row(2)[2] == 6);
  BOOST_TEST(filled.row(2)[3] == 6);
  BOOST_TEST(filled.row(2)[4] == 4);
  BOOST_TEST(filled.row(1)[1] == 9);
}

BOOST_AUTO_TEST_CASE(the_sea_takes_water_within_the_grid) {
  Plane z(5, 5, 9.0F);
  z.row(2)[2] = std::nanf(""), z.row(2)[3] = 2;
  const FlowDirections d = flow_directions(z.view(), metres(5, 5));
  BOOST_TEST(d.at(2, 2) == FlowDirections::missing);
  BOOST_TEST(d.at(2, 3) == FlowDirections::outlet);
  BOOST_TEST(std::isnan(d.codes().row(2)[2]));
  BOOST_TEST(d.codes().row(2)[3] == 0);
}

BOOST_AUTO_TEST_CASE(water_takes_the_steepest_way_and_diagonals_are_longer) {
  Plane z(3, 3, 20.0F);
  z.row(1)[1] = 10, z.row(2)[2] = 7, z.row(1)[2] = 7.5F;  // 3 m over 141 m against 2.5 m over 100 m
  const FlowDirections d = flow_directions(z.view(), metres(3, 3));
  BOOST_TEST(d.at(1, 1) == 0);
  BOOST_TEST(d.codes().row(1)[1] == 1);
  z.row(2)[2] = 6;
  BOOST_TEST(flow_directions(z.view(), metres(3, 3)).codes().row(1)[1] == 2);
}

BOOST_AUTO_TEST_CASE(water_on_a_flat_finds_the_way_out) {
  Plane z(7, 9, 50.0F);
  for (std::int64_t j = 1; j < 6; ++j)
    for (std::int64_t i = 1; i < 8; ++i) z.row(j)[i] = 10;
  z.row(3)[8] = 5;  // the gap
  const FlowNetwork network(flow_directions(z.view(), metres(9, 7)));
  const Plane area = upstream_area_km2(network, metres(9, 7));
  BOOST_TEST(area.row(3)[8] >= 0.01F * 36);
  const auto basin = basins(network);
  for (std::int64_t j = 1; j < 6; ++j)
    for (std::int64_t i = 1; i < 8; ++i) BOOST_TEST(basin[static_cast<std::size_t>(j * 9 + i)] == 3 * 9 + 8);
}

BOOST_AUTO_TEST_CASE(all_water_of_any_terrain_leaves_it_and_none_climbs) {
  for (const bool steps : {false, true}) {
    Plane z = rough(97, 113, steps);
    for (std::int64_t i = 40; i < 60; ++i) z.row(50)[i] = std::nanf("");
    const Grid grid = metres(113, 97);
    const FlowDirections d = flow_directions(z.view(), grid);
    const Plane filled = fill_depressions(z.view());
    const FlowNetwork network(d);  // throws on a loop
    double out = 0;
    const Plane area = upstream_area_km2(network, grid);
    for (const std::int32_t c : outlets(network, area, 0)) out += static_cast<double>(area.values[static_cast<std::size_t>(c)]);
    BOOST_TEST(std::abs(out - 0.01 * (97 * 113 - 20)) < 1e-3);
    for (const std::int32_t c : network.order()) {
      BOOST_TEST_REQUIRE(filled.values[static_cast<std::size_t>(c)] >= z.values[static_cast<std::size_t>(c)]);
      if (network.downstream(c) >= 0)
        BOOST_TEST_REQUIRE(filled.values[static_cast<std::size_t>(network.downstream(c))] <= filled.values[static_cast<std::size_t>(c)]);
    }
  }
}

BOOST_AUTO_TEST_CASE(filling_twice_changes_nothing) {
  const Plane once = fill_depressions(rough(60, 70, false).view());
  BOOST_TEST((fill_depressions(once.view()).values == once.values));
}

BOOST_AUTO_TEST_CASE(areas_add_up_along_a_valley) {
  Plane z(3, 4, 100.0F);
  for (std::int64_t i = 0; i < 4; ++i) z.row(1)[i] = static_cast<float>(40 - 10 * i), z.row(0)[i] = z.row(2)[i] = 100 - static_cast<float>(i);
  const Grid grid("EPSG:4326", 110, 1, 1, 1, 4, 3);
  const FlowNetwork network(flow_directions(z.view(), grid));
  const Plane area = upstream_area_km2(network, grid);
  // One degree of the sphere at the equator is 111.19 km; all twelve cells drain by the valley's end.
  BOOST_TEST(std::abs(area.row(1)[3] / (12 * 111.19F * 111.19F) - 1) < 1e-3F);
  BOOST_TEST(cells_upstream(network, 7).size() == 12U);
  const auto out = outlets(network, area, 1);
  BOOST_REQUIRE(out.size() == 1U);
  BOOST_TEST(out[0] == 7);
}

BOOST_AUTO_TEST_CASE(directions_in_a_loop_are_refused) {
  FlowDirections d{1, 2, {0, 4}};
  BOOST_CHECK_THROW(FlowNetwork{d}, Error);
  BOOST_CHECK_THROW(flow_directions(Plane(2, 2).view(), metres(3, 3)), Error);
}

BOOST_AUTO_TEST_CASE(accumulation_is_the_same_for_any_number_of_threads) {
  const Plane z = rough(200, 220, true);
  const auto with = [&](int threads) {
    set_num_threads(threads);
    return upstream_area_km2(FlowNetwork(flow_directions(z.view(), metres(220, 200))), metres(220, 200)).values;
  };
  const auto one = with(1), four = with(4);
  set_num_threads(0);
  BOOST_TEST((one == four));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
