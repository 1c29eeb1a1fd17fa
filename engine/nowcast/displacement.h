#pragma once
#include "engine/motion/motion.h"

namespace guyu {

// Planes of displacement on control nodes, `factor` cells apart; nodes stand as those of Motion.
struct DisplacementView {
  FieldView<const float> dx, dy;
  std::int64_t factor;
};

// How far upstream of each control node the air that arrives there `seconds()` after the start has come from:
// dx columns and dy rows, found by following the (steady) motion backwards with iterated midpoint steps of
// fixed length. A lead between two steps is reached by one shorter step that is not kept, so the result for a
// lead has the same bits whatever was asked before. Ascending leads cost only the steps between them.
class Displacement {
 public:
  explicit Displacement(const Motion& motion);  // keeps a copy
  // Negative leads follow the motion forwards. The steps are short enough that no node passes another.
  void advance_to(double seconds);
  double seconds() const { return seconds_; }
  FieldView<const float> dx() const { return {now_.dx.data(), motion_.ny, motion_.nx, motion_.nx}; }
  FieldView<const float> dy() const { return {now_.dy.data(), motion_.ny, motion_.nx, motion_.nx}; }
  DisplacementView view() const { return {dx(), dy(), motion_.factor}; }
  const Motion& motion() const { return motion_; }

 private:
  struct Planes {
    std::vector<float> dx, dy;
  };
  void restart();
  void step(const Planes& from, double seconds, Planes& to) const;
  Motion motion_;
  Planes kept_, now_;       // after whole steps; at seconds_
  std::int64_t steps_ = 0;  // whole steps in kept_, negative for negative leads
  double step_length_ = 0, seconds_ = 0;
};

}  // namespace guyu
