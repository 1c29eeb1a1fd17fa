#pragma once
#include <string>
#include <vector>

#include "models/computed_series.h"
#include "models/rain_steps.h"

namespace guyu {

// Potential evaporation of regions in the steps of the rain, mm, the same in all futures (the mean of those that differ): a rate, amounts of a series, or by
// temperature and latitude (Oudin and others 2005; even over the day). What is not known of it counts as none, so that soil is rather too wet than too dry.
class TownEvaporation {
 public:
  // By the parameters "evaporation" (rate, series, temperature) and "evaporation_rate", mm a day. O(steps x regions).
  TownEvaporation(const HazardInputs& inputs, const ModelParams& params, const RainSteps& steps);
  double mm(std::size_t step, std::size_t region) const {
    return by_region_.empty() ? by_step_[step] : static_cast<double>(by_region_[step * regions_ + region]);
  }
  const std::string& note() const { return note_; }  // for the report; may be empty

  static std::vector<ParamSpec> params();
  static std::vector<InputNeed> optional_needs(const ModelParams& params, Seconds history);

 private:
  void take_series(const HazardInputs& inputs, const RainSteps& steps);
  void take_temperature(const HazardInputs& inputs, const RainSteps& steps);
  void tell_missing(const char* of);

  std::size_t regions_;
  std::vector<double> by_step_;
  std::vector<float> by_region_;  // steps x regions; NaN until the missing are told
  std::string note_;
};

}  // namespace guyu
