#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <optional>

#include "engine/core/atomic_file.h"
#include "engine/hydrology/flow_network.h"
#include "ingest/reader.h"
#include "tests/cli/guyu_run.h"
#include "tests/support/test_data.h"

using namespace guyu;
using guyu::test::guyu_run;

namespace {

// A window of real ground; what lies at the sea or below is missing.
struct Window {
  Grid grid;
  Plane z;
};
Window window_of(const std::string& path, std::int64_t row, std::int64_t column, std::int64_t size) {
  std::optional<Field> tile;
  read_each(path, {}, [&](Field&& f) {
    if (!tile) tile = std::move(f);
  });
  const Grid& g = tile->grid();
  Window w{Grid(g.crs(), g.x(static_cast<double>(column)), g.y(static_cast<double>(row)), g.dx(), g.dy(), size, size), Plane(size, size)};
  for (std::int64_t j = 0; j < size; ++j)
    for (std::int64_t i = 0; i < size; ++i) {
      const float v = std::as_const(*tile).view()(row + j, column + i);
      w.z.row(j)[i] = v > 0 ? v : std::numeric_limits<float>::quiet_NaN();
    }
  return w;
}

// Calls body(neighbour, or -1 outside the grid) for the eight neighbours.
template <class Body>
void around(const Plane& z, std::int64_t cell, const Body& body) {
  for (std::int64_t dj = -1; dj <= 1; ++dj)
    for (std::int64_t di = -1; di <= 1; ++di) {
      const std::int64_t j = cell / z.nx + dj, i = cell % z.nx + di;
      if (dj != 0 || di != 0) body(j < 0 || i < 0 || j >= z.ny || i >= z.nx ? -1 : j * z.nx + i);
    }
}

float at(const Plane& p, std::int64_t cell) { return p.values[static_cast<std::size_t>(cell)]; }

// The lowest surface over which water finds out: from one that is high everywhere but at the edges, lowered until nothing changes.
Plane filled_by_lowering(const Plane& z) {
  Plane w(z.ny, z.nx, std::numeric_limits<float>::infinity());
  const std::int64_t n = z.ny * z.nx;
  for (bool changed = true; changed;) {
    changed = false;
    for (std::int64_t c = 0; c < n; ++c) {
      float low = std::numeric_limits<float>::infinity();
      around(z, c, [&](std::int64_t k) { low = k < 0 || std::isnan(at(z, k)) ? -1 : std::min(low, at(w, k)); });
      const float level = std::isnan(at(z, c)) ? at(z, c) : std::max(at(z, c), low);
      if (level < at(w, c) || (std::isnan(level) && !std::isnan(at(w, c)))) w.values[static_cast<std::size_t>(c)] = level, changed = true;
    }
  }
  return w;
}

double great_circle_m(const Grid& g, std::int64_t a, std::int64_t b) {
  constexpr double kDegree = std::numbers::pi / 180;
  const auto y = [&](std::int64_t c) { return g.y(static_cast<double>(c / g.nx())) * kDegree; };
  const double across = static_cast<double>(a % g.nx() - b % g.nx()) * g.dx() * kDegree, s = std::sin((y(a) - y(b)) / 2), t = std::sin(across / 2);
  return 2 * 6371000 * std::asin(std::sqrt(s * s + std::cos(y(a)) * std::cos(y(b)) * t * t));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(terrain_verb)

BOOST_AUTO_TEST_CASE(real_ground_drains_as_a_plain_reckoning_says) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  for (const Window& w :
       {window_of(data + "/terrain/N38W028.SRTMGL3.hgt.zip", 240, 800, 160), window_of(data + "/terrain/N38W029.SRTMGL3.hgt.zip", 500, 600, 160)}) {
    const FlowDirections d = flow_directions(w.z.view(), w.grid);
    const FlowNetwork network(d);
    const Plane filled = filled_by_lowering(w.z), ours = fill_depressions(w.z.view()), area = upstream_area_km2(network, w.grid);
    std::vector<double> counted(w.z.values.size(), 0.0);
    std::size_t land = 0, hollow = 0;
    for (std::int64_t c = 0; c < w.z.ny * w.z.nx; ++c) {
      if (std::isnan(at(w.z, c))) continue;
      BOOST_TEST_REQUIRE(at(ours, c) == at(filled, c));
      ++land, hollow += at(filled, c) > at(w.z, c) ? 1 : 0;
      double steepest = 0;
      around(w.z, c, [&](std::int64_t k) {
        if (k >= 0 && !std::isnan(at(w.z, k))) steepest = std::max(steepest, static_cast<double>(at(filled, c) - at(filled, k)) / great_circle_m(w.grid, c, k));
      });
      const std::int32_t down = network.downstream(static_cast<std::int32_t>(c));
      if (steepest > 0) {
        BOOST_TEST_REQUIRE(down >= 0);
        const double taken = static_cast<double>(at(filled, c) - at(filled, down)) / great_circle_m(w.grid, c, down);
        BOOST_TEST_REQUIRE(taken > steepest * (1 - 1e-4));  // rows differ a little in width
      } else if (down >= 0) {
        BOOST_TEST_REQUIRE(at(filled, down) == at(filled, c));
      }
      // Every cell's own area, carried down step by step to where it leaves.
      const double y = w.grid.y(static_cast<double>(c / w.z.nx)) * std::numbers::pi / 180, degree_km = 6371 * std::numbers::pi / 180;
      const double own = degree_km * w.grid.dx() * std::cos(y) * degree_km * w.grid.dy();
      std::size_t steps = 0;
      for (std::int32_t k = static_cast<std::int32_t>(c); k >= 0; k = network.downstream(k)) {
        counted[static_cast<std::size_t>(k)] += own;
        BOOST_TEST_REQUIRE(++steps <= w.z.values.size());
      }
    }
    BOOST_TEST_MESSAGE(land << " cells of land, " << hollow << " of them in hollows");
    BOOST_TEST((land > 1000U && hollow > 0U));
    for (std::size_t k = 0; k < counted.size(); ++k)
      if (counted[k] > 0) BOOST_TEST_REQUIRE(std::abs(static_cast<double>(area.values[k]) / counted[k] - 1) < 1e-5);
  }
}

BOOST_AUTO_TEST_CASE(real_tiles_become_basins_that_hold_all_their_land) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  const std::string out = test::temporary_folder("terrain") + "/basins.nc";
  BOOST_REQUIRE(guyu_run({"terrain", "--elevation", data + "/terrain/N38W028.SRTMGL3.hgt.zip", "--sea", "0", "--least-area", "5", "--out", out}) == 0);
  std::map<std::string, double> largest;
  read_each(out, {}, [&](Field&& f) { largest[f.meta.quantity.name] = statistics(std::as_const(f).view()).max; });
  BOOST_TEST(largest.at("flow_direction_code") <= 128);
  BOOST_TEST(largest.at("basin_number") >= 1);
  BOOST_TEST((largest.at("upstream_area") > 5 && largest.at("upstream_area") < 500));  // islands
}

BOOST_AUTO_TEST_CASE(mistakes_of_the_user_exit_with_two) {
  BOOST_TEST(guyu_run({"terrain", "--elevation", "absent.tif", "--out", "x.nc"}) == 2);
  BOOST_TEST(guyu_run({"terrain", "--out", "x.nc"}) == 2);
}

BOOST_AUTO_TEST_SUITE_END()
