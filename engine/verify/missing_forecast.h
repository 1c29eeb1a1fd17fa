#pragma once
#include <span>

namespace guyu {

// What a missing forecast means where the observation is known.
enum class MissingForecast {
  skip,  // no forecast: the pair is not judged
  zero,  // no rain: what came in from outside the radars' view was not seen coming (pysteps' comparisons call
         // it zero filling)
};

// Puts 0 for what is missing where the observation is known. All scores leave out what is still missing.
// O(n).
void fill_missing_with_zero(std::span<float> forecast, std::span<const float> observation);

}  // namespace guyu
