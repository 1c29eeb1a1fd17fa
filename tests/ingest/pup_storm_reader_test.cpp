#include "ingest/pup_storm_reader.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/error.h"
#include "tests/ingest/pup_sample.h"

using namespace guyu;

BOOST_AUTO_TEST_SUITE(pup_storm_reader)

BOOST_AUTO_TEST_CASE(storms_have_place_and_the_motion_that_they_go_with) {
  // T4 comes from 90 degrees at 10 m/s: it goes west. B9 is new.
  const RadarStorms s = read_radar_storms(test::pup_storm_file({{"T4", 33, -513, "176/129    90/ 10     179/132   182/136   185/141   187/146    1.8/ 1.3"},
                                                                {"B9", -45, -530, "185/133     NEW       NO DATA   NO DATA   NO DATA   NO DATA    0.0/ 0.0"}},
                                                               2));
  BOOST_TEST(to_iso(s.time) == "2011-09-16T01:00:01Z");
  BOOST_TEST((s.longitude == 113.355 && s.latitude == 23.004));
  BOOST_REQUIRE(s.cells.size() == 2U);
  BOOST_TEST(s.cells[0].id == "T4");
  BOOST_TEST((s.cells[0].east_km == 8.25 && s.cells[0].north_km == -128.25));
  BOOST_TEST(s.cells[0].moves);
  BOOST_TEST(s.cells[0].east_m_s == -10);
  BOOST_TEST(std::abs(s.cells[0].north_m_s) < 1e-9);
  BOOST_TEST(s.cells[0].mean_error_km == 1.3);
  BOOST_TEST(!s.cells[1].moves);
  BOOST_TEST(s.problems.empty());
}

BOOST_AUTO_TEST_CASE(a_table_with_another_number_of_storms_is_a_problem_and_no_table_an_error) {
  BOOST_TEST(read_radar_storms(test::pup_storm_file({{"T4", 33, -513, "176/129    NEW"}}, 3)).problems.size() == 1U);
  BOOST_TEST(read_radar_storms(test::pup_storm_file({}, 0)).cells.empty());
  BOOST_CHECK_THROW(read_radar_storms(test::pup_raster_file(37, {0x8002}, {{0x20}})), Error);
  BOOST_CHECK_THROW(read_radar_storms(test::pup_raster_file(58, {0x8002}, {{0x20}})), Error);
}

BOOST_AUTO_TEST_CASE(no_damage_ends_in_more_than_an_error) {
  const std::string path = test::pup_storm_file({{"T4", 33, -513, "176/129    90/ 10     1.8/ 1.3"}}, 1), whole = read_text_file(path);
  for (std::size_t k = 0; k < whole.size(); ++k) {
    std::string broken = whole;
    broken[k] = static_cast<char>(k % 2 ? 0xff : 0x7f);
    write_file_atomically(path, broken);
    try {
      read_radar_storms(path);
    } catch (const Error& e) {
      BOOST_TEST(e.place().starts_with(path));
    }
  }
}

BOOST_AUTO_TEST_CASE(real_tables_are_read_whole) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  const RadarStorms s = read_radar_storms(data + "/radar/guangzhou_pup_20110916/STI/58/20110916.000001.00.58.200");
  BOOST_TEST(s.problems.empty());
  BOOST_REQUIRE(s.cells.size() == 10U);
  for (const auto& c : s.cells) BOOST_TEST(std::hypot(c.east_km, c.north_km) < 460);
  BOOST_TEST(s.cells[0].id == "E1");  // 356 degrees, 127 km; from 89 degrees at 5 m/s
  BOOST_TEST(std::abs(std::hypot(s.cells[0].east_km, s.cells[0].north_km) - 127) < 1.1);
  BOOST_TEST(std::abs(std::atan2(s.cells[0].east_km, s.cells[0].north_km) * 57.29578 + 4) < 0.6);
  BOOST_TEST(std::abs(s.cells[0].east_m_s + 5) < 0.01);
}

BOOST_AUTO_TEST_SUITE_END()
