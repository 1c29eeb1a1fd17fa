#include <netcdf.h>

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
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

BOOST_AUTO_TEST_CASE(evidence_is_complete_and_what_is_not_known_is_missing_not_zero) {
  const std::string path = test::temporary_folder("region_netcdf_evidence") + "/t.nc";
  RiskTable risk = test::two_rows();
  risk.rows[0].evidence.data_age = Seconds(420);
  risk.rows[1].evidence.data_age = Seconds::max();  // nothing was ever observed
  write_region_netcdf(path, test::two_towns(), test::one_column(), risk, test::origin());
  int id = 0, v = 0;
  BOOST_REQUIRE(nc_open(path.c_str(), NC_NOWRITE, &id) == NC_NOERR);
  for (const auto& [name, first] : {std::pair{"observed", 52.5}, {"forecast", 0.0}, {"threshold", 50.0}, {"coverage", 1.0}, {"data_age", 420.0}}) {
    double values[2] = {};
    BOOST_REQUIRE(nc_inq_varid(id, (std::string("rainstorm_") + name).c_str(), &v) == NC_NOERR);
    BOOST_REQUIRE(nc_get_var_double(id, v, values) == NC_NOERR);
    BOOST_TEST(values[0] == first, name);
    BOOST_TEST(std::isnan(values[1]), name);
  }
  signed char reached[2] = {};
  BOOST_REQUIRE(nc_inq_varid(id, "rainstorm_already_reached", &v) == NC_NOERR);
  BOOST_REQUIRE(nc_get_var_schar(id, v, reached) == NC_NOERR);
  BOOST_TEST(static_cast<int>(reached[0]) == 1);
  double window[4] = {}, valid[4] = {};
  BOOST_REQUIRE(nc_inq_varid(id, "rainstorm_window", &v) == NC_NOERR);
  BOOST_REQUIRE(nc_get_var_double(id, v, window) == NC_NOERR);
  BOOST_TEST(window[1] == static_cast<double>(test::kIssue.time_since_epoch().count()));
  BOOST_TEST(std::isnan(window[2]));
  BOOST_REQUIRE(nc_inq_varid(id, "rainstorm_valid", &v) == NC_NOERR);
  BOOST_REQUIRE(nc_get_var_double(id, v, valid) == NC_NOERR);
  BOOST_TEST(valid[3] == window[1]);
  nc_close(id);
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_written_is_an_error_that_names_it) {
  BOOST_CHECK_EXCEPTION(write_region_netcdf("/proc/none/t.nc", test::two_towns(), test::one_column(), test::two_rows(), test::origin()), Error,
                        [](const Error& e) { return std::string(e.what()).find("/proc/none") != std::string::npos; });
}

BOOST_AUTO_TEST_CASE(the_same_cycle_gives_the_same_bytes_and_no_region_is_no_error) {
  const std::string folder = test::temporary_folder("region_netcdf_bytes");
  for (const char* name : {"/a.nc", "/b.nc"}) write_region_netcdf(folder + name, test::two_towns(), test::one_column(), test::two_rows(), test::origin());
  BOOST_TEST((read_text_file(folder + "/a.nc") == read_text_file(folder + "/b.nc")));
  BOOST_CHECK_NO_THROW(write_region_netcdf(folder + "/c.nc", {"EPSG:4326", {}, {}}, {test::kIssue, 0, {}}, {test::kIssue, {}}, test::origin()));
}

BOOST_AUTO_TEST_SUITE_END()
