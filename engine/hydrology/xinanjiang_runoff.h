#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "engine/hydrology/runoff_model.h"
#include "engine/hydrology/xinanjiang.h"

namespace guyu {

// Which parameters each cell has: the number of a set, or -1: no ground is known there.
struct XinanjiangGrid {
  std::int64_t ny = 0, nx = 0;
  std::vector<XinanjiangParameters> sets;
  std::vector<std::int16_t> set_of;
};
// Throws Error when a cell names a set that is not there or a set is out of its sense.
void check(const XinanjiangGrid& grid);

// Names and units of a state, in the order of XinanjiangState: mm over the pervious area, but runoff_area_share, of 1.
std::span<const SoilPlane> xinanjiang_planes();
float parameters_code(const XinanjiangParameters& parameters);

// Runoff by Xinanjiang columns (xinanjiang.h), one a cell: what leaves is surface runoff, interflow and groundwater. States are kept as float32. Under missing
// rain the stores go on giving, nothing evaporates, and tension water comes near its capacity as fast as `daily_nearing` says (what is left of the distance
// after a day).
class XinanjiangRunoff final : public RunoffModel {
 public:
  // Throws Error like check().
  explicit XinanjiangRunoff(XinanjiangGrid grid, double daily_nearing = 0.9);
  std::string_view name() const override { return "xinanjiang"; }
  std::span<const SoilPlane> planes() const override;
  Plane parameters_code() const override;
  // wetness: share of the tension water capacity that is filled; no free water, no groundwater.
  SoilState start(double wetness) const override;
  Plane step(SoilState& soil, const Plane& rain_mm, const Plane& potential_evaporation_mm, double seconds) const override;

  const XinanjiangGrid& grid() const { return grid_; }

 private:
  XinanjiangGrid grid_;
  double daily_nearing_;
};

// The state of one cell; NaN where no ground is known.
XinanjiangState column_state(const SoilState& soil, std::size_t cell);

}  // namespace guyu
