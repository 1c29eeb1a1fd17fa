#include "engine/window_sums/rain_plane.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

using namespace guyu;
namespace {
const float kUnknown = std::nanf("");
TimePoint minute(int m) { return TimePoint(Seconds(60 * m)); }

RainPlane plane(int begin, int end, const std::vector<float>& mm, std::vector<float> coverage = {}) {
  const auto n = static_cast<std::int64_t>(mm.size());
  return rain_plane({mm.data(), 1, n, n}, {minute(begin), minute(end)}, std::move(coverage));
}
std::vector<float> cells(const RainPlane& p, std::size_t n) {
  std::vector<float> mm(n);
  spread(p, 0, mm);
  return mm;
}
bool same(const std::vector<float>& a, const std::vector<float>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](float x, float y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}
}  // namespace
BOOST_AUTO_TEST_SUITE(rain_planes_of_cells)

BOOST_AUTO_TEST_CASE(what_goes_in_comes_out_and_only_wet_cells_are_kept) {
  const std::vector<float> mm{0, 1.5F, 2, kUnknown, kUnknown, 0, 0.25F, 0};
  const RainPlane p = plane(0, 10, mm);
  BOOST_TEST(p.amount.size() == 3U);
  BOOST_TEST(p.wet.size() == 2U);
  BOOST_TEST(p.unknown.size() == 1U);
  BOOST_TEST(same(cells(p, mm.size()), mm));
}

BOOST_AUTO_TEST_CASE(less_than_half_a_unit_and_less_than_nothing_are_dry) {
  BOOST_TEST(plane(0, 10, {1e-6F, -3, 0.4F / 65536, 0.6F / 65536}).amount == std::vector<std::uint32_t>{1}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(parts_cut_anywhere_add_up_to_the_whole) {
  std::mt19937 random(7);
  std::vector<float> mm(200);
  for (float& v : mm) v = random() % 3 == 0 ? static_cast<float>(random() % 100000) / 777 : 0;
  const RainPlane whole = plane(0, 60, mm);
  std::vector<int> cuts{0, 1, 7, 13, 31, 32, 59, 60};
  RainPlane sum = part_of(whole, {minute(0), minute(1)});
  for (std::size_t k = 1; k + 1 < cuts.size(); ++k) sum = together(sum, part_of(whole, {minute(cuts[k]), minute(cuts[k + 1])}));
  BOOST_TEST((sum == whole));
  // Even over its time.
  const std::vector<float> half = cells(part_of(whole, {minute(15), minute(45)}), mm.size());
  for (std::size_t k = 0; k < mm.size(); ++k) BOOST_TEST(std::abs(half[k] - mm[k] / 2) < 1e-3F);
}

BOOST_AUTO_TEST_CASE(of_two_together_amounts_add_up_and_only_what_neither_knows_is_unknown) {
  const RainPlane sum = together(plane(0, 10, {1, kUnknown, kUnknown, 0}, {1.0F}), plane(10, 40, {2, 4, kUnknown, 3}, {0.2F}));
  BOOST_TEST(same(cells(sum, 4), {3, 4, kUnknown, 3}));
  BOOST_TEST(sum.coverage[0] == 0.4F);
  BOOST_TEST((sum.interval == Interval{minute(0), minute(40)}));
}

BOOST_AUTO_TEST_CASE(another_plane_fills_only_what_is_unknown) {
  const RainPlane p = filled(plane(0, 10, {1, kUnknown, kUnknown, 0, kUnknown}), plane(0, 10, {9, 4, kUnknown, 9, 0}));
  BOOST_TEST(same(cells(p, 5), {1, 4, kUnknown, 0, 0}));
}

BOOST_AUTO_TEST_CASE(a_cell_is_nowhere_known_when_no_plane_knows_it) {
  const auto shared = [](RainPlane p) { return std::make_shared<const RainPlane>(std::move(p)); };
  const std::vector<RainPlanePtr> planes{shared(plane(0, 1, {kUnknown, kUnknown, kUnknown, 0})), shared(plane(1, 2, {kUnknown, 1, kUnknown, 1}))};
  const std::vector<RainPlane::Run> nowhere = never_known(planes);
  BOOST_REQUIRE(nowhere.size() == 2U);
  BOOST_TEST((nowhere[0] == RainPlane::Run{0, 1}));
  BOOST_TEST((nowhere[1] == RainPlane::Run{2, 1}));
  BOOST_TEST(never_known({}).empty());
}

BOOST_AUTO_TEST_SUITE_END()
