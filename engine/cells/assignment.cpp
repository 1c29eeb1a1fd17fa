#include "engine/cells/assignment.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace guyu {
namespace {

constexpr double kForbidden = 1e9;

// Least cost columns of a dense matrix with no more rows than columns, each row taking one.
std::vector<std::size_t> hungarian(const std::vector<double>& cost, std::size_t rows, std::size_t columns) {
  // Row and column 0 stand for nothing; u and v are the potentials.
  std::vector<double> u(rows + 1, 0), v(columns + 1, 0), least(columns + 1);
  std::vector<std::size_t> row_of(columns + 1, 0), way(columns + 1, 0);
  std::vector<char> used(columns + 1);
  for (std::size_t i = 1; i <= rows; ++i) {
    row_of[0] = i;
    std::size_t j0 = 0;
    std::fill(least.begin(), least.end(), std::numeric_limits<double>::infinity());
    std::fill(used.begin(), used.end(), 0);
    do {
      used[j0] = 1;
      const std::size_t i0 = row_of[j0];
      std::size_t j1 = 0;
      double delta = std::numeric_limits<double>::infinity();
      for (std::size_t j = 1; j <= columns; ++j) {
        if (used[j]) continue;
        const double reduced = cost[(i0 - 1) * columns + j - 1] - u[i0] - v[j];
        if (reduced < least[j]) least[j] = reduced, way[j] = j0;
        if (least[j] < delta) delta = least[j], j1 = j;
      }
      for (std::size_t j = 0; j <= columns; ++j) {
        if (used[j]) u[row_of[j]] += delta, v[j] -= delta;
        else least[j] -= delta;
      }
      j0 = j1;
    } while (row_of[j0] != 0);
    for (; j0 != 0; j0 = way[j0]) row_of[j0] = row_of[way[j0]];
  }
  std::vector<std::size_t> out(rows, kUnassigned);
  for (std::size_t j = 1; j <= columns; ++j) {
    if (row_of[j] != 0) out[row_of[j] - 1] = j - 1;
  }
  return out;
}

}  // namespace

std::vector<std::size_t> assign(std::size_t rows, std::size_t columns, const std::vector<AssignmentChoice>& choices, double cost_of_none) {
  std::vector<std::size_t> part(rows + columns);
  std::iota(part.begin(), part.end(), std::size_t{0});
  const auto root = [&](std::size_t k) {
    while (part[k] != k) k = part[k] = part[part[k]];
    return k;
  };
  for (const AssignmentChoice& c : choices) {
    const std::size_t a = root(c.row), b = root(rows + c.column);
    part[std::max(a, b)] = std::min(a, b);
  }
  struct Part {
    std::vector<std::size_t> rows, columns;
  };
  std::vector<Part> parts(rows + columns);
  std::vector<std::size_t> place(rows + columns);  // within its part
  for (std::size_t k = 0; k < rows + columns; ++k) {
    Part& p = parts[root(k)];
    auto& side = k < rows ? p.rows : p.columns;
    place[k] = side.size();
    side.push_back(k < rows ? k : k - rows);
  }
  std::vector<std::vector<std::size_t>> choices_of(parts.size());
  for (std::size_t k = 0; k < choices.size(); ++k) choices_of[root(choices[k].row)].push_back(k);

  std::vector<std::size_t> out(rows, kUnassigned);
  for (std::size_t k = 0; k < parts.size(); ++k) {
    const Part& p = parts[k];
    if (p.rows.empty() || p.columns.empty()) continue;
    const std::size_t n = p.columns.size(), wide = n + p.rows.size();  // each row has a column of its own that stands for none
    std::vector<double> cost(p.rows.size() * wide, kForbidden);
    for (std::size_t r = 0; r < p.rows.size(); ++r) cost[r * wide + n + r] = cost_of_none;
    for (const std::size_t c : choices_of[k]) {
      double& entry = cost[place[choices[c].row] * wide + place[rows + choices[c].column]];
      entry = std::min(entry, choices[c].cost);
    }
    const auto taken = hungarian(cost, p.rows.size(), wide);
    for (std::size_t r = 0; r < p.rows.size(); ++r) {
      if (taken[r] < n) out[p.rows[r]] = p.columns[taken[r]];
    }
  }
  return out;
}

}  // namespace guyu
