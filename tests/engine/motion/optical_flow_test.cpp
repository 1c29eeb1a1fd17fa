#include "engine/motion/optical_flow.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

using namespace guyu;
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr double kStep = 300;  // s

struct Frames {
  std::int64_t ny, nx;
  std::vector<std::vector<float>> data;
  std::vector<TimePoint> times;
  std::vector<FieldView<const float>> views() const {
    std::vector<FieldView<const float>> v;
    for (const auto& d : data) v.push_back({d.data(), ny, nx, nx});
    return v;
  }
  Motion motion() const {
    const auto v = views();
    return estimate_motion(v, times);
  }
};

// Showers of many sizes scattered over [0, nx) x [0, ny), without a rhythm that a shift could repeat.
double showers(double y, double x, double ny, double nx, int count = 40) {
  double rain = 0;
  for (int k = 0; k < count; ++k) {
    const double cx = nx * std::fmod(0.5 + 0.754877666 * k, 1.0), cy = ny * std::fmod(0.5 + 0.569840291 * k, 1.0);
    const double size = 5 + (k * 7) % 11;
    rain += (3 + (k * 5) % 17) * std::exp(-((x - cx) * (x - cx) + (y - cy) * (y - cy)) / (2 * size * size));
  }
  return rain < 0.1 ? 0 : rain;
}

Frames frames_of(std::int64_t ny, std::int64_t nx, const std::vector<double>& seconds, const std::function<double(double t, double y, double x)>& rain) {
  Frames f{ny, nx, {}, {}};
  for (const double t : seconds) {
    std::vector<float> d(static_cast<std::size_t>(ny * nx));
    for (std::int64_t j = 0; j < ny; ++j) {
      for (std::int64_t i = 0; i < nx; ++i) {
        d[static_cast<std::size_t>(j * nx + i)] = static_cast<float>(rain(t, static_cast<double>(j), static_cast<double>(i)));
      }
    }
    f.data.push_back(std::move(d));
    f.times.push_back(TimePoint{Seconds{1'500'000'000 + static_cast<std::int64_t>(t)}});
  }
  return f;
}

Frames moving(std::int64_t ny, std::int64_t nx, const std::vector<double>& seconds, double u, double v) {
  return frames_of(ny, nx, seconds, [=](double t, double y, double x) {
    return showers(y - v * t / kStep, x - u * t / kStep, static_cast<double>(ny), static_cast<double>(nx));
  });
}

// Mean length of the error, in cells per 5-minute step, over the inner part of the control grid.
double mean_error(const Motion& m, const std::function<std::pair<double, double>(double y, double x)>& truth) {
  double sum = 0;
  int n = 0;
  for (std::int64_t j = m.field_ny / 6; j < m.field_ny * 5 / 6; j += 4) {
    for (std::int64_t i = m.field_nx / 6; i < m.field_nx * 5 / 6; i += 4) {
      const double y = static_cast<double>(j), x = static_cast<double>(i);
      const auto [u, v] = truth(y, x);
      sum += std::hypot(static_cast<double>(m.u_at(y, x)) * kStep - u, static_cast<double>(m.v_at(y, x)) * kStep - v);
      ++n;
    }
  }
  return sum / n;
}
double mean_error(const Motion& m, double u, double v) {
  return mean_error(m, [=](double, double) { return std::pair{u, v}; });
}

bool all_zero_and_finite(const Motion& m) {
  for (std::size_t i = 0; i < m.u.size(); ++i) {
    if (m.u[i] != 0 || m.v[i] != 0) return false;
  }
  return m.u.size() == static_cast<std::size_t>(m.ny * m.nx) && !m.u.empty();
}
bool finite(const Motion& m) {
  for (std::size_t i = 0; i < m.u.size(); ++i) {
    if (!std::isfinite(m.u[i]) || !std::isfinite(m.v[i])) return false;
  }
  return true;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(optical_flow)

BOOST_AUTO_TEST_CASE(a_translation_is_recovered_to_a_tenth_of_a_cell) {
  for (const auto& [u, v] : {std::pair{2.3, -1.4}, {0.0, 0.0}, {-6.7, 3.2}, {0.4, 9.5}, {14.0, -11.0}}) {
    const Motion m = moving(240, 320, {0, 300, 600}, u, v).motion();
    BOOST_TEST(mean_error(m, u, v) < 0.1, "u " << u << " v " << v << " error " << mean_error(m, u, v));
    BOOST_TEST(m.note.empty());
    BOOST_TEST(finite(m));
  }
}

BOOST_AUTO_TEST_CASE(two_frames_and_averaged_cells_do) {
  auto f = moving(240, 320, {0, 300}, 4.6, -2.2);
  BOOST_TEST(mean_error(f.motion(), 4.6, -2.2) < 0.1);
  const auto views = f.views();
  MotionOptions coarse;
  coarse.max_cells = 20'000;
  const Motion m = estimate_motion(views, f.times, coarse);
  BOOST_TEST(m.factor == 8);
  BOOST_TEST(mean_error(m, 4.6, -2.2) < 0.15);
}

BOOST_AUTO_TEST_CASE(irregular_steps_are_weighed_by_their_times) {
  const auto f = moving(240, 320, {0, 420, 600, 1200}, 3.1, 2.0);
  BOOST_TEST(mean_error(f.motion(), 3.1, 2.0) < 0.1);
}

BOOST_AUTO_TEST_CASE(a_rotation_is_recovered) {
  const double turn = 0.03;  // radians a step: 3 cells at 100 cells from the centre
  const double cy = 120, cx = 120;
  const auto f = frames_of(240, 240, {0, 300, 600}, [=](double t, double y, double x) {
    const double a = -turn * t / kStep;
    const double px = cx + (x - cx) * std::cos(a) - (y - cy) * std::sin(a);
    const double py = cy + (x - cx) * std::sin(a) + (y - cy) * std::cos(a);
    return showers(py, px, 240, 240, 60);
  });
  const double error = mean_error(f.motion(), [=](double y, double x) { return std::pair{-turn * (y - cy), turn * (x - cx)}; });
  BOOST_TEST(error < 0.35);  // the mean speed is 1.6 cells a step
}

BOOST_AUTO_TEST_CASE(doubling_the_rain_hardly_changes_the_motion) {
  auto f = moving(200, 200, {0, 300, 600}, 3.0, 1.0);
  for (auto& d : f.data) {
    for (float& x : d) x *= 2;
  }
  BOOST_TEST(mean_error(f.motion(), 3.0, 1.0) < 0.1);
}

BOOST_AUTO_TEST_CASE(no_echo_gives_zero_motion_and_a_note) {
  const auto f = frames_of(100, 140, {0, 300, 600}, [](double, double, double) { return 0.0; });
  const Motion m = f.motion();
  BOOST_TEST(all_zero_and_finite(m));
  BOOST_TEST(m.note.find("no echo") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(nothing_known_gives_zero_motion_and_a_note) {
  const auto f = frames_of(100, 140, {0, 300, 600}, [](double, double, double) { return std::nan(""); });
  const Motion m = f.motion();
  BOOST_TEST(all_zero_and_finite(m));
  BOOST_TEST(m.note.find("fewer than two usable frames") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_frame_without_data_is_left_out_and_named) {
  for (const std::size_t lost : {0U, 1U, 2U}) {
    auto f = moving(240, 320, {0, 300, 600}, 3.0, -2.0);
    std::fill(f.data[lost].begin(), f.data[lost].end(), kNaN);
    const Motion m = f.motion();
    BOOST_TEST(m.note.find("left out: no data") != std::string::npos);
    BOOST_TEST(mean_error(m, 3.0, -2.0) < 0.1);
  }
}

BOOST_AUTO_TEST_CASE(frames_out_of_order_are_left_out) {
  auto f = moving(120, 160, {0, 300, 600}, 2.0, 1.0);
  f.times[1] = f.times[2];
  const Motion m = f.motion();
  BOOST_TEST(m.note.find("not older") != std::string::npos);
  BOOST_TEST(mean_error(m, 2.0, 1.0) < 0.15);
}

BOOST_AUTO_TEST_CASE(unequal_numbers_of_frames_and_times_are_refused) {
  const auto f = moving(50, 50, {0, 300}, 1, 1);
  const auto views = f.views();
  const std::vector<TimePoint> one{f.times[0]};
  BOOST_CHECK_THROW(estimate_motion(views, one), Error);
  BOOST_CHECK_THROW(estimate_motion({}, {}), Error);
}

BOOST_AUTO_TEST_CASE(missing_sectors_do_not_hold_the_motion_back) {
  // A fixed radar circle and a blocked sector: their edges stand still while the rain moves.
  const auto f = frames_of(240, 320, {0, 300, 600}, [](double t, double y, double x) {
    const double r = std::hypot(y - 120, x - 160);
    if (r > 115 || (std::fabs(y - 130) < 8 && x > 160)) return std::nan("");
    return showers(y + 2.0 * t / kStep, x - 5.0 * t / kStep, 240, 320);
  });
  BOOST_TEST(mean_error(f.motion(), 5.0, -2.0) < 0.3);
}

BOOST_AUTO_TEST_CASE(static_clutter_is_outvoted) {
  const auto f = frames_of(240, 320, {0, 300, 600}, [](double t, double y, double x) {
    const bool clutter = std::fmod(x * 0.37 + y * 0.73, 1.0) > 0.8 && std::hypot(y - 120, x - 160) < 14;
    return clutter ? 30.0 : showers(y - 1.5 * t / kStep, x - 4.0 * t / kStep, 240, 320);
  });
  const Motion m = f.motion();
  BOOST_TEST(mean_error(m, 4.0, 1.5) < 0.4);
}

BOOST_AUTO_TEST_CASE(a_lone_storm_moves_the_whole_field) {
  const auto f = frames_of(200, 300, {0, 300, 600}, [](double t, double y, double x) {
    const double dx = x - 60 - 5.0 * t / kStep, dy = y - 100 - 1.0 * t / kStep;
    const double rain = 30 * std::exp(-(dx * dx + 2 * dy * dy) / (2 * 64.0));
    return rain < 0.1 ? 0 : rain;
  });
  const Motion m = f.motion();
  BOOST_TEST(std::fabs(static_cast<double>(m.u_at(100, 70)) * kStep - 5.0) < 0.2);
  BOOST_TEST(std::fabs(static_cast<double>(m.u_at(100, 250)) * kStep - 5.0) < 0.5);  // no echo there
}

BOOST_AUTO_TEST_CASE(the_result_is_bit_identical_for_any_number_of_threads) {
  const auto f = moving(203, 317, {0, 300, 600}, 2.7, -3.3);
  set_num_threads(1);
  const Motion one = f.motion();
  for (const int n : {2, 3}) {
    set_num_threads(n);
    const Motion other = f.motion();
    BOOST_TEST((one.u == other.u && one.v == other.v && one.confidence == other.confidence));
  }
  set_num_threads(0);
}

BOOST_AUTO_TEST_CASE(tiny_and_thin_fields_survive) {
  for (const auto& [ny, nx] : {std::pair<std::int64_t, std::int64_t>{1, 1}, {1, 50}, {50, 1}, {3, 3}, {7, 200}, {2, 2}, {3, 500}, {500, 3}}) {
    const Motion m = moving(ny, nx, {0, 300, 600}, 1, 0).motion();
    BOOST_TEST(finite(m));
    BOOST_TEST(m.field_ny == ny);
  }
}

BOOST_AUTO_TEST_CASE(wild_values_do_not_spread) {
  auto f = moving(120, 160, {0, 300, 600}, 2.0, 1.0);
  f.data[1][500] = std::numeric_limits<float>::infinity();
  f.data[2][900] = -5;
  f.data[0][1500] = 1e30F;
  const Motion m = f.motion();
  BOOST_TEST(finite(m));
  BOOST_TEST(mean_error(m, 2.0, 1.0) < 0.15);
}

BOOST_AUTO_TEST_CASE(fast_motion_over_long_steps_is_found) {
  struct {
    double seconds, u, v;                                                          // between frames; cells in that time
  } const cases[] = {{600, 36, 0}, {600, -25, 26}, {900, 30, -20}, {900, 0, 36}};  // 30 m/s at 0.5 km, 40 m/s at 1 km
  for (const auto& c : cases) {
    const double scale = kStep / c.seconds;
    for (const int frames : {2, 3}) {
      std::vector<double> times;
      for (int k = 0; k < frames; ++k) times.push_back(c.seconds * k);
      const Motion m = moving(400, 400, times, c.u * scale, c.v * scale).motion();
      BOOST_TEST(mean_error(m, c.u * scale, c.v * scale) < 0.2, "u " << c.u << " v " << c.v << " in " << c.seconds << " s, " << frames << " frames");
    }
  }
}

BOOST_AUTO_TEST_CASE(showers_that_resemble_each_other_do_not_lead_to_a_long_match) {
  // Equal showers on a lattice 40 cells wide, a little out of line: shifts by one width fit nearly as well as the true one.
  const auto f = frames_of(300, 300, {0, 300, 600}, [](double t, double y, double x) {
    double rain = 0;
    for (int r = -1; r < 9; ++r) {
      for (int c = -1; c < 9; ++c) {
        const double cx = 40 * c + 3 * std::sin(2.3 * r + 1.1 * c) + 4 * t / kStep, cy = 40 * r + 3 * std::cos(1.7 * c - r) - 2 * t / kStep;
        rain += 10 * std::exp(-((x - cx) * (x - cx) + (y - cy) * (y - cy)) / 98);
      }
    }
    return rain < 0.1 ? 0 : rain;
  });
  BOOST_TEST(mean_error(f.motion(), 4.0, -2.0) < 0.3);
}

BOOST_AUTO_TEST_CASE(the_limit_of_speed_holds) {
  const auto f = moving(240, 320, {0, 300, 600}, 14.0, 0.0);
  const auto views = f.views();
  MotionOptions slow;
  slow.max_cells_per_second = 0.01F;
  const Motion m = estimate_motion(views, f.times, slow);
  for (std::size_t i = 0; i < m.u.size(); ++i) BOOST_TEST(std::hypot(m.u[i], m.v[i]) <= 0.01001F);
}

BOOST_AUTO_TEST_CASE(translating_the_frames_translates_the_motion) {
  // By a whole number of the coarsest cells, so that averaging cuts the rain into the same blocks.
  const auto rain = [](double t, double y, double x) {
    const double dx = x - 110 - 4.0 * t / kStep, dy = y - 120 + 2.5 * t / kStep;
    double sum = 0;
    for (int k = 0; k < 9; ++k) {
      const double a = dx - 18 * (k % 3) + 3 * k, b = dy - 16 * (k / 3) - 2 * k;
      sum += (4 + k) * std::exp(-(a * a + b * b) / (20 + 9 * k));
    }
    return sum < 0.1 ? 0 : sum;
  };
  const Motion a = frames_of(400, 400, {0, 300, 600}, rain).motion();
  const Motion b = frames_of(400, 400, {0, 300, 600}, [&](double t, double y, double x) { return rain(t, y - 64, x - 96); }).motion();
  for (double y = 110; y < 170; y += 10) {
    for (double x = 100; x < 170; x += 10) {
      BOOST_TEST(std::hypot(static_cast<double>(a.u_at(y, x) - b.u_at(y + 64, x + 96)), static_cast<double>(a.v_at(y, x) - b.v_at(y + 64, x + 96))) * kStep <
                 0.1);
    }
  }
}

BOOST_AUTO_TEST_CASE(one_frame_gives_zero_motion_and_a_note) {
  const Motion m = moving(100, 140, {0}, 3, 1).motion();
  BOOST_TEST(all_zero_and_finite(m));
  BOOST_TEST(m.note.find("fewer than two usable frames") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(scattered_missing_cells_do_not_hold_the_motion_back) {
  auto f = moving(240, 320, {0, 300, 600}, 4.0, -3.0);
  for (std::size_t k = 0; k < f.data.size(); ++k) {
    for (std::size_t i = k; i < f.data[k].size(); i += 17 + k) f.data[k][i] = kNaN;
  }
  BOOST_TEST(mean_error(f.motion(), 4.0, -3.0) < 0.2);
}

BOOST_AUTO_TEST_SUITE_END()
