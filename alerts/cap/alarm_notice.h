#pragma once
#include <string>

#include "alerts/cap/outgoing_message.h"

namespace guyu {

inline constexpr const char* kAlarmHazard = "alarm";

// Word of the warning system about itself to those on duty: something is wrong, or is well again.
struct AlarmNotice {
  std::string identifier;     // of the CAP message
  std::string name, detail;   // as in guyu alerts list: "heartbeat_missed", "no cycle since ..."
  bool over = false;          // it has ended
  TimePoint since{}, sent{};  // since: when the alarm was raised
  TimePoint expires{};        // later than sent: until then it is worth delivering
};

// Messages that are about the system and warn of nothing: heartbeats and notices of alarms.
inline bool is_of_system(const std::string& hazard) { return hazard == kHeartbeatHazard || hazard == kAlarmHazard; }

// Identity of an alarm's notices: those of one alarm and one time that it was raised go out in their order.
std::string alarm_event(const std::string& name, TimePoint since);

// CAP 1.2 of status System, scope Restricted, as a heartbeat has them; the name, the time and the run's status are parameters. Throws Error for an identifier
// or a sender that CAP does not allow.
std::string write_alarm_notice(const AlarmNotice& notice, const CapSettings& settings);

// The message as it is stored and sent; `xml` as written, signed.
OutgoingMessage alarm_message(const AlarmNotice& notice, const CapSettings& settings, std::string xml);

}  // namespace guyu
