#pragma once
#include <optional>
#include <vector>

#include "engine/core/field.h"
#include "ingest/netcdf_cf.h"

namespace guyu {

// The valid time of each plane of a variable: from its time dimension, else a scalar time coordinate, else reference time and lead, else the
// product's nominal time; the epoch when the file has no time at all (static fields). Bounds make intervals; kind from cell_methods.
class NetcdfTimes {
 public:
  // Throws Error for time units and calendars that cannot be placed.
  NetcdfTimes(const NetcdfFile& file, const NetcdfFile::Variable& variable);

  bool is_time_dim(std::size_t k) const { return time_.dim == k || reference_.dim == k || lead_.dim == k; }
  // Sets kind, valid and reference for the plane at `index`.
  void place(const std::vector<std::size_t>& index, FieldMeta& meta) const;

 private:
  static constexpr std::size_t kNoDim = static_cast<std::size_t>(-1);
  struct Coordinate {  // one value a step of the dimension, or a single one
    std::size_t dim = kNoDim;
    std::vector<TimePoint> begin, end;
    bool known() const { return !end.empty(); }
    std::size_t step(const std::vector<std::size_t>& index) const { return dim == kNoDim ? 0 : index[dim]; }
  };
  static Coordinate read_times(const NetcdfFile& file, const NetcdfFile::Variable& v, std::size_t dim);

  Coordinate time_, reference_;
  Coordinate lead_;  // as times since the epoch
  std::optional<TimePoint> start_, nominal_;
  TimeKind kind_ = TimeKind::instant;
};

}  // namespace guyu
