#include "alerts/area/grouping.h"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <numeric>
#include <random>
#include <set>

using namespace guyu;
BOOST_AUTO_TEST_SUITE(grouping)

namespace {
RegionSet mesh(int n) { return mesh_regions(0, 0, n * 0.125, n * 0.125, 0.125); }
}  // namespace

BOOST_AUTO_TEST_CASE(cells_of_a_mesh_have_eight_neighbours) {
  const RegionGraph graph(mesh(5), 1e-6);
  BOOST_TEST(graph.neighbours(12).size() == 8U);
  BOOST_TEST(graph.neighbours(0).size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_gap_within_the_tolerance_does_not_part_neighbours) {
  RegionSet set = mesh(2);
  for (const std::size_t right : {1U, 3U}) {
    for (Point& p : set.regions[right].shape[0].outer) p.x += 0.01;
  }
  BOOST_TEST(RegionGraph(set, 0.02).groups({0, 1, 2, 3}, 10).size() == 1U);
  BOOST_TEST(RegionGraph(set, 0.005).groups({0, 1, 2, 3}, 10).size() == 2U);
}

BOOST_AUTO_TEST_CASE(groups_are_connected_disjoint_and_complete) {
  const RegionGraph graph(mesh(20), 1e-6);
  std::mt19937 random(3);
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < 400; ++i) {
    if (random() % 3 == 0) chosen.push_back(i);
  }
  std::vector<std::size_t> all;
  for (const auto& group : graph.groups(chosen, 1000)) {
    const std::set<std::size_t> members(group.begin(), group.end());
    for (const std::size_t r : group) {
      bool touches = group.size() == 1;
      for (const auto other : graph.neighbours(r)) touches = touches || members.count(other);
      BOOST_TEST(touches);
    }
    all.insert(all.end(), group.begin(), group.end());
  }
  std::sort(all.begin(), all.end());
  BOOST_TEST(all == chosen);
}

BOOST_AUTO_TEST_CASE(a_crowd_is_parted_under_the_cap_the_same_way_when_it_grows) {
  const RegionGraph graph(mesh(20), 1e-6);
  std::vector<std::size_t> all(400);
  std::iota(all.begin(), all.end(), 0U);
  const auto whole = graph.groups(all, 60);
  for (const auto& g : whole) BOOST_TEST(g.size() <= 60U);
  all.pop_back();
  std::size_t same = 0;
  for (const auto& g : graph.groups(all, 60)) same += static_cast<std::size_t>(std::count(whole.begin(), whole.end(), g));
  BOOST_TEST(same == whole.size() - 1);
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_regions_are_grouped_in_time) {
  const RegionSet set = mesh(320);
  auto t0 = std::chrono::steady_clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - t0).count(); };
  const RegionGraph graph(set, 1e-6);
  BOOST_TEST_MESSAGE("neighbours of " << set.regions.size() << " regions: " << seconds() << " s");
  std::vector<std::size_t> all(set.regions.size());
  std::iota(all.begin(), all.end(), 0U);
  t0 = std::chrono::steady_clock::now();
  const auto groups = graph.groups(all, 300);
  BOOST_TEST_MESSAGE("grouped into " << groups.size() << " in " << seconds() << " s");
  BOOST_TEST(seconds() < 5.0);
}

BOOST_AUTO_TEST_SUITE_END()
