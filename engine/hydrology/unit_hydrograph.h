#pragma once
#include <span>
#include <vector>

namespace guyu {

// Response of a basin to 1 mm of runoff in one step, as shares that leave in each step and add up to 1: Nash's (1957) cascade of `reservoirs` > 0 (any real
// number) equal linear reservoirs with time constant k_hours, averaged over the step, cut where less than 1e-4 is left (which goes to the last).
// Throws Error when a number is not positive.
std::vector<double> nash_unit_hydrograph(double reservoirs, double k_hours, double step_hours);

// Flow from runoff: each step's runoff spread by the unit hydrograph. The result is as long as the runoff, or with `tail` until all has left. Missing
// runoff makes all flows missing that it would be part of. O(n x ordinates).
std::vector<double> convolve(std::span<const double> runoff, std::span<const double> unit_hydrograph, bool tail = false);

// mm over a step on an area, as m3/s.
double discharge_m3_s(double mm, double area_km2, double step_hours);

}  // namespace guyu
