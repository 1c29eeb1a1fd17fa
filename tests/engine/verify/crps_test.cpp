#include "engine/verify/crps.h"

#include <boost/test/unit_test.hpp>

#include "hpc/parallel/parallel_for.h"
#include "tests/engine/verify/reference.h"

using namespace guyu;
namespace {
using Members = std::vector<std::vector<float>>;

// The integral of (F - step)^2, piece by piece: another way to the same number than pair distances.
double integral_crps(std::vector<double> x, double y) {
  const auto m = static_cast<double>(x.size());
  std::sort(x.begin(), x.end());
  std::vector<double> edges = x;
  edges.push_back(y);
  std::sort(edges.begin(), edges.end());
  double sum = 0;
  for (std::size_t k = 1; k < edges.size(); ++k) {
    const double middle = (edges[k - 1] + edges[k]) / 2;
    const double below = static_cast<double>(std::count_if(x.begin(), x.end(), [&](double v) { return v <= middle; })) / m;
    const double gap = below - (middle >= y ? 1 : 0);
    sum += gap * gap * (edges[k] - edges[k - 1]);
  }
  return sum;
}
}  // namespace
BOOST_AUTO_TEST_SUITE(crps_)

// Members 1 and 3, truth 2: mean distance 1; pairs (0 + 2 + 2 + 0): 1 - 4/8 = 0.5; fair 1 - 4/4 = 0.
BOOST_AUTO_TEST_CASE(a_hand_case_gives_its_score) {
  const Members m{{1}, {3}};
  const Crps c = crps(test::spans(m), std::vector<float>{2});
  BOOST_TEST(c.score() == 0.5);
  BOOST_TEST(c.fair() == 0.0);
}

BOOST_AUTO_TEST_CASE(a_single_member_gives_its_absolute_error) {
  const Crps c = crps(test::spans(Members{{5, 1}}), std::vector<float>{2, 2});
  BOOST_TEST(c.score() == 2.0);
  BOOST_TEST(std::isnan(c.fair()));
}

BOOST_AUTO_TEST_CASE(pairs_and_integral_agree_with_the_fast_form_for_all_sizes) {
  for (const std::size_t size : {2U, 3U, 5U, 8U, 13U, 24U, 33U, 50U}) {
    const std::size_t places = 203;  // no multiple of the block
    const Members m = test::ensemble(size, places, 9);
    const std::vector<float> o = test::rain(1, static_cast<std::int64_t>(places), 77).values;
    double plain = 0, fair = 0, integral = 0;
    std::size_t n = 0;
    for (std::size_t k = 0; k < places; ++k) {
      if (!test::all_known(m, o, k)) continue;
      std::vector<double> x;
      for (const auto& member : m) x.push_back(double{member[k]});
      plain += test::plain_crps(x, double{o[k]}, false), fair += test::plain_crps(x, double{o[k]}, true), integral += integral_crps(x, double{o[k]});
      ++n;
    }
    const Crps c = crps(test::spans(m), o);
    BOOST_TEST(c.judged == n);
    BOOST_TEST(c.unjudged == places - n);
    BOOST_TEST(c.score() == plain / static_cast<double>(n), boost::test_tools::tolerance(1e-10));
    BOOST_TEST(c.score() == integral / static_cast<double>(n), boost::test_tools::tolerance(1e-10));
    BOOST_TEST(c.fair() == fair / static_cast<double>(n), boost::test_tools::tolerance(1e-10));
  }
}

// A network that sorts all sequences of 0 and 1 sorts everything (Knuth, the zero-one principle).
BOOST_AUTO_TEST_CASE(the_networks_sort) {
  for (std::size_t n = 0; n <= 14; ++n) {
    const auto network = sorting_network(n);
    for (std::uint32_t bits = 0; bits < (1U << n); ++bits) {
      std::uint32_t b = bits;
      for (const Exchange& e : network)
        if ((b >> e.low & 1U) > (b >> e.high & 1U)) b ^= (1U << e.low) | (1U << e.high);
      for (std::size_t k = 1; k < n; ++k) BOOST_REQUIRE((b >> (k - 1) & 1U) <= (b >> k & 1U));
    }
  }
}

BOOST_AUTO_TEST_CASE(moving_and_scaling_all_moves_and_scales_the_score) {
  Members m = test::ensemble(7, 500, 3, 0);
  std::vector<float> o = test::rain(1, 500, 4, 0).values;
  const double before = crps(test::spans(m), o).score();
  for (auto& member : m)
    for (float& v : member) v = 4 * v + 8;
  for (float& v : o) v = 4 * v + 8;
  BOOST_TEST(crps(test::spans(m), o).score() == 4 * before, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(perfect_members_score_zero) {
  const std::vector<float> o = test::rain(1, 100, 4).values;
  const Crps c = crps(test::spans(Members{o, o, o}), o);
  BOOST_TEST(c.score() == 0.0);
  BOOST_TEST(c.fair() == 0.0);
}

BOOST_AUTO_TEST_CASE(threads_change_no_bit_and_parts_make_the_whole) {
  const Members m = test::ensemble(11, 50000, 21);
  const std::vector<float> o = test::rain(1, 50000, 5).values;
  set_num_threads(1);
  const Crps one = crps(test::spans(m), o);
  for (const int threads : {2, 4}) {
    set_num_threads(threads);
    const Crps more = crps(test::spans(m), o);
    BOOST_TEST((more.distance == one.distance && more.dispersion == one.dispersion && more.judged == one.judged));
  }
  set_num_threads(0);
  Members head, tail;
  for (const auto& member : m) head.emplace_back(member.begin(), member.begin() + 333), tail.emplace_back(member.begin() + 333, member.end());
  Crps parts = crps(test::spans(head), std::span(o).first(333));
  parts += crps(test::spans(tail), std::span(o).subspan(333));
  BOOST_TEST(parts.judged == one.judged);
  BOOST_TEST(parts.unjudged == one.unjudged);
  BOOST_TEST(parts.score() == one.score(), boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_SUITE_END()
