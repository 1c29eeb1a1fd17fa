#include "engine/gauge/quality_control.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "engine/core/error.h"

using namespace guyu;
namespace {
constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

// n stations 5 km apart in a square, `times` values each, step minutes apart.
StationSeries stations(std::size_t n, std::size_t times, float value, const char* quantity = "precipitation_amount", int minutes = 60) {
  StationSeries s{*find_quantity(quantity), std::string_view(quantity) == "precipitation_amount" ? TimeKind::accumulation : TimeKind::instant, {}, {}, {}};
  for (std::size_t k = 0; k < n; ++k) {
    s.stations.push_back({"G" + std::to_string(k), "", 114 + 0.05 * static_cast<double>(k % 4), 30 + 0.05 * static_cast<double>(k / 4), 0});
  }
  for (std::size_t t = 0; t < times; ++t) {
    const TimePoint end = TimePoint{} + Seconds(static_cast<std::int64_t>(60 * (t + 1)) * minutes);
    s.times.push_back({s.kind == TimeKind::accumulation ? end - Seconds(60 * minutes) : end, end});
  }
  s.values.assign(n * times, value);
  return s;
}

std::vector<QualityFlag> only(QualityFlag flag) {
  std::vector<QualityFlag> skip;
  for (const QualityFlag f : kQualityFlags) {
    if (f != flag) skip.push_back(f);
  }
  return skip;
}

std::size_t count(const QualityControl& c, QualityFlag flag) { return c.counts[static_cast<std::size_t>(flag)]; }
bool says(const QualityControl& c, const std::string& part) {
  return std::any_of(c.findings.begin(), c.findings.end(), [&](const QualityFinding& f) { return f.reason.find(part) != std::string::npos; });
}
}  // namespace
BOOST_AUTO_TEST_SUITE(quality_control_)

BOOST_AUTO_TEST_CASE(sound_data_pass_untouched) {
  StationSeries s = stations(8, 5, 0);
  for (std::size_t k = 0; k < s.values.size(); ++k) s.values[k] = static_cast<float>(k % 7) * 0.4F;
  s.values[3] = kMissing;
  const QualityControl c = quality_control(s);
  BOOST_TEST(c.findings.empty());
  BOOST_TEST(c.values_before == 39U);
  BOOST_TEST(c.values_after == 39U);
  BOOST_TEST(
      std::equal(s.values.begin(), s.values.end(), c.series.values.begin(), [](float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); }));
}

BOOST_AUTO_TEST_CASE(signs_for_missing_negative_and_impossible_amounts_go_with_a_reason) {
  StationSeries s = stations(1, 5, 1);
  s.values = {9999, -9999, 999.9F, -0.2F, 300};
  const QualityControl c = quality_control(s);
  BOOST_TEST(count(c, QualityFlag::range) == 5U);
  BOOST_TEST(says(c, "9999 is a sign for missing"));
  BOOST_TEST(says(c, "999.9 is a sign for missing"));
  BOOST_TEST(says(c, "below 0, the least"));
  BOOST_TEST(says(c, "300 mm is above 253.2, the most"));
  BOOST_TEST(c.values_after == 0U);
  s.values = {200, 0, 0, 0, 0};  // rarer than rare, and possible
  BOOST_TEST(quality_control(s).values_after == 5U);
  QualitySettings local;
  local.most = 150;
  BOOST_TEST(says(quality_control(s, local), "above 150"));
}

BOOST_AUTO_TEST_CASE(a_jump_there_and_back_is_a_fault_and_a_front_is_none) {
  StationSeries s = stations(1, 6, 290, "air_temperature");
  s.values = {290, 291, 305, 290, 289, 278};
  const QualityControl c = quality_control(s);
  BOOST_TEST(count(c, QualityFlag::step) == 1U);
  BOOST_TEST(std::isnan(c.series.values[2]));
  BOOST_TEST(c.series.values[5] == 278.0F);
  StationSeries rain = stations(1, 3, 0, "precipitation_amount", 5);
  rain.values = {0, 20, 0};
  BOOST_TEST(count(quality_control(rain), QualityFlag::step) == 1U);
  StationSeries hourly = stations(1, 3, 0);
  hourly.values = {0, 60, 0};  // a thunderstorm
  BOOST_TEST(quality_control(hourly).findings.empty());
}

BOOST_AUTO_TEST_CASE(values_that_never_change_are_stuck_unless_dry_or_calm) {
  BOOST_TEST(count(quality_control(stations(1, 10, 2.4F)), QualityFlag::persistence) == 10U);
  BOOST_TEST(quality_control(stations(1, 7, 2.4F)).findings.empty());
  BOOST_TEST(quality_control(stations(1, 100, 0)).findings.empty());
  BOOST_TEST(quality_control(stations(1, 100, 0.1F, "precipitation_amount", 5)).findings.empty());
  BOOST_TEST(count(quality_control(stations(1, 8, 288.4F, "air_temperature")), QualityFlag::persistence) == 8U);
  BOOST_TEST(quality_control(stations(1, 48, 0, "wind_speed")).findings.empty());
  StationSeries holes = stations(1, 10, 2.4F);
  holes.values[4] = kMissing;
  BOOST_TEST(count(quality_control(holes), QualityFlag::persistence) == 9U);
}

BOOST_AUTO_TEST_CASE(hours_are_compared_with_hours_and_days_with_days) {
  StationSeries s = stations(1, 20, 2.4F);
  for (std::size_t t = 1; t < 20; t += 2) {  // between the hours, running sums of a day
    s.times[t].begin = s.times[t].end - Seconds(86400);
    s.values[t] = 30 + static_cast<float>(t);
  }
  const QualityControl c = quality_control(s);
  BOOST_TEST(count(c, QualityFlag::persistence) == 10U);
  BOOST_TEST(c.values_after == 10U);
}

BOOST_AUTO_TEST_CASE(a_gauge_unlike_its_neighbours_goes_and_missing_neighbours_condemn_nobody) {
  StationSeries s = stations(9, 1, 10);
  s.values[4] = 0;  // blocked
  const QualityControl blocked = quality_control(s);
  BOOST_TEST(count(blocked, QualityFlag::neighbours) == 1U);
  BOOST_TEST(says(blocked, "0 mm where the median of 8 neighbours is 10"));
  s.values.assign(9, kMissing);
  s.values[4] = 0, s.values[0] = 10, s.values[1] = 10;
  BOOST_TEST(quality_control(s).findings.empty());
  s.values.assign(9, 0);
  s.values[4] = 60;
  BOOST_TEST(count(quality_control(s), QualityFlag::neighbours) == 1U);
}

BOOST_AUTO_TEST_CASE(the_one_gauge_under_a_storm_stands_when_the_radar_bears_it_out) {
  StationSeries s = stations(9, 1, 0);
  s.values[4] = 60;
  QualitySettings q;
  q.witness.assign(9, 0);
  BOOST_TEST(quality_control(s, q).findings.size() == 1U);
  q.witness[4] = 25;
  BOOST_TEST(quality_control(s, q).findings.empty());
  q.witness[4] = kMissing;  // a radar that does not see bears nothing out
  BOOST_TEST(quality_control(s, q).findings.size() == 1U);
  s.values.assign(9, 10);
  s.values[4] = 0;
  q.witness.assign(9, 8), q.witness[4] = 0;  // a hole in the rain that the radar sees too
  BOOST_TEST(quality_control(s, q).findings.empty());
  q.witness.pop_back();
  BOOST_CHECK_THROW(quality_control(s, q), Error);
}

BOOST_AUTO_TEST_CASE(cold_on_a_mountain_is_no_fault) {
  StationSeries s = stations(9, 1, 293, "air_temperature");
  s.stations[4].elevation = 2000;
  s.values[4] = 280;
  BOOST_TEST(quality_control(s).findings.empty());
  s.values[4] = 293;
  BOOST_TEST(count(quality_control(s), QualityFlag::neighbours) == 1U);
}

BOOST_AUTO_TEST_CASE(wrong_places_are_told_apart) {
  StationSeries s = stations(7, 1, 1);
  s.stations[0].longitude = 0, s.stations[0].latitude = 0;
  std::swap(s.stations[1].longitude, s.stations[1].latitude);
  s.stations[2].longitude = 40;
  s.stations[3].latitude = kMissing;
  s.stations[4].longitude = 114.1, s.stations[4].latitude = 30.2;
  s.stations[5].longitude = 500;
  QualitySettings q;
  q.domain = {{110, 25, 120, 35}};
  q.known = {{"G4", "", 114, 30.05, 0}, {"G6", "", 114.1, 30.05, 0}};
  const QualityControl c = quality_control(s, q);
  BOOST_TEST(count(c, QualityFlag::wrong_place) == 4U);
  BOOST_TEST(count(c, QualityFlag::outside_domain) == 1U);
  BOOST_TEST(count(c, QualityFlag::off_list) == 1U);
  BOOST_TEST(says(c, "0, 0 is a sign for unknown coordinates"));
  BOOST_TEST(says(c, "longitude and latitude are exchanged"));
  BOOST_TEST(says(c, "no such place on Earth"));
  BOOST_TEST(says(c, "its place in the station list"));
  BOOST_TEST(c.values_after == 1U);
  QualitySettings::Box pacific{170, -20, -170, 20};
  BOOST_TEST(pacific.holds(179, 0));
  BOOST_TEST(pacific.holds(-175, 0));
  BOOST_TEST(pacific.holds(185, 0));
  BOOST_TEST(!pacific.holds(0, 0));
}

BOOST_AUTO_TEST_CASE(of_two_stations_with_one_code_or_place_one_is_kept_where_they_agree) {
  StationSeries s = stations(4, 3, 1);
  s.stations[1] = s.stations[0];
  s.values = {1, 5, kMissing, 1, 9, 3, /*G2*/ 1, 1, 1, /*G3*/ 1, 1, 1};
  QualitySettings q;
  q.skip = only(QualityFlag::duplicate_code);
  const QualityControl c = quality_control(s, q);
  BOOST_TEST(count(c, QualityFlag::duplicate_code) == 2U);
  BOOST_TEST(c.series.at(0, 0) == 1.0F);
  BOOST_TEST(std::isnan(c.series.at(0, 1)));  // 5 or 9
  BOOST_TEST(c.series.at(0, 2) == 3.0F);
  for (std::size_t t = 0; t < 3; ++t) BOOST_TEST(std::isnan(c.series.at(1, t)));
  s.stations[1].code = "other";
  q.skip = only(QualityFlag::duplicate_place);
  const QualityControl p = quality_control(s, q);
  BOOST_TEST(count(p, QualityFlag::duplicate_place) == 2U);
  BOOST_TEST(says(p, "stands where station G0 stands"));
}

BOOST_AUTO_TEST_SUITE_END()
