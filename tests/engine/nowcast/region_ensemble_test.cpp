#include "engine/nowcast/region_ensemble.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

using namespace guyu;

namespace {
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
const Grid kGrid("EPSG:4326", 0.5, 1.5, 1, 1, 2, 2);

// West and east half of the grid, and a region that reaches beyond it.
RegionSet halves() { return mesh_regions(0, 0, 2, 2, 1); }

FieldView<const float> view(const std::vector<float>& v) { return {v.data(), 2, 2, 2}; }
}  // namespace

BOOST_AUTO_TEST_SUITE(region_ensemble)

BOOST_AUTO_TEST_CASE(amounts_are_the_integral_of_rates_that_run_straight_between_steps) {
  const ZonalWeights weights = compute_zonal_weights(kGrid, halves());
  RegionEnsemble e(weights, view({0, 0, 0, 0}), 2, 2, Seconds(600));
  e.add(0, 1, view({6, 6, 6, 6}));
  e.add(0, 2, view({12, 12, 12, 12}));
  e.add(1, 1, view({0, 0, 0, 0}));
  e.add(1, 2, view({0, 0, 0, 0}));
  for (std::size_t r = 0; r < 4; ++r) {
    BOOST_TEST(e.amount(0, r, Seconds(0), Seconds(1200)).mm == 2.0F);  // 6 mm/h on average over 20 min
    BOOST_TEST(e.amount(0, r, Seconds(0), Seconds(600)).mm == 0.5F);
    BOOST_TEST(e.amount(0, r, Seconds(300), Seconds(900)).mm == 1.0F);  // 3 to 9 mm/h over 10 min
    BOOST_TEST(e.amount(0, r, Seconds(300), Seconds(900)).coverage == 1.0F);
    BOOST_TEST(e.amount(1, r, Seconds(0), Seconds(1200)).mm == 0.0F);
    BOOST_TEST(e.largest(0, r, Seconds(600)).mm == 1.5F);
  }
}

BOOST_AUTO_TEST_CASE(amounts_of_parts_add_up_to_the_whole) {
  const ZonalWeights weights = compute_zonal_weights(kGrid, halves());
  RegionEnsemble e(weights, view({1, 2, 3, 4}), 1, 5, Seconds(300));
  for (int s = 1; s <= 5; ++s) e.add(0, s, view({static_cast<float>(s), 7, 0.3F * static_cast<float>(s), 2}));
  for (std::size_t r = 0; r < 4; ++r) {
    const float whole = e.amount(0, r, Seconds(0), Seconds(1500)).mm;
    const float parts =
        e.amount(0, r, Seconds(0), Seconds(440)).mm + e.amount(0, r, Seconds(440), Seconds(1130)).mm + e.amount(0, r, Seconds(1130), Seconds(1500)).mm;
    BOOST_TEST(std::fabs(whole - parts) < 1e-5F);
  }
}

BOOST_AUTO_TEST_CASE(what_a_member_cannot_see_is_told_by_coverage_and_never_dry) {
  const ZonalWeights weights = compute_zonal_weights(kGrid, halves());
  RegionEnsemble e(weights, view({6, 6, 6, 6}), 1, 2, Seconds(600));
  e.add(0, 1, view({6, 6, 6, kNaN}));
  e.add(0, 2, view({kNaN, kNaN, kNaN, kNaN}));
  std::size_t blind = 4;  // the region of the cell that is missing first
  for (std::size_t r = 0; r < 4; ++r)
    if (std::isnan(e.rates(0, 1)[r])) blind = r;
  BOOST_REQUIRE(blind < 4U);
  for (std::size_t r = 0; r < 4; ++r) {
    const RegionEnsemble::Amount a = e.amount(0, r, Seconds(0), Seconds(1200));
    BOOST_TEST(a.mm == (r == blind ? 1.0F : 2.0F));  // of the time that is known
    BOOST_TEST(std::fabs(a.coverage - (r == blind ? 0.25F : 0.75F)) < 1e-6F);
  }
  BOOST_TEST(std::isnan(e.amount(0, blind, Seconds(600), Seconds(1200)).mm));
  BOOST_TEST(e.amount(0, blind, Seconds(600), Seconds(1200)).coverage == 0.0F);
}

BOOST_AUTO_TEST_CASE(windows_are_summed_in_each_member_before_members_are_compared) {
  const ZonalWeights weights = compute_zonal_weights(kGrid, halves());
  // Two members with rain at different times: each has 6 mm in 2 h, though the mean rate never gets beyond 3 mm/h.
  RegionEnsemble e(weights, view({0, 0, 0, 0}), 2, 4, Seconds(1800));
  const std::vector<float> dry(4, 0.0F), wet(4, 6.0F);
  for (int s = 1; s <= 4; ++s) {
    e.add(0, s, view(s <= 2 ? wet : dry));
    e.add(1, s, view(s >= 3 ? wet : dry));
  }
  const RegionProbability p = region_probability(e, Seconds(3600), {2, 4.4F, 4.6F, 7}, {0.5F});
  BOOST_TEST(p.probability[0][0] == 1.0F);
  BOOST_TEST(p.probability[1][0] == 1.0F);  // 4.5 mm fall in the wettest hour of either
  BOOST_TEST(p.probability[2][0] == 0.0F);
  BOOST_TEST(p.probability[3][0] == 0.0F);
  BOOST_TEST(p.amount[0][0] == 4.5F);
  BOOST_TEST(p.coverage[0] == 1.0F);
}

BOOST_AUTO_TEST_CASE(a_member_that_knows_too_little_is_no_member_that_stays_below) {
  const ZonalWeights weights = compute_zonal_weights(kGrid, halves());
  RegionEnsemble e(weights, view({0, 0, 0, 0}), 4, 4, Seconds(900));
  const std::vector<float> dry(4, 0.0F), wet(4, 8.0F), unknown(4, kNaN);
  for (int m = 0; m < 4; ++m)
    for (int s = 1; s <= 4; ++s) e.add(m, s, view(m == 0 ? wet : m == 1 ? dry : s >= 3 ? unknown : dry));
  const RegionProbability p = region_probability(e, Seconds(3600), {1}, {0.5F});
  BOOST_TEST(p.probability[0][0] == 0.5F);  // of the two that can tell
  BOOST_TEST(p.coverage[0] < 0.9F);
  for (int s = 2; s <= 4; ++s) e.add(1, s, view(unknown));
  BOOST_TEST(std::isnan(region_probability(e, Seconds(3600), {1}, {0.5F}).probability[0][0]));
  BOOST_TEST(std::isnan(region_probability(e, Seconds(3600), {1}, {0.5F}).amount[0][0]));
}

BOOST_AUTO_TEST_CASE(probabilities_fall_with_the_threshold_and_do_not_depend_on_threads) {
  const ZonalWeights weights = compute_zonal_weights(kGrid, halves());
  RegionEnsemble e(weights, view({1, 1, 1, 1}), 9, 3, Seconds(600));
  for (int m = 0; m < 9; ++m)
    for (int s = 1; s <= 3; ++s) e.add(m, s, view({static_cast<float>(m), static_cast<float>(s), 2.0F * static_cast<float>(m), 5}));
  set_num_threads(1);
  const RegionProbability one = region_probability(e, Seconds(1200), {0.1F, 0.5F, 1, 2, 4}, {0.1F, 0.5F, 0.9F});
  set_num_threads(3);
  const RegionProbability three = region_probability(e, Seconds(1200), {0.1F, 0.5F, 1, 2, 4}, {0.1F, 0.5F, 0.9F});
  set_num_threads(0);
  BOOST_TEST((one.probability == three.probability));
  BOOST_TEST((one.amount == three.amount));
  for (std::size_t r = 0; r < 4; ++r) {
    for (std::size_t k = 1; k < 5; ++k) BOOST_TEST(one.probability[k][r] <= one.probability[k - 1][r]);
    for (std::size_t k = 1; k < 3; ++k) BOOST_TEST(one.amount[k][r] >= one.amount[k - 1][r]);
  }
}

BOOST_AUTO_TEST_CASE(a_member_that_was_made_elsewhere_is_the_same_as_one_made_here) {
  const ZonalWeights weights = compute_zonal_weights(kGrid, halves());
  RegionEnsemble here(weights, view({1, 2, 3, 4}), 2, 2, Seconds(600)), there(weights, view({1, 2, 3, 4}), 2, 2, Seconds(600));
  for (int s = 1; s <= 2; ++s) here.add(1, s, view({static_cast<float>(s), kNaN, 3, 4}));
  there.put(1, here.rates_of(1), here.coverages_of(1));
  for (std::size_t r = 0; r < 4; ++r) {
    BOOST_TEST(here.amount(1, r, Seconds(0), Seconds(1200)).mm == there.amount(1, r, Seconds(0), Seconds(1200)).mm);
    BOOST_TEST(here.amount(1, r, Seconds(0), Seconds(1200)).coverage == there.amount(1, r, Seconds(0), Seconds(1200)).coverage);
  }
  BOOST_CHECK_THROW(there.put(2, here.rates_of(1), here.coverages_of(1)), Error);
  BOOST_CHECK_THROW(there.put(0, here.rates_of(1).first(3), here.coverages_of(1)), Error);
}

BOOST_AUTO_TEST_SUITE_END()
