#pragma once
#include "engine/core/field.h"

namespace guyu {

// The strongest gust, m/s, that the downdraft of a pulse storm can bring to the ground: W = sqrt(20.628571 VIL - 3.125e-6 ET^2), with VIL in kg m-2 and the
// echo top ET in m; 0 where the root has no real value or no echo has a top (0 m), NaN where either is not known. Source: Stewart (1991), The prediction of
// pulse-type thunderstorm gusts using vertically integrated liquid water content and the cloud top penetrative downdraft mechanism, NOAA Technical Memorandum
// NWS SR-136. Made on wet microbursts of isolated storms over the southern US: it knows nothing of cold pools, of a mean wind or of a storm's motion, which add
// to a gust.
double downdraft_gust_m_s(double liquid_kg_m2, double echo_top_m);

// Cell by cell; planes of one shape, else Error. O(cells).
void downdraft_gust(FieldView<const float> liquid_kg_m2, FieldView<const float> echo_top_m, FieldView<float> out);

}  // namespace guyu
