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
  BOOST_TEST(read_region_series(written(), {{{"precipitation_amount", "mean"}}, {}, {}}).series.size() == 1U);
  BOOST_CHECK_THROW(read_region_series("configs/demo.toml"), Error);
}

BOOST_AUTO_TEST_CASE(each_statistic_of_a_quantity_is_a_series_of_its_own) {
  const std::string path = test::temporary_folder("region_statistics") + "/series.nc";
  const Quantity& wind = *find_quantity("wind_speed");
  std::vector<RegionSeries> series;
  for (const char* statistic : {"mean", "max", "min", "p90", "frac>=10.8"})
    series.push_back({"wind_" + std::to_string(series.size()), "w", wind, "10 m", TimeKind::instant, {{at(1), at(1)}}, {{}}, statistic});
  RegionSeriesWriter writer(path, kTowns, series, {"series", "test", "", {}, kRun});
  for (std::size_t k = 0; k < series.size(); ++k)
    writer.write(k, 0, 0, std::vector<float>{series[k].statistic == "frac>=10.8" ? 0.25F : static_cast<float>(k), 1}, std::vector<float>{1, 1});
  writer.close();
  const RegionSeriesFile all = read_region_series(path);
  BOOST_REQUIRE(all.series.size() == series.size());
  for (std::size_t k = 0; k < series.size(); ++k) {
    BOOST_TEST(all.series[k].statistic == series[k].statistic);
    BOOST_TEST(all.series[k].pieces[0].values[0] == (series[k].statistic == "frac>=10.8" ? 0.25F : static_cast<float>(k)));
  }
  const RegionSeriesFile some = read_region_series(path, {{{"wind_speed", "max"}, {"wind_speed", "p99"}}, {}, {}});
  BOOST_REQUIRE(some.series.size() == 1U);
  BOOST_TEST(some.series[0].statistic == "max");
}

BOOST_AUTO_TEST_CASE(of_a_series_only_the_wanted_steps_and_regions_are_read) {
  const std::string path = test::temporary_folder("region_steps") + "/series.nc";
  std::vector<Interval> steps;
  for (int h = 1; h <= 48; ++h) steps.push_back({at(h), at(h)});
  RegionSeriesWriter writer(path, kTowns, {{"wind", "w", *find_quantity("wind_speed"), "10 m", TimeKind::instant, steps, {1, 2}}},
                            {"series", "test", "", {}, kRun});
  for (std::size_t m = 0; m < 2; ++m)
    for (std::size_t k = 0; k < steps.size(); ++k)
      writer.write(0, m, k, std::vector<float>{static_cast<float>(k), static_cast<float>(100 * m + k)}, std::vector<float>{1, 0.5F});
  writer.close();
  SeriesRequest request{{{"wind_speed", "mean", {at(10), at(20)}}}, {"0111", "none", "0110"}, {}};
  const RegionSeriesFile file = read_region_series(path, request);
  BOOST_TEST(file.absent == 1U);
  const HazardSeries& s = file.series.at(0);
  BOOST_TEST((*s.horizon == at(48)));  // how far it goes, read or not
  // Hours 11 to 20, and two more at either end, by which spans are told.
  BOOST_TEST((s.pieces.front().interval.end == at(9)));
  BOOST_TEST((s.pieces.back().interval.end == at(22)));
  BOOST_TEST(s.pieces[0].members[1][0] == 108);
  BOOST_TEST(s.pieces[0].values[0] == 58);
  BOOST_TEST(s.pieces[0].members[1][2] == 8);
  BOOST_TEST(std::isnan(s.pieces[0].members[0][1]));
  BOOST_TEST(std::isnan(s.pieces[0].values[1]));
  BOOST_TEST(s.pieces[0].coverage[1] == 0);
  BOOST_TEST(s.pieces[0].coverage[0] == 0.5F);
  request.is_told = [](const HazardSeries&, const Interval& step) { return step.end < at(15); };
  BOOST_TEST((read_region_series(path, request).series[0].pieces.front().interval.end == at(15)));
}

BOOST_AUTO_TEST_SUITE_END()
