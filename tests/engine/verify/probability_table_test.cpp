#include "engine/verify/probability_table.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"
#include "tests/engine/verify/reference.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(probability_table_)

BOOST_AUTO_TEST_CASE(members_that_reach_the_threshold_are_counted_apart_for_events_and_others) {
  const std::vector<std::vector<float>> m{{1, 0, 2, NAN}, {1, 0, 0, 1}};
  const ProbabilityTable t = probability_table(test::spans(m), std::vector<float>{1, 0, 0, 1}, 1.0);
  BOOST_TEST(t.members() == 2U);
  BOOST_TEST((t.events == std::vector<std::uint64_t>{0, 0, 1}));
  BOOST_TEST((t.others == std::vector<std::uint64_t>{1, 1, 0}));
  BOOST_TEST(t.unjudged == 1U);
  const ProbabilityTable above = probability_table(test::spans(m), std::vector<float>{1, 0, 0, 1}, 1.0, EventRule::above);
  BOOST_TEST(above.all_events() == 0U);
}

BOOST_AUTO_TEST_CASE(a_plain_count_gives_the_same_with_any_threads) {
  const auto m = test::ensemble(9, 40000, 2);
  const auto o = test::rain(1, 40000, 8).values;
  ProbabilityTable plain;
  plain.events.resize(10), plain.others.resize(10);
  for (std::size_t k = 0; k < o.size(); ++k) {
    if (!test::all_known(m, o, k)) {
      ++plain.unjudged;
      continue;
    }
    std::size_t yes = 0;
    for (const auto& member : m) yes += member[k] >= 1 ? 1 : 0;
    ++(o[k] >= 1 ? plain.events : plain.others)[yes];
  }
  for (const int threads : {1, 2, 4}) {
    set_num_threads(threads);
    const ProbabilityTable t = probability_table(test::spans(m), o, 1.0);
    BOOST_TEST((t.events == plain.events && t.others == plain.others && t.unjudged == plain.unjudged));
  }
  set_num_threads(0);
}

BOOST_AUTO_TEST_CASE(tables_of_one_size_add_up_and_others_are_refused) {
  ProbabilityTable a{{1, 2}, {3, 4}, 5}, empty;
  empty += a;
  a += empty;
  BOOST_TEST((a.events == std::vector<std::uint64_t>{2, 4} && a.others == std::vector<std::uint64_t>{6, 8} && a.unjudged == 10));
  const ProbabilityTable other{{1, 2, 3}, {1, 2, 3}, 0};
  BOOST_CHECK_THROW(a += other, Error);
}

BOOST_AUTO_TEST_SUITE_END()
