#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/core/grid.h"
#include "engine/core/quantity.h"
#include "engine/core/time.h"

namespace guyu {

// Non-owning rows x cols window on float data; stride in elements.
template <typename T>
struct FieldView {
  T* data = nullptr;
  std::int64_t ny = 0, nx = 0, stride = 0;
  T* row(std::int64_t j) const { return data + j * stride; }
  T& operator()(std::int64_t j, std::int64_t i) const { return data[j * stride + i]; }
  operator FieldView<const T>() const { return {data, ny, nx, stride}; }
};

struct FieldMeta {
  Quantity quantity;
  TimeKind kind = TimeKind::instant;
  Interval valid;
  TimePoint reference{};      // issue (analysis) time, never the valid time
  std::string level;          // e.g. "surface", "850 hPa", "2 m"; empty when none
  std::optional<int> member;  // ensemble member
  std::string source;         // file the values came from
  std::string format;         // "GRIB2", "ODIM_H5", ...
};

// One aligned float32 plane, NaN = missing (outside coverage or unknown), 0 = measured and dry.
// Move-only; clone() is explicit; shared as shared_ptr<const Field>.
class Field {
 public:
  Field() = default;
  Field(Grid grid, FieldMeta meta);  // values start as NaN
  Field(Field&&) noexcept = default;
  Field& operator=(Field&&) noexcept = default;
  Field clone() const;

  const Grid& grid() const { return grid_; }
  FieldMeta meta;
  FieldView<float> view() { return {data_.get(), grid_.ny(), grid_.nx(), grid_.nx()}; }
  FieldView<const float> view() const { return {data_.get(), grid_.ny(), grid_.nx(), grid_.nx()}; }
  std::span<float> values() { return {data_.get(), static_cast<std::size_t>(grid_.size())}; }
  std::span<const float> values() const { return {data_.get(), static_cast<std::size_t>(grid_.size())}; }

 private:
  struct Free {
    void operator()(float* p) const;
  };
  Grid grid_;
  std::unique_ptr<float[], Free> data_;
};

using FieldPtr = std::shared_ptr<const Field>;

struct FieldStatistics {
  std::int64_t valid = 0, missing = 0;
  double min = 0, max = 0, mean = 0;  // over valid cells; NaN when none is valid
};
// Fixed-order, thread-count independent. O(cells).
FieldStatistics statistics(FieldView<const float> view);

}  // namespace guyu
