#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/region/risk_table.h"
#include "products/map_canvas.h"
#include "products/map_palette.h"

namespace guyu {

// The column beside a map that says what its colours mean.
struct Legend {
  struct Row {
    std::optional<Color> color;  // none: the hatch
    std::string label, value;    // value stands to the right
  };
  std::string heading, subheading;
  std::optional<ColorScale> ramp;  // a continuous bar above the rows
  std::vector<Row> rows;
  std::string note;  // below
};

// Counts: regions of each level, from Unknown (0) to Red (5).
Legend level_legend(const std::vector<std::size_t>& counts);
Legend field_legend(const ColorScale& scale);

// `unit` scales everything: 1 for a picture of 1200 pixels.
TextSize measure_legend(const MapCanvas& canvas, const Legend& legend, double unit);
void draw_legend(const MapCanvas& canvas, const Legend& legend, double x, double y, double unit);

}  // namespace guyu
