#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>

#include "ingest/forecast_calibration_reader.h"
#include "tests/cli/guyu_run.h"

namespace guyu::test {

BOOST_AUTO_TEST_SUITE(train_verb)

// The archive of the issue: one run of a 13 km model and hourly rain on its grid, counties as townships.
BOOST_AUTO_TEST_CASE(calibration_improves_a_real_forecast_on_blocks_left_out) {
  const std::string data = real_data();
  if (data.empty()) return;
  const std::string folder = temporary_folder("train"), run = data + "/nwp/ruc13_20050807/2005080700", rain = data + "/nwp/ruc13_20050807/ST2ml",
                    counties = data + "/regions/us_counties.gpkg";
  for (const std::string method : {"emos", "quantile-mapping", "bias"}) {
    const std::string file = folder + "/" + method + ".nc";
    const Said said = guyu_said({"train", run, "--observations", rain, "--regions", counties, "--code", "id", "--variables", "precipitation_amount@surface",
                                 "--method", method, "--out", file});
    BOOST_REQUIRE_MESSAGE(said.code == 0, said.out);
    const ForecastCalibration c = read_forecast_calibration(file);
    BOOST_REQUIRE(c.variables.size() == 1);
    BOOST_TEST(std::string(name_of(c.variables[0].method)) == method);
    if (method == "emos") {
      BOOST_TEST(c.variables[0].scores.crps_after < 0.6 * c.variables[0].scores.crps_before);
      BOOST_TEST(c.variables[0].scores.blocks == 4);
      BOOST_TEST(c.variables[0].emos.cases > 10000);
    }
    BOOST_TEST(guyu_said({"forecast", run, "--regions", counties, "--code", "id", "--variables", "precipitation_amount@surface", "--calibration", file, "--out",
                          folder + "/f.nc"})
                   .code == 0);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_calibration_is_refused_by_name) {
  const std::string data = real_data();
  if (data.empty()) return;
  const std::string file = data + "/nwp/ruc13_20050807/2005080700/wrfprs_ruc13_00.tm00_G212";
  BOOST_TEST(guyu_run({"forecast", file, "--regions", data + "/regions/us_counties.gpkg", "--code", "id", "--calibration",
                       data + "/radar/bom66_20201031/66_20201031_000000.prcp-c10.nc", "--out", temporary_folder("no-calibration") + "/f.nc"}) == 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu::test
