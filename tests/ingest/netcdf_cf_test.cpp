#include "ingest/netcdf_cf.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <map>

#include "engine/core/error.h"
#include "ingest/projection.h"
#include "tests/support/netcdf_writer.h"
#include "tests/support/test_data.h"

using namespace guyu;
using test::NetcdfWriter;
namespace {

using Numbers = std::map<std::string, std::vector<double>>;
std::string crs(const std::string& name, const Numbers& numbers, const std::map<std::string, std::string>& texts = {}) {
  const std::string path = test::temporary_folder("cf") + "/crs.nc";
  {
    NetcdfWriter w(path);
    const int m = w.variable("crs", NC_INT, {});
    if (!name.empty()) w.text(m, "grid_mapping_name", name);
    for (const auto& [key, v] : numbers) w.number(m, key, NC_DOUBLE, v);
    for (const auto& [key, v] : texts) w.text(m, key, v);
  }
  const NetcdfFile f(path);
  return cf_crs(f, *f.find("crs"));
}

void maps(const std::string& to, double lon, double lat, double x, double y, double tolerance = 0.01) {
  const Coordinates c = project(to, lon, lat);
  BOOST_TEST_CONTEXT(to) {
    BOOST_TEST(std::abs(c.x - x) < tolerance);
    BOOST_TEST(std::abs(c.y - y) < tolerance);
  }
}

}  // namespace
BOOST_AUTO_TEST_SUITE(netcdf_cf_)

BOOST_AUTO_TEST_CASE(mappings_send_their_origin_to_the_false_origin) {
  const Numbers sphere{{"earth_radius", {6371229}}, {"false_easting", {1000}}, {"false_northing", {-2000}}};
  const auto with = [&](Numbers n) {
    n.insert(sphere.begin(), sphere.end());
    return n;
  };
  maps(crs("lambert_azimuthal_equal_area", with({{"latitude_of_projection_origin", {54.9}}, {"longitude_of_projection_origin", {-2.5}}})), -2.5, 54.9, 1000,
       -2000);
  maps(crs("lambert_conformal_conic",
           with({{"standard_parallel", {25, 47}}, {"latitude_of_projection_origin", {30}}, {"longitude_of_central_meridian", {105}}})),
       105, 30, 1000, -2000);
  maps(crs("albers_conical_equal_area",
           with({{"standard_parallel", {-26, -29}}, {"latitude_of_projection_origin", {-27}}, {"longitude_of_central_meridian", {153}}})),
       153, -27, 1000, -2000);
  maps(crs("azimuthal_equidistant", with({{"latitude_of_projection_origin", {40}}, {"longitude_of_projection_origin", {116}}})), 116, 40, 1000, -2000);
  maps(crs("transverse_mercator",
           with({{"latitude_of_projection_origin", {49}}, {"longitude_of_central_meridian", {-2}}, {"scale_factor_at_central_meridian", {0.9996}}})),
       -2, 49, 1000, -2000);
  maps(crs("stereographic", with({{"latitude_of_projection_origin", {40}}, {"longitude_of_projection_origin", {116}}})), 116, 40, 1000, -2000);
  maps(crs("mercator", with({{"longitude_of_projection_origin", {110}}})), 110, 0, 1000, -2000);
  maps(crs("polar_stereographic", with({{"standard_parallel", {-70}}, {"straight_vertical_longitude_from_pole", {0}}})), 0, -90, 1000, -2000);
  maps(crs("geostationary", {{"perspective_point_height", {35786023}}, {"longitude_of_projection_origin", {-75}}}, {{"sweep_angle_axis", "x"}}), -75, 0, 0, 0);
}

BOOST_AUTO_TEST_CASE(a_polar_stereographic_radius_follows_the_standard_parallel) {
  // r = R (1 + sin 60) tan(45 - lat / 2) on the sphere (Snyder 1987, 21-7)
  const double r = 6371229 * (1 + std::sin(60 * M_PI / 180)) * std::tan((45 - 52.0 / 2) * M_PI / 180);
  maps(crs("polar_stereographic", {{"earth_radius", {6371229}}, {"standard_parallel", {60}}, {"straight_vertical_longitude_from_pole", {0}}}), 0, 52, 0, -r, 1);
}

BOOST_AUTO_TEST_CASE(a_rotated_pole_grid_has_its_origin_at_the_turned_equator) {
  // COSMO-DE: pole at 40 N, 170 W; the rotated origin lies at 10 E, 50 N
  maps(crs("rotated_latitude_longitude", {{"grid_north_pole_latitude", {40}}, {"grid_north_pole_longitude", {-170}}}), 10, 50, 0, 0, 1e-6);
}

BOOST_AUTO_TEST_CASE(well_known_text_stands_in_for_an_unknown_name_which_is_else_refused) {
  BOOST_TEST(crs("", {}, {{"crs_wkt", "PROJCS[...]"}}) == "PROJCS[...]");
  BOOST_TEST(crs("", {}, {{"spatial_ref", "PROJCS[...]"}}) == "PROJCS[...]");
  BOOST_CHECK_EXCEPTION(crs("sinusoidal", {}), Error, [](const Error& e) { return std::string(e.what()).find("sinusoidal") != std::string::npos; });
}

BOOST_AUTO_TEST_CASE(time_units_in_all_spellings) {
  for (const char* units :
       {"hours since 2020-06-01 06:00:00", "hours since 2020-06-01T06:00:00Z", "hour since 2020-06-01 06:00:00 UTC", "h since 2020-6-1 6:0:0",
        "hours since 2020-06-01 06:00:00 +00:00", "hours since 2020-06-01 06:00:00.0", "hours since 2020-06-01T14:00:00+08:00"}) {
    const auto u = cf_time_unit(units);
    BOOST_TEST_CONTEXT(units) {
      BOOST_REQUIRE(u.has_value());
      BOOST_TEST(to_iso(u->at(1.5)) == "2020-06-01T07:30:00Z");
    }
  }
  for (const char* units : {"months since 2020-01-01", "hours", "hours since yesterday", "", "days since 2020-13-41"})
    BOOST_TEST(!cf_time_unit(units).has_value());
  BOOST_CHECK_THROW(cf_time_unit("seconds since 1970-01-01")->at(1e300), Error);
  BOOST_CHECK_THROW(cf_time_unit("seconds since 1970-01-01")->at(NAN), Error);
}

BOOST_AUTO_TEST_SUITE_END()
