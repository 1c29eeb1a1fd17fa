#include "models/rules/member_decision.h"

#include <boost/test/unit_test.hpp>

using namespace guyu;
namespace {
MemberDecision decided(const std::vector<FutureLevel>& futures, const RulePack& pack) {
  std::vector<std::size_t> space;
  return decide_level(futures, pack, {}, 0, space);
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
  std::vector<std::size_t> space;
  const std::vector<FutureLevel> futures{{B, 1}, {N, 0}, {N, 0}, {N, 0}}, unknown{{U, 0}, {U, 0}};
  const CalibratedProbability twice = [](std::size_t, Level, float share) { return 2 * share; };
  const MemberDecision d = decide_level(futures, pack, twice, 0, space);
  BOOST_TEST(d.probability[0] == 0.5F);
  BOOST_TEST(d.share.value()[0] == 0.25F);
  BOOST_TEST(!decide_level(futures, pack, {}, 0, space).share);
  BOOST_TEST(!decide_level(unknown, pack, twice, 0, space).share);
}

BOOST_AUTO_TEST_CASE(the_middle_one_of_the_level_given_stands_for_all) {
  const RulePack pack;
  BOOST_TEST(decided({{B, 1.4F}, {N, 0.9F}, {B, 1.1F}, {B, 1.2F}}, pack).middle == 3U);
  BOOST_TEST(decided({{N, 0.1F}, {B, 2}, {N, 0.5F}, {N, 0.3F}}, pack).middle == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
