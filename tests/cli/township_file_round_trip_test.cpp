#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/error.h"
#include "ingest/township_levels.h"
#include "products/region_files.h"
#include "tests/support/test_data.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(township_file_round_trip)

BOOST_AUTO_TEST_CASE(levels_codes_and_times_come_back_as_they_were_written) {
  const std::string path = test::temporary_folder("township_round_trip") + "/townships.nc";
  const TimePoint issue = parse_time("2024-07-01T03:00:00Z");
  RegionSet regions{"EPSG:4326", {{"0110", "west", "county", {}}, {"0111", "east", "county", {}}, {"0112", "third", "county", {}}}, {}};
  RiskTable risk{issue, {}};
  risk.rows.push_back({0, "rainstorm", Level::orange, {issue, issue + Seconds(5400)}, {}});
  risk.rows.push_back({1, "rainstorm", Level::none, {issue, issue + Seconds(43200)}, {}});
  write_region_netcdf(path, regions, {issue, 3, {}}, risk, {"townships", "test", "", {}, issue});
  const TownshipLevels back = read_township_levels(path);
  BOOST_TEST((back.issue == issue));
  BOOST_TEST(back.hazard == "rainstorm");
  BOOST_TEST((back.codes == std::vector<std::string>{"0110", "0111", "0112"}));
  BOOST_TEST((back.levels == std::vector<Level>{Level::orange, Level::none, Level::unknown}));
  BOOST_TEST((back.valid_until == std::vector<TimePoint>{issue + Seconds(5400), issue + Seconds(43200), issue}));
  BOOST_CHECK_THROW(read_township_levels(path, "hail"), Error);
}

BOOST_AUTO_TEST_CASE(shares_of_members_come_back_as_they_were_before_any_calibration) {
  const std::string path = test::temporary_folder("township_shares") + "/townships.nc";
  const TimePoint issue = parse_time("2024-07-01T03:00:00Z");
  const RegionSet regions{"EPSG:4326", {{"0110", "west", "county", {}}, {"0111", "east", "county", {}}}, {}};
  RiskTable risk{issue, {}};
  risk.rows.push_back({0, "rainstorm", Level::orange, {issue, issue}, {}, {0.9F, 0.7F, 0.6F, 0.1F}, 0.125F});
  const auto back = [&] {
    write_region_netcdf(path, regions, {issue, 2, {}}, risk, {"townships", "test", "", {}, issue});
    return read_township_levels(path);
  };
  BOOST_TEST(back().member_share[0][2] == 0.6F);  // without a calibration they are the same
  risk.rows[0].member_share = {0.5F, 0.25F, 0.2F, 0.0F};
  BOOST_TEST(back().member_share[0][2] == 0.2F);
  BOOST_TEST(back().unknown_share[0] == 0.125F);
  BOOST_TEST(std::isnan(back().member_share[1][0]));
}

BOOST_AUTO_TEST_SUITE_END()
