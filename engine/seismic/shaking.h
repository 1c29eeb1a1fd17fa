#pragma once
#include <vector>

#include "engine/core/grid.h"
#include "engine/core/plane.h"
#include "engine/region/region_set.h"
#include "engine/seismic/intensity_attenuation.h"

namespace guyu {

// Great-circle distance on the sphere of 6371.0 km, and the direction there, degrees from north by east.
struct GroundVector {
  double km = 0, azimuth = 0;
};
GroundVector from_epicentre(const Earthquake& event, double longitude, double latitude);

// Intensity at a place. Where the rupture's trace is known, that is where the ground broke and the relation across it is taken with the distance to the trace;
// an ellipse round the epicentre, from which a long rupture may run one way, then says nothing of its far end. Else intensity_at with the strike, if there is
// one.
double intensity_at_place(const IntensityAttenuation& attenuation, const Earthquake& event, double longitude, double latitude);
// To the nearest point of the rupture's trace, or infinity without one. Flat around the place: within 1 % up to 500 km.
double distance_to_rupture_km(const Earthquake& event, double longitude, double latitude);

// Intensity at the cells' centres. NaN where PROJ has no longitude and latitude. O(cells x 60), rows in parallel. Throws Error when PROJ has no way.
Plane shaking_on_grid(const IntensityAttenuation& attenuation, const Earthquake& event, const Grid& grid);

// What a region feels: at the centroid of its largest part, and the most at its outline's corners, or at the epicentre and the trace's corners that lie inside.
struct RegionShaking {
  float distance_km = 0, intensity = 0, highest_intensity = 0, peak_acceleration_m_s2 = 0;  // distance and acceleration at the centroid
};
// In the regions' order; all NaN for a region without an outline. O(corners x 60), regions in parallel. Throws Error when PROJ has no way to longitude and
// latitude.
std::vector<RegionShaking> shaking_of_regions(const IntensityAttenuation& attenuation, const Earthquake& event, const RegionSet& regions);

}  // namespace guyu
