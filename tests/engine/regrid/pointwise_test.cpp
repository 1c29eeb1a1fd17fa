#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "engine/core/error.h"
#include "engine/regrid/apply.h"
#include "engine/regrid/crs_transform.h"
#include "engine/regrid/weights.h"
#include "hpc/parallel/parallel_for.h"
#include "tests/engine/regrid/grids.h"

using namespace guyu;
using namespace guyu::test;
namespace tt = boost::test_tools;
namespace {

template <typename F>
Field filled(const Grid& g, F&& f) {
  Field out(g, {});
  for (std::int64_t j = 0; j < g.ny(); ++j) {
    for (std::int64_t i = 0; i < g.nx(); ++i) out.view()(j, i) = static_cast<float>(f(g.x(static_cast<double>(i)), g.y(static_cast<double>(j))));
  }
  return out;
}

Field regridded(const Field& f, const Grid& target, RegridMethod m, MissingTreatment missing = {}) {
  return regrid(f, target, compute_regrid_weights(f.grid(), target, m), missing);
}

// Plain reference: PROJ at every single centre.
PlanePoint source_position(const Grid& source, const Grid& target, std::int64_t j, std::int64_t i) {
  PlanePoint p{target.x(static_cast<double>(i)), target.y(static_cast<double>(j))};
  CrsTransform(target.crs(), source.crs()).forward(&p.u, &p.s, 1, sizeof p);
  return p;
}

}  // namespace
BOOST_AUTO_TEST_SUITE(pointwise)

BOOST_AUTO_TEST_CASE(bilinear_keeps_linear_functions_between_projections) {
  const auto linear = [](double x, double y) { return 0.25 * x / 1e6 - 0.7 * y / 1e6 + 1; };
  const Grid source(kLambert, -2e6, 1.5e6, 10000, 10000, 400, 300);
  for (const Grid& target : {Grid(kLatLon, -110.03, 45.02, 0.07, 0.05, 300, 250), Grid("EPSG:3857", -1.2e7, 5.5e6, 9000, 11000, 200, 100),
                             Grid(kLambert, -1.9e6 + 1234, 1.4e6, 3333, 4444, 500, 400)}) {
    const Field f = regridded(filled(source, linear), target, RegridMethod::bilinear);
    std::int64_t seen = 0;
    for (std::int64_t j = 0; j < target.ny(); j += 19) {
      for (std::int64_t i = 0; i < target.nx(); i += 3) {
        const PlanePoint p = source_position(source, target, j, i);
        if (source.column_of(p.u) < 0 || source.column_of(p.u) > 399 || source.row_of(p.s) < 0 || source.row_of(p.s) > 299) continue;
        ++seen;
        BOOST_TEST_REQUIRE(std::abs(static_cast<double>(f.view()(j, i)) - linear(p.u, p.s)) < 1e-6);
      }
    }
    BOOST_TEST(seen > 300);
  }
}

BOOST_AUTO_TEST_CASE(the_position_of_every_cell_is_that_of_proj_itself) {
  // Nearest with one source cell per value: a wrong position by half a thousandth of a cell would show somewhere in 60 000 cells.
  const Grid source(kLatLon, -128, 52, 0.01, 0.01, 7000, 3500), target(kLambert, -1e6, 6e5, 5000, 5000, 300, 200);
  const RegridWeights w = compute_regrid_weights(source, target, RegridMethod::nearest);
  const CrsTransform t(target.crs(), source.crs());
  for (std::int64_t k = 0; k < target.size(); ++k) {
    PlanePoint p{target.x(static_cast<double>(k % 300)), target.y(static_cast<double>(k / 300))};
    t.forward(&p.u, &p.s, 1, sizeof p);
    const double c = source.column_of(p.u), r = source.row_of(p.s);
    if (std::abs(c - std::floor(c) - 0.5) < 1e-6 || std::abs(r - std::floor(r) - 0.5) < 1e-6) continue;
    BOOST_TEST_REQUIRE(w.row(k).size() == 1U);
    BOOST_TEST_REQUIRE(w.row(k)[0].source == std::llround(r) * 7000 + std::llround(c));
  }
}

BOOST_AUTO_TEST_CASE(longitudes_may_be_written_either_way_and_the_date_line_is_no_border) {
  const auto wave = [](double x, double y) { return std::cos(x * std::numbers::pi / 180) + y / 90; };
  const Grid east = globe(1, 0), west = globe(1, -180), pacific(kLatLon, 170.5, 20.5, 1, 1, 20, 10);
  for (const RegridMethod m : {RegridMethod::nearest, RegridMethod::bilinear, RegridMethod::conservative}) {
    for (const auto& [from, to] : {std::pair{east, west}, std::pair{west, east}, std::pair{west, pacific}, std::pair{east, pacific}}) {
      const Field f = regridded(filled(from, wave), to, m), expected = filled(to, wave);
      for (std::size_t k = 0; k < f.values().size(); ++k) BOOST_TEST_REQUIRE(std::abs(f.values()[k] - expected.values()[k]) < 1e-6F);
    }
    const Field home = regridded(filled(pacific, wave), west, m);  // a patch over the date line, seen from a grid that is cut there
    BOOST_TEST(home.view()(70, 0) == static_cast<float>(wave(-179.5, 19.5)), tt::tolerance(1e-5F));
    BOOST_TEST(home.view()(70, 359) == static_cast<float>(wave(179.5, 19.5)), tt::tolerance(1e-5F));
    BOOST_TEST(std::isnan(home.view()(70, 180)));
  }
}

BOOST_AUTO_TEST_CASE(bilinear_joins_the_globe_across_the_date_line_and_the_poles) {
  const Grid source = globe(2, -180);
  // z of the unit sphere and x of it: smooth at the poles, so a field cut or held there would be wrong by far more than a row's curvature.
  const auto smooth = [](double x, double y) {
    const double r = std::numbers::pi / 180;
    return std::cos(y * r) * std::cos(x * r) + std::sin(y * r);
  };
  const Grid target = globe(0.5, 0);
  const Field f = regridded(filled(source, smooth), target, RegridMethod::bilinear), expected = filled(target, smooth);
  for (std::size_t k = 0; k < f.values().size(); ++k) BOOST_TEST_REQUIRE(std::abs(f.values()[k] - expected.values()[k]) < 4e-4F);
}

BOOST_AUTO_TEST_CASE(uneven_rows_are_interpolated_between_their_own_latitudes) {
  std::vector<double> rows;
  for (int j = 0; j < 40; ++j) rows.push_back(88 - 4.5 * j + 0.3 * std::sin(j));
  const Grid gauss(kLatLon, 0, 5, 72, rows), target(kLatLon, -179, 80, 3, 2, 120, 80);
  const Field f = regridded(filled(gauss, [](double, double y) { return y; }), target, RegridMethod::bilinear);
  for (std::int64_t j = 0; j < 80; ++j) BOOST_TEST(static_cast<double>(f.view()(j, 17)) == target.y(static_cast<double>(j)), tt::tolerance(1e-6));
  const Field all = regridded(filled(gauss, [](double, double) { return 3; }), globe(1, 0), RegridMethod::nearest);
  for (const float v : all.values()) BOOST_TEST_REQUIRE(v == 3);  // up to the poles
}

BOOST_AUTO_TEST_CASE(outer_half_cells_hold_the_edge_value_and_beyond_is_missing) {
  const Grid source("EPSG:32650", 0.5, 9.5, 1, 1, 10, 10), target("EPSG:32650", -0.75, 10.25, 0.5, 0.5, 24, 24);
  const Field ramp = filled(source, [](double x, double) { return x; });
  for (const RegridMethod m : {RegridMethod::nearest, RegridMethod::bilinear}) {
    const Field f = regridded(ramp, target, m);
    BOOST_TEST(std::isnan(f.view()(8, 0)));
    BOOST_TEST(std::isnan(f.view()(8, 1)));
    BOOST_TEST(f.view()(8, 2) == 0.5F);
    BOOST_TEST(f.view()(8, 21) == 9.5F);
    BOOST_TEST(std::isnan(f.view()(8, 22)));
    BOOST_TEST(std::isnan(f.view()(0, 8)));
    BOOST_TEST(!std::isnan(f.view()(1, 8)));
  }
}

BOOST_AUTO_TEST_CASE(a_target_on_the_sources_own_cells_is_the_source) {
  const Grid g(kPolar, -3e5, -3e6, 1000, 1000, 70, 60);
  Field f = filled(g, [](double x, double y) { return std::sin(x) + std::cos(y); });
  f.view()(20, 30) = std::nanf("");  // and its neighbours stay valid
  for (const RegridMethod m : {RegridMethod::nearest, RegridMethod::bilinear, RegridMethod::conservative}) {
    const Field same = regridded(f, g, m);
    for (std::size_t k = 0; k < f.values().size(); ++k) {
      BOOST_TEST_REQUIRE(std::isnan(f.values()[k]) == std::isnan(same.values()[k]));
      if (!std::isnan(f.values()[k])) BOOST_TEST_REQUIRE(std::abs(f.values()[k] - same.values()[k]) < 1e-6F);
    }
  }
}

BOOST_AUTO_TEST_CASE(unknown_words_and_crs_are_named) {
  BOOST_CHECK_EXCEPTION(parse_regrid_method("cubic"), Error, [](const Error& e) { return e.remedy().find("bilinear") != std::string::npos; });
  BOOST_CHECK_EXCEPTION(parse_missing_policy("zero"), Error, [](const Error& e) { return e.remedy().find("strict") != std::string::npos; });
  BOOST_CHECK_THROW(compute_regrid_weights(globe(10, 0), Grid("EPSG:nothing", 0, 0, 1, 1, 2, 2), RegridMethod::nearest), Error);
}

BOOST_AUTO_TEST_SUITE_END()
