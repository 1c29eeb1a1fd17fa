#include "engine/nowcast/advection.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"
#include "tests/engine/nowcast/reference.h"

using namespace guyu;
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

struct Image {
  std::int64_t ny, nx;
  std::vector<float> values;
  Image(std::int64_t rows, std::int64_t columns, float fill = 0) : ny(rows), nx(columns), values(static_cast<std::size_t>(rows * columns), fill) {}
  float& operator()(std::int64_t j, std::int64_t i) { return values[static_cast<std::size_t>(j * nx + i)]; }
  FieldView<float> view() { return {values.data(), ny, nx, nx}; }
  FieldView<const float> view() const { return {values.data(), ny, nx, nx}; }
};

bool same_bits(const Image& a, const Image& b) {
  return a.values.size() == b.values.size() && std::memcmp(a.values.data(), b.values.data(), a.values.size() * sizeof(float)) == 0;
}

Image storm(std::int64_t ny, std::int64_t nx) {
  Image f(ny, nx);
  for (std::int64_t j = 0; j < ny; ++j) {
    for (std::int64_t i = 0; i < nx; ++i) {
      const double x = static_cast<double>(i), y = static_cast<double>(j);
      const double r = 20 * std::sin(x * 0.13 + 0.4) * std::cos(y * 0.09) + 8 * std::sin(0.031 * x * 1.7 + y * 0.05);
      f(j, i) = static_cast<float>(std::max(r, 0.0));
    }
  }
  return f;
}

// A vortex with some shear, on control nodes `factor` cells apart.
Motion vortex(std::int64_t ny, std::int64_t nx, std::int64_t factor, double turn_per_second) {
  Motion m;
  m.field_ny = ny;
  m.field_nx = nx;
  m.factor = factor;
  m.ny = (ny + factor - 1) / factor;
  m.nx = (nx + factor - 1) / factor;
  for (std::int64_t r = 0; r < m.ny; ++r) {
    for (std::int64_t c = 0; c < m.nx; ++c) {
      const double f = static_cast<double>(factor);
      const double y = (static_cast<double>(r) + 0.5) * f - 0.5 - static_cast<double>(ny) / 2;
      const double x = (static_cast<double>(c) + 0.5) * f - 0.5 - static_cast<double>(nx) / 2;
      m.u.push_back(static_cast<float>(-turn_per_second * y));
      m.v.push_back(static_cast<float>(turn_per_second * x));
    }
  }
  return m;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(advection)

BOOST_AUTO_TEST_CASE(lead_zero_returns_the_newest_frame) {
  Image f = storm(37, 53);
  f(5, 7) = kNaN;
  Image out(37, 53);
  Extrapolator e(f.view(), vortex(37, 53, 4, 1e-4));
  e.step_to(Seconds{0}, out.view());
  BOOST_TEST(same_bits(f, out));
}

BOOST_AUTO_TEST_CASE(whole_cells_move_exactly_and_inflow_is_missing) {
  const Image f = storm(40, 60);
  Image out(40, 60);
  Extrapolator e(f.view(), uniform_motion(40, 60, 0.01F, -0.005F));  // 3 columns, -1.5 rows in 300 s
  e.step_to(Seconds{600}, out.view());                               // 6 columns, -3 rows
  for (std::int64_t j = 0; j < 40; ++j) {
    for (std::int64_t i = 0; i < 60; ++i) {
      if (i < 6 || j >= 37) {
        BOOST_TEST(std::isnan(out(j, i)), "inflow at " << j << " " << i);
      } else {
        BOOST_TEST(std::fabs(out(j, i) - f.view()(j + 3, i - 6)) < 1e-3F);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(translating_the_field_translates_the_nowcast) {
  const Image f = storm(60, 80);
  Image moved(60, 80, kNaN);
  for (std::int64_t j = 5; j < 60; ++j) {
    for (std::int64_t i = 9; i < 80; ++i) moved(j, i) = f.view()(j - 5, i - 9);
  }
  const Motion m = uniform_motion(60, 80, 0.0113F, 0.0071F);
  Image a(60, 80), b(60, 80);
  Extrapolator ea(f.view(), m), eb(moved.view(), m);
  ea.step_to(Seconds{900}, a.view());
  eb.step_to(Seconds{900}, b.view());
  std::int64_t compared = 0;
  for (std::int64_t j = 25; j < 60; ++j) {
    for (std::int64_t i = 30; i < 80; ++i) {
      BOOST_TEST(b(j, i) == a(j - 5, i - 9));  // bit for bit
      ++compared;
    }
  }
  BOOST_TEST(compared > 1000);
}

BOOST_AUTO_TEST_CASE(a_uniform_field_stays_and_no_value_leaves_its_range) {
  const Image flat(50, 70, 3.3F);
  Image out(50, 70);
  Extrapolator e(flat.view(), vortex(50, 70, 8, 3e-4));
  e.step_to(Seconds{3600}, out.view());
  for (const float x : out.values) BOOST_TEST((std::isnan(x) || x == 3.3F));
  const Image f = storm(50, 70);
  Extrapolator g(f.view(), vortex(50, 70, 8, 3e-4));
  g.step_to(Seconds{3600}, out.view());
  const float top = *std::max_element(f.values.begin(), f.values.end());
  for (const float x : out.values) BOOST_TEST((std::isnan(x) || (x >= 0 && x <= top)));
}

BOOST_AUTO_TEST_CASE(a_vortex_turns_the_field) {
  const std::int64_t n = 121;
  const double turn = 2e-4;
  Image f(n, n);
  const auto blob = [](double y, double x) { return 10 * std::exp(-((x - 85) * (x - 85) + (y - 60) * (y - 60)) / 128); };
  for (std::int64_t j = 0; j < n; ++j) {
    for (std::int64_t i = 0; i < n; ++i) f(j, i) = static_cast<float>(blob(static_cast<double>(j), static_cast<double>(i)));
  }
  Image out(n, n);
  Extrapolator e(f.view(), vortex(n, n, 8, turn));
  double worst = 0;
  for (int k = 1; k <= 12; ++k) e.step_to(Seconds{300 * k}, out.view());
  const double a = turn * 3600, c = static_cast<double>(n) / 2;
  for (std::int64_t j = 20; j < 100; ++j) {
    for (std::int64_t i = 20; i < 100; ++i) {
      const double x = static_cast<double>(i) - c, y = static_cast<double>(j) - c;
      const double truth = blob(c - std::sin(a) * x + std::cos(a) * y, c + std::cos(a) * x + std::sin(a) * y);
      worst = std::max(worst, std::fabs(truth - static_cast<double>(out(j, i))));
    }
  }
  BOOST_TEST(worst < 0.15);  // of 10 mm/h
}

BOOST_AUTO_TEST_CASE(missing_neighbours_are_renormalised_or_missing) {
  Image f(10, 10, 4.0F);
  f(5, 5) = kNaN;
  Image out(10, 10);
  Extrapolator e(f.view(), uniform_motion(10, 10, 0.001F, 0.0F));
  e.step_to(Seconds{250}, out.view());  // a quarter of a column: 0.75 of cell 5 is the missing one
  BOOST_TEST(std::isnan(out(5, 5)));
  BOOST_TEST(out(5, 6) == 4.0F);
  e.step_to(Seconds{750}, out.view());
  BOOST_TEST(out(5, 5) == 4.0F);
  BOOST_TEST(std::isnan(out(5, 6)));
}

BOOST_AUTO_TEST_CASE(the_fast_path_agrees_with_the_plain_reference) {
  Image f = storm(90, 130);
  for (std::int64_t k = 0; k < 400; ++k) f((k * 37) % 90, (k * 53) % 130) = kNaN;
  for (std::int64_t j = 30; j < 50; ++j) {
    for (std::int64_t i = 40; i < 60; ++i) f(j, i) = kNaN;
  }
  const Motion m = vortex(90, 130, 8, 1.5e-4);
  Image fast(90, 130);
  Extrapolator e(f.view(), m);
  for (const int lead : {300, 900, 1800, 3600}) {
    e.step_to(Seconds{lead}, fast.view());
    const std::vector<float> plain = test::reference_extrapolation(f.view(), m, lead);
    std::int64_t differ = 0;
    for (std::size_t i = 0; i < plain.size(); ++i) {
      // Paths that leave the grid and come back cross a kink of the motion that the control nodes only
      // resolve roughly.
      const auto cell = static_cast<std::int64_t>(i);
      const bool stays = std::hypot(static_cast<double>(cell / 130 - 45),
                                    static_cast<double>(cell % 130 - 65)) < 32;  // a node short of the edge
      const bool both = !std::isnan(plain[i]) && !std::isnan(fast.values[i]);
      if (both) {
        BOOST_TEST(std::fabs(plain[i] - fast.values[i]) < (stays ? 0.03F : 2.0F));
      } else if (std::isnan(plain[i]) != std::isnan(fast.values[i])) {
        ++differ;  // half-weight ties fall either way by rounding
      }
    }
    BOOST_TEST(differ <= 30);
  }
}

BOOST_AUTO_TEST_CASE(skipping_uniform_areas_changes_nothing) {
  // Dry and missing areas many blocks wide around a few storms, against cell-by-cell sampling of every cell.
  const std::int64_t ny = 330, nx = 470;
  Image f(ny, nx);
  const Image rain = storm(ny, nx);
  for (std::int64_t j = 0; j < ny; ++j) {
    for (std::int64_t i = 0; i < nx; ++i) {
      if ((j > 120 && j < 170 && i > 150 && i < 260) || (j == 250 && i == 300)) f(j, i) = rain.view()(j, i) + 0.01F;
      if (i > 380 || (j > 200 && i < 100)) f(j, i) = kNaN;
    }
  }
  for (const auto& m : {vortex(ny, nx, 8, 4e-5), vortex(ny, nx, 64, 4e-5), uniform_motion(ny, nx, 0.0213F, -0.0171F)}) {
    Image fast(ny, nx);
    Extrapolator e(f.view(), m);
    e.step_to(Seconds{2400}, fast.view());
    const std::vector<float> plain = test::reference_extrapolation(f.view(), m, 2400);
    std::int64_t differ = 0, worst = 0;
    for (std::size_t i = 0; i < plain.size(); ++i) {
      if (std::isnan(plain[i]) != std::isnan(fast.values[i])) ++differ;
      if (std::fabs(plain[i] - fast.values[i]) > 0.5F) ++worst;
      if (plain[i] == 0) BOOST_TEST((std::isnan(fast.values[i]) || fast.values[i] < 0.05F));
    }
    BOOST_TEST(differ <= 40);
    BOOST_TEST(worst == 0);
  }
}

BOOST_AUTO_TEST_CASE(an_amount_is_the_integral_of_the_rates) {
  const Image flat(30, 40, 6.0F);
  Image out(30, 40);
  Extrapolator still(flat.view(), uniform_motion(30, 40, 0, 0));
  still.accumulate(Seconds{0}, Seconds{600}, out.view());
  for (const float x : out.values) BOOST_TEST(std::fabs(x - 1.0F) < 1e-5F);
  // One wet column of 60 mm/h passing at one column a minute leaves 1 mm on every column that it crosses.
  Image line(10, 60);
  for (std::int64_t j = 0; j < 10; ++j) line(j, 10) = 60.0F;
  Image amount(10, 60);
  Extrapolator e(line.view(), uniform_motion(10, 60, 1.0F / 60, 0));
  accumulate_extrapolation(e, Seconds{0}, Seconds{600}, amount.view(), {Seconds{10}, 0.75F});
  for (std::int64_t i = 12; i < 19; ++i) BOOST_TEST(std::fabs(amount(5, i) - 1.0F) < 0.02F);
  BOOST_TEST(amount(5, 30) == 0.0F);
  BOOST_TEST(std::isnan(amount(5, 0)));  // all of its rain would come from outside
  BOOST_TEST(!std::isnan(amount(5, 12)));
}

BOOST_AUTO_TEST_CASE(amounts_of_neighbouring_intervals_add_up) {
  const Image f = storm(60, 80);
  Image a(60, 80), b(60, 80), whole(60, 80);
  const AccumulationOptions strict{Seconds{60}, 1.0F};
  Extrapolator e(f.view(), vortex(60, 80, 8, 1e-4));
  e.accumulate(Seconds{0}, Seconds{300}, a.view(), strict);
  e.accumulate(Seconds{300}, Seconds{600}, b.view(), strict);
  e.accumulate(Seconds{0}, Seconds{600}, whole.view(), strict);
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    BOOST_TEST(std::isnan(whole.values[i]) == (std::isnan(a.values[i]) || std::isnan(b.values[i])));
    if (!std::isnan(whole.values[i])) BOOST_TEST(std::fabs(a.values[i] + b.values[i] - whole.values[i]) < 1e-3F);
  }
}

BOOST_AUTO_TEST_CASE(results_are_bit_identical_for_any_number_of_threads) {
  Image f = storm(211, 317);
  for (std::int64_t k = 0; k < 900; ++k) f((k * 37) % 211, (k * 53) % 317) = kNaN;
  const Motion m = vortex(211, 317, 8, 1e-4);
  const auto run = [&](int threads) {
    set_num_threads(threads);
    std::vector<Image> out(2, Image(211, 317));
    Extrapolator e(f.view(), m);
    e.step_to(Seconds{1500}, out[0].view());
    e.accumulate(Seconds{1500}, Seconds{1800}, out[1].view());
    set_num_threads(0);
    return out;
  };
  const auto one = run(1);
  for (const int n : {2, 3}) {
    const auto other = run(n);
    BOOST_TEST(same_bits(one[0], other[0]));
    BOOST_TEST(same_bits(one[1], other[1]));
  }
}

BOOST_AUTO_TEST_CASE(forth_and_back_returns_to_the_start) {
  Displacement d(vortex(100, 100, 4, 1e-4));
  d.advance_to(1800);
  const float far = d.dx()(5, 5);
  d.advance_to(600);
  d.advance_to(1800);
  BOOST_TEST(std::fabs(d.dx()(5, 5) - far) < 1e-3F);
  d.advance_to(-1800);
  BOOST_TEST(d.seconds() == -1800);
  d.advance_to(0);
  BOOST_TEST(d.dx()(5, 5) == 0.0F);
}

BOOST_AUTO_TEST_CASE(a_lead_has_the_same_bits_whatever_was_asked_before) {
  Image f = storm(90, 130);
  for (std::int64_t k = 0; k < 200; ++k) f((k * 37) % 90, (k * 53) % 130) = kNaN;
  for (const Motion& m : {vortex(90, 130, 8, 1.5e-4), uniform_motion(90, 130, 0.4F, -0.2F), uniform_motion(90, 130, 0, 0)}) {
    Extrapolator busy(f.view(), m);
    for (const int lead : {60, 300, 299, 301, 1234, 900, -700, 77, 3600, 3600, 1}) {
      Image asked(90, 130), alone(90, 130);
      Extrapolator fresh(f.view(), m);
      busy.step_to(Seconds{lead}, asked.view());
      fresh.step_to(Seconds{lead}, alone.view());
      BOOST_TEST(same_bits(asked, alone), "lead " << lead);
      Extrapolator another(f.view(), m);
      busy.accumulate(Seconds{lead}, Seconds{lead + 450}, asked.view());
      another.accumulate(Seconds{lead}, Seconds{lead + 450}, alone.view());
      BOOST_TEST(same_bits(asked, alone), "amount from " << lead);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_part_of_an_expanded_row_has_the_bits_of_the_whole) {
  for (const std::int64_t factor : {1, 2, 3, 8, 64}) {
    const Motion m = vortex(50, 131, factor, 1e-4);
    std::vector<float> whole(131), part(131), scratch;
    for (const std::int64_t j : {0, 7, 49}) {
      expand_control_row(m.u_view(), factor, j, 131, 0, 131, whole.data(), scratch);
      for (const auto& [begin, end] : {std::pair<std::int64_t, std::int64_t>{0, 1}, {3, 64}, {32, 33}, {64, 131}, {130, 131}}) {
        expand_control_row(m.u_view(), factor, j, 131, begin, end, part.data(), scratch);
        BOOST_TEST(std::memcmp(whole.data() + begin, part.data() + begin, static_cast<std::size_t>(end - begin) * sizeof(float)) == 0);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(shapes_that_do_not_match_are_refused) {
  const Image f = storm(20, 20);
  Image small(10, 20);
  BOOST_CHECK_THROW(Extrapolator(f.view(), uniform_motion(20, 21, 0, 0)), Error);
  Extrapolator e(f.view(), uniform_motion(20, 20, 0, 0));
  BOOST_CHECK_THROW(e.step_to(Seconds{60}, small.view()), Error);
  BOOST_CHECK_THROW(e.accumulate(Seconds{60}, Seconds{60}, small.view()), Error);
}

BOOST_AUTO_TEST_CASE(an_empty_or_tiny_field_is_handled) {
  for (const std::int64_t n : {1, 2, 3}) {
    const Image f(n, n, 2.0F);
    Image out(n, n);
    Extrapolator e(f.view(), uniform_motion(n, n, 1e-5F, 0));
    e.step_to(Seconds{60}, out.view());
    for (const float x : out.values) BOOST_TEST(x == 2.0F);
  }
  const Image none(20, 20, kNaN);
  Image out(20, 20);
  Extrapolator e(none.view(), uniform_motion(20, 20, 1, 1));
  e.step_to(Seconds{60}, out.view());
  for (const float x : out.values) BOOST_TEST(std::isnan(x));
}

BOOST_AUTO_TEST_SUITE_END()
