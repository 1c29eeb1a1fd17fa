#include "hpc/parallel/random.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guyu {
namespace {

constexpr std::uint32_t kMultiply0 = 0xD2511F53, kMultiply1 = 0xCD9E8D57;
constexpr std::uint32_t kWeyl0 = 0x9E3779B9, kWeyl1 = 0xBB67AE85;
constexpr int kNoiseRounds = 7;

inline std::uint32_t high(std::uint32_t a, std::uint32_t b) { return static_cast<std::uint32_t>((static_cast<std::uint64_t>(a) * b) >> 32); }

// Side by side, so that the compiler puts the counters of a block into the lanes of vector registers.
constexpr int kLanes = 8;
struct Lanes {
  std::uint32_t word[4][kLanes];
};

inline void philox_lanes(Lanes& x, PhiloxKey key) {
  for (int round = 0; round < kNoiseRounds; ++round) {
    for (int i = 0; i < kLanes; ++i) {
      const std::uint32_t a = x.word[0][i], c = x.word[2][i];
      x.word[0][i] = high(kMultiply1, c) ^ x.word[1][i] ^ key[0];
      x.word[1][i] = kMultiply1 * c;
      x.word[2][i] = high(kMultiply0, a) ^ x.word[3][i] ^ key[1];
      x.word[3][i] = kMultiply0 * a;
    }
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
}

// A byte is uniform on 0 ... 255: mean 127.5, variance (256^2 - 1) / 12.
inline float normal_of(std::uint32_t w) {
  constexpr float kScale = 1.0F / 147.80054F;  // sqrt(4 * (256^2 - 1) / 12)
  const std::uint32_t pairs = (w & 0x00FF00FFU) + ((w >> 8) & 0x00FF00FFU);
  const auto sum = static_cast<std::int32_t>((pairs & 0xFFFFU) + (pairs >> 16));
  return static_cast<float>(sum - 510) * kScale;
}

}  // namespace

PhiloxCounter philox(PhiloxCounter x, PhiloxKey key, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    x = {high(kMultiply1, x[2]) ^ x[1] ^ key[0], kMultiply1 * x[2], high(kMultiply0, x[0]) ^ x[3] ^ key[1], kMultiply0 * x[0]};
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  return x;
}

std::array<double, 4> RandomStream::normals(std::uint32_t index) const {
  // The stream shares a word with a mark that keeps these counters apart from those of fill_row.
  const PhiloxCounter w = philox({index, stream | 0x80000000U, member, step}, key());
  std::array<double, 4> out{};
  for (std::size_t k = 0; k < 4; k += 2) {
    const double u = (static_cast<double>(w[k]) + 0.5) * 0x1p-32, v = (static_cast<double>(w[k + 1]) + 0.5) * 0x1p-32;
    const double radius = std::sqrt(-2 * std::log(u)), angle = 2 * std::numbers::pi * v;
    out[k] = radius * std::cos(angle);
    out[k + 1] = radius * std::sin(angle);
  }
  return out;
}

void RandomStream::fill_row(std::uint32_t row, std::int64_t first, std::int64_t n, float* out) const {
  constexpr std::int64_t kBlock = 4 * kLanes;
  const std::uint32_t what = (step << 8) | (stream & 0x7FU);
  for (std::int64_t at = 0; at < n; at += kBlock) {
    Lanes x;
    for (int i = 0; i < kLanes; ++i) {
      x.word[0][i] = static_cast<std::uint32_t>((first + at) / 4) + static_cast<std::uint32_t>(i);
      x.word[1][i] = what;
      x.word[2][i] = member;
      x.word[3][i] = row;
    }
    philox_lanes(x, key());
    float block[kBlock];
    for (int w = 0; w < 4; ++w) {
      for (int i = 0; i < kLanes; ++i) block[w * kLanes + i] = normal_of(x.word[w][i]);
    }
    std::copy_n(block, std::min(kBlock, n - at), out + at);
  }
}

}  // namespace guyu
