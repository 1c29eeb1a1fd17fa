#include "engine/cells/identify.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"
#include "tests/engine/cells/storm_case.h"

using namespace guyu;
using guyu::test::add_storm;
using guyu::test::kilometre_grid;
using guyu::test::kNaN;
namespace {

std::vector<StormCell> cells_of(const Plane& p, const IdentifyOptions& options = {}) {
  return identify_cells(p.view(), GridScale(kilometre_grid(p.ny, p.nx)), CellIntensity::reflectivity, options);
}

void fill(Plane& p, std::int64_t row, std::int64_t column, std::int64_t rows, std::int64_t columns, float value) {
  for (std::int64_t j = row; j < row + rows; ++j) std::fill_n(p.row(j) + column, columns, value);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(identify)

BOOST_AUTO_TEST_CASE(a_box_of_echo_is_a_cell_with_the_answers_of_a_ruler) {
  Plane p(40, 60, 10);
  fill(p, 10, 20, 5, 12, 42);
  p.row(12)[25] = 47;
  const auto cells = cells_of(p);
  BOOST_REQUIRE(cells.size() == 1U);
  const StormCell& c = cells[0];
  BOOST_TEST(c.area_km2 == 60, boost::test_tools::tolerance(2e-3));
  BOOST_TEST(c.maximum == 47);
  BOOST_TEST(c.mean == 42 + 5.0F / 60, boost::test_tools::tolerance(1e-5F));
  BOOST_TEST(c.middle.row == 12, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(c.middle.column == 25.5, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(c.peak.column == 25);
  BOOST_TEST((c.centroid.column < 25.5 && c.centroid.column > 25.4));  // drawn to the stronger rain
  BOOST_TEST(c.runs.size() == 5U);
  BOOST_TEST((c.runs[0] == CellRun{10, 20, 32}));
  BOOST_TEST(c.hull.size() == 4U);
  BOOST_TEST(c.ellipse.direction_deg == 90, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(c.ellipse.major_km / c.ellipse.minor_km == 12.0 / 5, boost::test_tools::tolerance(1e-3));
  BOOST_TEST(c.ellipse.major_km * c.ellipse.minor_km * 3.14159265 == 60, boost::test_tools::tolerance(2e-3));
  BOOST_TEST(!c.cut);
}

BOOST_AUTO_TEST_CASE(a_line_is_parted_into_its_cores_which_share_all_of_its_pixels) {
  Plane p(40, 90, 0);
  fill(p, 15, 10, 9, 70, 37);
  for (const double column : {20.0, 45.0, 70.0}) add_storm(p, 19, column, 55, 2);
  const auto cells = cells_of(p);
  BOOST_REQUIRE(cells.size() == 3U);
  double area = 0, pixels = 0;
  for (const StormCell& c : cells) area += c.area_km2;
  for (std::int64_t j = 0; j < p.ny; ++j) pixels += static_cast<double>(std::count_if(p.row(j), p.row(j) + p.nx, [](float v) { return v >= 35; }));
  BOOST_TEST(area == pixels, boost::test_tools::tolerance(2e-3));
  BOOST_TEST(cells[0].core_threshold == 40);
}

BOOST_AUTO_TEST_CASE(unrest_on_top_of_one_storm_does_not_part_it) {
  Plane p(40, 60, 0);
  fill(p, 15, 10, 9, 40, 39.5F);
  fill(p, 17, 14, 4, 4, 41);  // rises by less than half a step above the threshold that parts them
  fill(p, 17, 40, 4, 4, 41);
  BOOST_TEST(cells_of(p).size() == 1U);
  fill(p, 17, 14, 4, 4, 43);
  BOOST_TEST(cells_of(p).size() == 1U);  // one core alone keeps the whole storm
  fill(p, 17, 40, 4, 4, 43);
  BOOST_TEST(cells_of(p).size() == 2U);
}

BOOST_AUTO_TEST_CASE(small_cores_and_small_cells_do_not_count) {
  Plane p(40, 60, 0);
  fill(p, 15, 10, 9, 40, 37);
  fill(p, 17, 14, 2, 3, 48);  // 6 km2
  fill(p, 17, 40, 3, 3, 48);
  fill(p, 2, 2, 3, 4, 60);  // 12 km2
  BOOST_TEST(cells_of(p).size() == 1U);
}

BOOST_AUTO_TEST_CASE(cells_move_with_the_field) {
  Plane a(120, 160, 0), b(120, 160, 0);
  int k = 0;
  for (const auto& [row, column] : {std::pair{30.0, 40.0}, {36.0, 58.0}, {31.0, 75.0}, {70.0, 44.0}, {74.0, 50.0}}) {
    const float peak = 48.0F + 2.0F * static_cast<float>(k++);
    add_storm(a, row, column, peak, 1.3), add_storm(b, row + 11, column + 17, peak, 1.3);
  }
  const auto here = cells_of(a), there = cells_of(b);
  BOOST_REQUIRE(here.size() == there.size());
  BOOST_TEST(here.size() >= 3U);
  for (std::size_t c = 0; c < here.size(); ++c) {
    BOOST_TEST(there[c].centroid.row - here[c].centroid.row == 11, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(there[c].centroid.column - here[c].centroid.column == 17, boost::test_tools::tolerance(1e-9));
    BOOST_REQUIRE(here[c].runs.size() == there[c].runs.size());
    for (std::size_t r = 0; r < here[c].runs.size(); ++r)
      BOOST_TEST((CellRun{here[c].runs[r].row + 11, here[c].runs[r].begin + 17, here[c].runs[r].end + 17} == there[c].runs[r]));
  }
}

BOOST_AUTO_TEST_CASE(missing_is_no_echo_and_marks_the_cells_that_touch_it) {
  Plane p(40, 60, 0);
  fill(p, 10, 10, 6, 6, 45), fill(p, 10, 40, 6, 6, 45), fill(p, 30, 0, 6, 6, 45);
  p.row(12)[16] = kNaN;
  const auto cells = cells_of(p);
  BOOST_REQUIRE(cells.size() == 3U);
  BOOST_TEST(cells[0].cut);
  BOOST_TEST(!cells[1].cut);
  BOOST_TEST(cells[2].cut);
  BOOST_TEST(cells_of(Plane(5, 5, kNaN)).empty());
}

BOOST_AUTO_TEST_CASE(the_number_of_threads_changes_nothing) {
  Plane p(300, 200, 0);
  for (int k = 0; k < 60; ++k) add_storm(p, (k * 37) % 300, (k * 53) % 200, 45.0F + static_cast<float>(k % 13), 1.1);
  const auto all = [&](int threads) {
    set_num_threads(threads);
    auto cells = cells_of(p);
    set_num_threads(0);
    return cells;
  };
  const auto one = all(1), four = all(4);
  BOOST_REQUIRE(one.size() == four.size());
  for (std::size_t c = 0; c < one.size(); ++c)
    BOOST_TEST((one[c].centroid.row == four[c].centroid.row && one[c].area_km2 == four[c].area_km2 && one[c].runs == four[c].runs));
}

BOOST_AUTO_TEST_CASE(thresholds_that_do_not_ascend_are_a_user_error) {
  BOOST_CHECK_THROW(cells_of(Plane(5, 5, 0), {{40, 35}, 20, 8, 0.5}), Error);
  BOOST_CHECK_THROW(cells_of(Plane(5, 5, 0), {{}, 20, 8, 0.5}), Error);
  BOOST_CHECK_THROW(cells_of(Plane(5, 5, 0), {{35}, -1, 8, 0.5}), Error);
}

BOOST_AUTO_TEST_SUITE_END()
