#pragma once
#include <string>

#include "products/score_report.h"

namespace guyu {

// The plots of a report as inline SVG, each group in a row.

// Lines by lead with their confidence bands.
std::string event_diagrams(const ScoreReport& report);     // CSI, frequency bias, SEDI by threshold
std::string fraction_diagrams(const ScoreReport& report);  // FSS by scale, one for each threshold
std::string amount_diagrams(const ScoreReport& report);    // errors, correlation, SAL
std::string ensemble_diagrams(const ScoreReport& report);  // CRPS, spread and error, Brier skill

// Of the first lead, the last one and one between.
std::string reliability_diagrams(const ScoreReport& report);  // with the number of forecasts in each class
std::string roc_diagrams(const ScoreReport& report);
std::string rank_diagrams(const ScoreReport& report);  // and spread against error

// "5 mm/h"
std::string threshold_text(const ScoreReport& report, std::size_t threshold);

}  // namespace guyu
