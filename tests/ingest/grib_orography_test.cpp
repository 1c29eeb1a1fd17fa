#include <boost/test/unit_test.hpp>

#include "ingest/reader.h"
#include "tests/support/grib_writer.h"
#include "tests/support/test_data.h"

namespace guyu::test {
namespace {

Field of_value(int edition, const GribKeys& keys, double value) {
  const std::string path = temporary_folder("grib-orography") + "/f.grib";
  append_grib(path, edition, latlon_keys("regular_ll", 4, 4, 100, 30, 1) + keys, std::vector<double>(16, value));
  return std::move(read_file(path).fields.at(0));
}

void is_ground_of(const Field& f, float metres) {
  BOOST_TEST(f.meta.quantity.name == "surface_altitude");
  BOOST_TEST(f.meta.quantity.unit == "m");
  BOOST_TEST(f.meta.level == "surface");
  BOOST_TEST(f.view()(1, 1) == metres, boost::test_tools::tolerance(1e-5F));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(grib_orography)

// 1500 m under standard gravity, 9.80665 m s-2.
BOOST_AUTO_TEST_CASE(geopotential_of_the_surface_is_the_model_s_ground) {
  is_ground_of(
      of_value(1, {{"centre", 98L}, {"table2Version", 128L}, {"indicatorOfParameter", 129L}, {"indicatorOfTypeOfLevel", 1L}, {"level", 0L}}, 14709.975), 1500);
  is_ground_of(of_value(2, {{"centre", 98L}, {"parameterCategory", 3L}, {"parameterNumber", 4L}, {"typeOfFirstFixedSurface", 1L}}, 14709.975), 1500);
}

BOOST_AUTO_TEST_CASE(so_are_heights_of_the_surface_by_any_name) {
  is_ground_of(of_value(1, {{"centre", 7L}, {"table2Version", 2L}, {"indicatorOfParameter", 7L}, {"indicatorOfTypeOfLevel", 1L}, {"level", 0L}}, 812), 812);
  is_ground_of(of_value(2, {{"centre", 7L}, {"parameterCategory", 3L}, {"parameterNumber", 5L}, {"typeOfFirstFixedSurface", 1L}}, 812), 812);
  is_ground_of(of_value(2, {{"centre", 78L}, {"parameterCategory", 3L}, {"parameterNumber", 6L}, {"typeOfFirstFixedSurface", 1L}}, 812), 812);
  is_ground_of(of_value(2, {{"shortName", std::string("orog")}}, 812), 812);
}

BOOST_AUTO_TEST_CASE(geopotential_on_a_pressure_level_is_its_height) {
  const Field f = of_value(1, {{"centre", 98L}, {"table2Version", 128L}, {"indicatorOfParameter", 129L}, {"indicatorOfTypeOfLevel", 100L}, {"level", 500L}},
                           9.80665 * 5600);
  BOOST_TEST(f.meta.quantity.name == "geopotential_height");
  BOOST_TEST(f.meta.level == "500 hPa");
  BOOST_TEST(f.view()(0, 0) == 5600.0F, boost::test_tools::tolerance(1e-5F));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu::test
