#include "engine/cells/cell_outline.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

using namespace guyu;
namespace {

double area(const std::vector<CellPlace>& ring) {
  double sum = 0;
  for (std::size_t k = 0; k < ring.size(); ++k) {
    const CellPlace &a = ring[k], &b = ring[(k + 1) % ring.size()];
    sum += 0.5 * (a.column * b.row - b.column * a.row);
  }
  return sum;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cell_outline)

BOOST_AUTO_TEST_CASE(a_box_has_four_corners_clockwise) {
  const auto o = cell_outlines({{3, 5, 9}, {4, 5, 9}});
  BOOST_REQUIRE(o.size() == 1U);
  BOOST_TEST(o[0].outer.size() == 4U);
  BOOST_TEST(area(o[0].outer) == 8);
  BOOST_TEST(o[0].holes.empty());
}

BOOST_AUTO_TEST_CASE(a_ring_has_a_hole_that_turns_the_other_way) {
  const auto o = cell_outlines({{0, 0, 4}, {1, 0, 1}, {1, 3, 4}, {2, 0, 4}});
  BOOST_REQUIRE(o.size() == 1U);
  BOOST_TEST(area(o[0].outer) == 12);
  BOOST_REQUIRE(o[0].holes.size() == 1U);
  BOOST_TEST(area(o[0].holes[0]) == -2);
}

BOOST_AUTO_TEST_CASE(pixels_that_touch_at_a_corner_are_parts_of_their_own) {
  BOOST_TEST(cell_outlines({{0, 0, 2}, {1, 2, 4}}).size() == 2U);
  BOOST_TEST(cell_outlines({{0, 2, 4}, {1, 0, 2}}).size() == 2U);
  const auto o = cell_outlines({{0, 0, 3}, {1, 0, 1}, {1, 2, 3}, {2, 0, 2}, {3, 0, 1}});  // a hole that reaches the outside at a corner alone
  double sum = 0;
  for (const CellOutline& part : o) {
    sum += area(part.outer);
    for (const auto& hole : part.holes) sum += area(hole);
  }
  BOOST_TEST(sum == 8);
}

BOOST_AUTO_TEST_CASE(rings_hold_as_much_as_the_runs) {
  std::vector<CellRun> runs;
  double pixels = 0;
  for (std::int32_t j = 0; j < 40; ++j) {
    for (std::int32_t i = (j * 7) % 3; i < 60;) {
      const std::int32_t end = i + 1 + (j * i * 13 + j) % 6;
      runs.push_back({j, i, end});
      pixels += end - i;
      i = end + 1 + (i * 5 + j) % 4;
    }
  }
  double sum = 0;
  for (const CellOutline& part : cell_outlines(runs)) {
    BOOST_TEST(area(part.outer) > 0);
    sum += area(part.outer);
    for (const auto& hole : part.holes) sum += area(hole);
  }
  BOOST_TEST(sum == pixels);
}

BOOST_AUTO_TEST_SUITE_END()
