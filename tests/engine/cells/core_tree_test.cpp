#include "engine/cells/core_tree.h"

#include <boost/test/unit_test.hpp>

#include "tests/engine/cells/storm_case.h"

using namespace guyu;
namespace {

// A line of 37 dBZ with cores of the given maxima, each 3 x 4 pixels at least 15 apart.
Plane line_with(const std::vector<float>& maxima) {
  Plane p(11, static_cast<std::int64_t>(15 * maxima.size() + 10), 37);
  for (std::size_t k = 0; k < maxima.size(); ++k) {
    for (std::int64_t j = 4; j < 7; ++j) {
      for (std::int64_t i = 0; i < 4; ++i) p.row(j)[8 + static_cast<std::int64_t>(15 * k) + i] = maxima[k];
    }
  }
  return p;
}

std::vector<CoreSeed> cores_of(const Plane& p, const IdentifyOptions& options = {}) {
  return find_cores(echo_pixels(p.view(), options.thresholds), GridScale(test::kilometre_grid(p.ny, p.nx)), options);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(core_tree)

BOOST_AUTO_TEST_CASE(a_piece_with_one_core_or_none_is_one_cell_of_the_first_threshold) {
  for (const auto& maxima : {std::vector<float>{}, {47}, {38}}) {
    const auto cores = cores_of(line_with(maxima));
    BOOST_REQUIRE(cores.size() == 1U);
    BOOST_TEST(cores[0].level == 1);
  }
}

BOOST_AUTO_TEST_CASE(cores_that_rise_half_a_step_above_the_threshold_that_parts_them_stand_alone) {
  BOOST_TEST(cores_of(line_with({47, 43})).size() == 2U);
  BOOST_TEST(cores_of(line_with({47, 42})).size() == 1U);  // 2.5 dB above 40 were wanted
  BOOST_TEST(cores_of(line_with({47, 42, 52})).size() == 2U);
  BOOST_TEST(cores_of(line_with({47, 42}), {{35, 40, 45, 50}, 20, 8, 0.4}).size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_core_smaller_than_the_least_is_none) { BOOST_TEST(cores_of(line_with({47, 52}), {{35, 40, 45, 50}, 20, 13, 0.5}).size() == 1U); }

BOOST_AUTO_TEST_CASE(cores_come_by_the_pixel_of_their_maximum) {
  const auto cores = cores_of(line_with({52, 47, 57}));
  BOOST_REQUIRE(cores.size() == 3U);
  BOOST_TEST((cores[0].pixel < cores[1].pixel && cores[1].pixel < cores[2].pixel));
}

BOOST_AUTO_TEST_SUITE_END()
