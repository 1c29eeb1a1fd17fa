#pragma once
#include "engine/core/plane.h"

namespace guyu {

// Rain to direct runoff by curve numbers (USDA National Engineering Handbook, part 630, chapter 10). Curve numbers lie in (0, 100]; amounts in mm.
struct CurveNumberOptions {
  double abstraction = 0.2;  // initial loss as a share of the retention; 0.05 fits many plots better (Hawkins and others 2009)
};

// What the ground can hold after the initial loss: S = 25400 / CN - 254.
double retention_mm(double curve_number);
// Direct runoff of an event: (P - Ia)^2 / (P - Ia + S) above the initial loss Ia. NaN stays NaN.
double curve_number_runoff(double rain_mm, double retention_mm, const CurveNumberOptions& options = {});
// The rain that gives this runoff, its exact inverse; for no runoff the initial loss.
double curve_number_rain(double runoff_mm, double retention_mm, const CurveNumberOptions& options = {});

// The curve number of moderate antecedent moisture (II) for dry (I) and wet (III) ground: Chow, Maidment and Mays (1988), eqs. 5.5.10 and 5.5.11. The
// classes by the rain of the last five days: dry below 36 mm, wet above 53 mm in the growing season; 13 and 28 mm outside it.
enum class AntecedentMoisture { dry, moderate, wet };
AntecedentMoisture antecedent_moisture(double five_day_rain_mm, bool growing_season);
double curve_number_for(double moderate_curve_number, AntecedentMoisture moisture);

// Continuous form: the retention is a state that rain fills and evaporation empties, between nothing and its value for dry ground.
//   S' = S + E exp(-depletion S / S_dry) - (P - Q)
// Source: Williams and others (2012) as in SWAT (Neitsch and others 2011, eq. 2:1.1.10). Gives the step's runoff. Missing rain (NaN) gives missing runoff and
// leaves the state as it is.
struct RetentionState {
  double retention_mm = 0;
};
double curve_number_step(RetentionState& state, double rain_mm, double potential_evaporation_mm, double dry_retention_mm, double depletion = 1,
                         const CurveNumberOptions& options = {});

}  // namespace guyu
