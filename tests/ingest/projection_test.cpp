#include "ingest/projection.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/error.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(projection)

BOOST_AUTO_TEST_CASE(longitude_comes_first_whatever_order_the_crs_has) {
  for (const char* crs : {"EPSG:4326", "OGC:CRS84", "+proj=longlat +datum=WGS84 +no_defs"}) {
    const Coordinates c = project(crs, 116.5, 39.75);
    BOOST_TEST(std::abs(c.x - 116.5) < 1e-9);
    BOOST_TEST(std::abs(c.y - 39.75) < 1e-9);
  }
}

BOOST_AUTO_TEST_CASE(spherical_mercator_follows_its_formula) {
  const double r = 6378137, rad = M_PI / 180;
  const Coordinates c = project("EPSG:3857", 100, 30);
  BOOST_TEST(std::abs(c.x - r * 100 * rad) < 1e-3);
  BOOST_TEST(std::abs(c.y - r * std::log(std::tan(M_PI / 4 + 15 * rad))) < 1e-3);
}

BOOST_AUTO_TEST_CASE(an_authority_code_and_its_proj_string_agree) {
  const Coordinates a = project("EPSG:3035", 10, 52),
                    b = project("+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80 +units=m +no_defs", 10, 52);
  BOOST_TEST(std::abs(a.x - b.x) < 1e-3);
  BOOST_TEST(std::abs(a.y - b.y) < 1e-3);
  BOOST_TEST(std::abs(a.x - 4321000) < 1e-3);
}

BOOST_AUTO_TEST_CASE(rotated_grids_are_in_degrees_of_the_turned_globe) {
  // First point of the HRDPS grid (pole of rotation 36.0885 S, 245.305 E): 12.3025 S, 14.821 W on the turned globe
  const Coordinates c =
      project("+proj=ob_tran +o_proj=longlat +o_lat_p=36.0885 +o_lon_p=0 +lon_0=245.305 +R=6371229 +to_meter=0.0174532925199433 +no_defs", -133.630, 39.626);
  BOOST_TEST(std::abs(c.x + 14.821) < 1e-3);
  BOOST_TEST(std::abs(c.y + 12.3025) < 1e-3);
}

BOOST_AUTO_TEST_CASE(nonsense_and_places_without_an_image_are_errors) {
  BOOST_CHECK_EXCEPTION(project("+proj=nowhere", 0, 0), Error, [](const Error& e) { return std::string(e.what()).find("+proj=nowhere") != std::string::npos; });
  BOOST_CHECK_THROW(project("", 0, 0), Error);
  BOOST_CHECK_THROW(project("+proj=geos +h=35785831 +lon_0=0", 180, 0), Error);
}

BOOST_AUTO_TEST_SUITE_END()
