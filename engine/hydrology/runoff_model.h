#pragma once
#include <span>
#include <string_view>
#include <vector>

#include "engine/core/plane.h"

namespace guyu {

// Water in the ground of all cells: planes in the order of RunoffModel::planes(). NaN where no ground is known.
using SoilState = std::vector<Plane>;
struct SoilPlane {
  std::string_view name, unit;  // as in a file
};

// What runs off, by cell: all that the network asks of the ground. Calls are for a whole grid, never for a cell.
class RunoffModel {
 public:
  virtual ~RunoffModel() = default;
  virtual std::string_view name() const = 0;
  virtual std::span<const SoilPlane> planes() const = 0;
  // A number for each cell's parameters (parameters_code below): a state goes on only under those that it was made with. NaN where no ground is known.
  virtual Plane parameters_code() const = 0;
  // 0 dry, 0.5 moderate, 1 wet.
  virtual SoilState start(double wetness) const = 0;
  // One step: what leaves the ground of each cell, mm. NaN where no ground is known. Missing rain: what leaves without it, or NaN; the ground comes nearer to
  // wet, never drier, since what was not seen may have fallen. Missing evaporation counts as none, for the same reason. Throws Error when shapes differ.
  // O(cells), the same for any number of threads.
  virtual Plane step(SoilState& soil, const Plane& rain_mm, const Plane& potential_evaporation_mm, double seconds) const = 0;
};

// 24 bits of a checksum (FNV-1a) over the numbers' bits: whole in a float32.
float parameters_code(std::span<const double> parameters);

}  // namespace guyu
