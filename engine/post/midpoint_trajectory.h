#pragma once
#include <span>
#include <vector>

#include "engine/core/field.h"

namespace guyu {

// nearest keeps every value as it was seen, extremes too; bilinear smooths.
enum class Sampling { nearest, bilinear };

// Where the air of every cell was so many steps ago, in a steady motion followed backwards by one midpoint step a time: the motion half way back, looked up
// with the step before as the first guess. Beyond the edge the edge's motion holds. A plain scheme, one position a cell in double, for motions smooth over a
// step; the nowcast (engine/nowcast) follows them with iterated, shorter steps. Source: Germann and Zawadzki (2002), Mon. Wea. Rev. 130, 2859-2873.
class MidpointTrajectory {
 public:
  // Cells a step: u towards rising columns, v towards rising rows. Throws Error where either is missing. The planes must outlive the object.
  MidpointTrajectory(FieldView<const float> u, FieldView<const float> v);
  void step();  // one more step back; O(cells)
  // The field as it is carried to here; missing where the air comes from beyond the outermost cell centres or from missing cells.
  void sample(FieldView<const float> field, Sampling sampling, FieldView<float> carried) const;

 private:
  struct Step {
    double u, v;
  };
  Step motion(double row, double column) const;
  FieldView<const float> u_, v_;
  std::vector<double> row_, column_;  // displacement of each cell
  std::vector<Step> last_;
};

// Amounts from rates at equal steps, by the trapezoid rule: step_hours x (r0 / 2 + r1 + ... + rn / 2). Missing where any rate is. Throws Error for fewer than
// two rates. O(cells x rates).
void accumulate_rates(std::span<const FieldView<const float>> rates, double step_hours, FieldView<float> amount);

}  // namespace guyu
