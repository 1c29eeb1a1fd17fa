#pragma once
#include <cstddef>
#include <vector>

namespace guyu {

// A row and a column that may go together, at a price.
struct AssignmentChoice {
  std::size_t row = 0, column = 0;
  double cost = 0;
};

inline constexpr std::size_t kUnassigned = static_cast<std::size_t>(-1);

// The column of each row, kUnassigned for none, so that the sum of costs is least; a row without a column costs `cost_of_none`. No column is taken
// twice; of two choices for the same pair the cheaper one counts.
// Rows and columns that no chain of choices joins are solved apart; each part by the Hungarian method with potentials (Kuhn 1955; Jonker and Volgenant 1987):
// O(rows^2 (rows + columns)) of the largest part.
std::vector<std::size_t> assign(std::size_t rows, std::size_t columns, const std::vector<AssignmentChoice>& choices, double cost_of_none);

}  // namespace guyu
