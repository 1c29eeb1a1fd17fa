#include "engine/nowcast/scale_pyramid.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "hpc/parallel/parallel_for.h"
#include "hpc/parallel/random.h"

using namespace guyu;
namespace {
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

Plane noise(std::int64_t ny, std::int64_t nx, float scale = 10) {
  Plane p(ny, nx);
  for (std::int64_t j = 0; j < ny; ++j) RandomStream{77, 0, 0, 0}.fill_row(static_cast<std::uint32_t>(j), nx, p.row(j));
  for (float& x : p.values) x *= scale;
  return p;
}

double mean_of(const Plane& p) {
  double sum = 0;
  for (const float x : p.values) sum += static_cast<double>(x);
  return sum / static_cast<double>(p.values.size());
}

double mean_square(const Plane& p) {
  double sum = 0;
  for (const float x : p.values) sum += static_cast<double>(x) * static_cast<double>(x);
  return sum / static_cast<double>(p.values.size());
}

const std::vector<std::pair<std::int64_t, std::int64_t>> kShapes{{1, 1}, {1, 2}, {2, 1},   {1, 17},  {17, 1},   {2, 2},   {3, 3},   {4, 4},   {5, 4},
                                                                 {4, 5}, {7, 9}, {16, 16}, {33, 64}, {101, 57}, {64, 33}, {3, 200}, {200, 4}, {129, 130}};

// The coarse value by the definition, cell by cell.
double plain_reduce(const Plane& p, std::int64_t j, std::int64_t i) {
  const double w[4] = {0.125, 0.375, 0.375, 0.125};
  double sum = 0;
  for (std::int64_t b = 0; b < 4; ++b) {
    for (std::int64_t a = 0; a < 4; ++a) {
      const std::int64_t r = std::clamp<std::int64_t>(2 * j - 1 + b, 0, p.ny - 1), c = std::clamp<std::int64_t>(2 * i - 1 + a, 0, p.nx - 1);
      sum += w[b] * w[a] * static_cast<double>(p.row(r)[c]);
    }
  }
  return sum;
}

double plain_expand(const Plane& p, std::int64_t j, std::int64_t i) {
  const std::int64_t other_j = std::clamp<std::int64_t>(j / 2 + (j % 2 == 0 ? -1 : 1), 0, p.ny - 1);
  const std::int64_t other_i = std::clamp<std::int64_t>(i / 2 + (i % 2 == 0 ? -1 : 1), 0, p.nx - 1);
  const auto at = [&](std::int64_t r, std::int64_t c) { return static_cast<double>(p.row(r)[c]); };
  return 0.75 * (0.75 * at(j / 2, i / 2) + 0.25 * at(j / 2, other_i)) + 0.25 * (0.75 * at(other_j, i / 2) + 0.25 * at(other_j, other_i));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scale_pyramid)

BOOST_AUTO_TEST_CASE(the_levels_of_a_field_of_any_size_sum_to_the_field) {
  for (const auto& [ny, nx] : kShapes) {
    const Plane field = noise(ny, nx);
    for (const int scales : {-1, 0, 1, 2, 5, 40}) {
      const Plane again = recompose(decompose(field, scales));
      BOOST_TEST_REQUIRE(again.ny == ny);
      BOOST_TEST_REQUIRE(again.nx == nx);
      for (std::size_t i = 0; i < field.values.size(); ++i)
        BOOST_TEST_REQUIRE(std::fabs(again.values[i] - field.values[i]) < 2e-5F, ny << " x " << nx << ", " << scales);
    }
  }
}

BOOST_AUTO_TEST_CASE(levels_halve_their_size_down_to_two_cells_and_no_more_than_asked) {
  const ScalePyramid p = decompose(noise(37, 20), 40);
  const std::vector<std::pair<std::int64_t, std::int64_t>> shapes{{37, 20}, {19, 10}, {10, 5}, {5, 3}};
  BOOST_TEST_REQUIRE(p.levels.size() == shapes.size());
  for (std::size_t k = 0; k < shapes.size(); ++k) {
    BOOST_TEST(p.levels[k].ny == shapes[k].first);
    BOOST_TEST(p.levels[k].nx == shapes[k].second);
  }
  BOOST_TEST(decompose(noise(37, 20), 3).levels.size() == 3U);
  BOOST_TEST(decompose(noise(1, 500), 7).levels.size() == 1U);
  BOOST_TEST(decompose(noise(500, 3), 7).levels.size() == 1U);
  BOOST_TEST(decompose(noise(4, 4), 7).levels.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_constant_lives_in_the_coarsest_level_alone) {
  for (const auto& [ny, nx] : kShapes) {
    const ScalePyramid p = decompose(Plane(ny, nx, -12.0F), 6);
    for (std::size_t k = 0; k + 1 < p.levels.size(); ++k) {
      for (const float x : p.levels[k].values) BOOST_TEST_REQUIRE(x == 0.0F);
    }
    for (const float x : p.levels.back().values) BOOST_TEST_REQUIRE(x == -12.0F);
  }
}

BOOST_AUTO_TEST_CASE(halving_follows_the_weights) {
  for (const auto& [ny, nx] : kShapes) {
    const Plane field = noise(ny, nx);
    const Plane coarse = reduce(field);
    BOOST_TEST_REQUIRE(coarse.ny == (ny + 1) / 2);
    BOOST_TEST_REQUIRE(coarse.nx == (nx + 1) / 2);
    for (std::int64_t j = 0; j < coarse.ny; ++j) {
      for (std::int64_t i = 0; i < coarse.nx; ++i)
        BOOST_TEST_REQUIRE(std::fabs(static_cast<double>(coarse.row(j)[i]) - plain_reduce(field, j, i)) < 1e-5, ny << " x " << nx);
    }
  }
}

BOOST_AUTO_TEST_CASE(halving_keeps_the_mean_of_even_sizes) {
  for (const auto& [ny, nx] : std::vector<std::pair<std::int64_t, std::int64_t>>{{2, 2}, {4, 2}, {16, 30}, {130, 64}}) {
    const Plane field = noise(ny, nx);
    BOOST_TEST(std::fabs(mean_of(reduce(field)) - mean_of(field)) < 1e-5, ny << " x " << nx);
  }
}

BOOST_AUTO_TEST_CASE(doubling_is_bilinear_and_adds_to_what_is_there) {
  for (const auto& [ny, nx] : std::vector<std::pair<std::int64_t, std::int64_t>>{{1, 1}, {1, 4}, {4, 1}, {2, 3}, {9, 8}}) {
    const Plane coarse = noise(ny, nx);
    for (const std::int64_t n : {2 * nx, 2 * nx - 1}) {
      std::vector<float> mixed;
      for (std::int64_t j = 0; j < 2 * ny; ++j) {
        std::vector<float> out(static_cast<std::size_t>(n + 1), 1.0F);
        add_expanded_row(coarse, j, n, out.data(), mixed);
        for (std::int64_t i = 0; i < n; ++i)
          BOOST_TEST_REQUIRE(std::fabs(static_cast<double>(out[static_cast<std::size_t>(i)]) - 1 - plain_expand(coarse, j, i)) < 1e-5);
        BOOST_TEST_REQUIRE(out.back() == 1.0F);
      }
    }
  }
}

// A ramp is as large as scales get, but at the edges.
BOOST_AUTO_TEST_CASE(a_ramp_leaves_nothing_in_fine_levels_away_from_edges) {
  Plane ramp(64, 64);
  for (std::int64_t j = 0; j < 64; ++j) {
    for (std::int64_t i = 0; i < 64; ++i) ramp.row(j)[i] = static_cast<float>(3 * i - 2 * j);
  }
  const ScalePyramid p = decompose(ramp, 3);
  for (std::int64_t j = 4; j < 60; ++j) {
    for (std::int64_t i = 4; i < 60; ++i) BOOST_TEST_REQUIRE(std::fabs(p.levels[0].row(j)[i]) < 1e-4F);
  }
}

BOOST_AUTO_TEST_CASE(waves_are_found_on_the_level_of_their_length) {
  // Level k is said to hold structures of about 2 to 5 of its cells, a half wave each.
  for (int k = 0; k < 4; ++k) {
    const double length = 5 * std::ldexp(1.0, k);
    Plane wave(256, 256);
    for (std::int64_t j = 0; j < 256; ++j) {
      for (std::int64_t i = 0; i < 256; ++i) wave.row(j)[i] = static_cast<float>(std::sin(6.283185307 * static_cast<double>(i) / length));
    }
    const ScalePyramid p = decompose(wave, 6);
    std::size_t strongest = 0;
    for (std::size_t l = 0; l < p.levels.size(); ++l) {
      if (mean_square(p.levels[l]) > mean_square(p.levels[strongest])) strongest = l;
    }
    BOOST_TEST(std::abs(static_cast<int>(strongest) - k) <= 1, "length " << length << " found on level " << strongest);
  }
}

BOOST_AUTO_TEST_CASE(levels_have_the_same_bits_for_any_number_of_threads) {
  const auto run = [](int threads) {
    set_num_threads(threads);
    Plane field = noise(301, 203);
    for (std::size_t i = 0; i < field.values.size(); i += 7) field.values[i] = kNaN;
    ScalePyramid p = decompose(fill_missing(std::as_const(field).view(), 0), 6);
    p.levels.push_back(recompose(p));
    set_num_threads(0);
    return p;
  };
  const ScalePyramid one = run(1);
  for (const int n : {2, 3}) {
    const ScalePyramid other = run(n);
    for (std::size_t k = 0; k < one.levels.size(); ++k) BOOST_TEST((one.levels[k].values == other.levels[k].values));
  }
}

BOOST_AUTO_TEST_CASE(filling_keeps_what_is_known_and_stays_in_its_range) {
  for (const auto& [ny, nx] : kShapes) {
    Plane field = noise(ny, nx);
    float low = 1e9F, high = -1e9F;
    for (std::size_t i = 0; i < field.values.size(); ++i) {
      if (i % 5 == 1 || (i > 40 && i < 900)) field.values[i] = kNaN;
      if (std::isnan(field.values[i])) continue;
      low = std::min(low, field.values[i]);
      high = std::max(high, field.values[i]);
    }
    const Plane full = fill_missing(std::as_const(field).view(), -99);
    for (std::size_t i = 0; i < field.values.size(); ++i) {
      BOOST_TEST_REQUIRE(std::isfinite(full.values[i]));
      if (!std::isnan(field.values[i])) BOOST_TEST_REQUIRE(full.values[i] == field.values[i]);
      BOOST_TEST_REQUIRE((full.values[i] >= low - 1e-4F && full.values[i] <= high + 1e-4F), ny << " x " << nx);
    }
  }
}

BOOST_AUTO_TEST_CASE(one_known_cell_fills_the_field_and_none_gives_the_other_value) {
  for (const auto& [ny, nx] : kShapes) {
    Plane field(ny, nx, kNaN);
    for (const float x : fill_missing(std::as_const(field).view(), -12).values) BOOST_TEST_REQUIRE(x == -12.0F);
    field.values[field.values.size() / 3] = 7.5F;
    for (const float x : fill_missing(std::as_const(field).view(), -12).values) BOOST_TEST_REQUIRE(std::fabs(x - 7.5F) < 1e-5F);
  }
}

BOOST_AUTO_TEST_CASE(what_is_infinite_is_filled_as_missing) {
  Plane field(6, 6, 2.0F);
  field.values[7] = std::numeric_limits<float>::infinity();
  field.values[8] = -field.values[7];
  for (const float x : fill_missing(std::as_const(field).view(), 0).values) BOOST_TEST(std::fabs(x - 2) < 1e-6F);
}

BOOST_AUTO_TEST_CASE(a_hole_is_filled_from_around_it) {
  Plane field(64, 64);
  for (std::int64_t j = 0; j < 64; ++j) {
    for (std::int64_t i = 0; i < 64; ++i) field.row(j)[i] = i < 32 ? 5.0F : 20.0F;
  }
  Plane holed = field;
  for (std::int64_t j = 24; j < 32; ++j) {
    for (std::int64_t i = 8; i < 16; ++i) holed.row(j)[i] = kNaN;
  }
  const Plane full = fill_missing(std::as_const(holed).view(), 0);
  for (std::size_t i = 0; i < full.values.size(); ++i) BOOST_TEST_REQUIRE(std::fabs(full.values[i] - field.values[i]) < 1.0F);
}

BOOST_AUTO_TEST_CASE(rows_of_a_strided_view_are_filled) {
  const std::vector<float> wide{1, kNaN, 9, 1, 1, 9};
  for (const float x : fill_missing({wide.data(), 2, 2, 3}, 0).values) BOOST_TEST(x == 1.0F);
}

BOOST_AUTO_TEST_CASE(an_empty_field_stays_empty) {
  const Plane none;
  BOOST_TEST(fill_missing(none.view(), 0).values.empty());
  BOOST_TEST(reduce(none).values.empty());
  BOOST_TEST(recompose(decompose(none, 4)).values.empty());
}

BOOST_AUTO_TEST_SUITE_END()
