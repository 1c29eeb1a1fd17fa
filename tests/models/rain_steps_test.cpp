#include "models/rain_steps.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <map>

using namespace guyu;
namespace {
const TimePoint kStepsZero = parse_time("2024-07-01T00:00:00Z");
TimePoint minute(int m) { return kStepsZero + std::chrono::minutes(m); }
constexpr float kLost = std::numeric_limits<float>::quiet_NaN();

// Pieces of two regions with a gap from 60 to 80; the last one has three members, the second of which is lost in the first region.
HazardSeries two_towns() {
  HazardSeries s{quantities::precipitation_amount(), "mean", TimeKind::accumulation, {}, {}, {}};
  s.pieces.push_back({{minute(0), minute(60)}, Origin::observed, {6, 2}, {1, 0.5F}, {}});
  s.pieces.push_back({{minute(80), minute(120)}, Origin::extrapolated, {4, kLost}, {0.9F, 1}, {}});
  s.pieces.push_back({{minute(120), minute(180)}, Origin::forecast, {3, 3}, {1, 0}, {{1, 1}, {kLost, 2}, {5, 6}}});
  return s;
}
}  // namespace
BOOST_AUTO_TEST_SUITE(rain_steps)

BOOST_AUTO_TEST_CASE(steps_follow_each_other_and_share_out_each_piece) {
  const HazardSeries rain = two_towns();
  for (const int from : {-30, 0, 30, 70, 100})
    for (const int cut : {-60, 0, 45, 60, 70, 100, 180, 500}) {
      const RainSteps steps(rain, minute(from), minute(cut));
      BOOST_REQUIRE(steps.size() > 0U);
      BOOST_TEST((steps[0].time.begin == minute(from)));
      BOOST_TEST((steps[steps.size() - 1].time.end == minute(180)));
      std::map<const SeriesPiece*, double> share;
      bool cut_is_an_end = false;
      for (std::size_t k = 0; k < steps.size(); ++k) {
        BOOST_TEST((steps[k].time.begin < steps[k].time.end));
        if (k > 0) BOOST_TEST((steps[k].time.begin == steps[k - 1].time.end));
        if (steps[k].piece) share[steps[k].piece] += steps[k].share;
        cut_is_an_end = cut_is_an_end || steps[k].time.end == minute(cut);
      }
      if (cut > from && cut <= 180) BOOST_TEST(cut_is_an_end, "from " << from << ", cut at " << cut);
      for (const SeriesPiece& p : rain.pieces) {
        const double inside = static_cast<double>((p.interval.end - std::max(p.interval.begin, minute(from))).count());
        const double whole = static_cast<double>(p.interval.length().count());
        if (inside > 0) BOOST_TEST(std::abs(share[&p] - std::min(1.0, inside / whole)) < 1e-12);
      }
    }
  BOOST_TEST(RainSteps(rain, minute(180), minute(0)).size() == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_known_and_fell_is_told_by_region_and_future) {
  const HazardSeries rain = two_towns();
  const RainSteps steps(rain, minute(0), minute(30));  // 0-30, 30-60, gap, 80-120, 120-180
  BOOST_REQUIRE(steps.size() == 5U);
  BOOST_TEST(steps.first_with_members() == 4U);
  BOOST_TEST(!steps.has_members(3));
  const auto at = [&](std::size_t k, std::size_t member) {
    std::vector<float> seen{steps.known(k, 0), steps.known(k, 1)};
    std::vector<double> mm(2);
    steps.amounts(k, member, 0, 2, seen.data(), mm.data());
    return mm;
  };
  BOOST_TEST(at(0, 0)[0] == 3.0);
  BOOST_TEST(at(0, 0)[1] == 0.5);  // half was seen: only what fell there
  BOOST_TEST(at(2, 0)[0] == 0.0);  // a gap
  BOOST_TEST(steps.known(2, 0) == 0.0F);
  BOOST_TEST(at(3, 0)[0] == 4.0);  // nine tenths seen is enough for all
  BOOST_TEST(steps.known(3, 1) == 0.0F);
  BOOST_TEST(at(3, 0)[1] == 0.0);  // no value: nothing is known, in all futures
  BOOST_TEST(at(4, 2)[0] == 5.0);
  BOOST_TEST(std::isnan(at(4, 1)[0]));  // this future alone is lost
  BOOST_TEST(steps.known(4, 0) == 1.0F);
  BOOST_TEST(at(4, 2)[1] == 0.0);  // of no coverage
}

BOOST_AUTO_TEST_CASE(a_moment_is_found_in_the_step_that_ends_with_it_or_holds_it) {
  const HazardSeries rain = two_towns();
  const RainSteps steps(rain, minute(0), minute(30));
  for (int m = -10; m <= 200; ++m) {
    const StepPlace p = place_in(steps, minute(m));
    const double from = static_cast<double>((steps[p.step].time.begin - kStepsZero).count()) / 60;
    const double found = from + p.part * steps.seconds(p.step) / 60;
    BOOST_TEST(std::abs(found - std::min(180, std::max(0, m))) < 1e-9, m);
    BOOST_TEST((p.part >= 0 && p.part <= 1));
  }
}

BOOST_AUTO_TEST_CASE(means_are_of_the_known_futures_and_nothing_known_has_no_value) {
  HazardSeries rain = two_towns();
  SeriesPiece& last = rain.pieces.back();
  set_mean_of_members(last);
  BOOST_TEST(last.values[0] == 3.0F);
  BOOST_TEST(last.values[1] == 3.0F);
  last.members = {{kLost, 1}, {kLost, 2}};
  set_mean_of_members(last);
  BOOST_TEST(std::isnan(last.values[0]));
  blank_unknown(rain);
  BOOST_TEST(std::isnan(last.values[1]));
  BOOST_TEST(std::isnan(last.members[0][1]));
  BOOST_TEST(rain.pieces[0].values[1] == 2.0F);
}

BOOST_AUTO_TEST_SUITE_END()
