#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/core/grid.h"
#include "ingest/netcdf_file.h"

namespace guyu {

// Where a variable's cells lie, and how its raw planes have to be turned to row 0 north, column 0 west.
class NetcdfRaster {
 public:
  // nullopt when the variable does not stand on two coordinate axes at all; throws Error when it does but the grid cannot be read
  // (no grid mapping, uneven columns, unknown units, impossible sizes).
  static std::optional<NetcdfRaster> of(const NetcdfFile& file, const NetcdfFile::Variable& variable);

  const Grid& grid() const { return grid_; }
  // What in the file contradicts itself and how it was taken; empty when nothing does.
  const std::string& contradiction() const { return contradiction_; }
  bool is_plane_dim(std::size_t k) const { return k == x_dim_ || k == y_dim_; }
  // raw: one plane in the order of the variable's dimensions; out: the grid's cells. Linear.
  void arrange(std::vector<float>& raw, std::span<float> out) const;

 private:
  Grid grid_;
  std::size_t x_dim_ = 0, y_dim_ = 0;
  double first_longitude_ = 0;  // as in the file
  bool flip_x_ = false, flip_y_ = false;
  std::string contradiction_;
};

// The coordinate variable of a dimension: one-dimensional, of the dimension's name, or else with the role of a place or time on it; nullptr
// when none.
const NetcdfFile::Variable* coordinate_of(const NetcdfFile& file, int dim);

}  // namespace guyu
