#pragma once
#include <cstdint>

#include "engine/cells/grid_scale.h"
#include "engine/core/field.h"

namespace guyu {

struct ConvectiveOptions {
  float convective_dbz = 40;  // convective whatever stands around
  float least_echo_dbz = 0;   // echo below it is none
  double background_km = 11;  // radius of the background
};

// How the echo of a place came about, as values of a plane.
inline constexpr float kNoEcho = 0, kStratiform = 1, kConvective = 2;

// Convective and stratiform echo of reflectivity (dBZ) at one level below the melting layer, on cells of about 1 to 2 km. A place is a convective centre at 40
// dBZ, or when it stands above its background (mean Z of the echo within 11 km) by 10 dB, by 10 - Zbg^2 / 180 above 0 dBZ, by nothing above 42.43 dBZ; what
// lies within 1 to 5 km of a centre, by its background (medium relation), is convective too. The rest of the echo is stratiform. Missing stays NaN and takes no
// part in a background. Source: Steiner, Houze and Yuter (1995), J. Applied Meteorology 34, 1978-2007. O(cells x rows of the circle), bit-identical for any
// number of threads. Throws Error for an output of another shape.
void separate_convective(FieldView<const float> dbz, const GridScale& scale, FieldView<float> out, const ConvectiveOptions& options = {});

// The peakedness in dB that makes a convective centre, and the radius in km around it, by the background in dBZ.
double convective_excess_db(double background_dbz);
double convective_radius_km(double background_dbz);

}  // namespace guyu
