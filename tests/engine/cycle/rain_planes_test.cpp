#include "engine/cycle/rain_planes.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "engine/core/atomic_file.h"
#include "tests/support/test_data.h"

using namespace guyu;
namespace {
const float kUnknown = std::nanf("");
const TimePoint kMidnight = parse_time("2024-07-01T00:00:00Z");
TimePoint minute(int m) { return kMidnight + Seconds(60 * m); }
const Grid kGrid("EPSG:4326", 100, 30, 0.1, 0.1, 4, 1);

RainPlane plane(int begin, int end, const std::vector<float>& mm) { return rain_plane({mm.data(), 1, 4, 4}, {minute(begin), minute(end)}, {0.5F, 1}); }
RainPlanes some() {
  RainPlanes p("abc");
  p.use_grid(kGrid);
  p.add(plane(0, 10, {1, 0, kUnknown, 2}));
  p.add(plane(20, 30, {0, 0, 0, 0}));
  p.add(plane(10, 20, {1, 3, 4, kUnknown}));
  return p;
}
std::vector<Interval> intervals(const RainPlanes& p) {
  std::vector<Interval> all;
  for (const RainPlanePtr& x : p.planes()) all.push_back(x->interval);
  return all;
}
}  // namespace
BOOST_AUTO_TEST_SUITE(rain_planes)

BOOST_AUTO_TEST_CASE(planes_are_ordered_and_the_same_time_is_counted_once) {
  RainPlanes p = some();
  BOOST_REQUIRE(p.planes().size() == 3U);
  BOOST_TEST((p.planes()[1]->interval == Interval{minute(10), minute(20)}));
  BOOST_TEST(!p.add(plane(15, 25, {1, 1, 1, 1})));
  p.forget_before(minute(10));
  BOOST_TEST(p.planes().size() == 2U);
  // Only what lies in the time goes.
  p.forget({minute(12), minute(25)});
  BOOST_TEST((intervals(p) == std::vector<Interval>{{minute(10), minute(12)}, {minute(25), minute(30)}}));
}

BOOST_AUTO_TEST_CASE(hours_of_the_clock_are_joined_and_no_gap_is_bridged) {
  RainPlanes p("abc");
  p.use_grid(kGrid);
  for (const auto& [begin, end] : {std::pair{-10, 0}, {0, 10}, {10, 20}, {30, 40}, {40, 50}, {50, 70}, {70, 80}, {80, 90}})
    p.add(plane(begin, end, {1, 0, 0, 0}));
  p.join_hours_before(minute(80));
  BOOST_TEST((intervals(p) == std::vector<Interval>{{minute(-10), minute(0)},
                                                    {minute(0), minute(20)},
                                                    {minute(30), minute(50)},
                                                    {minute(50), minute(70)},
                                                    {minute(70), minute(80)},
                                                    {minute(80), minute(90)}}));
  std::vector<float> mm(4);
  spread(*p.planes()[1], 0, mm);
  BOOST_TEST(mm[0] == 2);
}

BOOST_AUTO_TEST_CASE(a_saved_state_comes_back_the_same) {
  const std::string path = test::temporary_folder("rain_planes") + "/p.nc";
  const RainPlanes p = some();
  p.save(path);
  std::string problem;
  const RainPlanes back = RainPlanes::load(path, "abc", 2, problem);
  BOOST_TEST(problem == "");
  BOOST_REQUIRE(back.planes().size() == 3U);
  for (std::size_t k = 0; k < 3; ++k) BOOST_TEST((*back.planes()[k] == *p.planes()[k]));
  BOOST_REQUIRE(back.grid().has_value());
  BOOST_TEST((*back.grid() == kGrid));
  RainPlanes("abc").save(path);  // nothing yet
  const RainPlanes none = RainPlanes::load(path, "abc", 2, problem);
  BOOST_TEST(problem == "");
  BOOST_TEST(none.planes().empty());
}

BOOST_AUTO_TEST_CASE(what_is_damaged_or_of_other_regions_is_nothing_and_says_so) {
  const std::string path = test::temporary_folder("rain_planes_bad") + "/p.nc";
  std::string problem;
  BOOST_TEST(RainPlanes::load(path, "abc", 2, problem).planes().empty());
  BOOST_TEST(problem == "");
  some().save(path);
  BOOST_TEST(RainPlanes::load(path, "other", 2, problem).planes().empty());
  BOOST_TEST(problem.find("other regions") != std::string::npos);
  problem.clear();
  BOOST_TEST(RainPlanes::load(path, "abc", 3, problem).planes().empty());
  BOOST_TEST(problem.find("other regions") != std::string::npos);
  const std::string bytes = read_text_file(path);
  for (const std::size_t length : {std::size_t{0}, std::size_t{100}, bytes.size() / 2, bytes.size() - 1}) {
    std::ofstream(path, std::ios::binary) << bytes.substr(0, length);
    problem.clear();
    BOOST_TEST(RainPlanes::load(path, "abc", 2, problem).planes().empty());
    BOOST_TEST(problem.find("unknown") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(planes_of_another_grid_become_time_of_which_nothing_is_known) {
  RainPlanes p = some();
  BOOST_TEST(!p.use_grid(kGrid));
  BOOST_TEST(p.planes().size() == 3U);
  BOOST_TEST(p.use_grid(Grid("EPSG:4326", 100, 30, 0.1, 0.1, 2, 2)));
  BOOST_REQUIRE(p.planes().size() == 3U);
  for (const RainPlanePtr& plane : p.planes()) {
    BOOST_TEST(plane->amount.empty());
    BOOST_TEST(plane->coverage == (std::vector<float>{0, 0}), boost::test_tools::per_element());
    BOOST_TEST((plane->unknown == std::vector<RainPlane::Run>{{0, 4}}));
  }
  BOOST_TEST(p.covers({minute(0), minute(30)}));  // nobody need look for it again
}

BOOST_AUTO_TEST_SUITE_END()
