#include "engine/cells/assignment.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

using namespace guyu;

BOOST_AUTO_TEST_SUITE(assignment)

BOOST_AUTO_TEST_CASE(the_sum_counts_not_the_best_pair) {
  // Taking the cheapest pair (0, 0) first would cost 1 + 10.
  const auto taken = assign(2, 2, {{0, 0, 1}, {0, 1, 2}, {1, 0, 2}, {1, 1, 10}}, 100);
  BOOST_TEST((taken == std::vector<std::size_t>{1, 0}));
}

BOOST_AUTO_TEST_CASE(a_row_without_a_choice_or_with_dear_ones_alone_stays_unassigned) {
  const auto taken = assign(3, 2, {{0, 0, 0.5}, {1, 1, 3}}, 1);
  BOOST_TEST((taken == std::vector<std::size_t>{0, kUnassigned, kUnassigned}));
}

BOOST_AUTO_TEST_CASE(two_rows_that_want_one_column_leave_it_to_the_cheaper) {
  const auto taken = assign(2, 1, {{0, 0, 0.7}, {1, 0, 0.2}}, 1);
  BOOST_TEST((taken == std::vector<std::size_t>{kUnassigned, 0}));
  BOOST_TEST(assign(0, 3, {}, 1).empty());
}

BOOST_AUTO_TEST_CASE(the_answer_is_that_of_trying_everything) {
  std::vector<std::size_t> best{0, 1, 2, 3, 4}, order = best;
  std::vector<double> cost(25);
  for (int seed = 1; seed < 20; ++seed) {
    std::vector<AssignmentChoice> choices;
    for (std::size_t k = 0; k < 25; ++k) {
      cost[k] = static_cast<double>((static_cast<int>(k) * 7919 * seed + seed * seed * 31) % 97);
      choices.push_back({k / 5, k % 5, cost[k]});
    }
    const auto sum = [&](const std::vector<std::size_t>& columns) {
      double s = 0;
      for (std::size_t r = 0; r < 5; ++r) s += cost[r * 5 + columns[r]];
      return s;
    };
    double least = 1e9;
    order = {0, 1, 2, 3, 4};
    do least = std::min(least, sum(order));
    while (std::next_permutation(order.begin(), order.end()));
    BOOST_TEST(sum(assign(5, 5, choices, 1000)) == least);
  }
}

BOOST_AUTO_TEST_SUITE_END()
