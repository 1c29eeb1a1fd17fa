#pragma once
#include <span>
#include <vector>

#include "engine/calibrate/lead_errors.h"
#include "engine/core/time.h"

namespace guyu {

// Weights of several models for one time, each at its own lead, adding up to 1: inverse to the mean squared errors, which are least where errors are
// independent (Bates and Granger 1969), drawn to equal weights as if each model had kPriorModelCases cases of the average error. A bucket that a model has no
// cases of takes the nearest one that it has; a model without any error has the average of the others; no errors at all: equal weights. O(models).
inline constexpr double kPriorModelCases = 200;
std::vector<double> model_weights(std::span<const LeadErrors> models, std::span<const Seconds> leads);

// The same from one mean squared error a model, with its number of cases: of probabilities the Brier scores. NaN: not known.
std::vector<double> error_weights(std::span<const double> mean_squared, std::span<const double> cases);

// Weighted mean of what several models say of one event at one place: the linear pool, never surer than its surest part (Ranjan and Gneiting 2010, J. R. Stat.
// Soc. B 72). A model with NaN takes no part; without any left: NaN. `weights` as many as models.
float joined_probability(std::span<const float> models, std::span<const double> weights);

// Members of several models at one place and time as one ensemble of as many members as the first model has: quantile by quantile the weighted mean of
// the models' quantiles, given to the first model's members by their rank. So a mean stays a mean and spread is not made of the models' differing biases.
// A model with NaN among its members takes no part; without any left: NaN. `weights` as many as models. Source: Ratcliff (1979); Lichtendahl and others (2013),
// Management Science 59, on averaging quantiles.
void joined_members(std::span<const std::vector<float>> models, std::span<const double> weights, std::span<float> out);

}  // namespace guyu
