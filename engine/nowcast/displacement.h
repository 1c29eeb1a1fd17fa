#pragma once
#include "engine/motion/motion.h"

namespace guyu {

// How far upstream of each control node the air that arrives there at `seconds()` after the start has come
// from: dx columns and dy rows, found by following the (steady) motion backwards with iterated midpoint
// steps.
class Displacement {
 public:
  explicit Displacement(const Motion& motion);  // keeps a copy
  // Continues from the present lead when that is nearer to 0 than `seconds`, else starts again from 0.
  // Negative leads follow the motion forwards. The sub-steps are short enough that no node passes another.
  void advance_to(double seconds);
  double seconds() const { return seconds_; }
  FieldView<const float> dx() const { return {dx_.data(), motion_.ny, motion_.nx, motion_.nx}; }
  FieldView<const float> dy() const { return {dy_.data(), motion_.ny, motion_.nx, motion_.nx}; }
  std::int64_t factor() const { return motion_.factor; }
  const Motion& motion() const { return motion_; }

 private:
  void step(double seconds);
  Motion motion_;
  std::vector<float> dx_, dy_;
  double seconds_ = 0;
  float fastest_ = 0;  // control nodes per second
};

}  // namespace guyu
