#pragma once
#include <functional>
#include <optional>
#include <string>

#include "cli/run/run_config.h"
#include "cli/run_report.h"
#include "engine/cycle/rain_history.h"
#include "engine/cycle/rain_planes.h"

namespace guyu::cli {

// What a cycle remembers of the rain that fell: over regions, of radar and of radar with gauges; and cell by cell, where packs ask for sums that area means
// cannot tell.
struct RainState {
  RainHistory radar;
  std::optional<RainHistory> gauges;           // none: there are no gauges
  std::optional<RainPlanes> radar_planes;      // none: nobody asks for them
  std::optional<RainPlanes> gauge_planes;      // none: either of the two
  bool knows(const Interval& interval) const;  // all that is kept of the radar has this time
  // Rain of the radar over its time; what is known is not added again. `slot` is made when something lacks it. Planes are on the newest frame's grid: true when
  // that has become another one, and what fell in each place before is not known any more.
  bool add_radar(const Field& amount, const std::function<RainSlot()>& slot);
  void forget_before(TimePoint t);
  // Each file as path_of(name) says; throws Error.
  void save(const std::function<std::string(const std::string& name)>& path_of) const;
};

// From the folder of a cycle state. What is damaged or of other regions begins anew, and the report says so.
RainState load_rain_state(const std::string& folder, const RunConfig& config, const RegionSet& regions, RunReport& report);

}  // namespace guyu::cli
