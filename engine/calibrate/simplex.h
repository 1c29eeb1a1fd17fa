#pragma once
#include <functional>
#include <vector>

namespace guyu {

// A minimum of `f` near `start` by the simplex method of Nelder and Mead (1965), Computer Journal 7, with its usual coefficients (1, 2, 1/2, 1/2); the first
// simplex reaches `step` along each axis. Ends after `evaluations` or when the simplex' values differ by less than `tolerance`. Deterministic.
std::vector<double> simplex_minimum(const std::function<double(const std::vector<double>&)>& f, std::vector<double> start, const std::vector<double>& step,
                                    int evaluations = 600, double tolerance = 1e-7);

}  // namespace guyu
