#pragma once
#include <string>
#include <vector>

#include "cli/run_report.h"
#include "engine/core/field.h"
#include "engine/cycle/inventory.h"

namespace guyu::cli {

struct RainRequest {
  std::string role;      // "radar" or "forecast", as the report names it
  std::string quantity;  // empty: rainfall_rate, else precipitation_amount
  TimePoint issue{};
};

// The rain grids of one file. A file that cannot be read, or holds no rain, gives none: its reason goes to the report, as input and as
// degradation, and the run goes on. Of an ensemble, the first member stands for all. A field whose unit has no place in the engine counts as none.
std::vector<FieldPtr> load_rain(const InventoryItem& item, const RainRequest& request, RunReport& report);

// The one rain grid of a radar file: of several, the shortest accumulation. Its content's time must be the one its name
// states, within `tolerance`; else the file counts as unusable. nullptr when there is none.
FieldPtr load_radar_frame(const InventoryItem& item, const RainRequest& request, Seconds tolerance, RunReport& report);

}  // namespace guyu::cli
