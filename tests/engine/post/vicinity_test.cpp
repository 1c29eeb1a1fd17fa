#include "engine/post/vicinity.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"
#include "tests/engine/post/random_plane.h"

using namespace guyu;
using test::random_plane;
namespace {

Plane near(const Plane& in, std::int64_t radius, VicinityStatistic statistic, const Plane* land = nullptr) {
  Plane out(in.ny, in.nx);
  vicinity(in.view(), radius, statistic, land ? std::optional(land->view()) : std::nullopt, out.view());
  return out;
}

// Cell by cell.
Plane plain(const Plane& in, std::int64_t radius, VicinityStatistic statistic, const Plane* land) {
  const bool moments = statistic == VicinityStatistic::mean || statistic == VicinityStatistic::standard_deviation;
  Plane out(in.ny, in.nx, NAN);
  for (std::int64_t j = 0; j < in.ny; ++j) {
    for (std::int64_t i = 0; i < in.nx; ++i) {
      if (std::isnan(in.row(j)[i])) continue;
      double n = 0, sum = 0, squares = 0, low = 1e30, high = -1e30;
      for (std::int64_t y = j - radius; y <= j + radius; ++y) {
        for (std::int64_t x = i - radius; x <= i + radius; ++x) {
          if (!moments && (y < 0 || y >= in.ny || x < 0 || x >= in.nx)) continue;
          const std::int64_t r = std::clamp<std::int64_t>(y, 0, in.ny - 1), c = std::clamp<std::int64_t>(x, 0, in.nx - 1);
          const double v = double{in.row(r)[c]};
          if (std::isnan(v) || (land && (land->row(r)[c] >= 0.5F) != (land->row(j)[i] >= 0.5F))) continue;
          n += 1, sum += v, squares += v * v, low = std::min(low, v), high = std::max(high, v);
        }
      }
      const double mean = sum / n;
      const double value = statistic == VicinityStatistic::maximum   ? high
                           : statistic == VicinityStatistic::minimum ? low
                           : statistic == VicinityStatistic::mean    ? mean
                                                                     : std::sqrt(std::max(0.0, squares / n - mean * mean));
      out.row(j)[i] = static_cast<float>(value);
    }
  }
  return out;
}

}  // namespace
BOOST_AUTO_TEST_SUITE(vicinity_)

BOOST_AUTO_TEST_CASE(every_statistic_is_what_a_plain_count_gives) {
  Plane land = random_plane(23, 31, 9);
  for (float& v : land.values) v = v > 5 ? 1.0F : 0.0F;
  for (const VicinityStatistic s : {VicinityStatistic::maximum, VicinityStatistic::minimum, VicinityStatistic::mean, VicinityStatistic::standard_deviation}) {
    for (const std::int64_t radius : {0, 1, 3, 10, 40}) {
      for (const Plane* mask : {static_cast<const Plane*>(nullptr), static_cast<const Plane*>(&land)}) {
        const Plane in = random_plane(23, 31, 5, 7);
        BOOST_TEST(test::differing(near(in, radius, s, mask), plain(in, radius, s, mask), s == VicinityStatistic::standard_deviation ? 1e-4 : 2e-6) == 0U);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(an_event_reaches_as_far_as_the_radius) {
  Plane in(7, 7);
  in.row(3)[3] = 1;
  const Plane out = near(in, 2, VicinityStatistic::maximum);
  for (std::int64_t j = 0; j < 7; ++j)
    for (std::int64_t i = 0; i < 7; ++i) BOOST_TEST(out.row(j)[i] == (std::abs(j - 3) <= 2 && std::abs(i - 3) <= 2 ? 1.0F : 0.0F));
}

BOOST_AUTO_TEST_CASE(an_event_at_sea_does_not_reach_the_land) {
  Plane in(1, 4), land(1, 4);
  in.values = {1, 0, 0, 0}, land.values = {0, 0, 1, 1};
  BOOST_TEST(near(in, 3, VicinityStatistic::maximum, &land).values == (std::vector<float>{1, 1, 0, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(threads_change_nothing) {
  const Plane in = random_plane(150, 90, 3, 11);
  for (const VicinityStatistic s : {VicinityStatistic::maximum, VicinityStatistic::mean, VicinityStatistic::standard_deviation}) {
    set_num_threads(1);
    const Plane one = near(in, 4, s);
    set_num_threads(3);
    BOOST_TEST(test::differing(near(in, 4, s), one) == 0U);
    set_num_threads(0);
  }
}

BOOST_AUTO_TEST_CASE(radii_are_whole_cells) {
  BOOST_TEST(cells_in_radius(20000, 2000) == 10);
  BOOST_TEST(cells_in_radius(20000, static_cast<double>(2000.0001F)) == 10);
  BOOST_TEST(cells_in_radius(19000, 2000) == 9);
  BOOST_CHECK_THROW(cells_in_radius(1000, 2000), Error);
  BOOST_CHECK_THROW(near(Plane(2, 2), -1, VicinityStatistic::maximum), Error);
  BOOST_CHECK_THROW(parse_vicinity_statistic("median"), Error);
}

BOOST_AUTO_TEST_SUITE_END()
