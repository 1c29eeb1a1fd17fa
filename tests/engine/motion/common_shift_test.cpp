#include "engine/motion/common_shift.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "hpc/parallel/parallel_for.h"

using namespace guyu;
namespace {

// Echo of scattered cells, moved by whole cells; cells that come in from outside are dry.
Plane echoes(std::int64_t ny, std::int64_t nx, std::int64_t dy, std::int64_t dx) {
  Plane p(ny, nx);
  for (int k = 0; k < 25; ++k) {
    const auto j = static_cast<std::int64_t>(std::fmod(0.569840291 * k, 1.0) * static_cast<double>(ny)) + dy;
    const auto i = static_cast<std::int64_t>(std::fmod(0.754877666 * k, 1.0) * static_cast<double>(nx)) + dx;
    for (std::int64_t b = 0; b < 2 + k % 3; ++b) {
      for (std::int64_t a = 0; a < 2 + k % 4; ++a) {
        if (j + b >= 0 && j + b < ny && i + a >= 0 && i + a < nx) p.row(j + b)[i + a] = 1.0F + 0.2F * static_cast<float>(k % 7);
      }
    }
  }
  return p;
}

std::array<float, 2> shift_of(const Plane& now, const Plane& before, double reach, float age = 1) {
  const AgedPlane one{&before, age};
  return common_shift(now, {&one, 1}, reach);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(common_shift_search)

BOOST_AUTO_TEST_CASE(whole_cell_shifts_are_found_up_to_the_reach_and_not_beyond) {
  const Plane before = echoes(60, 70, 0, 0);
  for (const auto& [dx, dy] : {std::pair<std::int64_t, std::int64_t>{0, 0}, {1, -2}, {-9, 4}, {17, 11}, {0, -20}}) {
    const auto found = shift_of(echoes(60, 70, dy, dx), before, 25);
    BOOST_TEST(found[0] == static_cast<float>(dx));
    BOOST_TEST(found[1] == static_cast<float>(dy));
    const auto near = shift_of(echoes(60, 70, dy, dx), before, 3);
    BOOST_TEST(std::hypot(near[0], near[1]) <= 4.3F);  // the reach and one neighbour
  }
}

BOOST_AUTO_TEST_CASE(the_shift_is_per_unit_of_time) {
  const auto found = shift_of(echoes(60, 70, 4, 10), echoes(60, 70, 0, 0), 12, 2);
  BOOST_TEST(found[0] == 5.0F);
  BOOST_TEST(found[1] == 2.0F);
}

BOOST_AUTO_TEST_CASE(older_images_decide_between_equal_matches) {
  // A pair of equal lines 12 columns apart: the youngest image alone fits two shifts; in the oldest only one line is there yet.
  const auto lines = [](std::initializer_list<std::int64_t> columns) {
    Plane p(40, 80);
    for (std::int64_t j = 5; j < 35; ++j) {
      for (const std::int64_t c : columns) p.row(j)[c] = p.row(j)[c + 1] = 2;
    }
    return p;
  };
  const Plane now = lines({46}), young = lines({40, 52}), old = lines({34});
  const AgedPlane earlier[] = {{&young, 1}, {&old, 2}};
  const auto found = common_shift(now, earlier, 20);
  BOOST_TEST(found[0] == 6.0F);
  BOOST_TEST(found[1] == 0.0F);
}

BOOST_AUTO_TEST_CASE(nothing_to_match_gives_no_shift) {
  const Plane dry(30, 30), missing(30, 30, std::numeric_limits<float>::quiet_NaN()), wet = echoes(30, 30, 0, 0);
  for (const auto& [a, b] : {std::pair{&dry, &dry}, {&dry, &wet}, {&wet, &missing}, {&missing, &missing}}) {
    const auto found = shift_of(*a, *b, 10);
    BOOST_TEST(found[0] == 0.0F);
    BOOST_TEST(found[1] == 0.0F);
  }
}

BOOST_AUTO_TEST_CASE(the_result_does_not_depend_on_threads) {
  const Plane before = echoes(61, 73, 0, 0), now = echoes(61, 73, 7, -5);
  set_num_threads(1);
  const auto one = shift_of(now, before, 20);
  set_num_threads(3);
  BOOST_TEST((one == shift_of(now, before, 20)));
  set_num_threads(0);
}

BOOST_AUTO_TEST_SUITE_END()
