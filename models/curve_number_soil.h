#pragma once
#include <array>
#include <string>
#include <vector>

#include "engine/cycle/model_states.h"
#include "engine/hydrology/soil_store.h"
#include "models/computed_series.h"
#include "models/flood_windows.h"
#include "models/rain_steps.h"

namespace guyu {

// Soil of regions that sheds rain by the curve number, for the model flash_flood. A region that has no curve number or no threshold runoff is unknown ground.
class CurveNumberSoil {
 public:
  using Water = double;  // mm; NaN: not known
  // remembered: nullptr, or a state of all regions.
  CurveNumberSoil(const HazardInputs& inputs, const ModelParams& params, const ModelState* remembered);
  static std::vector<std::string> planes() { return {"soil_water"}; }
  void set_steps(const HazardInputs& inputs, const ModelParams& params, const RainSteps& steps);

  bool known(std::size_t region) const { return ground_[region].known; }
  Water first(std::size_t region) const;
  // share: of the region that is known in the step. NaN rain leaves unknown water.
  void step(Water& water, std::size_t step, std::size_t region, double share, double rain_mm) const;
  // What critical rain of a block's regions is found by, for one thread.
  static constexpr std::size_t kBlock = 128;
  struct Critical {
    SoilStore store;
    double runoff_mm = 0;
  };
  using Search = std::vector<std::array<Critical, kFloodHours.size()>>;
  Search search(std::size_t begin, std::size_t n) const;
  // Rain of a duration over the rain that is critical on the water before it. Where it is not above `worst` it may be anything that is not.
  double ratio(const Critical& critical, Water before, double fell_mm, double worst) const;
  bool is_judged(std::size_t region, std::size_t duration) const;
  static Water between(Water a, Water b, double part) { return a + part * (b - a); }
  void keep(std::size_t region, Water water, ModelState& state) const;
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  struct Ground {
    SoilStore store;
    ThresholdRunoff runoff_mm{};
    bool known = false;
  };
  std::vector<Ground> ground_;
  std::vector<float> remembered_;           // empty: nothing is
  double unknown_wetness_, log_recession_;  // of a second
  std::vector<double> seconds_, dried_;     // of each step; share of the water that a dry one leaves
  std::vector<std::string> notes_;
};

}  // namespace guyu
