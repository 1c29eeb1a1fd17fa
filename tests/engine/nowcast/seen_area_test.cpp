#include "engine/nowcast/seen_area.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "engine/core/plane.h"
#include "hpc/parallel/random.h"

using namespace guyu;
namespace {
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

// A field of which about the share is seen, in patches along rows.
Plane patchy(std::int64_t ny, std::int64_t nx, double share, std::uint64_t seed) {
  Plane p(ny, nx, kNaN);
  for (std::int64_t j = 0; j < ny; ++j) {
    for (std::int64_t i = 0; i < nx; ++i) {
      const double z = RandomStream{seed, 0, 0, static_cast<std::uint32_t>(j)}.normals(static_cast<std::uint32_t>(i / 2))[0];
      if (0.5 * std::erfc(-z / std::sqrt(2.0)) < share) p.row(j)[i] = static_cast<float>(z);
    }
  }
  return p;
}

std::vector<std::uint8_t> marks_of(const SeenArea& area, std::int64_t ny, std::int64_t nx) {
  std::vector<std::uint8_t> marks(static_cast<std::size_t>(ny * nx));
  for (std::int64_t j = 0; j < ny; ++j) {
    std::int32_t last = -1;
    for (const SeenArea::Run& run : area.row(j)) {
      BOOST_TEST_REQUIRE(run.begin > last);  // runs neither touch nor overlap
      BOOST_TEST_REQUIRE(run.end > run.begin);
      BOOST_TEST_REQUIRE(run.end <= nx);
      last = run.end;
      for (std::int64_t i = run.begin; i < run.end; ++i) marks[static_cast<std::size_t>(j * nx + i)] = 1;
    }
  }
  return marks;
}

std::vector<std::uint8_t> plain(const Plane& p, std::int64_t reach) {
  std::vector<std::uint8_t> marks(p.values.size());
  for (std::int64_t j = 0; j < p.ny; ++j) {
    for (std::int64_t i = 0; i < p.nx; ++i) {
      for (std::int64_t b = std::max<std::int64_t>(0, j - reach); b <= std::min(p.ny - 1, j + reach); ++b) {
        for (std::int64_t a = std::max<std::int64_t>(0, i - reach); a <= std::min(p.nx - 1, i + reach); ++a) {
          if (std::isfinite(p.row(b)[a])) marks[static_cast<std::size_t>(j * p.nx + i)] = 1;
        }
      }
    }
  }
  return marks;
}

std::int64_t count(const std::vector<std::uint8_t>& marks) {
  std::int64_t n = 0;
  for (const auto m : marks) n += m;
  return n;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(seen_area)

BOOST_AUTO_TEST_CASE(the_finite_cells_are_seen) {
  Plane p(2, 6, 1.0F);
  p.row(0)[0] = p.row(0)[3] = kNaN;
  p.row(0)[5] = std::numeric_limits<float>::infinity();
  const SeenArea area(std::as_const(p).view());
  BOOST_TEST_REQUIRE(area.row(0).size() == 2U);
  BOOST_TEST(area.row(0)[0].begin == 1);
  BOOST_TEST(area.row(0)[0].end == 3);
  BOOST_TEST(area.row(0)[1].begin == 4);
  BOOST_TEST(area.row(0)[1].end == 5);
  BOOST_TEST_REQUIRE(area.row(1).size() == 1U);
  BOOST_TEST(area.row(1)[0].end == 6);
  BOOST_TEST(area.cells() == 9);
}

BOOST_AUTO_TEST_CASE(growing_marks_every_cell_within_reach) {
  for (const auto& [ny, nx] : std::vector<std::pair<std::int64_t, std::int64_t>>{{1, 1}, {1, 40}, {40, 1}, {23, 31}, {60, 17}}) {
    for (const double share : {0.01, 0.1, 0.5, 0.97}) {
      const Plane p = patchy(ny, nx, share, 5);
      const SeenArea area(std::as_const(p).view());
      BOOST_TEST((marks_of(area, ny, nx) == plain(p, 0)));
      for (const std::int64_t reach : {-3, 0, 1, 2, 3, 5, 11, 39, 100}) {
        const SeenArea grown = area.grown(reach);
        const auto expected = plain(p, std::max<std::int64_t>(reach, 0));
        BOOST_TEST((marks_of(grown, ny, nx) == expected), ny << " x " << nx << " grown by " << reach);
        BOOST_TEST(grown.cells() == count(expected));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(one_cell_in_a_corner_grows_into_a_square) {
  Plane p(9, 9, kNaN);
  p.row(8)[0] = 0;
  BOOST_TEST(SeenArea(std::as_const(p).view()).grown(2).cells() == 9);
}

BOOST_AUTO_TEST_CASE(nothing_grows_from_nothing) {
  const Plane p(5, 7, kNaN);
  BOOST_TEST(SeenArea(p.view()).grown(3).cells() == 0);
  const Plane none;
  BOOST_TEST(SeenArea(none.view()).grown(3).cells() == 0);
}

BOOST_AUTO_TEST_CASE(growing_twice_is_growing_by_the_sum) {
  const Plane p = patchy(30, 40, 0.05, 9);
  const SeenArea area(p.view());
  BOOST_TEST((marks_of(area.grown(2).grown(3), 30, 40) == marks_of(area.grown(5), 30, 40)));
}

BOOST_AUTO_TEST_CASE(an_absurd_reach_covers_the_field_at_once) {
  Plane p(5, 7, kNaN);
  p.row(2)[3] = 1;
  for (const std::int64_t reach : {std::int64_t{1} << 40, std::numeric_limits<std::int64_t>::max()})
    BOOST_TEST(SeenArea(std::as_const(p).view()).grown(reach).cells() == 35);
}

BOOST_AUTO_TEST_SUITE_END()
