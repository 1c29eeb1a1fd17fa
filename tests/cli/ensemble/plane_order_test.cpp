#include "cli/ensemble/plane_order.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <random>
#include <utility>
#include <vector>

#include "engine/core/error.h"
#include "engine/core/plane.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::cli;

BOOST_AUTO_TEST_SUITE(plane_order)

BOOST_AUTO_TEST_CASE(planes_leave_in_one_order_whatever_order_they_come_in) {
  constexpr int kMembers = 5, kSteps = 3;
  const std::string folder = test::temporary_folder("plane_order");
  std::mt19937 random(3);
  for (int trial = 0; trial < 20; ++trial) {
    std::vector<int> next(kMembers, 1), open;  // of one member the steps come in order
    std::vector<std::pair<int, int>> left;
    PlaneOrder order(kSteps, 4, 6, folder + "/out.nc", [&](int m, int s, FieldView<const float> p) {
      left.emplace_back(m, s);
      for (std::int64_t j = 0; j < 4; ++j)
        for (std::int64_t i = 0; i < 6; ++i) BOOST_TEST(p(j, i) == static_cast<float>(1000 * m + 100 * s + 10 * j + i));
    });
    for (int m = 0; m < kMembers; ++m) open.push_back(m);
    while (!open.empty()) {
      const std::size_t k = random() % open.size();
      const int m = open[k], s = next[static_cast<std::size_t>(m)]++;
      Plane p(4, 6);
      for (std::int64_t j = 0; j < 4; ++j)
        for (std::int64_t i = 0; i < 6; ++i) p.row(j)[i] = static_cast<float>(1000 * m + 100 * s + 10 * j + i);
      order.take(m, s, std::as_const(p).view());
      if (s == kSteps) open.erase(open.begin() + static_cast<std::ptrdiff_t>(k));
    }
    BOOST_TEST(left.size() == static_cast<std::size_t>(kMembers * kSteps));
    BOOST_TEST(std::is_sorted(left.begin(), left.end()));
  }
  BOOST_TEST(std::filesystem::is_empty(folder));  // the waiting room has no name
}

BOOST_AUTO_TEST_CASE(a_place_where_nothing_can_wait_is_named) {
  PlaneOrder order(1, 1, 1, "/proc/none/out.nc", [](int, int, FieldView<const float>) {});
  const Plane p(1, 1);
  BOOST_CHECK_EXCEPTION(order.take(1, 1, p.view()), Error, [](const Error& e) { return e.place() == "/proc/none/out.nc"; });
}

BOOST_AUTO_TEST_SUITE_END()
