#include "engine/cells/echo_pixels.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

#include "hpc/parallel/parallel_for.h"
#include "tests/engine/cells/storm_case.h"

using namespace guyu;
namespace {

Plane unrest(std::int64_t ny, std::int64_t nx) {
  Plane p(ny, nx);
  for (std::int64_t j = 0; j < ny; ++j) {
    for (std::int64_t i = 0; i < nx; ++i) p.row(j)[i] = static_cast<float>((j * 7919 + i * 104729 + i * j * 31) % 60);
  }
  return p;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(echo_pixels_)

BOOST_AUTO_TEST_CASE(pixels_stand_by_row_and_column_with_the_thresholds_they_reach) {
  Plane p(2, 4, 0);
  p.row(0)[1] = 35, p.row(0)[2] = 49.9F, p.row(1)[3] = 50, p.row(1)[0] = test::kNaN, p.row(1)[1] = 34.9F;
  const EchoPixels e = echo_pixels(p.view(), {35, 40, 45, 50});
  BOOST_REQUIRE(e.size() == 3);
  BOOST_TEST((e.row == std::vector<std::int32_t>{0, 0, 1} && e.column == std::vector<std::int32_t>{1, 2, 3}));
  BOOST_TEST((e.level[0] == 1 && e.level[1] == 3 && e.level[2] == 4));
  BOOST_TEST((e.row_begin == std::vector<std::int32_t>{0, 2, 3}));
}

BOOST_AUTO_TEST_CASE(neighbours_are_those_that_a_search_of_all_finds) {
  const Plane p = unrest(23, 31);
  const EchoPixels e = echo_pixels(p.view(), {35, 45});
  BOOST_TEST(e.size() > 100);
  for (std::int32_t a = 0; a < e.size(); ++a) {
    std::set<std::int32_t> wanted, got;
    for (std::int32_t b = 0; b < e.size(); ++b) {
      const auto at = [](const std::vector<std::int32_t>& v, std::int32_t k) { return v[static_cast<std::size_t>(k)]; };
      if (a != b && std::abs(at(e.row, a) - at(e.row, b)) <= 1 && std::abs(at(e.column, a) - at(e.column, b)) <= 1) wanted.insert(b);
    }
    std::array<std::int32_t, 8> near{};
    const int n = e.neighbours(a, near);
    got.insert(near.begin(), near.begin() + n);
    BOOST_TEST((got == wanted && static_cast<int>(got.size()) == n));
  }
}

BOOST_AUTO_TEST_CASE(the_number_of_threads_changes_nothing) {
  const Plane p = unrest(300, 40);
  const auto run = [&](int threads) {
    set_num_threads(threads);
    auto e = echo_pixels(p.view(), {35, 45});
    set_num_threads(0);
    return e;
  };
  const EchoPixels one = run(1), four = run(4);
  BOOST_TEST((one.row == four.row && one.column == four.column && one.value == four.value && one.level == four.level));
}

BOOST_AUTO_TEST_SUITE_END()
