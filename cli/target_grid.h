#pragma once
#include <string>
#include <vector>

#include "cli/verb.h"
#include "engine/core/grid.h"

namespace guyu::cli {

// The grid that a verb shall bring fields to, as its options tell it: that of another file, or a box with a spacing.
struct TargetGrid {
  std::string like, crs = "EPSG:4326";
  std::vector<double> bbox;
  double spacing = 0;  // 0: not told

  void add_options(Verb& verb);  // --like, --crs, --bbox, --spacing; this must live as long as the command
  // Cells from the box's north-west corner, as many as it takes to fill it. Throws Error when it is not told, or empty.
  Grid grid(const std::string& verb) const;
};

}  // namespace guyu::cli
