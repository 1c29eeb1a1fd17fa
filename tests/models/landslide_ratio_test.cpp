#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "models/computed_series.h"
#include "models/landslide_threshold.h"
#include "models/rule_model.h"

using namespace guyu;
namespace {
const TimePoint kSlideIssue = parse_time("2024-07-01T06:00:00Z");
constexpr float kGone = std::numeric_limits<float>::quiet_NaN();
constexpr int kPastHours = 80;

const SeriesModel& slide_model() { return series_model("landslide_ratio"); }

// Rain of one region by the hour: `past` hours up to the issue time and the rest after it.
HazardInputs slide_rain(const std::vector<float>& mm, int past = kPastHours) {
  HazardInputs in{kSlideIssue, kSlideIssue + Seconds(3600 * (static_cast<int>(mm.size()) - past)), 1};
  HazardSeries s{quantities::precipitation_amount(), "mean", TimeKind::accumulation, {}, kSlideIssue, {}};
  for (int h = 0; h < static_cast<int>(mm.size()); ++h) {
    const TimePoint begin = kSlideIssue + Seconds(3600 * (h - past));
    s.pieces.push_back({{begin, begin + Seconds(3600)}, h < past ? Origin::observed : Origin::forecast, {mm[static_cast<std::size_t>(h)]}, {1.0F}, {}});
  }
  in.series.push_back(std::move(s));
  return in;
}
std::vector<float> no_rain(int hours_ahead) { return std::vector<float>(static_cast<std::size_t>(kPastHours + hours_ahead), 0.0F); }
HazardSeries slide_series(const HazardInputs& in, const ModelParams& params = default_params(slide_model())) {
  return slide_model().compute(in, params, {}).series;
}
Level slide_level(HazardInputs in) {
  in.series.push_back(slide_series(in));
  return RuleModel(load_rule_pack("configs/rules/" + slide_model().info().pack + ".toml")).evaluate(in).rows[0].level;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(landslide_ratio_model)

BOOST_AUTO_TEST_CASE(the_threshold_is_one_at_caines_rain_of_each_duration) {
  // I = 14.82 D^-0.39 (Caine 1980): 14.82 mm in 1 h; 4.291 mm/h over 24 h is 103.0 mm; 3.275 mm/h over 48 h is 157.2 mm.
  for (const auto& [hours, mm] : {std::pair(1, 14.82), {24, 102.98}, {48, 157.18}}) {
    std::vector<float> rain = no_rain(6);
    for (int h = 0; h < hours; ++h) rain[static_cast<std::size_t>(kPastHours + 5 - h)] = static_cast<float>(mm / hours);
    const HazardSeries s = slide_series(slide_rain(rain));
    BOOST_TEST(s.pieces.back().values[0] == 1.0F, boost::test_tools::tolerance(1e-3F));
    BOOST_TEST(s.pieces.back().coverage[0] == 1);
    BOOST_TEST((s.horizon == kSlideIssue + Seconds(6 * 3600)));
  }
}

BOOST_AUTO_TEST_CASE(every_hour_has_the_largest_ratio_of_the_plain_reckoning) {
  std::mt19937 random(7);
  std::vector<float> rain = no_rain(24);
  for (float& mm : rain) mm = random() % 4 == 0 ? static_cast<float>(random() % 200) / 10 : 0.0F;
  const HazardSeries s = slide_series(slide_rain(rain));
  BOOST_REQUIRE(s.pieces.size() == 27U);
  for (std::size_t k = 0; k < s.pieces.size(); ++k) {
    const std::size_t end = kPastHours - 2 + k;
    const auto from = rain.begin() + static_cast<std::ptrdiff_t>(end - 48);
    const LandslideRatio plain = landslide_ratio(std::vector<float>(from, from + 48), landslide_threshold("caine1980"));
    BOOST_TEST(s.pieces[k].values[0] == static_cast<float>(plain.ratio), boost::test_tools::tolerance(1e-4F));
    BOOST_TEST((s.pieces[k].interval.end == kSlideIssue + Seconds(3600 * (static_cast<int>(k) - 2))));
  }
}

BOOST_AUTO_TEST_CASE(a_missing_hour_costs_coverage_and_a_none_when_it_is_recent) {
  std::vector<float> rain = no_rain(24);
  BOOST_TEST((slide_level(slide_rain(rain)) == Level::none));
  rain[kPastHours + 2] = kGone;
  const HazardSeries s = slide_series(slide_rain(rain));
  BOOST_TEST(s.pieces[2 + 3].coverage[0] == 0);     // the window of that hour alone
  BOOST_TEST(s.pieces[2 + 4].coverage[0] == 0.5F);  // of two hours one is known
  BOOST_TEST(s.pieces[2 + 13].coverage[0] == 10.0F / 11, boost::test_tools::tolerance(1e-5F));
  BOOST_TEST((slide_level(slide_rain(rain)) == Level::unknown));
  rain[kPastHours + 10] = 40;  // 2.7 times the threshold of an hour; eight hours after the gap enough of every window is known
  BOOST_TEST((slide_level(slide_rain(rain)) == Level::yellow));
  rain[kPastHours + 10] = 0, rain[kPastHours + 3] = 40;  // right after the gap: the known rain suffices, whatever fell in it
  BOOST_TEST((slide_level(slide_rain(rain)) == Level::yellow));
  for (float& mm : rain) mm = kGone;
  for (const SeriesPiece& p : slide_series(slide_rain(rain)).pieces) BOOST_TEST((std::isnan(p.values[0]) && p.coverage[0] == 0));
  BOOST_TEST((slide_level(slide_rain(rain)) == Level::unknown));
}

BOOST_AUTO_TEST_CASE(members_have_their_own_ratio_and_a_lost_one_has_none) {
  HazardInputs in = slide_rain(no_rain(4));
  in.members = 3;
  for (SeriesPiece& p : in.series[0].pieces)
    if (p.origin == Origin::forecast) p.values = {5}, p.members = {{0}, {10}, {kGone}};
  const HazardSeries s = slide_series(in);
  BOOST_TEST(s.pieces[2].members.empty());
  const SeriesPiece& p = s.pieces.back();
  BOOST_REQUIRE(p.members.size() == 3U);
  BOOST_TEST(p.members[0][0] == 0);
  BOOST_TEST(p.members[1][0] == static_cast<float>(40 / (14.82 * std::pow(4, 0.61))), boost::test_tools::tolerance(1e-4F));
  BOOST_TEST(std::isnan(p.members[2][0]));
  BOOST_TEST(p.values[0] == p.members[1][0] / 2);
}

BOOST_AUTO_TEST_CASE(wet_ground_and_susceptible_slopes_raise_the_ratio) {
  std::vector<float> rain = no_rain(4);
  rain[kPastHours + 1] = 10;
  HazardInputs in = slide_rain(rain);
  ModelParams params = default_params(slide_model());
  const float plain = slide_series(in, params).pieces.back().values[0];
  params.numbers["dry_factor"] = 1.3, params.numbers["wet_factor"] = 0.8;
  BOOST_TEST(slide_series(in, params).pieces.back().values[0] == plain / 0.8F, boost::test_tools::tolerance(1e-5F));  // not known: full
  in.attributes.push_back({"landslide_wetness", "1", {0}});
  BOOST_TEST(slide_series(in, params).pieces.back().values[0] == plain / 1.3F, boost::test_tools::tolerance(1e-5F));
  in.attributes.push_back({"landslide_susceptibility", "1", {1.5F}});
  BOOST_TEST(slide_series(in, params).pieces.back().values[0] == 1.5F * plain / 1.3F, boost::test_tools::tolerance(1e-5F));
  in.attributes.back().values[0] = kGone;  // counts as absent
  BOOST_TEST(slide_series(in, params).pieces.back().values[0] == plain / 1.3F, boost::test_tools::tolerance(1e-5F));
}

BOOST_AUTO_TEST_CASE(antecedent_rain_is_remembered_from_day_to_day) {
  ModelParams params = default_params(slide_model());
  ModelState state;
  float expected = 0;
  for (int day = 0; day < 12; ++day) {
    HazardInputs in = slide_rain(no_rain(2));
    for (SeriesPiece& p : in.series[0].pieces) p.interval = {p.interval.begin + Seconds(86400 * day), p.interval.end + Seconds(86400 * day)}, p.values[0] = 1;
    in.issue += Seconds(86400 * day), in.horizon += Seconds(86400 * day);
    const ModelState next = slide_model().compute(in, params, state).state;
    if (day == 0) expected = 24 + 0.84F * 24;  // of the history that the first cycle has
    else expected = 0.84F * expected + 24;
    BOOST_TEST(next.values.at("antecedent_rain")[0] == expected, boost::test_tools::tolerance(1e-4F));
    BOOST_TEST(next.values.at("antecedent_days")[0] == static_cast<float>(day + 2));
    // The same cycle again adds nothing.
    BOOST_TEST(slide_model().compute(in, params, next).state.values.at("antecedent_rain")[0] == next.values.at("antecedent_rain")[0]);
    state = next;
  }
}

BOOST_AUTO_TEST_SUITE_END()
