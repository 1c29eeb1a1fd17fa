#include "engine/gauge/gauge_merge.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <utility>

#include "engine/core/error.h"
#include "tests/engine/gauge/gauge_case.h"

using namespace guyu;
namespace tt = boost::test_tools;
namespace {

Interval from_minute(int begin, int end) { return {TimePoint{} + Seconds(60 * begin), TimePoint{} + Seconds(60 * end)}; }

// Radar amounts every 10 minutes, each the hills / 6 times its share.
std::vector<Field> radar_of(const std::vector<double>& shares) {
  std::vector<Field> all;
  for (std::size_t k = 0; k < shares.size(); ++k) {
    all.push_back(test::radar_field(50, 50, [&](auto j, auto i) { return shares[k] * test::hills(j, i) / 6; }));
    all.back().meta.valid = from_minute(static_cast<int>(10 * k), static_cast<int>(10 * k + 10));
  }
  return all;
}

// Gauges that report what the radar shows, times a factor, in the same steps.
StationSeries gauges_of(const std::vector<Field>& radar, std::size_t n, double factor) {
  StationSeries s{quantities::precipitation_amount(), TimeKind::accumulation, {}, {}, {}};
  for (const Field& f : radar) s.times.push_back(f.meta.valid);
  for (std::size_t k = 0; k < n; ++k) {
    const auto j = static_cast<std::int64_t>(50 * test::scatter(3 * k)), i = static_cast<std::int64_t>(50 * test::scatter(3 * k + 1));
    const Grid& g = radar[0].grid();
    s.stations.push_back({"G" + std::to_string(k), "", g.x(static_cast<double>(i)), g.y(static_cast<double>(j)), 0});
    for (const Field& f : radar) s.values.push_back(static_cast<float>(factor * double{f.view()(j, i)}));
  }
  return s;
}

}  // namespace
BOOST_AUTO_TEST_SUITE(gauge_merge)

BOOST_AUTO_TEST_CASE(reports_become_sums_and_the_sums_merge) {
  const std::vector<Field> radar = radar_of({1, 2, 3, 1, 2, 3});
  const StationSeries gauges = gauges_of(radar, 20, 1.5);
  BOOST_TEST((usual_length(gauges) == Seconds(600)));
  const std::vector<Interval> half_hours = intervals_up_to_last(gauges, Seconds(1800));
  BOOST_REQUIRE(half_hours.size() == 2U);
  BOOST_TEST((half_hours[0] == from_minute(0, 30)));
  const GaugeMerge m = merge_gauges(radar, gauges, half_hours);
  BOOST_REQUIRE(m.merged.size() == 2U);
  BOOST_TEST((m.merged[1].field.meta.valid == from_minute(30, 60)));
  BOOST_TEST(double{m.merged[1].field.values()[77]} == 1.5 * test::hills(1, 27), tt::tolerance(1e-3));
  BOOST_TEST(m.report_findings.empty());
  BOOST_TEST(m.notes.empty());
  BOOST_REQUIRE(m.scores.size() == 4U);
  BOOST_TEST(m.scores[0].agreement.pairs == 40U);
  BOOST_TEST(m.scores[3].agreement.root_mean_square_error < 0.01 * m.scores[0].agreement.root_mean_square_error);
}

BOOST_AUTO_TEST_CASE(a_bad_report_costs_its_sum_and_not_the_field) {
  const std::vector<Field> radar = radar_of({1, 1, 1});
  StationSeries gauges = gauges_of(radar, 20, 1.5);
  gauges.at(4, 1) = 9999;
  gauges.at(7, 0) = gauges.at(7, 1) = gauges.at(7, 2) = 0;  // blocked
  const GaugeMerge m = merge_gauges(radar, gauges, intervals_up_to_last(gauges, Seconds(1800)));
  BOOST_REQUIRE(m.report_findings.size() == 1U);
  BOOST_TEST((m.report_findings[0].flag == QualityFlag::range));
  BOOST_TEST(std::isnan(m.gauges.at(4, 0)));
  BOOST_TEST(m.merged.at(0).plan.gauges + m.sum_findings.size() == 19U);
  BOOST_TEST(double{m.merged[0].field.values()[1234]} > 1.4 * 3 * test::hills(24, 34) / 6);
}

BOOST_AUTO_TEST_CASE(an_interval_without_radar_is_of_gauges_alone_and_says_so) {
  std::vector<Field> radar = radar_of({1, 1, 1, 1});
  const StationSeries gauges = gauges_of(radar, 8, 1);
  radar.erase(radar.begin() + 1);
  GaugeMergeSettings s;
  s.merge.variogram = Variogram{20, 0};
  s.merge.reach_km = 8;
  const GaugeMerge m = merge_gauges(radar, gauges, intervals_up_to_last(gauges, Seconds(1200)), s);
  BOOST_REQUIRE(m.merged.size() == 2U);
  BOOST_TEST(m.merged[0].gauges_alone);
  BOOST_TEST(!m.merged[1].gauges_alone);
  BOOST_TEST((m.merged[0].field.meta.valid == from_minute(0, 20)));
  const Grid& grid = radar[0].grid();
  for (std::size_t k = 0; k < 8; ++k) {
    const auto i = std::lround(grid.column_of(gauges.stations[k].longitude)), j = std::lround(grid.row_of(gauges.stations[k].latitude));
    BOOST_TEST(std::as_const(m.merged[0].field).view()(j, i) == m.gauges.at(k, 0), tt::tolerance(1e-3F));
  }
  BOOST_TEST(statistics(std::as_const(m.merged[0].field).view()).missing > 0);  // beyond reach nobody knows
  BOOST_REQUIRE(m.notes.size() == 1U);
  BOOST_TEST(m.notes[0] == "no radar fills 1970-01-01T00:00:00Z to 1970-01-01T00:20:00Z; it is of gauges alone");
  BOOST_TEST(m.scores[0].agreement.pairs == 8U);
  BOOST_CHECK_THROW(merge_gauges({}, gauges, {from_minute(0, 20)}), Error);
  BOOST_TEST(!sum_over(radar, from_minute(5, 20)).has_value());
  StationSeries instants = gauges;
  instants.kind = TimeKind::instant;
  BOOST_CHECK_THROW(merge_gauges(radar, instants, {from_minute(20, 40)}), Error);
}

BOOST_AUTO_TEST_SUITE_END()
