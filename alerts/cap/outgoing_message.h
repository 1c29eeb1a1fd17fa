#pragma once
#include <string>
#include <vector>

#include "alerts/cap/cap_writer.h"
#include "alerts/lifecycle/alert.h"

namespace guyu {

inline constexpr const char* kHeartbeatHazard = "heartbeat";

// What a message says in one language, in the lengths that channels need.
struct OutgoingText {
  std::string language;  // BCP 47
  std::string headline, description, instruction, area;
  std::string sms;             // at most 140 characters
  std::string cell_broadcast;  // at most 615 UCS-2 units
  std::string speech;          // one sentence for loudspeakers
};

// An issued message: the exact bytes, signed, and what routing and channels ask of it. Never changed once it is stored.
struct OutgoingMessage {
  std::string identifier;
  int revision = 0;      // counts the edits before approval
  std::string event;     // identity of the event it belongs to
  std::string hazard;    // "heartbeat" for heartbeats
  std::string msg_type;  // Alert, Update, Cancel
  std::string reason;    // one of reasons::
  Level level = Level::none;
  RunStatus status = RunStatus::test;
  TimePoint sent{}, expires{};
  std::vector<std::string> regions;  // codes, sorted
  std::vector<OutgoingText> texts;
  std::string xml;  // CAP 1.2 bytes as stored
};

// The message of a decision that has one, with its texts in every language and length. `xml` is what CapWriter wrote, signed.
OutgoingMessage outgoing_message(const Decision& decision, const CapWriter& writer, std::string xml);

}  // namespace guyu
