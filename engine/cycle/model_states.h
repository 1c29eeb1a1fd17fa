#pragma once
#include <map>
#include <string>
#include <vector>

#include "engine/core/time.h"

namespace guyu {

// What a model remembers from cycle to cycle, by name: one value per region (soil water, moisture codes). NaN: not known, the model starts anew there.
struct ModelState {
  TimePoint at{};  // that it holds at; the model goes on from there
  std::map<std::string, std::vector<float>> values;
};

// The states of all models of a run, by the model's name. A NetCDF file with a group for each model, written atomically and bound to one region set by its
// hash. Throws Error naming the file when it cannot be written.
using ModelStates = std::map<std::string, ModelState>;
void save_model_states(const std::string& path, const std::string& region_hash, std::size_t regions, const ModelStates& states);

// An absent file gives none. A damaged file, or one of other regions, gives none too and its reason in `problem`: the models start anew, and the run says so.
ModelStates load_model_states(const std::string& path, const std::string& region_hash, std::size_t regions, std::string& problem);

}  // namespace guyu
