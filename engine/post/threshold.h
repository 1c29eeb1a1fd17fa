#pragma once
#include <span>

#include "engine/core/field.h"
#include "engine/core/quantity.h"

namespace guyu {

// Which side of a threshold counts as an event.
enum class Comparison { above, at_least, below, at_most };
// ">", ">=", "<", "<=" or "gt", "ge", "lt", "le"; throws Error listing them.
Comparison parse_comparison(std::string_view text);
inline bool is_below(Comparison c) { return c == Comparison::below || c == Comparison::at_most; }

// A value to compare with. Between the bounds an event is true in part: 0 at the lower, 1/2 at the value, 1 at the upper (the other way round for
// comparisons below), linear on either side. Bounds that fall together with the value make the answer 0 or 1.
struct Threshold {
  double value = 0, lower = 0, upper = 0;
  bool is_fuzzy() const { return lower < upper; }
  // In the units of the field, when `to_field` is the conversion from the threshold's.
  Threshold in_units(const UnitConversion& to_field) const;
};
Threshold exact_threshold(double value);
// From value * factor to value * (2 - factor). Throws Error unless 0 < factor < 1 and the value is not 0, whose bounds would have no width.
Threshold fuzzy_threshold(double value, double factor);
// Throws Error unless lower <= value <= upper.
Threshold bounded_threshold(double value, double lower, double upper);

// Truth of the comparison per cell, 0 to 1; missing stays missing. Comparisons are made in float, as the cells are stored. O(cells).
void apply_threshold(FieldView<const float> field, const Threshold& threshold, Comparison comparison, FieldView<float> truth);

// Probability that the value lies between two thresholds, from the probabilities of being above them or of being below them (both of the same kind):
// their difference, P(above lower) - P(above upper) or P(below upper) - P(below lower). Missing where either is. Not cut at 0: a negative value tells
// that the probabilities contradict each other. O(cells).
void probability_between(FieldView<const float> at_lower, FieldView<const float> at_upper, bool of_below, FieldView<float> between);

// Mean over planes (members, percentiles, times), per cell over those that are not missing; missing where fewer than `least_valid` are.
// Sums in double, in the planes' order. Throws Error when there is no plane. O(cells x planes).
void mean_of_planes(std::span<const FieldView<const float>> planes, FieldView<float> mean, std::size_t least_valid = 1);

}  // namespace guyu
