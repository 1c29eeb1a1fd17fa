#include "hpc/parallel/random.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

using namespace guyu;
namespace {

using Words = PhiloxCounter;

// The published round, spelled out with 64-bit products.
Words plain_philox(Words c, PhiloxKey k, int rounds) {
  for (int r = 0; r < rounds; ++r) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53} * c[0], p1 = std::uint64_t{0xCD9E8D57} * c[2];
    const auto hi0 = static_cast<std::uint32_t>(p0 >> 32), lo0 = static_cast<std::uint32_t>(p0);
    const auto hi1 = static_cast<std::uint32_t>(p1 >> 32), lo1 = static_cast<std::uint32_t>(p1);
    c = {hi1 ^ c[1] ^ k[0], lo1, hi0 ^ c[3] ^ k[1], lo0};
    k[0] += 0x9E3779B9;
    k[1] += 0xBB67AE85;
  }
  return c;
}

// What fill_row promises: the scaled sum of the four bytes of a word.
double sum_of_bytes(std::uint32_t w) {
  const double sum = (w & 255U) + ((w >> 8) & 255U) + ((w >> 16) & 255U) + (w >> 24);
  return (sum - 4 * 127.5) / std::sqrt(4 * (256.0 * 256.0 - 1) / 12);
}

std::vector<float> row_of(const RandomStream& stream, std::uint32_t row, std::int64_t n) {
  std::vector<float> out(static_cast<std::size_t>(n));
  stream.fill_row(row, n, out.data());
  return out;
}

double correlation(const std::vector<float>& a, const std::vector<float>& b) {
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double x = static_cast<double>(a[i]), y = static_cast<double>(b[i]);
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / std::sqrt(aa * bb);
}

struct Moments {
  double mean = 0, variance = 0, skew = 0, excess = 0, largest = 0;
};
Moments moments_of(const std::vector<double>& x) {
  const auto n = static_cast<double>(x.size());
  Moments m;
  for (const double v : x) m.mean += v / n;
  double m3 = 0, m4 = 0;
  for (const double v : x) {
    const double d = v - m.mean;
    m.variance += d * d / n;
    m3 += d * d * d / n;
    m4 += d * d * d * d / n;
    m.largest = std::max(m.largest, std::fabs(v));
  }
  m.skew = m3 / std::pow(m.variance, 1.5);
  m.excess = m4 / (m.variance * m.variance) - 3;
  return m;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(random_numbers)

// The known answers that come with Random123 1.09, and one of seven rounds.
BOOST_AUTO_TEST_CASE(philox_gives_the_published_answers) {
  constexpr std::uint32_t ones = 0xFFFFFFFF;
  const auto same = [](const Words& a, const Words& b) { return a == b; };
  BOOST_TEST(same(philox({0, 0, 0, 0}, {0, 0}), {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  BOOST_TEST(same(philox({ones, ones, ones, ones}, {ones, ones}), {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  BOOST_TEST(same(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}), {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
  BOOST_TEST(same(philox({0, 0, 0, 0}, {0, 0}, 7), {0x5f6fb709, 0x0d893f64, 0x4f121f81, 0x4f730a48}));
}

BOOST_AUTO_TEST_CASE(philox_agrees_with_the_plain_round_for_any_number_of_rounds) {
  for (int rounds = 0; rounds < 12; ++rounds) {
    const Words c{17, 0x80000001U, 0xdeadbeefU, 3};
    const PhiloxKey k{0xfffffff0U, 0x12345678U};
    const bool same = philox(c, k, rounds) == plain_philox(c, k, rounds);
    BOOST_TEST(same, rounds << " rounds");
  }
}

BOOST_AUTO_TEST_CASE(a_row_holds_the_bytes_of_the_words_of_its_counters) {
  const RandomStream stream{0x0123456789abcdefULL, 5, 11, 7};
  const std::int64_t n = 200;
  const auto row = row_of(stream, 42, n);
  // Blocks of 32 numbers: word w of the eight counters of a block, then the next word.
  for (std::int64_t i = 0; i < n; ++i) {
    const auto block = static_cast<std::uint32_t>(i / 32), within = static_cast<std::uint32_t>(i % 32);
    const Words w = plain_philox({8 * block + within % 8, (7U << 8) | 5U, 11, 42}, {0x89abcdefU, 0x01234567U}, 7);
    BOOST_TEST(std::fabs(static_cast<double>(row[static_cast<std::size_t>(i)]) - sum_of_bytes(w[within / 8])) < 1e-6);
  }
}

BOOST_AUTO_TEST_CASE(a_row_does_not_depend_on_its_length_and_nothing_is_written_beyond_it) {
  const RandomStream stream{3, 1, 2, 4};
  const auto whole = row_of(stream, 9, 333);
  for (const std::int64_t n : {0, 1, 3, 31, 32, 33, 63, 64, 65, 100, 332}) {
    std::vector<float> part(static_cast<std::size_t>(n + 1), 99.0F);
    stream.fill_row(9, n, part.data());
    BOOST_TEST(std::equal(part.begin(), part.end() - 1, whole.begin()), "length " << n);
    BOOST_TEST(part.back() == 99.0F);
  }
}

BOOST_AUTO_TEST_CASE(rows_have_the_moments_of_four_uniform_bytes) {
  std::vector<double> all;
  for (std::uint32_t row = 0; row < 1000; ++row) {
    for (const float x : row_of({7, 0, 0, 1}, row, 1000)) all.push_back(static_cast<double>(x));
  }
  // A million numbers: standard errors are 0.001, 0.0014, 0.0024 and 0.005.
  const Moments m = moments_of(all);
  BOOST_TEST(std::fabs(m.mean) < 0.005);
  BOOST_TEST(std::fabs(m.variance - 1) < 0.007);
  BOOST_TEST(std::fabs(m.skew) < 0.012);
  BOOST_TEST(std::fabs(m.excess + 0.3) < 0.02);
  BOOST_TEST(m.largest < 3.5);
}

BOOST_AUTO_TEST_CASE(normals_have_the_moments_of_the_normal_distribution_in_each_of_the_four) {
  for (std::size_t k = 0; k < 4; ++k) {
    std::vector<double> all;
    for (std::uint32_t index = 0; index < 200'000; ++index) {
      const double x = RandomStream{19, 1000, 3, 0}.normals(index)[k];
      BOOST_TEST_REQUIRE(std::isfinite(x));
      all.push_back(x);
    }
    const Moments m = moments_of(all);
    BOOST_TEST(std::fabs(m.mean) < 0.012);
    BOOST_TEST(std::fabs(m.variance - 1) < 0.017);
    BOOST_TEST(std::fabs(m.skew) < 0.03);
    BOOST_TEST(std::fabs(m.excess) < 0.06);
    BOOST_TEST(m.largest < 6.7);  // 32 bits reach no further
    std::sort(all.begin(), all.end());
    double farthest = 0;  // Kolmogorov and Smirnov
    for (std::size_t i = 0; i < all.size(); i += 97) {
      const double expected = 0.5 * std::erfc(-all[i] / std::sqrt(2.0));
      farthest = std::max(farthest, std::fabs(expected - static_cast<double>(i) / static_cast<double>(all.size())));
    }
    BOOST_TEST(farthest < 0.005);
  }
}

BOOST_AUTO_TEST_CASE(the_four_normals_of_an_index_and_those_of_neighbours_are_uncorrelated) {
  std::vector<std::vector<float>> series(8);
  for (std::uint32_t index = 0; index < 40'000; ++index) {
    const auto here = RandomStream{1, 1000, 0, 0}.normals(index), next = RandomStream{1, 1000, 0, 0}.normals(index + 1);
    for (std::size_t k = 0; k < 4; ++k) {
      series[k].push_back(static_cast<float>(here[k]));
      series[k + 4].push_back(static_cast<float>(next[k]));
    }
  }
  for (std::size_t a = 0; a < 8; ++a) {
    for (std::size_t b = 0; b < a; ++b) BOOST_TEST(std::fabs(correlation(series[a], series[b])) < 0.025);
  }
}

BOOST_AUTO_TEST_CASE(every_part_of_a_stream_and_the_row_make_other_numbers) {
  const std::int64_t n = 40'000;  // standard error of a correlation: 0.005
  const RandomStream base{1, 2, 3, 4};
  const auto here = row_of(base, 5, n);
  const std::vector<RandomStream> others{{2, 2, 3, 4}, {1ULL << 32, 2, 3, 4}, {1 | (1ULL << 63), 2, 3, 4}, {1, 3, 3, 4}, {1, 127, 3, 4},
                                         {1, 2, 4, 4}, {1, 2, 3, 5},          {1, 2, 0x80000003U, 4},      {1, 3, 2, 4}, {1, 4, 3, 2}};
  for (std::size_t k = 0; k < others.size(); ++k) BOOST_TEST(std::fabs(correlation(here, row_of(others[k], 5, n))) < 0.025, "stream " << k);
  for (const std::uint32_t row : {0U, 4U, 6U, 1U << 31, std::numeric_limits<std::uint32_t>::max()})
    BOOST_TEST(std::fabs(correlation(here, row_of(base, row, n))) < 0.025, "row " << row);
}

BOOST_AUTO_TEST_CASE(neighbours_in_a_row_are_uncorrelated) {
  const auto row = row_of({11, 0, 0, 1}, 0, 100'040);
  for (const std::ptrdiff_t lag : {1, 2, 4, 7, 8, 16, 31, 32}) {
    const std::vector<float> a(row.begin(), row.begin() + 100'000), b(row.begin() + lag, row.begin() + lag + 100'000);
    BOOST_TEST(std::fabs(correlation(a, b)) < 0.016, "lag " << lag);
  }
}

BOOST_AUTO_TEST_SUITE_END()
