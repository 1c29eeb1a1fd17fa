#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "ingest/region_series_reader.h"
#include "products/region_series_netcdf.h"
#include "tests/support/test_data.h"

using namespace guyu;
namespace {
const TimePoint kRun = parse_time("2024-07-01T00:00:00Z");
const RegionSet kTowns{"EPSG:4326", {{"0110", "west", "", {}}, {"0111", "east", "", {}}}, {}};
constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
TimePoint at(int h) { return kRun + std::chrono::hours(h); }

std::string written() {
  const std::string path = test::temporary_folder("region_series") + "/series.nc";
  const std::vector<RegionSeries> series{
      {"air_temperature_2_m", "t", *find_quantity("air_temperature"), "2 m", TimeKind::instant, {{at(1), at(1)}, {at(2), at(2)}}, {1, 2}},
      {"air_temperature_850_hPa", "t", *find_quantity("air_temperature"), "850 hPa", TimeKind::instant, {{at(1), at(1)}}, {{}}},
      {"precipitation_amount", "rain", quantities::precipitation_amount(), "surface", TimeKind::accumulation, {{at(0), at(3)}}, {{}}}};
  RegionSeriesWriter writer(path, kTowns, series, {"series", "test", "", {}, kRun});
  const std::vector<float> all{1, 1}, half{0.5F, 1};
  writer.write(0, 0, 0, std::vector<float>{280, 290}, half);
  writer.write(0, 1, 0, std::vector<float>{282, kNone}, all);
  writer.write(0, 1, 1, std::vector<float>{270, 271}, all);  // the other member has no second step
  writer.write(1, 0, 0, std::vector<float>{260, 261}, all);
  writer.write(2, 0, 0, std::vector<float>{7, 0}, all);
  writer.close();
  return path;
}
}  // namespace
BOOST_AUTO_TEST_SUITE(region_series_round_trip)

BOOST_AUTO_TEST_CASE(values_members_times_and_coverage_come_back) {
  const RegionSeriesFile file = read_region_series(written());
  BOOST_TEST((file.codes == std::vector<std::string>{"0110", "0111"}));
  BOOST_TEST((file.reference == kRun));
  BOOST_REQUIRE(file.series.size() == 2U);  // of the temperatures the one where people live
  const HazardSeries& t = file.series[0];
  BOOST_TEST(t.quantity.name == "air_temperature");
  BOOST_TEST((t.kind == TimeKind::instant));
  BOOST_REQUIRE(t.pieces.size() == 2U);
  BOOST_TEST((t.pieces[0].interval == Interval{at(1), at(1)}));
  BOOST_TEST(t.pieces[0].members[1][0] == 282);
  BOOST_TEST(t.pieces[0].values[0] == 281);  // mean of the known
  BOOST_TEST(t.pieces[0].values[1] == 290);
  BOOST_TEST(std::isnan(t.pieces[0].members[1][1]));
  BOOST_TEST(t.pieces[0].coverage[0] == 1);
  BOOST_TEST(std::isnan(t.pieces[1].members[0][0]));
  BOOST_TEST(t.pieces[1].values[0] == 270);
  const HazardSeries& rain = file.series[1];
  BOOST_TEST((rain.kind == TimeKind::accumulation));
  BOOST_TEST((rain.pieces[0].interval == Interval{at(0), at(3)}));
  BOOST_TEST(rain.pieces[0].members.empty());
  BOOST_TEST(rain.pieces[0].values[0] == 7);
}

BOOST_AUTO_TEST_CASE(only_what_is_asked_for_is_read_and_other_files_are_refused) {
  BOOST_TEST(read_region_series(written(), {"precipitation_amount"}).series.size() == 1U);
  BOOST_CHECK_THROW(read_region_series("configs/demo.toml"), Error);
}

BOOST_AUTO_TEST_SUITE_END()
