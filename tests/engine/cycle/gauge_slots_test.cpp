#include "engine/cycle/gauge_slots.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

namespace guyu {
namespace {

const float kUnknown = std::nanf("");

RainSlot slot(int begin_min, int end_min, std::vector<float> mm, std::vector<float> coverage = {}) {
  if (coverage.empty())
    for (const float x : mm) coverage.push_back(std::isnan(x) ? 0.0F : 1.0F);
  return {{TimePoint(Seconds(60 * begin_min)), TimePoint(Seconds(60 * end_min))}, std::move(mm), std::move(coverage), ""};
}

double sum(const std::vector<RainSlot>& slots, std::size_t region) {
  double all = 0;
  for (const RainSlot& s : slots) all += static_cast<double>(s.amount_mm[region]);
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gauge_slots)

BOOST_AUTO_TEST_CASE(radar_keeps_its_course_and_takes_the_merged_amount) {
  const auto out = with_gauges({slot(0, 30, {1}), slot(30, 60, {3})}, {slot(0, 60, {8})});
  BOOST_REQUIRE(out.size() == 2);
  BOOST_TEST(out[0].amount_mm[0] == 2);
  BOOST_TEST(out[1].amount_mm[0] == 6);
}

BOOST_AUTO_TEST_CASE(a_township_without_radar_has_what_gauges_say) {
  const auto out = with_gauges({slot(0, 30, {kUnknown, 1}), slot(30, 60, {kUnknown, 1})}, {slot(0, 60, {12, 2}, {0.8F, 1})});
  BOOST_TEST(sum(out, 0) == 12);
  BOOST_TEST(out[0].coverage[0] == 0.8F);
  BOOST_TEST(sum(out, 1) == 2);
}

BOOST_AUTO_TEST_CASE(without_any_radar_slot_the_merged_interval_is_one) {
  const auto out = with_gauges({}, {slot(0, 60, {5}), slot(60, 120, {0})});
  BOOST_REQUIRE(out.size() == 2);
  BOOST_TEST(out[0].amount_mm[0] == 5);
  BOOST_TEST(out[1].amount_mm[0] == 0);
}

BOOST_AUTO_TEST_CASE(rain_that_the_radar_did_not_see_comes_evenly) {
  const auto out = with_gauges({slot(0, 20, {0}), slot(20, 60, {0})}, {slot(0, 60, {6})});
  BOOST_TEST(out[0].amount_mm[0] == 2, boost::test_tools::tolerance(1e-6F));
  BOOST_TEST(out[1].amount_mm[0] == 4, boost::test_tools::tolerance(1e-6F));
}

BOOST_AUTO_TEST_CASE(one_wrong_gauge_cannot_multiply_without_end) {
  BOOST_TEST(sum(with_gauges({slot(0, 60, {1})}, {slot(0, 60, {500})}), 0) == 10);
  BOOST_TEST(sum(with_gauges({slot(0, 60, {20})}, {slot(0, 60, {0})}), 0) == 2);
}

BOOST_AUTO_TEST_CASE(what_gauges_do_not_know_stays_as_the_radar_has_it) {
  const auto out = with_gauges({slot(0, 60, {4, kUnknown})}, {slot(0, 60, {kUnknown, kUnknown})});
  BOOST_TEST(out[0].amount_mm[0] == 4);
  BOOST_TEST(std::isnan(out[0].amount_mm[1]));
}

BOOST_AUTO_TEST_CASE(gaps_between_radar_slots_are_filled_where_gauges_reach) {
  const auto out = with_gauges({slot(0, 20, {kUnknown}), slot(40, 60, {kUnknown})}, {slot(0, 60, {6})});
  BOOST_TEST(out.size() == 3);
  BOOST_TEST(sum(out, 0) == 6, boost::test_tools::tolerance(1e-6));
  for (std::size_t k = 1; k < out.size(); ++k) BOOST_TEST((out[k].interval.begin == out[k - 1].interval.end));
}

BOOST_AUTO_TEST_CASE(slots_that_jut_out_are_parted_at_the_border) {
  const auto out = with_gauges({slot(-12, 48, {5}), slot(48, 108, {10})}, {slot(0, 60, {12})});
  // (-12, 0] keeps 1 mm, (60, 108] keeps 8; the hour between has what gauges say.
  BOOST_TEST(out.front().amount_mm[0] == 1, boost::test_tools::tolerance(1e-6F));
  BOOST_TEST(out.back().amount_mm[0] == 8, boost::test_tools::tolerance(1e-6F));
  BOOST_TEST(sum(out, 0) == 21, boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(the_time_after_the_newest_frame_is_known_where_gauges_are) {
  const auto out = with_gauges({slot(0, 50, {10, kUnknown})}, {slot(0, 60, {12, 6})});
  BOOST_REQUIRE(out.size() == 2);
  BOOST_TEST(out[1].amount_mm[0] == 2, boost::test_tools::tolerance(1e-6F));
  BOOST_TEST(sum(out, 0) == 12, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(sum(out, 1) == 6, boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(a_slot_of_gauges_alone_knows_how_many_frames_were_there) {
  RainSlot s = slot(0, 60, {1});
  s.source = gauges_alone_source(7);
  BOOST_TEST((frames_beside_gauges(s) == 7));
  s.source = gauge_source();
  BOOST_TEST(!frames_beside_gauges(s));
  s.source = gauges_alone_source(7) + "?";  // of a state that nobody wrote
  BOOST_TEST((frames_beside_gauges(s) == 0));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
