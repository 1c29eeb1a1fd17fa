#pragma once
#include <span>

#include "engine/cells/hail.h"

namespace guyu {

// What radar says of lightning: a storm with 40 dBZ at the height of -10 degC is about to flash. Gremillion and Orville (1999), Weather and Forecasting 14,
// 640-649: isolated summer storms at Cape Canaveral, 40 dBZ at -10 degC in two volumes in a row, lead time 7.5 minutes (median). Here one volume is enough.
struct LightningSignature {
  float dbz = 40;
  double detection = 0.84;     // of the storms with lightning those that had shown it
  double false_alarms = 0.07;  // of the storms that showed it those without lightning
  double base_rate = 0.5;      // storms with lightning among all cells: an assumption, not of the paper; it counts for cells without the signature alone
};

// Likelihood, 0 to 1, of a cell by its greatest reflectivity at -10 degC: 1 - F with the signature; without it what the contingency table leaves:
// (1 - P) b / (1 - P b / (1 - F)). NaN for a reflectivity that is not known. Not calibrated anywhere but at that place. Throws Error for a table that cannot
// be: rates outside 0 to 1, or more forecasts than cells.
double lightning_likelihood(double dbz_at_minus_10, const LightningSignature& signature = {});

// Reflectivity at -10 degC, which is taken halfway between 0 and -20 degC: linear in dBZ between the next known levels, no more than kWidestBridge_m apart; NaN
// where there are none or a height is not known. Throws Error as require_levels does and for planes of another shape. O(cells x levels).
void reflectivity_at_minus_10(std::span<const ReflectivityLevel> levels, const HeightInput& freezing, const HeightInput& minus_20, FieldView<float> out);

}  // namespace guyu
