#pragma once
#include <string>
#include <vector>

#include "alerts/dispatch/inbox.h"
#include "cli/run/cycle.h"
#include "cli/run/run_config.h"
#include "cli/run_report.h"
#include "engine/cycle/inventory.h"

namespace guyu::cli {

// What a report tells of where a cycle came from, so that guyu replay can do it again: configuration, rules, texts and regions by hash, the seed, and all
// files that the plan could see (a file that came later must not be seen by a replay).
void note_origin(RunReport& report, const CycleOptions& options, const RunConfig& config, const RegionSet& regions, TimePoint issue,
                 const std::vector<InventoryItem>& radar, const std::vector<InventoryItem>& forecast, const std::vector<InventoryItem>& gauges,
                 const std::vector<InventoryItem>& weather, const std::vector<const std::vector<InventoryItem>*>& others);

// Keeps what the cycle starts from in `cycle_folder`/before: the files of OUT/state (as links where the file system has them: they are replaced, never
// changed), and the book of warnings. Throws Error.
void keep_before(const std::string& out, const std::string& cycle_folder, const AlertFolder& alerts);
// Puts it into an output folder of its own. `alerts`: the store that knows which messages of that time were approved; need not be there. Throws Error when
// nothing was kept, or retention has taken it.
void restore_before(const std::string& cycle_folder, const AlertFolder& alerts, const std::string& out);

// Size and SHA-256 of files, given relative to OUT. Throws Error for one that cannot be read.
std::vector<RunReport::File> manifest_of(const std::string& out, const std::vector<std::string>& products);

// The content of done.json.
std::string done_json(const RunReport& report);

}  // namespace guyu::cli
