#include "engine/nowcast/cascade_model.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "engine/core/error.h"
#include "engine/nowcast/cascade_member.h"
#include "engine/nowcast/rain_scale.h"
#include "hpc/parallel/parallel_for.h"

using namespace guyu;
namespace {
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

// Cells of rain of many sizes, moved by dx columns.
Plane storm(std::int64_t ny, std::int64_t nx, double dx = 0, double growth = 0) {
  Plane p(ny, nx);
  for (std::int64_t j = 0; j < ny; ++j) {
    for (std::int64_t i = 0; i < nx; ++i) {
      const double x = static_cast<double>(i) - dx, y = static_cast<double>(j);
      const double z = 6 * std::sin(x * 0.11) * std::cos(y * 0.09) + 5 * std::sin(x * 0.31 + y * 0.2) + 4 * std::sin(x * 0.9) * std::sin(y * 0.8) + growth;
      p.row(j)[i] = z < -10 ? 0.0F : static_cast<float>(std::pow(10.0, z / 10));
    }
  }
  return p;
}

struct Frames {
  std::vector<Plane> planes;
  std::vector<TimePoint> times;
  void add(Plane p, int seconds) {
    planes.push_back(std::move(p));
    times.push_back(TimePoint{Seconds{1'000'000 + seconds}});
  }
  CascadeModel model(const Motion& motion, const CascadeOptions& options = {}) const {
    std::vector<FieldView<const float>> views;
    for (const Plane& p : planes) views.push_back(p.view());
    return build_cascade_model(views, times, motion, options);
  }
};

Motion still(std::int64_t ny, std::int64_t nx) { return uniform_motion(ny, nx, 0, 0); }

bool finite(const CascadeModel& m) {
  for (const auto& l : m.levels) {
    for (const Plane* p : {&l.now, &l.before, &l.strength}) {
      if (!std::all_of(p->values.begin(), p->values.end(), [](float x) { return std::isfinite(x); })) return false;
    }
    if (!std::isfinite(l.memory.phi1) || !std::isfinite(l.memory.phi2) || !std::isfinite(l.memory.innovation)) return false;
    if (!(std::fabs(l.kernel.along_row) <= 0.71F && std::fabs(l.kernel.along_column) <= 0.71F)) return false;
  }
  return true;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cascade_model)

BOOST_AUTO_TEST_CASE(the_levels_now_sum_to_the_newest_frame) {
  Frames f;
  f.add(storm(70, 90, -2), -300);
  f.add(storm(70, 90), 0);
  const CascadeModel m = f.model(uniform_motion(70, 90, 2.0F / 300, 0));
  ScalePyramid p;
  for (const auto& l : m.levels) p.levels.push_back(l.now);
  const Plane sum = recompose(p), wanted = to_decibel(std::as_const(f.planes.back()).view());
  for (std::size_t i = 0; i < sum.values.size(); ++i) BOOST_TEST_REQUIRE(std::fabs(sum.values[i] - wanted.values[i]) < 1e-4F);
}

BOOST_AUTO_TEST_CASE(a_pattern_that_only_moves_lives_long_and_one_that_changes_dies) {
  Frames moving, changing;
  moving.add(storm(80, 80, -12), -600);
  moving.add(storm(80, 80, -6), -300);
  moving.add(storm(80, 80), 0);
  changing.add(storm(80, 80, 40), -600);
  changing.add(storm(80, 80, 17), -300);
  changing.add(storm(80, 80), 0);
  const CascadeModel a = moving.model(uniform_motion(80, 80, 6.0F / 300, 0)), b = changing.model(still(80, 80));
  for (std::size_t l = 0; l < 3; ++l) {
    BOOST_TEST(a.levels[l].decorrelation.at(300) > 0.95, "level " << l);
    BOOST_TEST(b.levels[l].decorrelation.at(300) < a.levels[l].decorrelation.at(300), "level " << l);
  }
}

BOOST_AUTO_TEST_CASE(one_frame_alone_has_memory_of_one_step_that_grows_with_the_scale) {
  Frames f;
  f.add(storm(64, 64), 0);
  const CascadeModel m = f.model(still(64, 64));
  for (std::size_t l = 0; l < m.levels.size(); ++l) {
    BOOST_TEST(m.levels[l].memory.phi2 == 0);
    BOOST_TEST((m.levels[l].before.values == m.levels[l].now.values));
    if (l > 0) BOOST_TEST(m.levels[l].memory.phi1 > m.levels[l - 1].memory.phi1);
  }
}

BOOST_AUTO_TEST_CASE(a_frame_without_any_value_says_nothing) {
  Frames without, with;
  without.add(storm(64, 64, -5), -600);
  without.add(storm(64, 64), 0);
  with.add(storm(64, 64, -5), -600);
  with.add(Plane(64, 64, kNaN), -300);
  with.add(storm(64, 64), 0);
  const CascadeModel a = without.model(still(64, 64)), b = with.model(still(64, 64));
  for (std::size_t l = 0; l < a.levels.size(); ++l) {
    BOOST_TEST(a.levels[l].decorrelation.life == b.levels[l].decorrelation.life);
    BOOST_TEST(a.levels[l].memory.phi1 == b.levels[l].memory.phi1);
    BOOST_TEST(a.levels[l].memory.phi2 == b.levels[l].memory.phi2);
    BOOST_TEST((a.levels[l].before.values == b.levels[l].before.values));
  }
}

// What an older frame has not seen has no tendency: it is neither growing nor dying.
BOOST_AUTO_TEST_CASE(a_hole_in_an_older_frame_makes_no_growth) {
  const auto run = [](bool hole) {
    Frames f;
    for (const int age : {900, 600, 300, 0}) {
      // Slow at first, then faster: a trend, so that memory is of second order.
      const double x = age / 300.0;
      Plane p = storm(96, 96, 0.35 * x * x);
      if (hole && age == 300) {
        for (std::int64_t j = 30; j < 70; ++j) std::fill_n(p.row(j) + 30, 40, kNaN);
      }
      f.add(std::move(p), -age);
    }
    CascadeOptions options;
    options.scales = 3;
    return f.model(still(96, 96), options);
  };
  const CascadeModel whole = run(false), holed = run(true);
  BOOST_TEST_REQUIRE(whole.levels[0].memory.phi2 < -0.05);
  for (std::size_t l = 0; l < whole.levels.size(); ++l) {
    const auto& level = holed.levels[l];
    // The middle of the hole.
    const auto j = static_cast<std::int64_t>(50) >> l;
    BOOST_TEST(level.before.row(j)[j] == level.now.row(j)[j], "level " << l);
    // Far from it nothing changes.
    const auto k = static_cast<std::int64_t>(88) >> l;
    BOOST_TEST(level.before.row(k)[k] == whole.levels[l].before.row(k)[k], "level " << l);
  }
}

BOOST_AUTO_TEST_CASE(irregular_and_repeated_times_are_taken_as_they_come) {
  for (const std::vector<int>& ages : std::vector<std::vector<int>>{{1700, 1000, 410, 95, 0}, {600, 600, 0}, {0, 0}, {-300, 0}, {86'400, 0}, {1, 0}}) {
    Frames f;
    for (const int age : ages) f.add(storm(40, 50, -age / 300.0), -age);
    const CascadeModel m = f.model(uniform_motion(40, 50, 1.0F / 300, 0));
    BOOST_TEST(finite(m), "ages from " << ages.front());
  }
}

BOOST_AUTO_TEST_CASE(dry_nearly_dry_and_missing_frames_give_finite_models) {
  Plane pixel(40, 50), single(40, 50, kNaN);
  pixel.row(10)[20] = 40;
  single.row(10)[20] = 40;
  for (const Plane& p : {Plane(40, 50), pixel, Plane(40, 50, kNaN), single, Plane(40, 50, 500.0F), Plane(40, 50, 1e30F), Plane(40, 50, -4.0F)}) {
    for (int frames = 1; frames <= 3; ++frames) {
      Frames f;
      for (int k = frames; k-- > 0;) f.add(p, -300 * k);
      BOOST_TEST(finite(f.model(still(40, 50))), p.values[0] << ", " << frames << " frames");
    }
  }
}

BOOST_AUTO_TEST_CASE(narrow_and_tiny_fields_are_one_level) {
  for (const auto& [ny, nx] : std::vector<std::pair<std::int64_t, std::int64_t>>{{1, 1}, {1, 60}, {60, 1}, {2, 2}, {3, 50}}) {
    Frames f;
    f.add(storm(ny, nx, 1), -300);
    f.add(storm(ny, nx), 0);
    const CascadeModel m = f.model(still(ny, nx));
    BOOST_TEST(m.levels.size() == 1U);
    BOOST_TEST(finite(m));
  }
}

BOOST_AUTO_TEST_CASE(noise_is_as_strong_as_the_level_where_it_stands) {
  Plane half = storm(128, 128);
  for (std::int64_t j = 0; j < 128; ++j) std::fill_n(half.row(j), 64, 0.0F);
  Frames f;
  f.add(half, 0);
  CascadeOptions options;
  const CascadeModel local = f.model(still(128, 128), options);
  options.locality = 0;
  const CascadeModel even = f.model(still(128, 128), options);
  for (std::size_t l = 0; l < 2; ++l) {
    const Plane& s = local.levels[l].strength;
    BOOST_TEST(s.row(s.ny / 2)[s.nx / 5] < 0.01F);
    BOOST_TEST(s.row(s.ny / 2)[4 * s.nx / 5] > 0.1F);
    const auto [low, high] = std::minmax_element(even.levels[l].strength.values.begin(), even.levels[l].strength.values.end());
    BOOST_TEST(*low == *high);
    // The mean square is the same in both.
    double a = 0, b = 0;
    for (const float x : s.values) a += static_cast<double>(x) * static_cast<double>(x);
    for (const float x : even.levels[l].strength.values) b += static_cast<double>(x) * static_cast<double>(x);
    BOOST_TEST(std::fabs(a / b - 1) < 0.01);
  }
}

BOOST_AUTO_TEST_CASE(smooth_levels_get_smooth_noise) {
  Plane stripes(64, 64);  // long along rows
  for (std::int64_t j = 0; j < 64; ++j) std::fill_n(stripes.row(j), 64, j % 2 == 0 ? 10.0F : 1.0F);
  Frames f;
  f.add(stripes, 0);
  const CascadeModel m = f.model(still(64, 64));
  BOOST_TEST(m.levels[0].kernel.along_row > 0.5F);
  BOOST_TEST(m.levels[0].kernel.along_column < -0.5F);
}

BOOST_AUTO_TEST_CASE(a_model_has_the_same_bits_for_any_number_of_threads) {
  Frames f;
  Plane holes = storm(150, 170, -2);
  for (std::size_t i = 0; i < holes.values.size(); i += 11) holes.values[i] = kNaN;
  f.add(holes, -300);
  f.add(storm(150, 170), 0);
  const auto run = [&](int threads) {
    set_num_threads(threads);
    CascadeModel m = f.model(uniform_motion(150, 170, 2.0F / 300, 0));
    set_num_threads(0);
    return m;
  };
  const CascadeModel one = run(1);
  for (const int n : {2, 3}) {
    const CascadeModel other = run(n);
    for (std::size_t l = 0; l < one.levels.size(); ++l) {
      BOOST_TEST((one.levels[l].before.values == other.levels[l].before.values));
      BOOST_TEST((one.levels[l].strength.values == other.levels[l].strength.values));
      BOOST_TEST(one.levels[l].memory.phi1 == other.levels[l].memory.phi1);
    }
  }
}

BOOST_AUTO_TEST_CASE(no_frame_no_step_and_no_times_are_refused) {
  Frames f;
  BOOST_CHECK_THROW(f.model(still(4, 4)), Error);
  f.add(storm(20, 20), 0);
  CascadeOptions options;
  options.step = Seconds{0};
  BOOST_CHECK_THROW(f.model(still(20, 20), options), Error);
  f.times.clear();
  BOOST_CHECK_THROW(f.model(still(20, 20)), Error);
}

BOOST_AUTO_TEST_SUITE_END()
