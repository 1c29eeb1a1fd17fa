#include "engine/regrid/weights.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "engine/core/error.h"
#include "tests/engine/regrid/filled.h"

using namespace guyu;
using namespace guyu::test;
namespace tt = boost::test_tools;
BOOST_AUTO_TEST_SUITE(weights)

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

BOOST_AUTO_TEST_CASE(weights_of_a_covered_cell_add_up_to_one_and_sources_rise) {
  const Grid source(kLatLon, 100.05, 39.95, 0.1, 0.1, 100, 100), target(kLambert, -1e6, 6e5, 7000, 7000, 40, 30),
      near(kLatLon, 101.03, 39.02, 0.07, 0.07, 100, 80);
  for (const RegridMethod m : {RegridMethod::nearest, RegridMethod::bilinear, RegridMethod::conservative}) {
    const RegridWeights none = compute_regrid_weights(source, target, m), all = compute_regrid_weights(source, near, m);
    BOOST_TEST(none.entries.empty());  // the other side of the world
    for (std::int64_t k = 0; k < near.size(); ++k) {
      double sum = 0;
      std::int32_t before = -1;
      for (const auto& e : all.row(k)) {
        BOOST_TEST_REQUIRE(e.source > before);
        BOOST_TEST_REQUIRE(e.weight > 0);
        before = e.source;
        sum += static_cast<double>(e.weight);
      }
      BOOST_TEST_REQUIRE(std::abs(sum - 1) < 1e-6);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
