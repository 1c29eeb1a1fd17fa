#pragma once
#include <map>
#include <string>
#include <vector>

#include "engine/config/param_spec.h"
#include "engine/region/hazard_inputs.h"
#include "models/hazard_model.h"

namespace guyu {

// What a model remembers from cycle to cycle, by name: one value per region (soil water, moisture codes). NaN: not known, the model starts anew there.
struct ModelState {
  TimePoint at{};  // that it holds at; the model goes on from there
  std::map<std::string, std::vector<float>> values;
};

struct ModelInfo {
  std::string name;                          // "fire_weather_index": also the name of its configuration table and page in docs/models
  std::string title, source;                 // for people; paper or standard
  std::vector<InputNeed> inputs;             // series and attributes that it looks at
  std::vector<ParamSpec> params;             // with unit, bounds, default and citation in `doc`
  std::string quantity, statistic = "mean";  // that it gives (engine/core/quantity.h)
  std::vector<std::string> state;            // names of what it remembers
};

// Parameters by key, checked against the declaration, in the declared units.
using ModelParams = std::map<std::string, double>;

// A model that is more than a threshold: it computes a quantity for every region, member and time, on which a rule pack decides like on any other. One C++
// file in models/, listed in model_registry.cpp. Pure: no files, clock, threads of its own or memory between calls; what it remembers is handed to it and
// taken from it. Missing inputs give missing values, never values that look harmless.
class SeriesModel {
 public:
  virtual ~SeriesModel() = default;
  virtual const ModelInfo& info() const = 0;
  struct Result {
    HazardSeries series;
    ModelState state;  // at the issue time, from what was observed
  };
  virtual Result compute(const HazardInputs& inputs, const ModelParams& params, const ModelState& before) const = 0;
};

// All of them, by name; throws Error listing the names when there is no such model.
const std::vector<const SeriesModel*>& series_models();
const SeriesModel& series_model(const std::string& name);
// Defaults of the declaration.
ModelParams default_params(const SeriesModel& model);

}  // namespace guyu
