#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/atomic_file.h"
#include "ingest/csv_columns.h"
#include "ingest/reader.h"
#include "tests/ingest/refusal.h"
#include "tests/support/test_data.h"

using namespace guyu;
namespace {

std::string csv_file(const std::string& text) {
  const std::string path = test::temporary_folder("csv") + "/gauges.csv";
  write_file_atomically(path, text);
  return path;
}
std::vector<StationTable> csv_tables(const std::string& text) {
  const std::string path = csv_file(text);
  return reader_for(path).station_tables(path, {});
}
void refuses_csv(const std::string& text, const std::string& part) {
  BOOST_CHECK_EXCEPTION(csv_tables(text), Error, [&](const Error& e) {
    BOOST_TEST_CONTEXT(e.what()) BOOST_TEST(std::string(e.what()).find(part) != std::string::npos);
    return e.place().find("gauges.csv") != std::string::npos;
  });
}

}  // namespace
BOOST_AUTO_TEST_SUITE(csv_reader_)

BOOST_AUTO_TEST_CASE(english_and_chinese_headings_say_the_same) {
  const std::string english = "code,lon,lat,elevation,time,rain_1h [mm],temperature [degC]\n58607,115.95,28.55,46.9,2021-07-20T03:00:00Z,14.4,25.5\n";
  const std::string chinese = "区站号;经度;纬度;测站高度;资料时间(北京时);1小时降水量(mm);气温(℃)\n58607;115.95;28.55;46.9;2021/7/20 11:00;14.4;25.5\n";
  const std::string gbk =  // the same heading as GBK, as spreadsheets save it
      "\xc7\xf8\xd5\xbe\xba\xc5,\xbe\xad\xb6\xc8,\xce\xb3\xb6\xc8,\xb2\xe2\xd5\xbe\xb8\xdf\xb6\xc8,\xca\xb1\xbc\xe4,PRE_1h,TEM\n"
      "58607,115.95,28.55,46.9,2021-07-20 03:00,14.4,25.5\r\n";
  const std::string columns = "Station_Id_C\tLat\tLon\tAlti\tYear\tMon\tDay\tHour\tPRE_1h\tTEM\n58607\t28.55\t115.95\t46.9\t2021\t7\t20\t3\t14.4\t25.5\n";
  for (const std::string& text : {english, chinese, gbk, "\xef\xbb\xbf" + chinese, columns}) {
    const auto tables = csv_tables(text);
    BOOST_REQUIRE(tables.size() == 2U);
    const StationTable &rain = tables[0], &temperature = tables[1];
    BOOST_TEST((rain.meta.quantity == quantities::precipitation_amount()));
    BOOST_TEST((rain.meta.kind == TimeKind::accumulation));
    BOOST_TEST(to_iso(rain.meta.valid.begin) == "2021-07-20T02:00:00Z");
    BOOST_TEST(to_iso(rain.meta.valid.end) == "2021-07-20T03:00:00Z");
    BOOST_REQUIRE(rain.stations.size() == 1U);
    BOOST_TEST(rain.stations[0].code == "58607");
    BOOST_TEST(rain.stations[0].longitude == 115.95);
    BOOST_TEST(rain.stations[0].latitude == 28.55);
    BOOST_TEST(rain.stations[0].elevation == 46.9F);
    BOOST_TEST(rain.stations[0].value == 14.4F);
    BOOST_TEST(temperature.stations[0].value == 298.65F, boost::test_tools::tolerance(1e-6F));
    BOOST_TEST((temperature.meta.kind == TimeKind::instant));
  }
}

BOOST_AUTO_TEST_CASE(all_ways_to_write_missing_are_missing_and_a_trace_is_dry) {
  std::string text = "code,lon,lat,time,rain_1h [mm]\n";
  for (const char* v : {"", "NA", "9999", "-9999", "999.9", "999999", "缺测", "NaN"}) text += std::string("A,114,30,2021-07-20T03:00Z,") + v + "\n";
  const auto tables = csv_tables(text + "B,114,30,2021-07-20T03:00Z,999990\n");
  BOOST_REQUIRE(tables.at(0).stations.size() == 9U);
  for (std::size_t k = 0; k < 8; ++k) BOOST_TEST(std::isnan(tables[0].stations[k].value));
  BOOST_TEST(tables[0].stations[8].value == 0.0F);
  BOOST_TEST(tables[0].problems.empty());
}

BOOST_AUTO_TEST_CASE(the_period_of_amounts_comes_from_the_heading_or_the_step) {
  const auto length = [](const std::string& heading) {
    const auto t = csv_tables("code,lon,lat,time," + heading + "\nA,114,30,2021-07-20T03:00Z,1\nA,114,30,2021-07-20T03:10Z,2\n");
    return t.at(0).meta.valid.length().count() / 60;
  };
  BOOST_TEST(length("rain_5min [mm]") == 5);
  BOOST_TEST(length("24小时降水(mm)") == 1440);
  BOOST_TEST(length("小时雨量") == 60);
  BOOST_TEST(length("rain [mm/5min]") == 5);
  BOOST_TEST(length("rain_24h") == 1440);
  BOOST_TEST(length("rain [mm]") == 10);  // not told: the step
  const auto step = csv_tables("code,lon,lat,time,rain\nA,114,30,2021-07-20T03:00Z,1\nA,114,30,2021-07-20T03:10Z,2\n");
  BOOST_REQUIRE(step.at(0).notes.size() == 2U);
  BOOST_TEST(step[0].notes[0].find("states no unit: taken as mm") != std::string::npos);
  BOOST_TEST(step[0].notes[1].find("taken as the step of the times, 10 min") != std::string::npos);
  const auto one = csv_tables("code,lon,lat,time,rain [mm]\nA,114,30,2021-07-20T03:00Z,1\n");
  BOOST_TEST((one.at(0).meta.kind == TimeKind::instant));
  BOOST_TEST(one[0].problems.at(0).find("call it rain_1h") != std::string::npos);
  BOOST_TEST((csv_tables("code,lon,lat,time,rain [mm/h]\nA,114,30,2021-07-20T03:00Z,1\n").at(0).meta.quantity == quantities::rainfall_rate()));
}

BOOST_AUTO_TEST_CASE(bad_lines_are_named_and_the_others_are_read) {
  const auto t = csv_tables(
      "# from the archive\ncode,lon,lat,time,rain_1h [mm],\"remark, if any\"\nA,114,30,2021-07-20T03:00Z,1,\"wet, "
      "\"\"very\"\"\"\n\nB,x,30,2021-07-20T03:00Z,1,\n"
      "C,114,30,yesterday,1,\nD,114,30,2021-07-20T03:00Z,1\nE,114,30,2021-07-20T03:00Z,much,\n");
  BOOST_TEST(t.at(0).stations.size() == 1U);
  const auto& p = t[0].problems;
  BOOST_REQUIRE(p.size() == 4U);
  BOOST_TEST(p[0].ends_with("gauges.csv:5: the longitude 'x' is no number"));
  BOOST_TEST(p[1].find("gauges.csv:6: cannot read the time 'yesterday'") != std::string::npos);
  BOOST_TEST(p[2].ends_with("gauges.csv:7: has 5 fields where the heading has 6"));
  BOOST_TEST(p[3].ends_with("gauges.csv:8: the value of 'rain_1h [mm]' 'much' is no number"));
}

BOOST_AUTO_TEST_CASE(a_heading_that_lacks_something_says_what_with_an_example) {
  refuses_csv("code,lon,time,rain_1h\nA,1,2021-07-20T03:00Z,1\n", "names no column of latitudes (call it 'lat'");
  refuses_csv("code,lon,lat,rain_1h\nA,1,2,1\n", "names no column of times");
  refuses_csv("code,lon,lat,time,snow\nA,1,2,2021-07-20T03:00Z,1\n", "known quantity");
  refuses_csv("code,lon,lat,time,rain_1h [degC]\nA,1,2,2021-07-20T03:00Z,1\n",
              "gauges.csv:1: the column 'rain_1h [degC]' cannot be precipitation_amount in 'degC'");
  refuses_csv("code,lon,lat,time,rain_1h\n", "holds no station");
  test::says(csv_file("code,lon,lat,time,rain_1h\nA,1,2,2021-07-20T03:00Z,1\n"), "holds stations (CSV), not a grid");
  BOOST_TEST(!csv_separator("hello, world").has_value());
  BOOST_TEST(!csv_separator("code,name,level,probability").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
