#include "models/rules/member_decision.h"

#include <boost/test/unit_test.hpp>
#include <random>

using namespace guyu;
namespace {
struct FutureLevel {
  Level level;
  float nearness;
};
MemberDecision decided(const std::vector<FutureLevel>& futures, const RulePack& pack, const CalibratedProbability& calibrated = {}) {
  std::vector<std::int8_t> levels;
  std::vector<float> nearness;
  for (const FutureLevel& f : futures) levels.push_back(static_cast<std::int8_t>(f.level)), nearness.push_back(f.nearness);
  MemberDecisions decisions(futures.size(), 1);
  decisions.decide({levels.data(), 1, nearness.data(), 1}, 1, pack, calibrated, 0);
  return decisions.of(0);
}
constexpr Level N = Level::none, U = Level::unknown, B = Level::blue, Y = Level::yellow, R = Level::red;
}  // namespace
BOOST_AUTO_TEST_SUITE(member_decision)

BOOST_AUTO_TEST_CASE(each_level_needs_its_own_share) {
  RulePack pack;
  const std::vector<FutureLevel> futures{{R, 3}, {Y, 2}, {B, 1}, {N, 0}};
  BOOST_TEST((decided(futures, pack).level == Y));  // half of them
  pack.level_probability[3] = 0.2;
  BOOST_TEST((decided(futures, pack).level == R));
  pack.level_probability[3].reset();
  pack.decision_probability = 0.7;
  BOOST_TEST((decided(futures, pack).level == B));
  BOOST_TEST(decided(futures, pack).probability[1] == 0.5F);
}

BOOST_AUTO_TEST_CASE(a_share_that_is_just_the_one_asked_for_reaches_it) {
  // For every number of members and every share of them, whatever its rounding as a float.
  RulePack pack;
  for (int n = 1; n <= 64; ++n)
    for (int k = 1; k <= n; ++k) {
      std::vector<FutureLevel> futures(static_cast<std::size_t>(n), FutureLevel{N, 0});
      for (int i = 0; i < k; ++i) futures[static_cast<std::size_t>(i)] = {B, 1};
      pack.decision_probability = static_cast<double>(k) / n;
      BOOST_TEST((decided(futures, pack).level == B), k << " of " << n);
      pack.decision_probability = (k + 0.5) / n;
      BOOST_TEST((decided(futures, pack).level == N), k << " of " << n << " for more");
    }
}

BOOST_AUTO_TEST_CASE(those_that_cannot_tell_make_a_none_unknown_only_when_they_could_turn_it) {
  RulePack pack;
  BOOST_TEST((decided({{U, 0}, {N, 0}, {N, 0}}, pack).level == N));
  BOOST_TEST((decided({{U, 0}, {U, 0}, {N, 0}}, pack).level == U));
  BOOST_TEST((decided({{U, 0}, {B, 1}, {N, 0}}, pack).level == U));
  BOOST_TEST((decided({{U, 0}, {B, 1}, {B, 1}}, pack).level == B));
}

BOOST_AUTO_TEST_CASE(a_calibration_leaves_the_shares_to_learn_from) {
  const RulePack pack;
  const std::vector<FutureLevel> futures{{B, 1}, {N, 0}, {N, 0}, {N, 0}}, unknown{{U, 0}, {U, 0}};
  const CalibratedProbability twice = [](std::size_t, Level, float share) { return 2 * share; };
  const MemberDecision d = decided(futures, pack, twice);
  BOOST_TEST(d.probability[0] == 0.5F);
  BOOST_TEST(d.share.value()[0] == 0.25F);
  BOOST_TEST(!decided(futures, pack).share);
  BOOST_TEST(!decided(unknown, pack, twice).share);
}

BOOST_AUTO_TEST_CASE(the_middle_one_of_the_level_given_stands_for_all) {
  const RulePack pack;
  BOOST_TEST(decided({{B, 1.4F}, {N, 0.9F}, {B, 1.1F}, {B, 1.2F}}, pack).middle == 3U);
  BOOST_TEST(decided({{N, 0.1F}, {B, 2}, {N, 0.5F}, {N, 0.3F}}, pack).middle == 3U);
}

// In order of nearness, and of number where that is equal, one after the other.
BOOST_AUTO_TEST_CASE(a_block_has_the_middle_ones_of_its_regions) {
  constexpr std::size_t kRegions = 150, kRow = 170;
  std::mt19937 random(3);
  RulePack pack;
  pack.level_probability = {0.2, 0.5, 0.6, 0.9};
  for (const std::size_t members : {1U, 2U, 3U, 5U, 8U, 24U, 51U}) {
    std::vector<std::int8_t> levels(members * kRow);
    std::vector<float> nearness(members * kRow);
    for (std::size_t k = 0; k < levels.size(); ++k) {
      levels[k] = static_cast<std::int8_t>(static_cast<int>(random() % (k % 3 == 0 ? 6U : 3U)) - 1);
      nearness[k] = random() % 9 == 0 ? -1e30F : static_cast<float>(random() % 12) / 4 - 1;
    }
    MemberDecisions decisions(members, kRow);
    decisions.decide({levels.data(), kRow, nearness.data(), kRow}, kRegions, pack, {}, 0);
    for (std::size_t r = 0; r < kRegions; ++r) {
      const auto level_of = [&](std::size_t m) { return static_cast<Level>(levels[m * kRow + r]); };
      const Level given = decisions.of(r).level;
      Level nearest = Level::unknown;
      bool any = false;
      for (std::size_t m = 0; m < members; ++m) any = any || level_of(m) == given, nearest = std::max(nearest, std::min(level_of(m), given));
      std::vector<std::size_t> same;
      for (std::size_t m = 0; m < members; ++m)
        if (any ? level_of(m) == given : std::min(level_of(m), given) == nearest) same.push_back(m);
      std::stable_sort(same.begin(), same.end(), [&](std::size_t a, std::size_t b) { return nearness[a * kRow + r] < nearness[b * kRow + r]; });
      BOOST_TEST(decisions.of(r).middle == same[(same.size() - 1) / 2], members << " members, region " << r);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
