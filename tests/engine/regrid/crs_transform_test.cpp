#include "engine/regrid/crs_transform.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <vector>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"
#include "tests/engine/regrid/grids.h"

using namespace guyu;
using namespace guyu::test;
namespace tt = boost::test_tools;
BOOST_AUTO_TEST_SUITE(crs_transform)

BOOST_AUTO_TEST_CASE(mercator_follows_its_formula_and_comes_back) {
  const double r = 6378137, degree = std::numbers::pi / 180;
  PlanePoint p{116.4, 39.9};
  CrsTransform("EPSG:4326", "EPSG:3857").forward(&p.u, &p.s, 1, sizeof p);  // longitude first, whatever the authority says
  BOOST_TEST(p.u == r * 116.4 * degree, tt::tolerance(1e-12));
  BOOST_TEST(p.s == r * std::log(std::tan((45 + 39.9 / 2) * degree)), tt::tolerance(1e-9));
  CrsTransform("EPSG:3857", kLatLon).forward(&p.u, &p.s, 1, sizeof p);
  BOOST_TEST(p.u == 116.4, tt::tolerance(1e-11));
  BOOST_TEST(p.s == 39.9, tt::tolerance(1e-11));
}

BOOST_AUTO_TEST_CASE(two_longitude_latitude_grids_share_their_latitudes) {
  const CrsTransform t("+proj=longlat +R=6371229 +no_defs", kLatLon);
  BOOST_TEST(t.is_identity());
  PlanePoint p{200, 45};  // neither wrapped nor moved
  t.forward(&p.u, &p.s, 1, sizeof p);
  BOOST_TEST(p.u == 200.0);
  BOOST_TEST(p.s == 45.0);
  BOOST_TEST(!CrsTransform(kLatLon, kLambert).is_identity());
  BOOST_TEST(CrsTransform(kLambert, kLambert).is_identity());
}

BOOST_AUTO_TEST_CASE(a_point_without_image_is_infinite_and_its_neighbours_are_not) {
  std::vector<PlanePoint> p{{0, 0}, {1e12, 1e12}, {1e5, 1e5}};
  CrsTransform("+proj=geos +h=35786023 +lon_0=0 +sweep=y +ellps=GRS80", kLatLon).forward(&p[0].u, &p[0].s, p.size(), sizeof p[0]);
  BOOST_TEST(std::abs(p[0].u) < 1e-9);
  BOOST_TEST(std::isinf(p[1].u));
  BOOST_TEST(std::isfinite(p[2].s));
}

BOOST_AUTO_TEST_CASE(an_unknown_crs_is_named) {
  BOOST_CHECK_EXCEPTION(CrsTransform("EPSG:999999", kLambert), Error, [](const Error& e) { return e.reason().find("EPSG:999999") != std::string::npos; });
}

BOOST_AUTO_TEST_CASE(threads_share_one_transform) {
  const CrsTransform t(kLatLon, kPolar);
  std::vector<PlanePoint> alone(2000), together;
  for (std::size_t k = 0; k < alone.size(); ++k) alone[k] = {static_cast<double>(k % 360) - 180, 40 + static_cast<double>(k) / 50};
  together = alone;
  t.forward(&alone[0].u, &alone[0].s, alone.size(), sizeof alone[0]);
  parallel_for(static_cast<std::int64_t>(together.size()), 7, [&](std::int64_t begin, std::int64_t end) {
    t.forward(&together[static_cast<std::size_t>(begin)].u, &together[static_cast<std::size_t>(begin)].s, static_cast<std::size_t>(end - begin),
              sizeof together[0]);
  });
  for (std::size_t k = 0; k < alone.size(); ++k) BOOST_TEST_REQUIRE((alone[k].u == together[k].u && alone[k].s == together[k].s));
}

BOOST_AUTO_TEST_SUITE_END()
