#include <boost/test/unit_test.hpp>

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

BOOST_AUTO_TEST_SUITE_END()
