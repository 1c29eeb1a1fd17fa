#include <boost/test/unit_test.hpp>
#include <cmath>

#include "ingest/reader.h"
#include "tests/ingest/bufr_sample.h"
#include "tests/ingest/refusal.h"

using namespace guyu;
using test::bufr_message;
using test::BufrStation;
namespace {

std::string bufr_file(const std::string& bytes) {
  const std::string path = test::temporary_folder("bufr") + "/synop.bin";
  write_file_atomically(path, bytes);
  return path;
}

std::vector<StationTable> bufr_tables(const std::string& path, const ReadRequest& request = {}) { return reader_for(path).station_tables(path, request); }

const StationTable* bufr_table(const std::vector<StationTable>& tables, const std::string& quantity, int hours) {
  for (const StationTable& t : tables) {
    if (t.meta.quantity.name == quantity && t.meta.valid.length() == Seconds(3600 * hours)) return &t;
  }
  return nullptr;
}

const std::vector<BufrStation> kThreeReports{{}, {54, 399, 40.0, 116.28, 45.8, 300.1, 0, 0.4, 2.5}, {57, 83, 34.72, 113.65, 110.4, 298.7, 201.9, 552.5, 8.2}};

}  // namespace
BOOST_AUTO_TEST_SUITE(bufr_reader_)

BOOST_AUTO_TEST_CASE(amounts_come_with_the_period_before_them_compressed_or_not) {
  for (const bool compressed : {false, true}) {
    const std::vector<StationTable> tables = bufr_tables(bufr_file(bufr_message(kThreeReports, compressed)));
    BOOST_TEST(tables.size() == 4U);
    const StationTable *hour = bufr_table(tables, "precipitation_amount", 1), *day = bufr_table(tables, "precipitation_amount", 24);
    BOOST_REQUIRE((hour && day));
    BOOST_TEST((hour->meta.kind == TimeKind::accumulation));
    BOOST_TEST(to_iso(hour->meta.valid.begin) == "2021-07-20T02:00:00Z");
    BOOST_TEST(to_iso(day->meta.valid.end) == "2021-07-20T03:00:00Z");
    BOOST_REQUIRE(hour->stations.size() == 3U);
    BOOST_TEST(hour->stations[0].code == "54511");
    BOOST_TEST(hour->stations[2].code == "57083");
    BOOST_TEST(hour->stations[2].value == 201.9F, boost::test_tools::tolerance(1e-5F));
    BOOST_TEST(day->stations[2].value == 552.5F, boost::test_tools::tolerance(1e-5F));
    BOOST_TEST(hour->stations[2].longitude == 113.65, boost::test_tools::tolerance(1e-6));
    BOOST_TEST(hour->stations[2].latitude == 34.72, boost::test_tools::tolerance(1e-6));
    BOOST_TEST(hour->stations[1].elevation == 45.8F, boost::test_tools::tolerance(1e-3F));
    BOOST_TEST(bufr_table(tables, "air_temperature", 0)->stations[1].value == 300.1F, boost::test_tools::tolerance(1e-4F));
    BOOST_TEST(bufr_table(tables, "wind_speed", 0)->stations[2].value == 8.2F, boost::test_tools::tolerance(1e-4F));
  }
}

BOOST_AUTO_TEST_CASE(a_trace_is_dry_and_what_is_missing_is_missing) {
  std::vector<BufrStation> stations = kThreeReports;
  stations[0].rain_1h = -0.1;
  stations[1].rain_1h = CODES_MISSING_DOUBLE;
  for (const bool compressed : {false, true}) {
    const auto tables = bufr_tables(bufr_file(bufr_message(stations, compressed)));
    const StationTable* hour = bufr_table(tables, "precipitation_amount", 1);
    BOOST_TEST(hour->stations[0].value == 0.0F);
    BOOST_TEST(std::isnan(hour->stations[1].value));
  }
}

BOOST_AUTO_TEST_CASE(messages_follow_one_another_with_bulletin_headers_and_a_broken_one_is_named) {
  std::vector<BufrStation> later = kThreeReports;
  for (BufrStation& s : later) s.hour = 4;
  std::string broken = bufr_message(kThreeReports, false);
  broken.resize(broken.size() / 2);
  const std::string path =
      bufr_file("\r\r\n001\r\r\nISMC01 BABJ 200300\r\r\n" + bufr_message(kThreeReports, false) + broken + "\r\r\n" + bufr_message(later, true));
  const auto tables = bufr_tables(path, {{"precipitation_amount"}});
  BOOST_TEST(tables.size() == 4U);
  BOOST_REQUIRE(tables.front().problems.size() == 1U);
  BOOST_TEST(tables.front().problems[0].find("message 2: is cut off or damaged") != std::string::npos);
  BOOST_TEST(bufr_tables(path, {{"relative_humidity"}}).empty());
}

BOOST_AUTO_TEST_CASE(a_file_of_reports_is_no_grid) {
  const std::string path = bufr_file(bufr_message(kThreeReports, false));
  test::says(path, "holds reports (BUFR), not a grid");
  std::string half = bufr_message(kThreeReports, false);
  half.resize(half.size() - 6);
  BOOST_CHECK_THROW(bufr_tables(bufr_file(half)), Error);
}

BOOST_AUTO_TEST_SUITE_END()
