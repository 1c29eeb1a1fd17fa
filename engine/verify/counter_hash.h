#pragma once
#include <cstdint>

namespace guyu {

// 64 well mixed bits of a counter: the same for the same (seed, counter), whoever asks and in whatever order.
// Source: the finaliser of SplitMix64 (Steele, Lea and Flood 2014).
inline std::uint64_t counter_hash(std::uint64_t seed, std::uint64_t counter) {
  std::uint64_t z = seed + 0x9e3779b97f4a7c15U * (counter + 1);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

// A whole number in [0, n), n > 0. The share that any of them is too likely by is below n / 2^32.
inline std::uint64_t counter_below(std::uint64_t seed, std::uint64_t counter, std::uint64_t n) { return ((counter_hash(seed, counter) >> 32) * n) >> 32; }

}  // namespace guyu
