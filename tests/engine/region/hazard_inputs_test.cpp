#include "engine/region/hazard_inputs.h"

#include <boost/test/unit_test.hpp>

using namespace guyu;
BOOST_AUTO_TEST_SUITE(hazard_inputs)

BOOST_AUTO_TEST_CASE(a_series_is_found_by_quantity_and_statistic_both) {
  HazardInputs in;
  for (const char* statistic : {"mean", "max", "p90"}) {
    HazardSeries s{*find_quantity("wind_speed"), statistic, TimeKind::instant, {}, {}, {}};
    in.series.push_back(std::move(s));
  }
  BOOST_TEST(in.find_series("wind_speed", "mean") == &in.series[0]);
  BOOST_TEST(in.find_series("wind_speed", "max") == &in.series[1]);
  BOOST_TEST(in.find_series("wind_speed", "p90") == &in.series[2]);
  BOOST_TEST(in.find_series("wind_speed", "min") == nullptr);
  BOOST_TEST(in.find_series("wind_speed", "") == nullptr);
  BOOST_TEST(in.find_series("wind_speed_of_gust", "mean") == nullptr);
}

BOOST_AUTO_TEST_CASE(of_attributes_of_one_name_the_first_stands) {
  HazardInputs in;
  in.attributes = {{"slope", "degree", {1}}, {"people", "1", {2}}, {"slope", "1", {3}}};
  BOOST_TEST(in.find_attribute("slope") == &in.attributes[0]);
  BOOST_TEST(in.find_attribute("people") == &in.attributes[1]);
  BOOST_TEST(in.find_attribute("slop") == nullptr);
}

BOOST_AUTO_TEST_CASE(futures_take_fewer_members_in_turn_and_share_what_has_none) {
  const SeriesPiece same{{}, Origin::observed, {7}, {1}, {}};
  const SeriesPiece three{{}, Origin::forecast, {2}, {1}, {{1}, {2}, {3}}};
  for (std::size_t future = 0; future < 8; ++future) {
    BOOST_TEST(same.of(future)[0] == 7);
    BOOST_TEST(three.of(future)[0] == static_cast<float>(future % 3 + 1));
  }
}

BOOST_AUTO_TEST_SUITE_END()
