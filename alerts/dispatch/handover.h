#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "alerts/cap/cap_check.h"
#include "alerts/cap/cap_writer.h"
#include "alerts/lifecycle/alert_book.h"
#include "engine/region/risk_table.h"

namespace guyu {

// How warnings are to be made, as a cycle's configuration says.
struct DeskSettings {
  BookSettings book;
  CapSettings cap;  // with the texts
  CapCheckOptions check;
};

struct HandoverInput {
  std::string path, role, sha256, error;  // error empty: used
  TimePoint valid{};
  Seconds age{0};
};

// Everything that a run hands over: what it found, what it found it from, and how to warn of it. The writer needs nothing else but the region set
// in the archive.
struct Handover {
  std::string author;  // "guyu 0.1.0"
  std::string config, config_hash;
  RiskTable risk;
  std::string regions;  // name in the RegionArchive
  Seconds interval{0};  // to the next cycle, as planned; 0: unknown
  DeskSettings settings;
  std::vector<HandoverInput> inputs;
  std::vector<std::string> degraded;
};

std::string settings_json(const DeskSettings& settings);

// The file of the inbox: one line of JSON, and after it the rows (handover_rows.h). O(rows + trails).
std::string to_bytes(const Handover& handover);
// Throws Error naming `place` for what is no handover, or one that was damaged. Versions from 1 on.
Handover handover_from_bytes(std::string_view bytes, const std::string& place);

// What the store keeps of a handover: everything but its rows, and of its trails those of the regions that something was decided about, which the store's
// decisions are explained by. (A decision keeps what its rows said. A full table in each cycle would fill any disk.)
std::string evidence_json(const Handover& handover, const std::vector<Decision>& decisions);
// A handover without rows. Throws as above.
Handover evidence_from_json(std::string_view text, const std::string& place);

}  // namespace guyu
