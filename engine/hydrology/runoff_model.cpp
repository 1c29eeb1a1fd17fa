#include "engine/hydrology/runoff_model.h"

#include <bit>
#include <cstdint>

namespace guyu {

float parameters_code(std::span<const double> parameters) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const double p : parameters) {
    const auto bits = std::bit_cast<std::uint64_t>(p);
    for (int byte = 0; byte < 8; ++byte) hash = (hash ^ (bits >> (8 * byte) & 0xff)) * 1099511628211ULL;
  }
  return static_cast<float>((hash >> 24 ^ hash) & 0xffffff);
}

}  // namespace guyu
