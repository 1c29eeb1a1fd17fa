#include "engine/regrid/conservative.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <map>
#include <numbers>
#include <vector>

#include "engine/regrid/apply.h"
#include "engine/regrid/weights.h"
#include "hpc/parallel/parallel_for.h"
#include "tests/engine/regrid/grids.h"

using namespace guyu;
using namespace guyu::test;
namespace tt = boost::test_tools;
namespace {

// Area of each source cell that all target cells together take.
std::vector<double> taken(const Grid& source, const Grid& target) {
  const CellOverlaps overlaps(source, target);
  CellOverlaps::Rows rows(overlaps);
  std::vector<double> area(static_cast<std::size_t>(source.size()), 0.0);
  for (std::int64_t j = 0; j < target.ny(); ++j) {
    for (const Overlap& o : rows.row(j).overlaps) area[static_cast<std::size_t>(o.source)] += o.area;
  }
  return area;
}

double worst_miss(const Grid& source, const Grid& target) {
  const CellPlane plane(source);
  const auto area = taken(source, target);
  double worst = 0;
  for (std::size_t k = 0; k < area.size(); ++k) {
    worst = std::max(worst, std::abs(area[k] / plane.row_area(static_cast<std::int64_t>(k) / source.nx()) - 1));
  }
  return worst;
}

double sine(double degrees) { return std::sin(degrees * std::numbers::pi / 180); }

}  // namespace
BOOST_AUTO_TEST_SUITE(conservative)

BOOST_AUTO_TEST_CASE(cells_about_a_rotated_pole_have_their_true_areas) {
  // The pole is only turned about itself: both grids are the same cells. Rows 20 degrees high and 1.8 times as large in the south as in the north.
  const Grid plain("EPSG:4326", 5, 60, 10, 20, 4, 3), target("EPSG:4326", 20, 50, 40, 60, 1, 1);
  const Grid rotated("+proj=ob_tran +o_proj=longlat +o_lat_p=90 +o_lon_p=0 +lon_0=0 +R=6371229 +to_meter=0.0174532925199433 +no_defs", 5, 60, 10, 20, 4, 3);
  const RegridWeights a = compute_regrid_weights(plain, target, RegridMethod::conservative), b = compute_regrid_weights(rotated, target, RegridMethod::conservative);
  BOOST_REQUIRE(a.entries.size() == b.entries.size());
  for (std::size_t k = 0; k < a.entries.size(); ++k)
    BOOST_TEST(b.entries[k].weight == a.entries[k].weight, tt::tolerance(3e-3F));  // a sphere for the ellipsoid
}

BOOST_AUTO_TEST_CASE(a_target_that_covers_the_source_takes_every_cell_exactly_once) {
  const Grid patch(kLatLon, 5.05, 54.95, 0.1, 0.1, 60, 50);
  const std::pair<Grid, Grid> pairs[]{
      {patch, Grid(kLatLon, 4.9, 55.1, 0.37, 0.23, 18, 24)},               // lat-lon to lat-lon
      {patch, Grid(kPolar, -4.2e5, -3.6e6, 7000, 7000, 100, 130)},         // to a projection
      {patch, Grid(kPolar, -4.2e5, -3.6e6, 230000, 170000, 4, 6)},         // to cells far larger
      {Grid(kPolar, -3e5, -3.7e6, 10000, 10000, 60, 50), globe(1, -180)},  // from a projection to the globe
      {Grid(kPolar, -3e5, -3.7e6, 10000, 10000, 60, 50), globe(1, 0)},
      {Grid(kLatLon, 170.5, -10.5, 1, 1, 20, 10), globe(3, -180)},  // over the date line
      {globe(2, -180), globe(5, 0)},                                // the globe
      {Grid(kLatLon, 0, 90, 2.5, 2.5, 144, 73), globe(7.5, -180)},  // rows centred on the poles
  };
  for (const auto& [source, target] : pairs) BOOST_TEST(worst_miss(source, target) < 1e-9, source.describe() << " to " << target.describe());
}

BOOST_AUTO_TEST_CASE(the_cell_around_the_pole_is_whole) {
  const Grid cap(kLatLon, -178, 89.5, 4, 1, 90, 20);  // 70 N to the pole
  // The pole inside a cell, on its corner, on its edge.
  for (const auto& [x, y] : {std::pair{30000.0, 20000.0}, std::pair{50000.0, 50000.0}, std::pair{0.0, 50000.0}}) {
    const Grid target(kPolar, -2.5e6 + x, 2.5e6 + y, 100000, 100000, 51, 52);
    BOOST_TEST(worst_miss(cap, target) < 1e-9);
  }
}

BOOST_AUTO_TEST_CASE(the_integral_is_kept) {
  const Grid source(kLatLon, 5.05, 54.95, 0.1, 0.1, 60, 50), target(kPolar, -4.2e5, -3.6e6, 7000, 7000, 100, 130);
  const CellPlane plane(source);
  const auto value = [](std::int64_t k) { return static_cast<double>(static_cast<float>(std::exp(3 * std::sin(0.37 * static_cast<double>(k))))); };
  double before = 0, after = 0;
  for (std::int64_t k = 0; k < source.size(); ++k) before += value(k) * plane.row_area(k / source.nx());
  const CellOverlaps overlaps(source, target);
  CellOverlaps::Rows rows(overlaps);
  std::vector<double> areas;
  for (std::int64_t j = 0; j < target.ny(); ++j) {
    const OverlapRow& r = rows.row(j);
    areas.insert(areas.end(), r.area.begin(), r.area.end());
    for (const Overlap& o : r.overlaps) after += o.area * value(o.source);
  }
  BOOST_TEST(after == before, tt::tolerance(1e-9));

  // And through the float weights, as far as floats carry: value of a cell x its valid part x its area.
  const RegridWeights w = compute_regrid_weights(source, target, RegridMethod::conservative);
  double through = 0;
  for (std::int64_t k = 0; k < target.size(); ++k) {
    for (const auto& e : w.row(k)) through += areas[static_cast<std::size_t>(k)] * static_cast<double>(e.weight) * value(e.source);
  }
  BOOST_TEST(through == before, tt::tolerance(1e-8));
}

BOOST_AUTO_TEST_CASE(linear_in_the_measure_is_exact) {
  // Cell means of q, the authalic coordinate of latitude, are q at the middle of the cell's edges in q. Target cells are unions of source cells.
  const Grid fine = globe(1, 0), coarse = globe(5, -180);
  const CellPlane fine_plane(fine), coarse_plane(coarse);
  Field f(fine, {});
  const double top = fine_plane.edges().front();
  const auto middle = [](const CellPlane& p, std::int64_t j) {
    return (p.edges()[static_cast<std::size_t>(j)] + p.edges()[static_cast<std::size_t>(j) + 1]) / 2;
  };
  for (std::int64_t k = 0; k < fine.size(); ++k) f.values()[static_cast<std::size_t>(k)] = static_cast<float>(middle(fine_plane, k / 360) / top);
  const Field g = regrid(f, coarse, compute_regrid_weights(fine, coarse, RegridMethod::conservative), {});
  for (std::int64_t k = 0; k < coarse.size(); ++k) {
    const double expected = middle(coarse_plane, k / 72) / coarse_plane.edges().front();
    BOOST_TEST_REQUIRE(std::abs(static_cast<double>(g.values()[static_cast<std::size_t>(k)]) - expected) < 1e-6);
  }
}

BOOST_AUTO_TEST_CASE(a_cap_around_the_pole_has_the_area_of_the_ellipsoids_cap) {
  // 1 north of 60 N, seen through a polar grid: the sum of value x area is the cap's area on WGS 84 (closed form, independent of CellPlane).
  const Grid source(kLatLon, 0.5, 89.5, 1, 1, 360, 60), target(kPolar, -5e6 + 12345, 5e6, 100000, 100000, 101, 101);
  Field f(source, {});
  for (std::int64_t j = 0; j < 60; ++j) {
    for (std::int64_t i = 0; i < 360; ++i) f.view()(j, i) = j < 30 ? 1.0F : 0.0F;
  }
  const Field g = regrid(f, target, compute_regrid_weights(source, target, RegridMethod::conservative), {MissingPolicy::renormalise, 0});
  const CellOverlaps overlaps(source, target);
  CellOverlaps::Rows rows(overlaps);
  double sum = 0;
  for (std::int64_t j = 0; j < target.ny(); ++j) {
    const OverlapRow& r = rows.row(j);
    std::size_t k = 0;
    for (std::size_t i = 0; i < r.end.size(); ++i) {
      double covered = 0;
      for (; k < r.end[i]; ++k) covered += r.overlaps[k].area;
      if (covered > 0) sum += covered * static_cast<double>(g.view()(j, static_cast<std::int64_t>(i)));
    }
  }
  const double b = 6356752.314245179, e = 0.0818191908426215;
  const auto q = [&](double lat) {
    return std::numbers::pi * b * b * (sine(lat) / (1 - e * e * sine(lat) * sine(lat)) + std::log((1 + e * sine(lat)) / (1 - e * sine(lat))) / (2 * e));
  };
  BOOST_TEST(sum == q(90) - q(60), tt::tolerance(1e-7));
}

BOOST_AUTO_TEST_CASE(weights_are_the_covered_share_by_a_point_count) {
  const Grid source(kLatLon, -128 + 0.25, 52 - 0.25, 0.5, 0.5, 140, 70), target(kLambert, -5e5, 4e5, 70000, 60000, 9, 8);
  const RegridWeights w = compute_regrid_weights(source, target, RegridMethod::conservative);
  const CrsTransform to_source(target.crs(), source.crs());
  constexpr int kN = 120;
  for (std::int64_t k = 0; k < target.size(); k += 5) {
    std::map<std::int64_t, double> count;
    double all = 0;
    for (int a = 0; a < kN * kN; ++a) {
      double x = target.x(static_cast<double>(k % 9) - 0.5 + (a % kN + 0.5) / kN), y = target.y(static_cast<double>(k / 9) - 0.5 + (a / kN + 0.5) / kN);
      to_source.forward(&x, &y, 1, sizeof x);
      const auto j = std::llround(source.row_of(y)), i = std::llround(source.column_of(x));
      count[j * 140 + i] += 1;
      all += 1;
    }
    double sum = 0;
    for (const auto& e : w.row(k)) {
      sum += static_cast<double>(e.weight);
      BOOST_TEST(std::abs(static_cast<double>(e.weight) - count[e.source] / all) < 5e-3);
    }
    BOOST_TEST(sum == 1, tt::tolerance(1e-6));
  }
}

BOOST_AUTO_TEST_CASE(cells_at_the_seam_of_a_projection_take_nothing_false) {
  // The cut of a conic projection lies opposite its meridian; cells there must not stretch over the whole map.
  const Grid source(kLambert, -2e6, 1.5e6, 20000, 20000, 200, 150);
  const RegridWeights w = compute_regrid_weights(source, globe(1, -180), RegridMethod::conservative);
  const Grid target = globe(1, -180);
  for (std::int64_t k = 0; k < target.size(); ++k) {
    const double x = target.x(static_cast<double>(k % 360)), y = target.y(static_cast<double>(k / 360));
    if (x < -140 || x > -50 || y < 5 || y > 75) BOOST_TEST_REQUIRE(w.row(k).empty());
  }
  BOOST_TEST(!w.entries.empty());
}

BOOST_AUTO_TEST_CASE(weights_do_not_depend_on_threads) {
  const Grid source(kLatLon, -127.95, 51.95, 0.1, 0.1, 700, 350), target(kLambert, -1e6, 6e5, 20000, 20000, 100, 70);
  for (const RegridMethod m : {RegridMethod::nearest, RegridMethod::bilinear, RegridMethod::conservative}) {
    set_num_threads(1);
    const RegridWeights a = compute_regrid_weights(source, target, m);
    set_num_threads(3);
    const RegridWeights b = compute_regrid_weights(source, target, m);
    set_num_threads(0);
    BOOST_TEST(a.row_begin == b.row_begin);
    BOOST_TEST(std::equal(a.entries.begin(), a.entries.end(), b.entries.begin(), b.entries.end(),
                          [](const auto& p, const auto& q) { return p.source == q.source && p.weight == q.weight; }));
  }
}

BOOST_AUTO_TEST_SUITE_END()
