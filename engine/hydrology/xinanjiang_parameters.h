#pragma once
#include <span>
#include <string>
#include <vector>

#include "engine/config/param_spec.h"
#include "engine/hydrology/xinanjiang.h"

namespace guyu {

// A set of parameters as a file tells it.
struct XinanjiangSoil {
  int soil_class = 1;         // number in the map of classes
  std::string calibrated_on;  // the record that it was fitted to; empty: it was fitted to none
  XinanjiangParameters parameters;
};

// A parameter as files and tables name it, with the bounds that it must keep.
struct XinanjiangKey {
  const char* key;
  double XinanjiangParameters::*value;
  const char *unit, *doc;
  double least, most;
  const char* fallback = nullptr;  // of a file that is silent; without it the file must tell
};
std::span<const XinanjiangKey> xinanjiang_keys();

// The file's declaration: one table [[soil]] for each class, every parameter with its bounds.
TableSpec xinanjiang_spec();

// Reads sets of parameters (TOML). Throws Error naming file, line and key of what is absent, unknown or out of bounds, and of a class told twice.
std::vector<XinanjiangSoil> read_xinanjiang_parameters(const std::string& path);

}  // namespace guyu
