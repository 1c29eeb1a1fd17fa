#pragma once
#include <string>
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
std::string to_json(const Handover& handover);
// Throws Error naming `place` for what is no handover.
Handover handover_from_json(const std::string& text, const std::string& place);

// What is kept in the store of a handover: everything but the rows below a warning level that have no trail.
std::string evidence_json(const Handover& handover);

}  // namespace guyu
