#pragma once
#include <optional>
#include <string>

#include "engine/core/time.h"

namespace guyu {

// When a file arrived. `sidecar`: "<file>.arrival" says so (ISO 8601, one line); else it is the file's time of last change, which a copied archive has lost.
// nullopt: the file is not there. A sidecar that cannot be read counts as none.
struct Arrival {
  TimePoint time{};
  bool sidecar = false;
};
std::optional<Arrival> file_arrival(const std::string& path);

}  // namespace guyu
