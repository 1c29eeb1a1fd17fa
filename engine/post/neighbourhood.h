#pragma once
#include <optional>
#include <string_view>

#include "engine/core/field.h"

namespace guyu {

// square: (2 radius + 1)^2 cells; circle: those whose centres are within the radius; weighted_circle: the same with weights 1 - (distance / radius)^2.
enum class NeighbourhoodShape { square, circle, weighted_circle };
// "square", "circle", "weighted-circle"; throws Error listing them.
NeighbourhoodShape parse_neighbourhood_shape(std::string_view text);

// What lies beyond the edge of the grid: nothing, or the edge's values on and on.
enum class NeighbourhoodEdge { cut, extend };

struct Neighbourhood {
  NeighbourhoodShape shape = NeighbourhoodShape::square;
  std::int64_t radius = 1;  // cells, at least 1
  NeighbourhoodEdge edge = NeighbourhoodEdge::cut;
};

// Which cells take part and which get an answer.
struct NeighbourhoodMask {
  std::optional<FieldView<const float>> counts = std::nullopt;  // 0 (or missing): the cell's value is not used, as if it were missing
  bool keep_missing = true;                                     // a cell that is not used gets no mean either; false: it gets its neighbours'
};

// Mean around every cell over the cells that are known; missing where none is. Sums in double; the mean is kept between the field's least and greatest value.
// O(cells) for squares (running sums), O(cells x radius) for circles (a prefix sum along each row, one span a row). The same for any number of threads. Throws
// Error for a radius below 1.
void neighbourhood_mean(FieldView<const float> field, const Neighbourhood& neighbourhood, const NeighbourhoodMask& mask, FieldView<float> mean);

// The same for directions in degrees: the direction of the mean unit vector, 0 to 360; missing where the vectors cancel.
void neighbourhood_mean_direction(FieldView<const float> degrees, const Neighbourhood& neighbourhood, const NeighbourhoodMask& mask, FieldView<float> mean);

// The plane without `cells` cells on every side. Throws Error when nothing is left.
FieldView<const float> without_halo(FieldView<const float> field, std::int64_t cells);

}  // namespace guyu
