#include "engine/verify/fractions_skill.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"
#include "tests/engine/verify/reference.h"

using namespace guyu;
using test::Plane;
namespace {
double fss(const Plane& f, const Plane& o, double threshold, int scale) { return fractions_skill(EventPairs(f.view(), o.view(), threshold), scale).score(); }
}  // namespace
BOOST_AUTO_TEST_SUITE(fractions_skill_)

// One event each, side by side in a row of four. Scale 1: nothing agrees. Scale 3: counts (1 1 1 0) and (0 1
// 1 1): 2 x 2 / 6.
BOOST_AUTO_TEST_CASE(a_hand_case_gives_its_score) {
  const Plane f{1, 4, {0, 1, 0, 0}}, o{1, 4, {0, 0, 1, 0}};
  BOOST_TEST(fss(f, o, 1, 1) == 0.0);
  BOOST_TEST(fss(f, o, 1, 3) == 4.0 / 6, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(squares_are_counted_as_a_plain_count_does) {
  const Plane f = test::rain(37, 53, 1), o = test::rain(37, 53, 2);
  for (const int scale : {1, 3, 5, 11, 21, 75}) {
    for (const double threshold : {0.25, 1.0, 5.0})
      BOOST_TEST(fss(f, o, threshold, scale) == test::plain_fss(f, o, static_cast<float>(threshold), scale), boost::test_tools::tolerance(1e-10));
  }
}

BOOST_AUTO_TEST_CASE(counts_beyond_sixteen_bits_are_exact) {
  Plane f{300, 300, std::vector<float>(90000, 1.0F)}, o = f;
  for (std::int64_t i = 0; i < 300; ++i) o.at(7, i) = 0;
  BOOST_TEST(fss(f, o, 1, 257) == test::plain_fss(f, o, 1.0F, 257), boost::test_tools::tolerance(1e-10));
}

BOOST_AUTO_TEST_CASE(a_perfect_forecast_scores_one_and_no_event_at_all_has_no_score) {
  const Plane f = test::rain(20, 30, 5);
  BOOST_TEST(fss(f, f, 1, 5) == 1.0, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(std::isnan(fss(f, f, 1e6, 5)));
}

BOOST_AUTO_TEST_CASE(a_shift_costs_less_at_larger_scales) {
  Plane f{40, 40, std::vector<float>(1600, 0.0F)}, o = f;
  for (std::int64_t j = 15; j < 20; ++j)
    for (std::int64_t i = 10; i < 15; ++i) f.at(j, i) = 5, o.at(j, i + 4) = 5;
  BOOST_TEST(fss(f, o, 1, 1) < fss(f, o, 1, 5));
  BOOST_TEST(fss(f, o, 1, 5) < fss(f, o, 1, 21));
}

BOOST_AUTO_TEST_CASE(a_cell_missing_in_either_is_no_event_in_both) {
  const Plane f{1, 3, {2, NAN, 2}}, o{1, 3, {2, 2, NAN}};
  const Plane both{1, 3, {2, 0, 0}};
  BOOST_TEST(fss(f, o, 1, 3) == fss(both, both, 1, 3));
}

BOOST_AUTO_TEST_CASE(threads_and_parts_change_nothing) {
  const Plane f = test::rain(700, 90, 3), o = test::rain(700, 90, 4);
  set_num_threads(1);
  const FractionsSkill one = fractions_skill(EventPairs(f.view(), o.view(), 1), 11);
  for (const int threads : {2, 4}) {
    set_num_threads(threads);
    const FractionsSkill more = fractions_skill(EventPairs(f.view(), o.view(), 1), 11);
    BOOST_TEST((more.squares == one.squares && more.products == one.products));
  }
  set_num_threads(0);
  FractionsSkill twice = one;
  twice += one;
  BOOST_TEST(twice.score() == one.score());
}

// Squares as large as the field, all of it events: sums beyond 64 bits for a whole number.
BOOST_AUTO_TEST_CASE(very_large_squares_do_not_overflow) {
  const std::int64_t ny = 2500, nx = 3000;
  const std::vector<float> wet(static_cast<std::size_t>(ny * nx), 2.0F);
  const FieldView<const float> all{wet.data(), ny, nx, nx};
  const FractionsSkill s = fractions_skill(EventPairs(all, all, 1), 6001);
  const auto cells = static_cast<double>(ny * nx);
  BOOST_TEST(s.products == cells * cells * cells, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(s.score() == 1.0, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(an_even_scale_is_refused) {
  const Plane f{1, 1, {1}};
  BOOST_CHECK_THROW(fss(f, f, 1, 4), Error);
  BOOST_CHECK_THROW(fss(f, f, 1, 0), Error);
}

BOOST_AUTO_TEST_SUITE_END()
