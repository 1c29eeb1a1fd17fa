#include <boost/test/unit_test.hpp>
#include <map>

#include "engine/core/atomic_file.h"
#include "ingest/reader.h"
#include "tests/cli/guyu_run.h"
#include "tests/support/test_data.h"

using namespace guyu;
using guyu::test::guyu_run;

BOOST_AUTO_TEST_SUITE(terrain_verb)

BOOST_AUTO_TEST_CASE(real_tiles_become_basins_that_hold_all_their_land) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  const std::string out = test::temporary_folder("terrain") + "/basins.nc";
  BOOST_REQUIRE(guyu_run({"terrain", "--elevation", data + "/terrain/N38W028.SRTMGL3.hgt.zip", "--sea", "0", "--least-area", "5", "--out", out}) == 0);
  std::map<std::string, double> largest;
  read_each(out, {}, [&](Field&& f) { largest[f.meta.quantity.name] = statistics(std::as_const(f).view()).max; });
  BOOST_TEST(largest.at("flow_direction_code") <= 128);
  BOOST_TEST(largest.at("basin_number") >= 1);
  BOOST_TEST((largest.at("upstream_area") > 5 && largest.at("upstream_area") < 500));  // islands
}

BOOST_AUTO_TEST_CASE(mistakes_of_the_user_exit_with_two) {
  BOOST_TEST(guyu_run({"terrain", "--elevation", "absent.tif", "--out", "x.nc"}) == 2);
  BOOST_TEST(guyu_run({"terrain", "--out", "x.nc"}) == 2);
}

BOOST_AUTO_TEST_SUITE_END()
