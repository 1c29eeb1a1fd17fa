#pragma once
#include <optional>
#include <string_view>

#include "engine/core/field.h"

namespace guyu {

// What a square around each cell is summed up to.
enum class VicinityStatistic { maximum, minimum, mean, standard_deviation };
// "max", "min", "mean", "std"; throws Error listing them.
VicinityStatistic parse_vicinity_statistic(std::string_view text);

// Statistic of the square of (2 radius + 1)^2 cells around every cell: with the maximum, "did it happen within so many cells". Missing cells are not
// counted and stay missing themselves: nobody looked there, and what is next door does not tell. With a land mask (>= 0.5 land) a
// cell is summed up over cells of its own kind alone. At the edge the maximum and minimum take the cells that there are; mean and standard deviation (of
// the population) take the grid continued by its edge's values, so that every square counts as many cells. Throws Error for a negative radius. O(cells) for
// any radius. The same for any number of threads.
void vicinity(FieldView<const float> field, std::int64_t radius, VicinityStatistic statistic, std::optional<FieldView<const float>> land,
              FieldView<float> result);

// Cells in a radius in metres, rounded down. Throws Error when it is less than a cell.
std::int64_t cells_in_radius(double radius_m, double cell_size_m);

}  // namespace guyu
