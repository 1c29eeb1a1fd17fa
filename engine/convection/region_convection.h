#pragma once
#include <optional>
#include <span>
#include <vector>

#include "engine/cells/arrival.h"
#include "engine/convection/cell_severity.h"
#include "engine/region/region_table.h"
#include "engine/region/zonal_weights.h"

namespace guyu {

// What there is to tell of each region. Planes on the grid of the weights.
struct ConvectionInputs {
  FieldView<const float> composite;  // reflectivity or rain of the newest frame: says where the radars see
  std::optional<FieldView<const float>> hail_mm, gust_m_s;
  std::span<const CellArrival> arrivals;                     // of cell_arrivals
  std::span<const CellSeverity> severity;                    // of cell_severity; cells without an entry are not known to be anything
  std::span<const float> flash_density;                      // of region_flash_density; empty: no sensor
  std::optional<FieldView<const float>> hail_probability{};  // of severe hail, 0 to 1
};

struct ConvectionRules {
  double least_coverage = 0.5;  // share of a region that must be seen
  double least_share = 0.3;     // of CellArrival::share from which on a cell counts as coming
};

// A column each, one value per region. NaN: not known, above all where less than `least_coverage` of the region is seen.
struct RegionConvection {
  std::vector<float> coverage;       // seen share, 0 to 1
  std::vector<float> flash_density;  // km-2 h-1; the sensor sees, or not, by itself
  std::vector<float>
      lightning_likelihood;             // 0 to 1 within the horizon: 1 where flashes were observed, else 1 - product over the cells of (1 - share x likelihood)
  std::vector<float> hail_mm;           // greatest MESH now in the region
  std::vector<float> hail_expected_mm;  // the same and that of every cell that comes
  std::vector<float> gust_m_s, gust_expected_m_s;
  std::vector<float> hail_probability;           // greatest POSH now in the region, 0 to 1
  std::vector<float> hail_probability_expected;  // that, or 1 - product over the cells of (1 - share x POSH), whichever is greater
  std::vector<float> arrival_min;                // of the first cell that comes; 0: it is there; infinity: none comes within the horizon
};

// Missing is never "no": with a cell on the way whose hail, gust or lightning is not known the region's is not known either, unless lightning is certain.
// Cells that come from outside the coverage, and new ones, are not foreseen. O(cells in regions + arrivals). Throws Error for columns of other lengths.
RegionConvection region_convection(const ZonalWeights& weights, const ConvectionInputs& inputs, const ConvectionRules& rules = {});

// The same as columns of a table, valid at the newest frame: flash_density, lightning_likelihood, hail_size, hail_size_expected, hail_probability,
// hail_probability_expected, convective_gust, convective_gust_expected, cell_arrival (min).
std::vector<RegionColumn> convection_columns(const RegionConvection& regions, TimePoint newest_frame);

}  // namespace guyu
