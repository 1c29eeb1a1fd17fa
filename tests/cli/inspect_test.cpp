#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/cli/guyu_run.h"
#include "tests/support/netcdf_writer.h"

using namespace guyu;
using nlohmann::json;
using test::guyu_said;
namespace {

// Rain over an hour on 3 x 2 cells, one of them missing.
std::string amount_file(const std::string& name) {
  const std::string path = test::temporary_folder("inspect") + "/" + name;
  test::NetcdfWriter w(path);
  const int y = w.axis("lat", "latitude", "degrees_north", 2), x = w.axis("lon", "longitude", "degrees_east", 3);
  const int bounds = w.dim("bounds", 2), t = w.variable("time", NC_DOUBLE, {}), tb = w.variable("time_bounds", NC_DOUBLE, {bounds});
  w.text(t, "standard_name", "time");
  w.text(t, "units", "hours since 2020-06-01 00:00:00");
  w.text(t, "bounds", "time_bounds");
  const int v = w.variable("rain", NC_FLOAT, {y, x});
  w.text(v, "standard_name", "precipitation_amount");
  w.text(v, "units", "kg m-2");
  w.text(v, "cell_methods", "time: sum");
  w.number(v, "_FillValue", NC_FLOAT, {-9});
  w.put("lat", {31, 30});
  w.put("lon", {100, 101, 102});
  w.put(t, {6});
  w.put(tb, {5, 6});
  w.put(v, {0, 1, 2, 3, 4, -9});
  return path;
}

std::set<std::string> keys(const json& object) {
  std::set<std::string> names;
  for (const auto& [key, value] : object.items()) names.insert(key);
  return names;
}

}  // namespace
BOOST_AUTO_TEST_SUITE(inspect)

BOOST_AUTO_TEST_CASE(json_has_the_keys_that_others_build_on) {
  const std::string path = amount_file("amount.grib2");
  const test::Said said = guyu_said({"inspect", "--json", path});
  BOOST_TEST(said.code == 0);
  const json all = json::parse(said.out);
  BOOST_REQUIRE(all.size() == 1U);
  const json& o = all[0];
  BOOST_TEST((keys(o) == std::set<std::string>{"file", "format", "name", "units", "nx", "ny", "crs", "valid_time", "interval_start", "member", "level",
                                               "missing", "min", "max", "mean"}));
  BOOST_TEST(o["file"] == path);
  BOOST_TEST(o["format"] == "NetCDF");  // the name says GRIB
  BOOST_TEST(o["name"] == "precipitation_amount");
  BOOST_TEST(o["units"] == "mm");
  BOOST_TEST(o["nx"] == 3);
  BOOST_TEST(o["ny"] == 2);
  BOOST_TEST(o["valid_time"] == "2020-06-01T06:00:00Z");
  BOOST_TEST(o["interval_start"] == "2020-06-01T05:00:00Z");
  BOOST_TEST(o["member"].is_null());
  BOOST_TEST(o["missing"] == 1);
  BOOST_TEST(o["min"] == 0.0);
  BOOST_TEST(o["max"] == 4.0);
  BOOST_TEST(o["mean"] == 2.0);  // over the five valid cells
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_an_error_object_and_exit_code_1_and_the_rest_is_read) {
  const std::string folder = test::temporary_folder("inspect-bad"), good = amount_file("good.nc");
  write_file_atomically(folder + "/cut.nc", read_text_file(good).substr(0, 200));
  const test::Said said = guyu_said({"inspect", "--json", folder + "/cut.nc", folder + "/absent.nc", good});
  BOOST_TEST(said.code == 1);
  const json all = json::parse(said.out);
  BOOST_REQUIRE(all.size() == 3U);
  for (const std::size_t k : {0U, 1U}) {
    BOOST_TEST((keys(all[k]) == std::set<std::string>{"error", "file"}));
    BOOST_TEST(all[k]["error"].get<std::string>().find(all[k]["file"].get<std::string>()) == 0U);
  }
  BOOST_TEST(all[2]["max"] == 4.0);
}

BOOST_AUTO_TEST_CASE(a_file_name_that_is_no_utf8_does_not_cost_the_answer) {
  const test::Said said = guyu_said({"inspect", "--json", amount_file("ni\xff.nc")});
  BOOST_TEST(said.code == 0);
  BOOST_TEST(json::parse(said.out).at(0)["max"] == 4.0);
}

BOOST_AUTO_TEST_CASE(a_word_that_is_no_verb_is_a_user_error) {
  BOOST_TEST(test::guyu_run({"inspekt", "x"}) == 2);
  BOOST_TEST(test::guyu_run({}) == 2);
}

BOOST_AUTO_TEST_SUITE_END()
