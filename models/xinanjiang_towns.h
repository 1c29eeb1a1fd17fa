#pragma once
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "engine/cycle/model_states.h"
#include "engine/hydrology/xinanjiang.h"
#include "engine/hydrology/xinanjiang_critical_rain.h"
#include "models/computed_series.h"
#include "models/flood_windows.h"
#include "models/rain_steps.h"
#include "models/town_evaporation.h"

namespace guyu {

// Xinanjiang columns of regions (engine/hydrology/xinanjiang.h), for the model flash_flood. Parameters are the attributes xinanjiang_<key> with the keys of
// xinanjiang_parameters.h; one that no table gives is the built-in one, one that a region lacks or that is out of bounds leaves that region unknown.
class XinanjiangTowns {
 public:
  using Water = XinanjiangState;  // upper NaN: not known
  XinanjiangTowns(const HazardInputs& inputs, const ModelParams& params, const ModelState* remembered);
  // The state's planes (xinanjiang_runoff.h), and the code of the parameters that they belong to.
  static std::vector<std::string> planes();
  static std::vector<std::string> attributes();  // that parameters are
  void set_steps(const HazardInputs& inputs, const ModelParams& params, const RainSteps& steps);

  bool known(std::size_t region) const { return towns_[region].known; }
  Water first(std::size_t region) const;
  // share: of the region that is known in the step. NaN rain leaves unknown water.
  void step(Water& water, std::size_t step, std::size_t region, double share, double rain_mm) const;
  // Tables of critical rain of a block's regions, for one thread.
  static constexpr std::size_t kBlock = 32;
  using Search = std::vector<std::array<XinanjiangCriticalRain, kFloodHours.size()>>;
  Search search(std::size_t begin, std::size_t n) const;
  // Rain of a duration over the rain that is critical on the water before it. Where it is not above `worst` it may be anything that is not.
  double ratio(XinanjiangCriticalRain& critical, const Water& before, double fell_mm, double worst) const;
  bool is_judged(std::size_t region, std::size_t duration) const { return !std::isnan(towns_[region].runoff_mm[duration]); }
  static Water between(const Water& a, const Water& b, double part);
  void keep(std::size_t region, const Water& water, ModelState& state) const;
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  struct Town {
    XinanjiangParameters parameters;
    ThresholdRunoff runoff_mm{};
    float code = 0;
    bool known = false;
  };
  void take_parameters(const HazardInputs& inputs);
  void take_remembered(const ModelState& state);

  std::vector<Town> towns_;
  std::vector<Water> remembered_;         // empty: nothing is
  double unknown_wetness_, log_nearing_;  // of a second
  std::optional<TownEvaporation> evaporation_;
  std::vector<double> seconds_;                     // of each step
  std::vector<std::size_t> length_;                 // of each step, among those that there are
  std::vector<std::vector<XinanjiangStep>> steps_;  // by length, then region
  std::vector<std::string> notes_;
};

}  // namespace guyu
