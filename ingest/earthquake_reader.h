#pragma once
#include <string>

#include "engine/seismic/earthquake.h"

namespace guyu {

// One earthquake from a file, told apart by content:
//   QuakeML 1.2 (the preferred origin and magnitude, else the first; rupture strike from a focal mechanism's first nodal plane is not taken, for which of the
//   two planes broke is not known); GeoJSON of USGS (a Feature, or a FeatureCollection of one): coordinates longitude, latitude, depth in km; properties mag,
//   magType, time in ms; a plain JSON object: time (ISO), longitude, latitude, magnitude, and where known depth_km, magnitude_type, strike, id, rupture (the
//   trace as
//   [[longitude, latitude], ...]).
// Throws Error naming file and what is missing or out of range; a file over 16 MB is refused.
Earthquake read_earthquake(const std::string& path);

}  // namespace guyu
