#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "ingest/reader.h"
#include "tests/ingest/refusal.h"
#include "tests/support/test_data.h"

using namespace guyu;
using test::says;
namespace {

// GBK: 24小时降水, 高度
constexpr const char* kRainGbk = "24\xd0\xa1\xca\xb1\xbd\xb5\xcb\xae";
constexpr const char* kHeightGbk = "\xb8\xdf\xb6\xc8";

std::string write(const std::string& text) {
  const std::string path = test::temporary_folder("micaps") + "/17033108.024";
  write_file_atomically(path, text);
  return path;
}
std::string grid(const std::string& title, const std::string& lats = "30 29", const std::string& lons = "110 111", const std::string& lead = "24") {
  return "diamond 4 " + title + "\r\n 17 03 31 08 " + lead + " 500\r\n 0.5 0.5 " + lons + " " + lats + " 3 3\r\n 4 0 100 0 0\r\n1 2 3\r\n4 9999 6\r\n7 8 9\r\n";
}
}  // namespace
BOOST_AUTO_TEST_SUITE(micaps_reader_)

BOOST_AUTO_TEST_CASE(headings_in_gbk_and_utf8_say_the_same) {
  for (const std::string& text : {grid(kRainGbk), grid("24小时降水"), "\xef\xbb\xbf" + grid("24小时降水")}) {
    const Field f = std::move(read_file(write(text)).fields.at(0));
    BOOST_TEST((f.meta.quantity == quantities::precipitation_amount()));
    BOOST_TEST((f.meta.kind == TimeKind::accumulation));
    BOOST_TEST(to_iso(f.meta.reference) == "2017-03-31T00:00:00Z");  // 08 Beijing time
    BOOST_TEST(to_iso(f.meta.valid.begin) == "2017-03-31T00:00:00Z");
    BOOST_TEST(to_iso(f.meta.valid.end) == "2017-04-01T00:00:00Z");
    BOOST_TEST(f.grid().y(0) == 30.0);
    BOOST_TEST(f.view()(0, 0) == 1.0F);
    BOOST_TEST(std::isnan(f.view()(1, 1)));
  }
}

BOOST_AUTO_TEST_CASE(rows_and_columns_turn_north_and_west_first) {
  const Field south = std::move(read_file(write(grid("x", "29 30"))).fields.at(0));
  BOOST_TEST(south.grid().y(0) == 30.0);
  BOOST_TEST(south.view()(0, 0) == 7.0F);
  const Field east = std::move(read_file(write(grid("x", "30 29", "111 110"))).fields.at(0));
  BOOST_TEST(east.grid().x(0) == 110.0);
  BOOST_TEST(east.view()(0, 0) == 3.0F);
  BOOST_TEST(read_file(write(grid("x", "30 29", "250 251"))).fields.at(0).grid().x(0) == -110.0);
}

BOOST_AUTO_TEST_CASE(heights_in_decametres_become_metres_at_their_level) {
  const Field f = std::move(read_file(write(grid(kHeightGbk))).fields.at(0));
  BOOST_TEST(f.meta.quantity.name == "geopotential_height");
  BOOST_TEST(f.meta.level == "500 hPa");
  BOOST_TEST(f.view()(0, 0) == 10.0F);
}

BOOST_AUTO_TEST_CASE(winds_come_as_two_components) {
  const FileFields f = read_file(write("diamond 11 uv\n 2017 04 17 20 48 850\n 0.5 -0.5 110 110.5 30 29.5 2 2\n 1 2 3 4\n -1 -2 -3 -4\n"));
  BOOST_REQUIRE(f.fields.size() == 2U);
  BOOST_TEST(f.fields[0].meta.quantity.name == "eastward_wind");
  BOOST_TEST(f.fields[1].meta.quantity.name == "northward_wind");
  BOOST_TEST(f.fields[1].view()(1, 1) == -4.0F);
  BOOST_TEST(to_iso(f.fields[0].meta.valid.end) == "2017-04-19T12:00:00Z");
}

BOOST_AUTO_TEST_CASE(stations_have_a_value_each_and_a_short_list_is_told) {
  const std::string path =
      write(std::string("diamond 3 ") + kRainGbk + "\n17 03 31 15 -1\n0\n1 25 0\n1 3\n58607 115.95 28.55 1 14.4\n58704 115.35 27.61 9999 9999\n");
  const auto t = reader_for(path).stations(path);
  BOOST_REQUIRE(t.has_value());
  BOOST_REQUIRE(t->stations.size() == 2U);
  BOOST_TEST(t->stations[0].code == "58607");
  BOOST_TEST(t->stations[0].value == 14.4F);
  BOOST_TEST(std::isnan(t->stations[1].value));
  BOOST_TEST(to_iso(t->meta.valid.begin) == "2017-03-30T07:00:00Z");
  BOOST_REQUIRE(t->problems.size() == 1U);
  BOOST_TEST(t->problems[0].find("claims 3 stations and holds 2") != std::string::npos);
  says(path, "stations");
}

BOOST_AUTO_TEST_CASE(impossible_headings_and_truncation_are_named) {
  std::string cut = grid("x");
  cut.resize(cut.size() - 12);
  says(write(cut), "grid value is absent");
  says(write("diamond 17 x\n"), "diamond 17");
  says(write("diamond 4 x\n 17 13 31 08 24 500\n"), "month");
  says(write(grid("x", "30 25")), "latitude");
  says(write("diamond 4 x\n 17 03 31 08 24 500\n 0.01 0.01 0 359.99 90 -90 36000 18001\n 4 0 100 0 0\n1 2 3"), "claims");
}

BOOST_AUTO_TEST_CASE(real_samples_agree_with_numbers_counted_by_hand) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  const Field rain = std::move(read_file(data + "/nwp/micaps/17032908.060").fields.at(0));
  BOOST_TEST(rain.grid().nx() == 281);
  BOOST_TEST(rain.grid().ny() == 241);
  BOOST_TEST(std::abs(statistics(rain.view()).max - 151.08) < 1e-4);
  const std::string stations = data + "/nwp/micaps/17033115.000";
  BOOST_TEST(reader_for(stations).stations(stations)->stations.size() == 1863U);  // the heading says 1869
}

BOOST_AUTO_TEST_SUITE_END()
