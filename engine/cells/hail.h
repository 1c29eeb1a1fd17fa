#pragma once
#include <optional>

#include "engine/cells/echo_column.h"

namespace guyu {

// A height, m, over all of the grid or one for each cell. NaN: not known.
struct HeightInput {
  double constant_m = 0;
  std::optional<FieldView<const float>> plane;
  double at(std::int64_t j, std::int64_t i) const { return plane ? double{(*plane)(j, i)} : constant_m; }
};

// Severe hail of one column.
struct HailIndex {
  double shi = 0;      // severe hail index, J m-1 s-1
  double posh = 0;     // probability of severe hail (19 mm or more), %, 0 to 100
  double mesh_mm = 0;  // maximum expected size
};
// From the index and the height of 0 degC above the radar: POSH = 29 ln(SHI / WT) + 50 with WT = 57.5 H0[km] - 121, not below 20; MESH = 2.54 SHI^0.5.
HailIndex hail_from_shi(double shi, double freezing_height_m);

// How large hail is for an index. witt: 2.54 SHI^0.5, below which about three quarters of the 147 reports of Witt et al. (1998) lie. murillo_75, murillo_95:
// the 75th and 95th percentile of a much larger set of reports, 15.096 SHI^0.206 and 22.157 SHI^0.212 (Murillo and Homeyer 2019, J. Applied Meteorology and
// Climatology 58); they rise to 10 mm and more at the least index above 0, so that small values of theirs mean little.
enum class HailSizeFit { witt, murillo_75, murillo_95 };
double hail_size_mm(double shi, HailSizeFit fit);  // NaN for an index that is not known

struct HailFields {
  FieldView<float> shi, posh, mesh_mm;  // of the levels' shape
};

// SHI = 0.1 integral over the height of W_T(H) E(Z): E = 5e-6 x 10^(0.084 Z) W(Z), the flux of hail's kinetic energy, where W rises from 0 at 40 dBZ to 1 at
// 50 dBZ and W_T from 0 at the 0 degC height to 1 at the -20 degC height. Between levels dBZ is linear in height, in steps of at most 250 m.
// Heights and levels count from the radar (or from sea level with radars near it). NaN where a height is not known or not ascending, or where no two known
// levels reach above 0 degC: not known is not "no hail". Source: Witt et al. (1998), Weather and Forecasting 13, 286-303. O(cells x levels), bit-identical for
// any number of threads. Throws Error as require_levels does and for planes of another shape.
void hail_index(std::span<const ReflectivityLevel> levels, const HeightInput& freezing, const HeightInput& minus_20, const HailFields& out);

}  // namespace guyu
