#pragma once
#include <vector>

#include "engine/core/field.h"

namespace guyu::cli::demo {

// One body of rain: an ellipse that is born, grows, ages and dies while it moves. Lengths in km from the middle of the domain (x
// east, y north), times in minutes of the case.
struct Cell {
  double born = 0, life = 60;
  double x = 0, y = 0;              // where it is born
  double drift_x = 0, drift_y = 0;  // own motion, km/h
  double steered = 1;               // how much of the steering flow it follows: 0 anchored, 1 wholly
  double along = 10, across = 7;    // half axes at maturity
  double angle = 0;                 // of the long axis, degrees from east towards north
  double stretch = 1;               // growth of the long axis over its life; neighbours in a line merge by it
  double peak = 60;                 // mm/h at maturity
};

// The flow that carries the rain, veering at a steady pace.
struct Steering {
  double speed = 38;      // km/h
  double direction = 20;  // towards, degrees from east towards north, at minute 0
  double turning = -5;    // degrees per hour
  struct Path {
    double x = 0, y = 0;
  };
  Path path(double minute) const;  // km travelled since minute 0
};

// Rain rate as an analytic function of place and time: the cells' sum, levelled off towards `ceiling`, times a texture of small scales
// that travels with the flow and slowly changes. Deterministic.
class Storm {
 public:
  Storm(std::vector<Cell> cells, Steering steering, double texture);
  double rate(double x, double y, double minute) const;  // mm/h
  // The rates at the centres of a grid whose coordinates are metres from the middle of the domain. Bit-identical for any number of
  // threads. O(cells of the grid + wet cells x bodies of rain).
  void rates(const Grid& grid, double minute, FieldView<float> out) const;

  const std::vector<Cell>& cells() const { return cells_; }
  const Steering& steering() const { return steering_; }

 private:
  std::vector<Cell> cells_;
  Steering steering_;
  double texture_;  // standard deviation of the logarithm, about; 0: smooth
};

}  // namespace guyu::cli::demo
