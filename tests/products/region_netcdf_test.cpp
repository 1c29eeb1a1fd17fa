#include <netcdf.h>

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/atomic_file.h"
#include "products/region_files.h"
#include "tests/products/region_files_case.h"
#include "tests/support/test_data.h"

using namespace guyu;

BOOST_AUTO_TEST_SUITE(region_netcdf)

BOOST_AUTO_TEST_CASE(codes_names_values_and_levels_come_back) {
  const std::string path = test::temporary_folder("region_netcdf") + "/t.nc";
  write_region_netcdf(path, test::two_towns(), test::one_column(), test::two_rows(), test::origin());
  int id = 0, v = 0;
  BOOST_REQUIRE(nc_open(path.c_str(), NC_NOWRITE, &id) == NC_NOERR);
  char* text[2] = {};
  BOOST_REQUIRE(nc_inq_varid(id, "code", &v) == NC_NOERR);
  BOOST_REQUIRE(nc_get_var_string(id, v, text) == NC_NOERR);
  BOOST_TEST(std::string(text[1]) == "010101002000");
  nc_free_string(2, text);
  BOOST_REQUIRE(nc_inq_varid(id, "name", &v) == NC_NOERR);
  BOOST_REQUIRE(nc_get_var_string(id, v, text) == NC_NOERR);
  BOOST_TEST(std::string(text[0]) == "东华门街道");
  nc_free_string(2, text);
  float values[2] = {};
  BOOST_REQUIRE(nc_inq_varid(id, "rain_last_3h", &v) == NC_NOERR);
  BOOST_REQUIRE(nc_get_var_float(id, v, values) == NC_NOERR);
  BOOST_TEST(values[0] == 52.5F);
  BOOST_TEST(std::isnan(values[1]));
  signed char levels[2] = {};
  BOOST_REQUIRE(nc_inq_varid(id, "rainstorm_level", &v) == NC_NOERR);
  BOOST_REQUIRE(nc_get_var_schar(id, v, levels) == NC_NOERR);
  BOOST_TEST(static_cast<int>(levels[0]) == 3);
  BOOST_TEST(static_cast<int>(levels[1]) == -1);
  nc_close(id);
}

BOOST_AUTO_TEST_CASE(the_same_cycle_gives_the_same_bytes_and_no_region_is_no_error) {
  const std::string folder = test::temporary_folder("region_netcdf_bytes");
  for (const char* name : {"/a.nc", "/b.nc"}) write_region_netcdf(folder + name, test::two_towns(), test::one_column(), test::two_rows(), test::origin());
  BOOST_TEST((read_text_file(folder + "/a.nc") == read_text_file(folder + "/b.nc")));
  BOOST_CHECK_NO_THROW(write_region_netcdf(folder + "/c.nc", {"EPSG:4326", {}, {}}, {test::kIssue, 0, {}}, {test::kIssue, {}}, test::origin()));
}

BOOST_AUTO_TEST_SUITE_END()
