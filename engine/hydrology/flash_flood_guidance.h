#pragma once
#include <functional>
#include <span>
#include <vector>

#include "engine/core/plane.h"
#include "engine/hydrology/curve_number.h"
#include "engine/hydrology/flow_network.h"
#include "engine/hydrology/kinematic_routing.h"
#include "engine/hydrology/runoff_model.h"
#include "engine/hydrology/xinanjiang.h"

namespace guyu {

// Critical rain: how much has to fall within some hours, from the soil as it is, for a flow to reach its threshold.

// The least rain for which `response` (that never falls as rain grows) reaches `threshold`, to `tolerance_mm`, by bisection: 0 when it is reached without rain,
// infinity when `most_mm` does not do, NaN when the response is. O(log(most / tolerance)) responses.
double critical_rain_mm(const std::function<double(double rain_mm)>& response, double threshold, double most_mm = 1000, double tolerance_mm = 0.1);

// The runoff depth within `duration_hours` whose peak is the threshold discharge, when nothing else flows: threshold runoff of Carpenter and others (1999),
// J. Hydrology 224, with Nash's unit hydrograph. NaN for a missing threshold.
double threshold_runoff_mm(double threshold_m3_s, double area_km2, double reservoirs, double k_hours, double duration_hours);

// By cells: the rain that gives the threshold runoff, by the curve number's exact inverse. retention_mm: as the soil is now. Missing where either is. O(cells).
Plane critical_rain_mm(const Plane& threshold_runoff_mm, const Plane& retention_mm, const CurveNumberOptions& options = {});

// On a network, by the runoff model itself: the rain, even over `hours` and over all that drains through a cell, of which so much leaves the ground upstream
// (area mean) within these hours, from the soil as it is and without evaporation. What the soil gives without rain counts. Found between rains that grow by a
// twelfth, by straight lines: the runoff to one per cent. 0 where no rain is needed, infinite where 2000 mm do not do; NaN where the threshold is missing.
// hours is a whole number of steps. O(90 x steps x cells), less where small rains do.
Plane critical_rain_mm(const RunoffModel& runoff, const SoilState& soil, const FlowNetwork& network, const ChannelCells& channels,
                       const Plane& threshold_runoff_mm, double hours, double step_seconds = 900);

// By basin, in the state it has now: rain even over the duration and the basin, then none; the peak of the routed flow within the unit hydrograph's length
// after it, with what the stores give by themselves. One value a duration (hours, whole numbers of steps of one hour). No evaporation while it rains.
struct GuidanceBasin {
  XinanjiangParameters parameters;
  XinanjiangState state;
  double area_km2 = 0;
  std::vector<double> unit_hydrograph;  // hourly
  std::vector<double> in_channels_mm;   // flow still to come, hour by hour, from runoff before now; may be empty
};
std::vector<double> critical_rain_mm(const GuidanceBasin& basin, double threshold_m3_s, std::span<const int> durations_hours, double most_mm = 1000);
// The peak, m3/s, for so much rain.
double peak_flow_m3_s(const GuidanceBasin& basin, double rain_mm, int duration_hours);

}  // namespace guyu
