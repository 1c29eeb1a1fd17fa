#include "cli/demo/case_files.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "cli/demo/grib_writer.h"
#include "cli/demo/odim_writer.h"
#include "cli/demo/radar_network.h"
#include "engine/core/hash.h"
#include "ingest/reader.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::cli::demo;
BOOST_AUTO_TEST_SUITE(case_files)

BOOST_AUTO_TEST_CASE(a_composite_is_read_back_with_its_grid_time_rates_and_gaps) {
  const StormCase c = storm_case();
  Field rate(c.grid, {});
  rate.meta.quantity = quantities::rainfall_rate();
  rate.meta.valid = {c.last_cycle, c.last_cycle};
  c.storm.rates(c.grid, minute_of(c, c.last_cycle), rate.view());
  observe_by_radar(radar_coverage(c.grid), rate.view());
  const std::string folder = test::temporary_folder("odim"), path = folder + "/a.h5";
  write_odim_composite(path, rate);
  const FileFields file = read_file(path);
  BOOST_TEST(file.format == "ODIM_H5");
  BOOST_TEST(file.problems.empty());
  BOOST_REQUIRE(file.fields.size() == 1U);
  const Field& back = file.fields[0];
  BOOST_TEST((back.meta.quantity == quantities::rainfall_rate()));
  BOOST_TEST((back.meta.valid == rate.meta.valid));
  BOOST_TEST((back.grid().nx() == 400 && back.grid().ny() == 360));
  BOOST_TEST(std::abs(back.grid().x(0) - c.grid.x(0)) < 0.01);  // metres
  BOOST_TEST(std::abs(back.grid().y(359) - c.grid.y(359)) < 0.01);
  std::size_t wrong = 0, missing = 0;
  for (std::size_t k = 0; k < rate.values().size(); ++k) {
    const float a = rate.values()[k], b = back.values()[k];
    if (std::isnan(a)) ++missing;
    if (std::isnan(a) != std::isnan(b) || (!std::isnan(a) && std::abs(a - b) > 0.00501F)) ++wrong;
  }
  BOOST_TEST(wrong == 0U);
  BOOST_TEST(missing > 1000U);
  write_odim_composite(folder + "/b.h5", rate);
  BOOST_TEST(hash_file(path) == hash_file(folder + "/b.h5"));
}

BOOST_AUTO_TEST_CASE(a_forecast_is_read_back_as_amounts_since_its_reference_that_never_fall) {
  const StormCase c = storm_case();
  const std::vector<Field> amounts = forecast_amounts(c);
  const std::string path = test::temporary_folder("grib") + "/f.grib2";
  write_grib_forecast(path, amounts);
  const FileFields file = read_file(path);
  BOOST_REQUIRE(file.fields.size() == static_cast<std::size_t>(c.forecast_hours));
  std::size_t wrong = 0;
  for (std::size_t h = 0; h < file.fields.size(); ++h) {
    const Field &a = amounts[h], &b = file.fields[h];
    BOOST_TEST(b.meta.format == "GRIB2");
    BOOST_TEST((b.meta.quantity == quantities::precipitation_amount()));
    BOOST_TEST((b.meta.valid == a.meta.valid));
    BOOST_TEST((b.meta.reference == c.forecast_reference));
    BOOST_TEST(b.grid().describe() == a.grid().describe());
    for (std::size_t k = 0; k < a.values().size(); ++k) {
      if (std::abs(a.values()[k] - b.values()[k]) > 0.01F) ++wrong;
      if (h > 0 && a.values()[k] < amounts[h - 1].values()[k]) ++wrong;
    }
  }
  BOOST_TEST(wrong == 0U);
  BOOST_TEST(statistics(file.fields.back().view()).max > 30);
}

BOOST_AUTO_TEST_CASE(the_network_sees_most_of_the_domain_but_not_all) {
  const StormCase c = storm_case();
  const std::vector<char> seen = radar_coverage(c.grid);
  const auto share = static_cast<double>(std::count(seen.begin(), seen.end(), 1)) / static_cast<double>(seen.size());
  BOOST_TEST((share > 0.7 && share < 0.95), share);
}

BOOST_AUTO_TEST_SUITE_END()
