#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "models/computed_series.h"
#include "models/rule_model.h"

using namespace guyu;
namespace {
const TimePoint kShakingIssue = parse_time("2014-08-03T09:00:00Z");

HazardInputs shaken(const std::vector<float>& intensity, float hours = 0.5F) {
  HazardInputs in{kShakingIssue, kShakingIssue + Seconds(3600), intensity.size()};
  in.attributes.push_back({"earthquake_intensity", "1", intensity});
  in.attributes.push_back({"earthquake_age", "h", std::vector<float>(intensity.size(), hours)});
  return in;
}
HazardSeries shaking_series(const HazardInputs& in) {
  const SeriesModel& m = series_model("seismic_intensity");
  return m.compute(in, default_params(m), {}).series;
}
std::vector<Level> shaking_levels(HazardInputs in) {
  in.series.push_back(shaking_series(in));
  in.horizon = std::max(in.horizon, in.series.back().horizon.value_or(in.horizon));
  std::vector<Level> out;
  for (const RiskRow& row : RuleModel(load_rule_pack("configs/rules/shaking.toml")).evaluate(in).rows) out.push_back(row.level);
  return out;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(seismic_intensity_model)

BOOST_AUTO_TEST_CASE(its_pack_has_the_colours_of_the_national_early_warning_by_the_rounded_degree) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<Level> levels = shaking_levels(shaken({nan, 1.2F, 1.5F, 2.4F, 2.5F, 4.4F, 4.6F, 6.4F, 6.6F, 11}));
  const std::vector<Level> expected{Level::unknown, Level::none,   Level::blue,   Level::blue, Level::yellow,
                                    Level::yellow,  Level::orange, Level::orange, Level::red,  Level::red};
  BOOST_REQUIRE(levels.size() == expected.size());
  for (std::size_t k = 0; k < levels.size(); ++k) BOOST_TEST(to_string(levels[k]) == to_string(expected[k]), k);
}

BOOST_AUTO_TEST_CASE(shaking_stands_for_its_time_and_is_then_unknown) {
  const HazardSeries s = shaking_series(shaken({6}));
  BOOST_REQUIRE(s.pieces.size() == 2U);
  BOOST_TEST((s.pieces[0].interval.begin == kShakingIssue - Seconds(1800)));
  BOOST_TEST((s.horizon == kShakingIssue + Seconds(11 * 1800)));
  BOOST_TEST((shaking_levels(shaken({6}, 5.9F))[0] == Level::orange));
  BOOST_TEST((shaking_levels(shaken({6}, 6.1F))[0] == Level::unknown));
  BOOST_TEST((shaking_levels(shaken({6}, std::nanf("")))[0] == Level::unknown));
}

BOOST_AUTO_TEST_CASE(soft_ground_adds_its_increment_and_an_unknown_site_none) {
  HazardInputs in = shaken({6, 6, 11.8F});
  in.attributes.push_back({"site_intensity_increment", "1", {0.8F, std::nanf(""), 1}});
  const SeriesPiece p = shaking_series(in).pieces.back();
  BOOST_TEST(p.values[0] == 6.8F);
  BOOST_TEST(p.values[1] == 6);
  BOOST_TEST(p.values[2] == 12);
}

BOOST_AUTO_TEST_SUITE_END()
