#include "engine/region/zonal_weights.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>

#include "engine/region/zonal_statistics.h"
#include "hpc/parallel/parallel_for.h"
#include "tests/support/test_data.h"

using namespace guyu;
namespace tt = boost::test_tools;
namespace {
constexpr const char* kPlane = "EPSG:32650";  // metres

Ring box(double x0, double y0, double x1, double y1) { return {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}; }

RegionSet one(MultiPolygon shape, const char* crs = kPlane) {
  RegionSet s;
  s.crs = crs;
  s.regions.push_back({"a", "a", "", std::move(shape)});
  return s;
}

double weight_sum(const ZonalWeights& w) {
  double sum = 0;
  for (const auto& r : w.runs) sum += w.row_area[static_cast<std::size_t>(r.row)] * (r.end - r.begin);
  for (const auto& c : w.cells) sum += w.row_area[static_cast<std::size_t>(c.row)] * static_cast<double>(c.share);
  return sum;
}

// Share of one cell by brute force: a fine point lattice and the even-odd rule.
double sampled_share(const Ring& ring, double x0, double y0, double size) {
  constexpr int kN = 200;
  int inside = 0;
  for (int a = 0; a < kN; ++a) {
    for (int b = 0; b < kN; ++b) {
      const double x = x0 + (a + 0.5) / kN * size, y = y0 + (b + 0.5) / kN * size;
      bool in = false;
      for (std::size_t k = 0; k + 1 < ring.size(); ++k) {
        const Point p = ring[k], q = ring[k + 1];
        if ((p.y > y) != (q.y > y) && x < p.x + (y - p.y) / (q.y - p.y) * (q.x - p.x)) in = !in;
      }
      inside += in;
    }
  }
  return static_cast<double>(inside) / (kN * kN);
}
}  // namespace
BOOST_AUTO_TEST_SUITE(zonal_weights)

BOOST_AUTO_TEST_CASE(a_box_has_whole_cells_inside_and_exact_shares_on_its_outline) {
  const Grid g(kPlane, 0.5, 9.5, 1, 1, 10, 10);  // cells [0,10] x [0,10]
  const auto w = compute_zonal_weights(g, one({{box(1.25, 2.5, 4, 5), {}}}));
  BOOST_TEST(w.regions[0].total_area == 2.75 * 2.5, tt::tolerance(1e-12));
  BOOST_TEST(w.regions[0].covered_area == 2.75 * 2.5, tt::tolerance(1e-12));
  std::size_t whole = 0;
  for (const auto& r : w.runs) {
    BOOST_TEST(r.begin == 2);
    BOOST_TEST(r.end == 4);
    ++whole;
  }
  BOOST_TEST(whole == 2U);
  for (const auto& c : w.cells) {
    const float column = c.column == 1 ? 0.75F : 1.0F, row = c.row == 7 ? 0.5F : 1.0F;
    BOOST_TEST(c.share == column * row, tt::tolerance(1e-6F));
  }
}

BOOST_AUTO_TEST_CASE(holes_subtract_and_parts_add_whatever_their_winding) {
  const Grid g(kPlane, 0.5, 9.5, 1, 1, 10, 10);
  Ring hole = box(2.2, 2.2, 3.9, 3.7);
  for (const bool reversed : {false, true}) {
    if (reversed) std::reverse(hole.begin(), hole.end());
    const auto w = compute_zonal_weights(g, one({{box(1, 1, 5, 5), {hole}}, {box(7.5, 7.5, 8.25, 8.5), {}}}));
    const double area = 16 - 1.7 * 1.5 + 0.75;
    BOOST_TEST(w.regions[0].total_area == area, tt::tolerance(1e-12));
    BOOST_TEST(weight_sum(w) == area, tt::tolerance(1e-6));  // shares are stored as float32
    BOOST_TEST(w.regions[0].covered_area == area, tt::tolerance(1e-11));
  }
}

BOOST_AUTO_TEST_CASE(random_polygons_agree_with_a_point_count_in_every_cell) {
  const Grid g(kPlane, 0.5, 9.5, 1, 1, 10, 10);
  std::mt19937 random(7);
  std::uniform_real_distribution<double> radius(1.0, 5.5);
  for (int trial = 0; trial < 5; ++trial) {
    Ring ring;  // star-shaped, reaching outside the grid
    for (int k = 0; k < 11; ++k) {
      const double angle = 2 * M_PI * k / 11, r = radius(random);
      ring.push_back({5.3 + 1.2 * r * std::cos(angle), 4.8 + r * std::sin(angle)});
    }
    ring.push_back(ring.front());
    const auto w = compute_zonal_weights(g, one({{ring, {}}}));
    std::vector<double> share(100, 0.0);
    for (const auto& r : w.runs) {
      for (int i = r.begin; i < r.end; ++i) share[static_cast<std::size_t>(r.row * 10 + i)] += 1;
    }
    for (const auto& c : w.cells) share[static_cast<std::size_t>(c.row * 10 + c.column)] += static_cast<double>(c.share);
    for (int j = 0; j < 10; ++j) {
      for (int i = 0; i < 10; ++i) {
        BOOST_TEST(std::abs(share[static_cast<std::size_t>(j * 10 + i)] - sampled_share(ring, i, 9 - j, 1)) < 6e-3);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(tiling_regions_close_on_the_ellipsoids_area) {
  const Grid g("EPSG:4326", 100.05, 39.95, 0.1, 0.1, 100, 100);  // 100-110 E, 30-40 N
  RegionSet tiles = mesh_regions(100, 30, 110, 40, 0.37037037037037035);
  const auto w = compute_zonal_weights(g, tiles);
  double tiled = 0, covered = 0, cells = 0;
  for (const auto& r : w.regions) {
    tiled += r.total_area;
    covered += r.covered_area;
  }
  for (const double a : w.row_area) cells += a * 100;
  BOOST_TEST(tiled == cells, tt::tolerance(1e-9));
  BOOST_TEST(covered == cells, tt::tolerance(1e-9));
  // WGS 84: the whole ellipsoid is 510 065 621 724 089 m2
  const Grid globe("EPSG:4326", -179.5, 89.5, 1, 1, 360, 180);
  double total = 0;
  for (const double a : compute_zonal_weights(globe, one({{box(0, 0, 1, 1), {}}}, "EPSG:4326")).row_area) total += a * 360;
  BOOST_TEST(total == 510065621724089.0, tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(tiles_of_another_projection_take_every_cell_of_the_grid_once) {
  const Grid g("EPSG:32650", 3e5, 4.4e6, 1000, 1000, 150, 120);
  const auto w = compute_zonal_weights(g, mesh_regions(113, 37, 119, 41, 0.3));
  std::vector<double> taken(static_cast<std::size_t>(g.size()), 0.0);
  double covered = 0;
  for (const auto& r : w.regions) covered += r.covered_area;
  for (const auto& r : w.runs) {
    for (int i = r.begin; i < r.end; ++i) taken[static_cast<std::size_t>(r.row * g.nx() + i)] += 1;
  }
  for (const auto& c : w.cells) taken[static_cast<std::size_t>(c.row * g.nx() + c.column)] += static_cast<double>(c.share);
  BOOST_TEST(covered == 150e3 * 120e3, tt::tolerance(1e-9));
  for (const double share : taken) BOOST_TEST_REQUIRE(share == 1, tt::tolerance(1e-6));  // shares are stored as float32
}

BOOST_AUTO_TEST_CASE(land_off_the_grid_lowers_coverage_and_land_beyond_the_date_line_is_found) {
  const Grid g("EPSG:4326", 170.5, 9.5, 1, 1, 20, 10);  // 170 E to 170 W
  const auto w = compute_zonal_weights(g, one({{box(-178, 2, -176, 4), {}}}, "EPSG:4326"));
  BOOST_TEST(w.regions[0].covered_area == w.regions[0].total_area, tt::tolerance(1e-9));
  const auto half = compute_zonal_weights(g, one({{box(168, 2, 172, 4), {}}}, "EPSG:4326"));
  BOOST_TEST(half.regions[0].covered_area == half.regions[0].total_area / 2, tt::tolerance(1e-9));
  const auto off = compute_zonal_weights(g, one({{box(100, 2, 102, 4), {}}}, "EPSG:4326"));
  BOOST_TEST(off.regions[0].covered_area == 0);
  BOOST_TEST(off.regions[0].total_area > 0);
}

BOOST_AUTO_TEST_CASE(a_region_smaller_than_a_cell_has_its_value) {
  const Grid g(kPlane, 0.5, 9.5, 1, 1, 10, 10);
  const auto w = compute_zonal_weights(g, one({{box(3.4, 6.1, 3.41, 6.12), {}}}));
  BOOST_REQUIRE(w.cells.size() == 1U);
  Field f(g, {});
  std::fill(f.values().begin(), f.values().end(), 0.0F);
  f.view()(3, 3) = 42;
  const auto t = zonal_statistics(f.view(), w, parse_zonal_statistics("mean,max,coverage"));
  BOOST_TEST(t.columns[0][0] == 42.0F, tt::tolerance(1e-5F));
  BOOST_TEST(t.columns[1][0] == 42.0F);
  BOOST_TEST(t.columns[2][0] == 1.0F, tt::tolerance(1e-5F));
}

BOOST_AUTO_TEST_CASE(weights_do_not_depend_on_threads_and_survive_the_cache) {
  const Grid g("EPSG:4326", 100.05, 39.95, 0.1, 0.1, 100, 100);
  const RegionSet tiles = mesh_regions(99, 29, 111, 41, 0.3);
  set_num_threads(1);
  const auto a = compute_zonal_weights(g, tiles);
  set_num_threads(3);
  const auto b = compute_zonal_weights(g, tiles);
  set_num_threads(0);
  const auto same = [](const ZonalWeights& x, const ZonalWeights& y) {
    return x.runs.size() == y.runs.size() && x.cells.size() == y.cells.size() &&
           std::equal(x.cells.begin(), x.cells.end(), y.cells.begin(),
                      [](auto& p, auto& q) { return p.row == q.row && p.column == q.column && p.share == q.share; }) &&
           std::equal(x.regions.begin(), x.regions.end(), y.regions.begin(),
                      [](auto& p, auto& q) { return p.total_area == q.total_area && p.covered_area == q.covered_area; });
  };
  BOOST_TEST(same(a, b));
  const std::string folder = test::temporary_folder("zonal");
  BOOST_TEST(same(a, load_or_compute_zonal_weights(folder, g, tiles)));
  BOOST_TEST(same(a, load_or_compute_zonal_weights(folder, g, tiles)));
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(200);
    file.put('\x55');
  }
  BOOST_TEST(same(a, load_or_compute_zonal_weights(folder, g, tiles)));
}

BOOST_AUTO_TEST_SUITE_END()
