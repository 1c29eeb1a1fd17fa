#include "engine/motion/pyramid.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInverseScale = 1.0F / 0.2F;  // h/mm; keeps drizzle visible and radar noise small
constexpr float kHeaviest = 500.0F;           // mm/h, far above any plausible rate

// Rows that make a chunk worth handing to another thread.
std::int64_t rows_at_once(std::int64_t nx) { return std::max<std::int64_t>(8, 32'768 / nx); }

// Natural logarithm of x >= 1 with a relative error below 1e-4; unlike std::log it vectorises.
inline float quick_log(float x) {
  const auto bits = std::bit_cast<std::int32_t>(x);
  const auto exponent = static_cast<float>((bits >> 23) - 127);
  const float m = std::bit_cast<float>((bits & 0x007FFFFF) | 0x3F800000) - 1.0F;
  // Minimax-like polynomial of ln(1 + m) on [0, 1), exact at 0.
  const float p = m * (0.99949556F + m * (-0.49190896F + m * (0.28947478F + m * (-0.13606275F + m * 0.03215845F))));
  return exponent * 0.69314718F + p;
}

// Weighted 1-2-1 smoothing in both directions; missing cells take no part and stay missing.
Plane smooth(const Plane& in) {
  Plane out(in.ny, in.nx);
  parallel_for(in.ny, rows_at_once(in.nx), [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> sum(static_cast<std::size_t>(in.nx + 2)), weight(sum.size());
    for (std::int64_t j = begin; j < end; ++j) {
      std::fill(sum.begin(), sum.end(), 0.0F);
      std::fill(weight.begin(), weight.end(), 0.0F);
      for (std::int64_t k = std::max<std::int64_t>(j - 1, 0); k <= std::min(j + 1, in.ny - 1); ++k) {
        const float w = k == j ? 2.0F : 1.0F;
        const float* p = in.row(k);
        for (std::int64_t i = 0; i < in.nx; ++i) {
          const bool ok = p[i] == p[i];
          sum[static_cast<std::size_t>(i + 1)] += ok ? w * p[i] : 0.0F;
          weight[static_cast<std::size_t>(i + 1)] += ok ? w : 0.0F;
        }
      }
      const float* self = in.row(j);
      float* q = out.row(j);
      for (std::int64_t i = 0; i < in.nx; ++i) {
        const auto s = static_cast<std::size_t>(i);
        const float total = sum[s] + 2 * sum[s + 1] + sum[s + 2];
        const float share = weight[s] + 2 * weight[s + 1] + weight[s + 2];
        q[i] = self[i] == self[i] ? total / share : kNaN;
      }
    }
  });
  return out;
}

Plane halve(const Plane& in) {
  Plane out((in.ny + 1) / 2, (in.nx + 1) / 2);
  parallel_for(out.ny, rows_at_once(out.nx), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < out.nx; ++i) {
        float sum = 0, count = 0;
        for (std::int64_t b = 2 * j; b < std::min(2 * j + 2, in.ny); ++b) {
          for (std::int64_t a = 2 * i; a < std::min(2 * i + 2, in.nx); ++a) {
            const float x = in.row(b)[a];
            sum += x == x ? x : 0.0F;
            count += x == x ? 1.0F : 0.0F;
          }
        }
        out.row(j)[i] = count >= 2 ? sum / count : kNaN;
      }
    }
  });
  return out;
}

}  // namespace

Plane log_rain_blocks(FieldView<const float> rain, std::int64_t factor) {
  Plane out((rain.ny + factor - 1) / factor, (rain.nx + factor - 1) / factor);
  parallel_for(out.ny, 8, [&](std::int64_t begin, std::int64_t end) {
    const auto padded = static_cast<std::size_t>(out.nx * factor);
    std::vector<float> sum(padded), count(padded);
    for (std::int64_t j = begin; j < end; ++j) {
      std::fill(sum.begin(), sum.end(), 0.0F);
      std::fill(count.begin(), count.end(), 0.0F);
      const std::int64_t last = std::min((j + 1) * factor, rain.ny);
      for (std::int64_t b = j * factor; b < last; ++b) {
        const float* p = rain.row(b);
        float* s = sum.data();
        float* c = count.data();
        for (std::int64_t i = 0; i < rain.nx; ++i) {
          const float x = p[i];
          const bool ok = x < std::numeric_limits<float>::infinity();  // false for NaN too
          float r = x > 0.0F ? x : 0.0F;
          r = r < kHeaviest ? r : kHeaviest;
          const float y = quick_log(1.0F + r * kInverseScale);
          s[i] += ok ? y : 0.0F;
          c[i] += ok ? 1.0F : 0.0F;
        }
      }
      float* q = out.row(j);
      for (std::int64_t i = 0; i < out.nx; ++i) {
        float total = 0, n = 0;
        for (std::int64_t a = i * factor; a < (i + 1) * factor; ++a) {
          total += sum[static_cast<std::size_t>(a)];
          n += count[static_cast<std::size_t>(a)];
        }
        const auto cells = static_cast<float>((last - j * factor) * (std::min((i + 1) * factor, rain.nx) - i * factor));
        q[i] = n > 0 && 2 * n >= cells ? total / n : kNaN;
      }
    }
  });
  return out;
}

std::vector<Plane> build_pyramid(Plane image, int levels) {
  std::vector<Plane> pyramid;
  pyramid.push_back(smooth(image));
  for (int l = 1; l < levels; ++l) pyramid.push_back(halve(pyramid.back()));
  return pyramid;
}

}  // namespace guyu
