#include "engine/window_sums/rolling_sums.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

using namespace guyu;
namespace {
constexpr std::size_t kCells = 37;
TimePoint minute(int m) { return TimePoint(Seconds(60 * m)); }

RainPlanePtr random_plane(std::mt19937& random, int begin, int end) {
  std::vector<float> mm(kCells);
  for (float& v : mm) v = random() % 2 == 0 ? static_cast<float>(random() % 30000) / 1000 : 0;
  return std::make_shared<const RainPlane>(rain_plane({mm.data(), 1, kCells, kCells}, {minute(begin), minute(end)}, {}));
}

// Straight from the definition, in mm.
double plain_sum(const std::vector<RainPlanePtr>& planes, std::size_t cell, TimePoint begin, TimePoint end) {
  double sum = 0;
  for (const RainPlanePtr& p : planes) {
    std::vector<float> mm(kCells);
    spread(*p, 0, mm);
    const auto inside = std::min(end, p->interval.end) - std::max(begin, p->interval.begin);
    if (inside.count() > 0) sum += static_cast<double>(mm[cell]) * static_cast<double>(inside.count()) / static_cast<double>(p->interval.length().count());
  }
  return sum;
}
}  // namespace
BOOST_AUTO_TEST_SUITE(rolling_sums)

BOOST_AUTO_TEST_CASE(windows_hold_what_fell_in_their_time_however_planes_are_cut) {
  std::mt19937 random(3);
  for (int round = 0; round < 20; ++round) {
    const std::vector<Seconds> windows{std::chrono::minutes(5), std::chrono::minutes(60), std::chrono::minutes(95), std::chrono::minutes(1440)};
    RollingSums sums(kCells, windows);
    std::vector<RainPlanePtr> planes;
    int t = 0;
    for (int k = 0; k < 40; ++k) {
      const int begin = t + (random() % 6 == 0 ? static_cast<int>(random() % 90) : 0), end = begin + 1 + static_cast<int>(random() % 50);
      planes.push_back(random_plane(random, begin, end));
      sums.add(planes.back());
      t = end + (random() % 8 == 0 ? static_cast<int>(random() % 30) : 0);  // now and then the time goes on without rain that is known
      sums.end_at(minute(t));
      for (std::size_t w = 0; w < windows.size(); ++w)
        for (const std::size_t cell : {std::size_t{0}, std::size_t{17}, kCells - 1}) {
          const double wanted = plain_sum(planes, cell, minute(t) - windows[w], minute(t));
          BOOST_TEST(std::abs(sums.sums(w)[cell] / kRainUnits - wanted) < 2e-4, "window " << w << " at " << t);
        }
    }
  }
}

BOOST_AUTO_TEST_CASE(what_has_left_a_window_leaves_nothing) {
  std::mt19937 random(5);
  RollingSums sums(kCells, {std::chrono::minutes(60)});
  for (int k = 0; k < 30; ++k) {
    sums.add(random_plane(random, 7 * k, 7 * k + 7));
    sums.end_at(minute(7 * k + 7));
  }
  sums.end_at(minute(1000));
  for (const std::uint32_t v : sums.sums(0)) BOOST_TEST(v == 0U);
}

BOOST_AUTO_TEST_CASE(a_copy_goes_its_own_way) {
  std::mt19937 random(9);
  RollingSums one(kCells, {std::chrono::minutes(30)});
  one.add(random_plane(random, 0, 20));
  one.end_at(minute(20));
  const std::vector<std::uint32_t> before(one.sums(0).begin(), one.sums(0).end());
  RollingSums other = one;
  other.add(random_plane(random, 20, 60));
  other.end_at(minute(60));
  BOOST_TEST(std::equal(before.begin(), before.end(), one.sums(0).begin()));
  one.end_at(minute(50));
  for (const std::uint32_t v : one.sums(0)) BOOST_TEST(v == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
