#pragma once
#include <vector>

#include "engine/hydrology/flow_network.h"
#include "engine/hydrology/runoff_model.h"
#include "engine/hydrology/soil_store.h"

namespace guyu {

// Runoff by the curve number: each cell is one store (soil_store.h) that dries by a share of a day. Potential evaporation is not looked at. Under missing rain
// it comes near the level above which any rain runs off in part, as fast as it forgets; wetter soil stays as it is, and the runoff is missing.
class CurveNumberRunoff final : public RunoffModel {
 public:
  // curve_number: NaN or out of (0, 100]: no ground is known there. Throws Error when its shape is not the network's.
  CurveNumberRunoff(const FlowNetwork& network, const Plane& curve_number, double abstraction = 0.2, double daily_recession = 0.9);
  std::string_view name() const override { return "curve-number"; }
  std::span<const SoilPlane> planes() const override;
  Plane parameters_code() const override;
  // 0.5: moderate antecedent moisture; 1: any rain runs off in part; linear between.
  SoilState start(double wetness) const override;
  Plane step(SoilState& soil, const Plane& rain_mm, const Plane& potential_evaporation_mm, double seconds) const override;

  const std::vector<SoilStore>& stores() const { return stores_; }  // by cell; retention NaN: no ground is known

 private:
  std::int64_t ny_, nx_;
  double abstraction_, daily_recession_;
  std::vector<SoilStore> stores_;
};

}  // namespace guyu
