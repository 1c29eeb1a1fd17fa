#pragma once
#include <array>
#include <cstdint>

// Random numbers that are a function of where they are used (seed, member, step, cell ...) and of nothing
// else, so that they do not depend on the number or order of threads and ranks. Source: Salmon, Moraes, Dror,
// Shaw (2011), Parallel random numbers: as easy as 1, 2, 3 (Philox-4x32).
namespace guyu {

using PhiloxCounter = std::array<std::uint32_t, 4>;
using PhiloxKey = std::array<std::uint32_t, 2>;

// Four words from one counter and key. Seven rounds pass the strictest statistical tests, ten are the usual
// safe choice.
PhiloxCounter philox(PhiloxCounter counter, PhiloxKey key, int rounds = 10);

// One stream of numbers of a seed. Streams and seeds are independent of each other.
struct RandomStream {
  std::uint64_t seed = 0;
  std::uint32_t stream = 0;  // for what: level of a cascade, kind of perturbation
  std::uint32_t member = 0, step = 0;

  // Standard normal numbers (Box and Muller), four for each index.
  std::array<double, 4> normals(std::uint32_t index) const;
  // out[0, n) = approximately standard normal numbers of row `row`: the scaled sum of the four bytes of a
  // word (excess kurtosis -0.3, none beyond 3.5). Meant for noise that is filtered afterwards. Streams below
  // 128 and steps below 2^24 have rows of their own; normals() tells all streams below 2^31 apart.
  // 3.5 products of 32 x 32 bits a number.
  void fill_row(std::uint32_t row, std::int64_t n, float* out) const { fill_row(row, 0, n, out); }
  // Numbers [first, first + n) of the row; `first` a multiple of 32.
  void fill_row(std::uint32_t row, std::int64_t first, std::int64_t n, float* out) const;

 private:
  PhiloxKey key() const { return {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}; }
};

}  // namespace guyu
