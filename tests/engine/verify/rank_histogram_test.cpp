#include "engine/verify/rank_histogram.h"

#include <boost/test/unit_test.hpp>
#include <numeric>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"
#include "tests/engine/verify/reference.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(rank_histogram_)

BOOST_AUTO_TEST_CASE(the_rank_is_the_number_of_members_below) {
  const std::vector<std::vector<float>> m{{1, 1, 1, 1}, {3, 3, 3, NAN}};
  const RankHistogram h = rank_histogram(test::spans(m), std::vector<float>{0, 2, 4, 2});
  BOOST_TEST((h.counts == std::vector<std::uint64_t>{1, 1, 1}));
  BOOST_TEST(h.unjudged == 1U);
  BOOST_TEST(h.unevenness() == 0.0);
}

// All values equal: each of the M + 1 ranks is as likely, to within four standard deviations.
BOOST_AUTO_TEST_CASE(ties_are_split_evenly_and_always_the_same_way) {
  const std::size_t places = 60000;
  const std::vector<std::vector<float>> m(5, std::vector<float>(places, 0.0F));
  const std::vector<float> o(places, 0.0F);
  const RankHistogram h = rank_histogram(test::spans(m), o, 42);
  for (const std::uint64_t c : h.counts) BOOST_TEST(std::abs(static_cast<double>(c) - 10000) < 4 * 91.3);
  BOOST_TEST((rank_histogram(test::spans(m), o, 42).counts == h.counts));
  BOOST_TEST((rank_histogram(test::spans(m), o, 43).counts != h.counts));
}

BOOST_AUTO_TEST_CASE(an_observation_like_the_members_fills_the_ranks_evenly_and_an_outlier_the_ends) {
  test::Dice dice(7);
  std::vector<std::vector<float>> m(9, std::vector<float>(50000));
  std::vector<float> o(50000);
  for (auto& member : m)
    for (float& v : member) v = static_cast<float>(dice.roll());
  for (float& v : o) v = static_cast<float>(dice.roll());
  BOOST_TEST(rank_histogram(test::spans(m), o).unevenness() < 0.03);
  for (float& v : o) v = v * 3 - 1;
  const RankHistogram wide = rank_histogram(test::spans(m), o);
  BOOST_TEST(wide.counts.front() > 3 * wide.counts[4]);
  BOOST_TEST(wide.counts.back() > 3 * wide.counts[4]);
}

BOOST_AUTO_TEST_CASE(every_judged_place_has_one_rank_with_any_threads) {
  const auto m = test::ensemble(7, 40000, 12);
  const auto o = test::rain(1, 40000, 13).values;
  set_num_threads(1);
  const RankHistogram one = rank_histogram(test::spans(m), o, 3);
  BOOST_TEST(std::accumulate(one.counts.begin(), one.counts.end(), std::uint64_t{0}) + one.unjudged == 40000U);
  for (const int threads : {2, 4}) {
    set_num_threads(threads);
    BOOST_TEST((rank_histogram(test::spans(m), o, 3).counts == one.counts));
  }
  set_num_threads(0);
  RankHistogram twice = one;
  twice += one;
  BOOST_TEST(twice.counts[2] == 2 * one.counts[2]);
  const RankHistogram other{{1, 2}, 0};
  BOOST_CHECK_THROW(twice += other, Error);
}

BOOST_AUTO_TEST_SUITE_END()
