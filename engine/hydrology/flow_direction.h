#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "engine/core/field.h"
#include "engine/core/plane.h"

namespace guyu {

// Where each cell's water goes: to one of its eight neighbours (D8; O'Callaghan and Mark 1984).
struct FlowDirections {
  // Directions 0..7 go round from east by south; their code in files is 1 << d, as in ESRI's and HydroSHEDS' (E 1, SE 2, S 4, ... NE 128).
  static constexpr std::array<int, 8> east{1, 1, 0, -1, -1, -1, 0, 1}, south{0, 1, 1, 1, 0, -1, -1, -1};
  static constexpr std::int8_t outlet = -1;   // leaves the grid, or for cells without elevation (the sea)
  static constexpr std::int8_t missing = -2;  // no elevation
  std::int64_t ny = 0, nx = 0;
  std::vector<std::int8_t> direction;
  std::int8_t at(std::int64_t j, std::int64_t i) const { return direction[static_cast<std::size_t>(j * nx + i)]; }
  Plane codes() const;  // 1 << d, 0 at outlets, NaN where missing
};

// The lowest surface without depressions that is nowhere below the terrain: every cell has a way that never climbs to the grid's edge or to a missing cell.
// Source: Barnes, Lehman and Mulla (2014), Priority-flood, Computers & Geosciences 62, algorithm 2. O(n log n), in depressions O(n).
Plane fill_depressions(FieldView<const float> elevation);

// Steepest descent on the filled surface, by distances on the ground. Cells at the edge or beside missing ones that have no lower neighbour are outlets.
// In flats water goes away from higher ground and towards the way out: Barnes, Lehman and Mulla (2014), An efficient assignment of drainage direction over flat
// surfaces, Computers & Geosciences 62. There are no loops. O(n log n); the same for any number of threads. Throws Error when shapes differ.
FlowDirections flow_directions(FieldView<const float> elevation, const Grid& grid);

}  // namespace guyu
