#include "engine/calibrate/folds.h"

#include <boost/test/unit_test.hpp>

namespace guyu {

BOOST_AUTO_TEST_SUITE(folds)

BOOST_AUTO_TEST_CASE(neighbouring_blocks_make_a_fold_and_no_block_is_parted) {
  std::vector<ForecastCase> cases;
  for (std::size_t k = 0; k < 260; ++k) cases.push_back({0, 0, 0, 1000 + 7 * (k % 26)});
  const Folds f = folds_of(cases);
  BOOST_TEST(f.blocks == 26);
  BOOST_TEST(f.folds == 10);
  BOOST_REQUIRE(f.of_case.size() == cases.size());
  for (std::size_t k = 0; k < cases.size(); ++k) {
    BOOST_TEST(f.of_case[k] == f.of_case[k % 26]);
    if (k % 26 > 0) BOOST_TEST((f.of_case[k] == f.of_case[k - 1] || f.of_case[k] == f.of_case[k - 1] + 1));
  }
}

BOOST_AUTO_TEST_CASE(few_blocks_are_a_fold_each_and_no_case_makes_none) {
  const std::vector<ForecastCase> cases{{0, 0, 0, 5}, {0, 0, 0, 3}, {0, 0, 0, 5}};
  const Folds f = folds_of(cases);
  BOOST_TEST(f.folds == 2);
  BOOST_TEST((f.of_case == std::vector<std::size_t>{1, 0, 1}));
  BOOST_TEST(folds_of({}).folds == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
