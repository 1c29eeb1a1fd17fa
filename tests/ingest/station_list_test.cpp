#include "ingest/station_list.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/support/test_data.h"

using namespace guyu;
namespace {
std::vector<StationPlace> listed(const std::string& text) {
  const std::string path = test::temporary_folder("station_list") + "/list.csv";
  write_file_atomically(path, text);
  return read_station_list(path);
}
void not_listed(const std::string& text, const std::string& part) {
  BOOST_CHECK_EXCEPTION(listed(text), Error, [&](const Error& e) { return std::string(e.what()).find(part) != std::string::npos; });
}
}  // namespace
BOOST_AUTO_TEST_SUITE(station_list)

BOOST_AUTO_TEST_CASE(codes_and_places_are_read_whatever_else_the_table_holds) {
  const auto list =
      listed("区站号,站名,省,经度,纬度,海拔\n54511,北京,北京,116.47,39.80,31.3\n57083,郑州,河南,113.65,34.72,\n54511,北京,北京,116.47,39.80,31.3\n");
  BOOST_REQUIRE(list.size() == 2U);
  BOOST_TEST(list[0].code == "54511");
  BOOST_TEST(list[0].name == "北京");
  BOOST_TEST(list[1].longitude == 113.65);
  BOOST_TEST(list[0].elevation == 31.3F);
  BOOST_TEST(std::isnan(list[1].elevation));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_a_list_is_refused_with_its_line) {
  not_listed("code,name\nA,b\n", "list.csv:1: the heading of a station list");
  not_listed("code,lon,lat\nA,x,30\n", "list.csv:2: the longitude 'x'");
  not_listed("code,lon,lat\nA,114,30\nA,115,30\n", "list.csv:3: the code A comes again");
  not_listed("code,lon,lat\n", "holds no station");
}

BOOST_AUTO_TEST_SUITE_END()
