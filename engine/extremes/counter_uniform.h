#pragma once
#include <cstdint>

#include "hpc/parallel/random.h"

namespace guyu {

// A number in (0, 1) that is a function of (seed, repeat, index) alone.
inline double counter_uniform(std::uint64_t seed, std::uint32_t repeat, std::uint32_t index) {
  const PhiloxCounter word = philox({index, repeat, 0x45585452U, 0}, {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
  return (static_cast<double>(word[0]) + 0.5) / 4294967296.0;
}

}  // namespace guyu
