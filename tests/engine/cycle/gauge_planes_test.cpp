#include "engine/cycle/gauge_planes.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "engine/cycle/gauge_slots.h"

using namespace guyu;
namespace {
const float kUnknown = std::nanf("");
TimePoint minute(int m) { return TimePoint(Seconds(60 * m)); }

RainPlanePtr plane(int begin, int end, const std::vector<float>& mm, float coverage = 1) {
  const auto n = static_cast<std::int64_t>(mm.size());
  return std::make_shared<const RainPlane>(rain_plane({mm.data(), 1, n, n}, {minute(begin), minute(end)}, {coverage}));
}
std::vector<float> cells(const RainPlane& p, std::size_t n) {
  std::vector<float> mm(n);
  spread(p, 0, mm);
  return mm;
}
}  // namespace
BOOST_AUTO_TEST_SUITE(gauge_planes)

BOOST_AUTO_TEST_CASE(each_cell_keeps_its_course_and_takes_the_merged_amount) {
  const auto out = with_gauges({plane(0, 30, {1, 4}), plane(30, 60, {3, 0})}, {plane(0, 60, {8, 2})}, 2);
  BOOST_REQUIRE(out.size() == 2U);
  BOOST_TEST(cells(*out[0], 2) == (std::vector<float>{2, 2}), boost::test_tools::per_element());
  BOOST_TEST(cells(*out[1], 2) == (std::vector<float>{6, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(planes_beside_the_merged_time_stay_and_those_across_its_border_are_cut) {
  const auto out = with_gauges({plane(-60, 0, {5}), plane(50, 70, {2}), plane(70, 80, {9})}, {plane(0, 60, {7})}, 1);
  BOOST_REQUIRE(out.size() == 5U);
  BOOST_TEST(cells(*out[0], 1)[0] == 5);
  float merged = 0;
  for (std::size_t k = 1; k < 3; ++k) merged += cells(*out[k], 1)[0];
  BOOST_TEST(merged == 7, boost::test_tools::tolerance(1e-4F));
  BOOST_TEST((out[3]->interval == Interval{minute(60), minute(70)}));
  BOOST_TEST(cells(*out[3], 1)[0] == 1);
  BOOST_TEST(cells(*out[4], 1)[0] == 9);
}

BOOST_AUTO_TEST_CASE(many_cells_are_set_right_block_by_block_to_the_same) {
  constexpr std::size_t kMany = 200001;  // more than two blocks
  std::vector<float> radar(kMany), merged(kMany);
  for (std::size_t k = 0; k < kMany; ++k) {
    radar[k] = k % 5 == 0 ? 2.0F : k < 70000 && k % 7 == 0 ? kUnknown : 0.0F;
    merged[k] = k % 5 == 0 ? 6.0F : k % 11 == 0 ? kUnknown : 1.0F;
  }
  const auto out = with_gauges({plane(0, 30, radar)}, {plane(0, 60, merged)}, kMany);
  BOOST_REQUIRE(out.size() == 2U);  // what the radar saw, and the time that it did not
  const std::vector<float> first = cells(*out[0], kMany), second = cells(*out[1], kMany);
  std::size_t wrong = 0;
  for (const std::size_t k : {std::size_t{0}, std::size_t{65535}, std::size_t{65540}, std::size_t{131075}, kMany - 1})
    wrong += k % 5 == 0 && first[k] + second[k] != 6 ? 1 : 0;
  BOOST_TEST(wrong == 0U);
  for (const RainPlanePtr& p : out)
    for (std::size_t k = 1; k < p->wet.size(); ++k) BOOST_TEST_REQUIRE(p->wet[k].first > p->wet[k - 1].first + p->wet[k - 1].count);
}

BOOST_AUTO_TEST_CASE(without_radar_the_gauges_stand_alone_with_their_own_coverage) {
  const auto out = with_gauges({}, {plane(0, 60, {7, kUnknown}, 0.5F)}, 2);
  BOOST_REQUIRE(out.size() == 1U);
  BOOST_TEST(cells(*out[0], 2)[0] == 7);
  BOOST_TEST(std::isnan(cells(*out[0], 2)[1]));
  BOOST_TEST(out[0]->coverage[0] == 0.5F);
}

BOOST_AUTO_TEST_CASE(each_cell_is_worth_what_it_would_be_as_a_region) {
  std::mt19937 random(21);
  constexpr std::size_t kCells = 23;
  const auto random_amounts = [&] {
    std::vector<float> mm(kCells);
    for (float& v : mm) v = random() % 4 == 0 ? kUnknown : random() % 2 == 0 ? 0 : static_cast<float>(random() % 64) / 4;
    return mm;
  };
  std::vector<RainPlanePtr> radar, merged;
  for (int k = 0; k < 18; ++k)
    if (random() % 5 != 0) radar.push_back(plane(10 * k, 10 * k + 10, random_amounts()));
  for (int hour = 0; hour < 3; ++hour) merged.push_back(plane(60 * hour, 60 * hour + 60, random_amounts()));
  const auto as_slots = [](const std::vector<RainPlanePtr>& planes) {
    std::vector<RainSlot> slots;
    for (const RainPlanePtr& p : planes) {
      RainSlot s{p->interval, cells(*p, kCells), {}, ""};
      for (const float v : s.amount_mm) s.coverage.push_back(std::isnan(v) ? 0.0F : 1.0F);
      slots.push_back(std::move(s));
    }
    return slots;
  };
  const std::vector<RainSlot> wanted = with_gauges(as_slots(radar), as_slots(merged));
  const std::vector<RainPlanePtr> out = with_gauges(radar, merged, kCells);
  BOOST_REQUIRE(out.size() == wanted.size());
  for (std::size_t k = 0; k < out.size(); ++k) {
    BOOST_TEST((out[k]->interval == wanted[k].interval));
    const std::vector<float> mm = cells(*out[k], kCells);
    for (std::size_t c = 0; c < kCells; ++c)
      BOOST_TEST((std::isnan(mm[c]) ? std::isnan(wanted[k].amount_mm[c]) : std::abs(mm[c] - wanted[k].amount_mm[c]) < 1e-4F), "cell " << c);
  }
}

BOOST_AUTO_TEST_SUITE_END()
