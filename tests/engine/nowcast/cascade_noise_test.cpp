#include "engine/nowcast/cascade_noise.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <vector>

using namespace guyu;
namespace {

constexpr std::int64_t kRows = 400, kColumns = 500;

std::vector<std::vector<float>> field_of(const RandomStream& stream, NoiseKernel kernel, std::int64_t ny, std::int64_t nx) {
  NoiseRows noise(stream, kernel, nx);
  std::vector<std::vector<float>> rows;
  for (std::int64_t j = 0; j < ny; ++j) {
    const float* z = noise.row(j);
    rows.emplace_back(z, z + nx);
  }
  return rows;
}

double product(const std::vector<std::vector<float>>& z, std::size_t dj, std::size_t di) {
  double sum = 0, n = 0;
  for (std::size_t j = 0; j + dj < z.size(); ++j) {
    for (std::size_t i = 0; i + di < z[j].size(); ++i) {
      sum += static_cast<double>(z[j][i]) * static_cast<double>(z[j + dj][i + di]);
      n += 1;
    }
  }
  return sum / n;
}

// Autocorrelation of the kernel (a, 1, a).
double expected(double a, std::size_t lag) {
  const double all = 1 + 2 * a * a;
  return lag == 0 ? 1 : lag == 1 ? 2 * a / all : lag == 2 ? a * a / all : 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cascade_noise)

BOOST_AUTO_TEST_CASE(noise_has_variance_one_and_the_correlations_of_its_kernel) {
  for (const NoiseKernel kernel : {NoiseKernel{0, 0}, NoiseKernel{0.3F, 0.6F}, NoiseKernel{0.7F, 0}, NoiseKernel{-0.4F, 0.5F}}) {
    const auto z = field_of({5, 2, 1, 3}, kernel, kRows, kColumns);
    for (std::size_t dj = 0; dj < 4; ++dj) {
      for (std::size_t di = 0; di < 4; ++di) {
        const double wanted = expected(static_cast<double>(kernel.along_column), dj) * expected(static_cast<double>(kernel.along_row), di);
        BOOST_TEST(std::fabs(product(z, dj, di) - wanted) < 0.02,
                   kernel.along_row << " " << kernel.along_column << ": " << dj << " rows, " << di << " columns apart");
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_row_is_the_same_whatever_was_asked_before) {
  const RandomStream stream{5, 2, 1, 3};
  const NoiseKernel kernel{0.4F, 0.3F};
  const auto rows = field_of(stream, kernel, 40, 33);
  NoiseRows any(stream, kernel, 33);
  for (const std::int64_t j : {0, 39, 0, 1, 1, 3, 2, 20, 22, 21, 19, 39, 38, 5, 8, 11, 0}) {
    const float* z = any.row(j);
    BOOST_TEST(std::equal(z, z + 33, rows[static_cast<std::size_t>(j)].begin()), "row " << j);
  }
}

BOOST_AUTO_TEST_CASE(a_wider_grid_has_the_same_noise_in_the_columns_that_it_shares) {
  const RandomStream stream{5, 2, 1, 3};
  const auto narrow = field_of(stream, {0.4F, 0.3F}, 10, 50), wide = field_of(stream, {0.4F, 0.3F}, 10, 90);
  for (std::size_t j = 0; j < 10; ++j) BOOST_TEST(std::equal(narrow[j].begin(), narrow[j].end(), wide[j].begin()));
}

BOOST_AUTO_TEST_CASE(borders_are_as_strong_and_as_smooth_as_the_inside) {
  double corner = 0, top = 0, left = 0, right = 0, bottom = 0, along_top = 0, down_left = 0;
  constexpr int n = 20'000;
  for (std::uint32_t member = 0; member < n; ++member) {
    const auto z = field_of({9, 0, member, 1}, {0.5F, 0.5F}, 3, 5);
    const auto at = [&](std::size_t j, std::size_t i) { return static_cast<double>(z[j][i]); };
    corner += at(0, 0) * at(0, 0) / n;
    top += at(0, 2) * at(0, 2) / n;
    left += at(1, 0) * at(1, 0) / n;
    right += at(1, 4) * at(1, 4) / n;
    bottom += at(2, 4) * at(2, 4) / n;
    along_top += at(0, 0) * at(0, 1) / n;
    down_left += at(0, 0) * at(1, 0) / n;
  }
  for (const double variance : {corner, top, left, right, bottom}) BOOST_TEST(std::fabs(variance - 1) < 0.05);
  for (const double neighbour : {along_top, down_left}) BOOST_TEST(std::fabs(neighbour - 1 / 1.5) < 0.05);
}

BOOST_AUTO_TEST_CASE(a_single_cell_has_noise_too) {
  const auto z = field_of({9, 0, 0, 1}, {0.5F, 0.5F}, 1, 1);
  BOOST_TEST(std::isfinite(z[0][0]));
}

BOOST_AUTO_TEST_CASE(a_cell_has_one_value_whichever_columns_are_asked_for) {
  const RandomStream stream{5, 2, 1, 3};
  const NoiseKernel kernel{0.3F, -0.2F};
  constexpr std::int64_t nx = 333;
  NoiseRows whole(stream, kernel, nx), parts(stream, kernel, nx);
  for (std::int64_t j = 0; j < 9; ++j) {
    const float* z = whole.row(j);
    const std::vector<float> wanted(z, z + nx);
    for (const auto& [begin, end] : {std::pair<std::int64_t, std::int64_t>{0, 1}, {62, 66}, {100, 250}, {332, 333}}) {
      if (j % 3 == 1 && begin == 100) continue;  // a row that skips some
      const float* p = parts.row(j, begin, end);
      for (std::int64_t i = begin; i < end; ++i) BOOST_TEST_REQUIRE(p[i] == wanted[static_cast<std::size_t>(i)]);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
