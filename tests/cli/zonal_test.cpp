#include <boost/test/unit_test.hpp>
#include <sstream>

#include "engine/core/atomic_file.h"
#include "tests/cli/guyu_run.h"
#include "tests/support/test_data.h"

using namespace guyu;
using guyu::test::guyu_run;
namespace {
// MICAPS diamond 4: a 3 x 3 grid of one degree from 110E 30N; the value is the row from the south.
std::string micaps() { return "diamond 4 test_rain\n21 07 20 08 000 9999\n1 1 110 112 30 32 3 3 1 0 10 1 0\n0 0 0\n1 1 1\n2 2 2\n"; }
}  // namespace
BOOST_AUTO_TEST_SUITE(zonal_verb)

BOOST_AUTO_TEST_CASE(a_region_gets_the_area_share_of_each_cell) {
  const std::string folder = test::temporary_folder("zonal");
  write_file_atomically(folder + "/grid.000", micaps());
  write_file_atomically(folder + "/regions.geojson",
                        R"({"type":"FeatureCollection","features":[
 {"type":"Feature","properties":{"code":"0110"},"geometry":{"type":"Polygon","coordinates":[[[110.5,30.5],[111.5,30.5],[111.5,31.5],[110.5,31.5],[110.5,30.5]]]}},
 {"type":"Feature","properties":{"code":"9"},"geometry":{"type":"Polygon","coordinates":[[[10,10],[11,10],[11,11],[10,11],[10,10]]]}}]})");
  const std::string csv = folder + "/out.csv";
  BOOST_REQUIRE(guyu_run({"zonal", "--regions", folder + "/regions.geojson", "--code", "code", "--input", folder + "/grid.000", "--stat", "mean,coverage",
                          "--csv", csv}) == 0);
  std::istringstream lines(read_text_file(csv));
  std::string head, inside, outside;
  std::getline(lines, head), std::getline(lines, inside), std::getline(lines, outside);
  BOOST_TEST(head == "code,name,quantity,units,valid_time,level,member,mean,coverage");
  BOOST_TEST(inside.substr(0, 5) == "0110,");
  BOOST_TEST(inside.substr(inside.size() - 4) == ",1,1", inside);
  BOOST_TEST(outside.substr(outside.size() - 3) == ",,0", outside);
}

BOOST_AUTO_TEST_CASE(mistakes_of_the_user_exit_with_two) {
  BOOST_TEST(guyu_run({"zonal", "--regions", "absent.gpkg", "--code", "c", "--input", "absent.grib"}) == 2);
  BOOST_TEST(guyu_run({"rules"}) == 2);
  BOOST_TEST(guyu_run({"rules", "check", "absent.toml"}) == 2);
  BOOST_TEST(guyu_run({"rules", "check", "configs/rules/beijing_rainstorm.toml"}) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
