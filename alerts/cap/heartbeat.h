#pragma once
#include <optional>
#include <string>
#include <vector>

#include "alerts/cap/cap_message.h"
#include "alerts/cap/outgoing_message.h"

namespace guyu {

// The sign of life after a cycle, so that silence differs from failure: "T was evaluated; N regions, k warnings active".
struct Heartbeat {
  std::string identifier;                    // of the CAP message
  TimePoint cycle{}, sent{}, expires{};      // expires: when the next heartbeat is overdue
  std::size_t evaluated = 0;                 // regions with an answer
  std::size_t active = 0;                    // warned events
  std::size_t unknown = 0;                   // regions without an answer; they are not safe, they are not known
  std::optional<Seconds> data_age;           // of the newest observation; absent: there was none
  std::string audit;                         // "<number>:<hash>" of the newest audit row: who keeps heartbeats sees when rows are cut off
  std::vector<std::string> unknown_regions;  // codes; the first kMostListed are written
  static constexpr std::size_t kMostListed = 1000;
};

// CAP 1.2 of status System, which the standard provides for messages about the system itself; scope Restricted to receivers of
// warnings. The numbers are parameters: cycle, evaluated, active, unknown, unknown_listed, data_age_s ("unknown" where
// there is none), run_status, audit. Urgency, severity and certainty are Unknown: a heartbeat warns of nothing.
std::string write_heartbeat(const Heartbeat& heartbeat, const CapSettings& settings);

// The message as it is stored and sent; `xml` as written, signed.
OutgoingMessage heartbeat_message(const Heartbeat& heartbeat, const CapSettings& settings, std::string xml);

// What a receiver reads from one; nothing when the message is no heartbeat.
std::optional<Heartbeat> read_heartbeat(const CapMessage& message);

}  // namespace guyu
