#include "engine/core/field.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>

#include "hpc/parallel/parallel_for.h"

namespace guyu {

void Field::Free::operator()(float* p) const { ::operator delete[](p, std::align_val_t{64}); }

Field::Field(Grid grid, FieldMeta m) : meta(std::move(m)), grid_(std::move(grid)) {
  const auto n = static_cast<std::size_t>(grid_.size());
  data_.reset(static_cast<float*>(::operator new[](std::max<std::size_t>(n, 1) * sizeof(float), std::align_val_t{64})));
  std::fill_n(data_.get(), n, std::numeric_limits<float>::quiet_NaN());
}

Field Field::clone() const {
  Field copy(grid_, meta);
  std::copy_n(data_.get(), grid_.size(), copy.data_.get());
  return copy;
}

FieldStatistics statistics(FieldView<const float> view) {
  struct Part {
    std::int64_t valid = 0;
    double sum = 0;
    float min = std::numeric_limits<float>::infinity(), max = -std::numeric_limits<float>::infinity();
  };
  std::vector<Part> parts(static_cast<std::size_t>(view.ny));
  parallel_for(view.ny, 64, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      Part p;
      const float* row = view.row(j);
      for (std::int64_t i = 0; i < view.nx; ++i) {
        if (std::isnan(row[i])) continue;
        ++p.valid;
        p.sum += static_cast<double>(row[i]);
        p.min = std::min(p.min, row[i]);
        p.max = std::max(p.max, row[i]);
      }
      parts[static_cast<std::size_t>(j)] = p;
    }
  });
  FieldStatistics s;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  double sum = 0;
  float lo = std::numeric_limits<float>::infinity(), hi = -lo;
  for (const Part& p : parts) {
    s.valid += p.valid;
    sum += p.sum;
    lo = std::min(lo, p.min);
    hi = std::max(hi, p.max);
  }
  s.missing = view.ny * view.nx - s.valid;
  s.min = s.valid ? static_cast<double>(lo) : nan;
  s.max = s.valid ? static_cast<double>(hi) : nan;
  s.mean = s.valid ? sum / static_cast<double>(s.valid) : nan;
  return s;
}

}  // namespace guyu
