#pragma once
#include <string>
#include <unordered_map>
#include <vector>

#include "alerts/area/shapes.h"
#include "alerts/cap/message_text.h"
#include "alerts/lifecycle/alert.h"
#include "engine/region/region_set.h"

namespace guyu {

enum class RunStatus { actual, exercise, test };                            // a property of the whole run
std::string_view to_string(RunStatus status);                               // as CAP writes it
RunStatus run_status_named(std::string_view name);                          // throws Error for any other word
std::string_view status_prefix(const MessageText& text, RunStatus status);  // before headlines; empty for an actual run

std::string cap_message_type(Action action);  // of an action that has a message, as CAP writes it

struct CapSettings {
  std::string sender = "guyu@example.invalid";  // no spaces, commas, < or &
  RunStatus status = RunStatus::test;
  int utc_offset_minutes = 480;
  std::string geocode_name = "GB/T2260";  // scheme of the region codes
  OutlineOptions outline{0.001, 1e-4, 1500};
  std::vector<MessageText> texts;  // one info per language, all of one hazard
};

// CAP 1.2 from decisions that have a message. May be used by several threads at once. Regions in another CRS are brought to longitude and latitude first.
class CapWriter {
 public:
  // Throws Error for a sender with forbidden characters, or texts that disagree about the event code.
  // Keeps a reference to `regions`.
  CapWriter(CapSettings settings, const RegionSet& regions);
  // Throws Error when there are no texts at all: those who write no message need none.
  std::string write(const Decision& decision, bool with_polygons = true) const;
  // Names of the alert's members, in their order; the code where a region has none or is gone.
  std::vector<std::string> names(const Decision& decision) const;
  const CapSettings& settings() const { return settings_; }

 private:
  Outline area_outline(const Decision& decision) const;
  CapSettings settings_;
  const RegionSet& regions_;
  std::unordered_map<std::string, std::size_t> number_;
  bool lonlat_ = true;
};

}  // namespace guyu
