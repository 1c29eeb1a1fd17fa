#include "engine/nowcast/scale_pyramid.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

std::int64_t rows_at_once(std::int64_t nx) { return std::max<std::int64_t>(8, 32'768 / std::max<std::int64_t>(nx, 1)); }

// Mean of the valid cells of each 2 x 2 block; NaN where there is none.
Plane mean_of_valid(const Plane& in) {
  Plane out((in.ny + 1) / 2, (in.nx + 1) / 2);
  parallel_for(out.ny, rows_at_once(out.nx), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      const float* a = in.row(2 * j);
      const float* b = in.row(std::min(2 * j + 1, in.ny - 1));
      for (std::int64_t i = 0; i < out.nx; ++i) {
        const std::int64_t right = std::min(2 * i + 1, in.nx - 1);
        float sum = 0, count = 0;
        for (const float x : {a[2 * i], a[right], b[2 * i], b[right]}) {
          sum += std::isfinite(x) ? x : 0.0F;
          count += std::isfinite(x) ? 1.0F : 0.0F;
        }
        out.row(j)[i] = count > 0 ? sum / count : std::numeric_limits<float>::quiet_NaN();
      }
    }
  });
  return out;
}

bool complete(const Plane& p) {
  return std::all_of(p.values.begin(), p.values.end(), [](float x) { return std::isfinite(x); });
}

void fill(Plane& p, float otherwise) {
  if (complete(p)) return;
  if (p.nx == 1 && p.ny == 1) {
    p.values[0] = otherwise;
    return;
  }
  Plane coarse = mean_of_valid(p);
  fill(coarse, otherwise);
  parallel_for(p.ny, rows_at_once(p.nx), [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> row(static_cast<std::size_t>(p.nx)), mixed;
    for (std::int64_t j = begin; j < end; ++j) {
      std::fill(row.begin(), row.end(), 0.0F);
      add_expanded_row(coarse, j, p.nx, row.data(), mixed);
      float* x = p.row(j);
      for (std::int64_t i = 0; i < p.nx; ++i) x[i] = std::isfinite(x[i]) ? x[i] : row[static_cast<std::size_t>(i)];
    }
  });
}

}  // namespace

Plane reduce(const Plane& fine) {
  Plane out((fine.ny + 1) / 2, (fine.nx + 1) / 2);
  const std::int64_t n = fine.nx;
  parallel_for(out.ny, rows_at_once(out.nx), [&](std::int64_t begin, std::int64_t end) {
    // One cell more on the left and up to two on the right.
    std::vector<float> mixed(static_cast<std::size_t>(n + 3));
    float* m = mixed.data() + 1;
    for (std::int64_t j = begin; j < end; ++j) {
      const auto at = [&](std::int64_t k) { return fine.row(std::clamp<std::int64_t>(k, 0, fine.ny - 1)); };
      const float* a = at(2 * j - 1);
      const float* b = at(2 * j);
      const float* c = at(2 * j + 1);
      const float* d = at(2 * j + 2);
      for (std::int64_t i = 0; i < n; ++i) m[i] = 0.125F * (a[i] + d[i]) + 0.375F * (b[i] + c[i]);
      m[-1] = m[0];
      m[n] = m[n + 1] = m[n - 1];
      float* q = out.row(j);
      for (std::int64_t i = 0; i < out.nx; ++i) q[i] = 0.125F * (m[2 * i - 1] + m[2 * i + 2]) + 0.375F * (m[2 * i] + m[2 * i + 1]);
    }
  });
  return out;
}

void add_expanded_row(const Plane& coarse, std::int64_t j, std::int64_t n, float* out, std::vector<float>& mixed) {
  const std::int64_t nx = coarse.nx;
  mixed.resize(static_cast<std::size_t>(nx + 2));
  float* m = mixed.data() + 1;
  const float* a = coarse.row(j / 2);
  const float* b = coarse.row(std::clamp<std::int64_t>(j / 2 + (j % 2 == 0 ? -1 : 1), 0, coarse.ny - 1));
  for (std::int64_t i = 0; i < nx; ++i) m[i] = 0.75F * a[i] + 0.25F * b[i];
  m[-1] = m[0];
  m[nx] = m[nx - 1];
  const std::int64_t pairs = n / 2;
  for (std::int64_t i = 0; i < pairs; ++i) {
    out[2 * i] += 0.75F * m[i] + 0.25F * m[i - 1];
    out[2 * i + 1] += 0.75F * m[i] + 0.25F * m[i + 1];
  }
  if (n % 2 == 1) out[n - 1] += 0.75F * m[pairs] + 0.25F * m[pairs - 1];
}

ScalePyramid decompose(Plane field, int scales) {
  ScalePyramid out;
  out.levels.push_back(std::move(field));
  while (static_cast<int>(out.levels.size()) < scales) {
    Plane& fine = out.levels.back();
    if (std::min(fine.nx, fine.ny) < 4) break;
    Plane coarse = reduce(fine);
    parallel_for(fine.ny, rows_at_once(fine.nx), [&](std::int64_t begin, std::int64_t end) {
      std::vector<float> row(static_cast<std::size_t>(fine.nx)), mixed;
      for (std::int64_t j = begin; j < end; ++j) {
        std::fill(row.begin(), row.end(), 0.0F);
        add_expanded_row(coarse, j, fine.nx, row.data(), mixed);
        float* x = fine.row(j);
        for (std::int64_t i = 0; i < fine.nx; ++i) x[i] -= row[static_cast<std::size_t>(i)];
      }
    });
    out.levels.push_back(std::move(coarse));
  }
  return out;
}

Plane recompose(const ScalePyramid& pyramid) {
  Plane sum = pyramid.levels.back();
  for (std::size_t k = pyramid.levels.size() - 1; k-- > 0;) {
    Plane fine = pyramid.levels[k];
    parallel_for(fine.ny, rows_at_once(fine.nx), [&](std::int64_t begin, std::int64_t end) {
      std::vector<float> mixed;
      for (std::int64_t j = begin; j < end; ++j) add_expanded_row(sum, j, fine.nx, fine.row(j), mixed);
    });
    sum = std::move(fine);
  }
  return sum;
}

Plane fill_missing(FieldView<const float> field, float otherwise) {
  Plane out(field.ny, field.nx);
  for (std::int64_t j = 0; j < field.ny; ++j) std::copy_n(field.row(j), field.nx, out.row(j));
  fill(out, otherwise);
  return out;
}

}  // namespace guyu
