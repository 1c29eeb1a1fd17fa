#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/config/param_spec.h"
#include "engine/cycle/model_states.h"
#include "engine/region/hazard_inputs.h"
#include "models/hazard_model.h"

namespace guyu {

struct ModelInfo {
  std::string name;                          // "fire_weather_index": also the name of its configuration table and page in docs/models
  std::string title, source;                 // for people; paper or standard
  std::vector<InputNeed> inputs;             // series and attributes without which it gives nothing; with the history that its default parameters ask for
  std::vector<InputNeed> optional;           // that it looks at where they are; of a region where they are not known they count as absent, or leave it unknown
  std::vector<ParamSpec> params;             // with unit, bounds, default and citation in `doc`
  std::string quantity, statistic = "mean";  // that it gives (engine/core/quantity.h)
  std::vector<std::string> state;            // names of what it remembers, with its default parameters
  // The input, a series' quantity or an attribute, that makes the result worse: more of it (or less, when it falls) never lowers any value. Tests hold every
  // model to it.
  std::string driver;
  bool driver_falls = false;
  std::string pack;  // shipped, that decides on it
};

// Parameters by key, checked against the declaration: numbers in the declared units, durations in seconds; words as they are, paths below the data folder.
struct ModelParams {
  std::map<std::string, double> numbers;
  std::map<std::string, std::string> words;
  double at(const std::string& key) const { return numbers.at(key); }
  const std::string& word(const std::string& key) const { return words.at(key); }
};

// A parameter that does not go together with the others.
struct ParamFault {
  std::string key, what, remedy;
};

// A model that is more than a threshold: it computes a quantity for every region, member and time, on which a rule pack decides like on any other. One C++
// file in models/, listed in model_registry.cpp. Pure: no files, clock, threads of its own or memory between calls; what it remembers is handed to it and
// taken from it. Missing inputs give missing values, never values that look harmless. The same for any number of threads and any order of regions.
class SeriesModel {
 public:
  virtual ~SeriesModel() = default;
  virtual const ModelInfo& info() const = 0;
  // What it gives nothing without, with these parameters: a longer history than usual, say.
  virtual std::vector<InputNeed> needs(const ModelParams&) const { return info().inputs; }
  // What it looks at where it is, likewise.
  virtual std::vector<InputNeed> optional_needs(const ModelParams&) const { return info().optional; }
  // The first of the parameters that were given, rather than left at their defaults, which does not go together with the others.
  virtual std::optional<ParamFault> fault_of(const ModelParams&, const std::set<std::string>& /*given*/) const { return std::nullopt; }
  struct Result {
    HazardSeries series;
    ModelState state;                  // at the issue time or before it, from what was observed; without values: nothing is to be remembered
    std::vector<std::string> notes{};  // for the report
  };
  // before.values is empty when nothing is remembered.
  virtual Result compute(const HazardInputs& inputs, const ModelParams& params, const ModelState& before) const = 0;
};

// All of them, by name; throws Error listing the names when there is no such model.
const std::vector<const SeriesModel*>& series_models();
const SeriesModel& series_model(const std::string& name);
// Defaults of the declaration.
ModelParams default_params(const SeriesModel& model);
// The configuration table of each model.
std::vector<TableSpec> model_tables();

}  // namespace guyu
