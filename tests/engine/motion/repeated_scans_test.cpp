#include "engine/motion/repeated_scans.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/motion/optical_flow.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(repeated_scans)

namespace {
constexpr std::int64_t kRows = 160, kColumns = 200;

// Showers that have moved by `shift` columns, on ground that is wet everywhere (dry ground does not vary: it neither tells nor hides anything) or dry.
Plane showers(double shift, double ground = 13) {
  Plane f(kRows, kColumns);
  for (std::int64_t j = 0; j < f.ny; ++j)
    for (std::int64_t i = 0; i < f.nx; ++i) {
      const double x = static_cast<double>(i) - shift, y = static_cast<double>(j);
      const double r = 9 * std::sin(0.11 * x + 0.3 * std::sin(0.05 * y)) * std::cos(0.09 * y + 0.02 * x) + 3 * std::sin(0.31 * x) * std::sin(0.27 * y);
      f.row(j)[i] = static_cast<float>(std::max(ground + r, 0.0));
    }
  return f;
}
// The left half as it was at `left`, the right half as it was at `right`: a mosaic of two radars.
Plane mosaic(double left, double right, double ground = 13) {
  Plane f = showers(left, ground);
  const Plane other = showers(right, ground);
  for (std::int64_t j = 0; j < f.ny; ++j) std::copy(other.row(j) + kColumns / 2, other.row(j) + kColumns, f.row(j) + kColumns / 2);
  return f;
}
double share(const std::vector<std::uint8_t>& cells, std::int64_t first, std::int64_t last) {
  double sum = 0;
  for (std::int64_t j = 1; j < kRows - 1; ++j)
    for (std::int64_t i = first; i < last; ++i) sum += cells[static_cast<std::size_t>(j * kColumns + i)];
  return sum / static_cast<double>((kRows - 2) * (last - first));
}
Motion motion_of(const std::vector<Plane>& frames) {
  std::vector<FieldView<const float>> views;
  std::vector<TimePoint> times;
  for (const Plane& p : frames) {
    views.push_back(p.view());
    times.push_back(TimePoint{Seconds{120 * static_cast<std::int64_t>(times.size())}});
  }
  return estimate_motion(views, times);
}
}  // namespace

BOOST_AUTO_TEST_CASE(frames_measured_anew_all_tell) {
  const Plane a = showers(0), b = showers(2), c = showers(4);
  const Plane* earlier[] = {&b, &a};
  for (const auto& cells : telling_cells(c, earlier)) BOOST_TEST(share(cells, 1, kColumns - 1) == 1.0);
}

BOOST_AUTO_TEST_CASE(of_two_copies_the_older_one_tells) {
  const Plane old = mosaic(0, 0), middle = mosaic(2, 0), now = mosaic(4, 4);
  const Plane* earlier[] = {&middle, &old};
  const auto telling = telling_cells(now, earlier);
  BOOST_TEST(share(telling[0], 1, 98) == 1.0);
  BOOST_TEST(share(telling[0], 102, 199) == 0.0);
  BOOST_TEST(share(telling[1], 102, 199) == 1.0);
}

BOOST_AUTO_TEST_CASE(where_nothing_new_has_come_no_frame_tells) {
  const Plane old = mosaic(0, 0), middle = mosaic(2, 0), now = mosaic(4, 0);
  const Plane* earlier[] = {&middle, &old};
  const auto telling = telling_cells(now, earlier);
  for (const auto& cells : telling) {
    BOOST_TEST(share(cells, 1, 98) == 1.0);
    BOOST_TEST(share(cells, 102, 199) == 0.0);
  }
}

BOOST_AUTO_TEST_CASE(missing_and_dry_cells_are_no_repeat) {
  Plane dry(kRows, kColumns, 0.0F), unknown(kRows, kColumns, NAN);
  for (const Plane& p : {dry, unknown}) {
    const Plane* earlier[] = {&p};
    BOOST_TEST(share(telling_cells(p, earlier)[0], 1, kColumns - 1) == 1.0);
  }
}

BOOST_AUTO_TEST_CASE(half_a_mosaic_without_new_scans_moves_with_the_other_half) {
  const Motion m = motion_of({mosaic(0, 0, 0), mosaic(2, 0, 0), mosaic(4, 0, 0)});
  BOOST_TEST(m.u_at(80, 40) * 120 == 2.0, boost::test_tools::tolerance(0.1));
  BOOST_TEST(m.u_at(80, 160) * 120 > 0.6);  // with the repeats as standing echo: near 0
}

BOOST_AUTO_TEST_CASE(a_scan_that_came_twice_does_not_double_the_speed) {
  const Motion m = motion_of({mosaic(0, 0, 0), mosaic(2, 0, 0), mosaic(4, 4, 0)});
  BOOST_TEST(m.u_at(80, 40) * 120 == 2.0, boost::test_tools::tolerance(0.1));
  BOOST_TEST(m.u_at(80, 160) * 120 == 2.0, boost::test_tools::tolerance(0.15));
}

BOOST_AUTO_TEST_SUITE_END()
