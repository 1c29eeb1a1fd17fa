#include "cli/forecast/reach.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

namespace guyu::test {
namespace {

RegionSet three_towns() {
  RegionSet set;
  for (const char* code : {"a", "b", "c"}) set.regions.push_back({code, code, "", {}});
  return set;
}

std::vector<RegionSeries> named_series(const std::vector<std::string>& names) {
  std::vector<RegionSeries> all;
  for (const std::string& n : names) all.push_back({n, n, {n, "1"}, "", TimeKind::instant, {}, {}});
  return all;
}

const float kNone = std::nanf("");

}  // namespace

BOOST_AUTO_TEST_SUITE(reach)

BOOST_AUTO_TEST_CASE(a_value_at_any_step_of_any_member_is_enough) {
  const RegionSet towns = three_towns();
  const auto series = named_series({"rain"});
  cli::Reach reach(towns, series);
  const std::vector<float> none(3, 1.0F);
  reach.put(0, 0, 0, std::vector<float>{1, kNone, kNone}, none);
  reach.put(0, 4, 7, std::vector<float>{kNone, 0, kNone}, none);
  const auto notes = reach.notes();
  BOOST_TEST_REQUIRE(notes.size() == 1U);
  BOOST_TEST(notes[0].find("1 of 3 townships have no value at any step of all series, the first of them c") == 0U, notes[0]);
  reach.put(0, 0, 1, std::vector<float>{kNone, kNone, 2}, none);
  BOOST_TEST(reach.notes().empty());
}

BOOST_AUTO_TEST_CASE(series_that_miss_the_same_townships_are_told_together) {
  const RegionSet towns = three_towns();
  const auto series = named_series({"rain", "warm", "wind", "gust"});
  cli::Reach reach(towns, series);
  const std::vector<float> some{1, 1, 1};
  reach.put(0, 0, 0, std::vector<float>{1, 1, 1}, some);
  for (const std::size_t s : {std::size_t{1}, std::size_t{2}}) reach.put(s, 0, 0, std::vector<float>{kNone, 1, 1}, some);
  reach.put(3, 0, 0, std::vector<float>{1, kNone, kNone}, some);
  std::string told;
  for (const std::string& n : reach.notes()) told += n + "\n";
  BOOST_TEST(told.find("1 of 3 townships have no value at any step of warm and 1 more series, the first of them a") != std::string::npos, told);
  BOOST_TEST(told.find("2 of 3 townships have no value at any step of gust, the first of them b") != std::string::npos, told);
  BOOST_TEST(told.find("rain") == std::string::npos, told);
}

BOOST_AUTO_TEST_CASE(a_series_that_was_never_put_reaches_nobody) {
  const RegionSet towns = three_towns();
  const auto series = named_series({"rain"});
  BOOST_TEST(cli::Reach(towns, series).notes().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace guyu::test
