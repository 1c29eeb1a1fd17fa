#include "alerts/cap/alarm_notice.h"

#include <fmt/format.h>

#include "alerts/cap/cap_build.h"
#include "engine/core/error.h"

namespace guyu {
namespace {
// Details may quote what came from outside: one line of well-formed UTF-8 of at most `most` bytes is left of them.
std::string plain_line(const std::string& text, std::size_t most) {
  std::string line;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    std::size_t length = lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
    bool fine = length > 0 && i + length <= text.size();
    for (std::size_t k = 1; fine && k < length; ++k) fine = (static_cast<unsigned char>(text[i + k]) & 0xc0U) == 0x80U;
    // Overlong forms, halves of surrogate pairs and what lies beyond Unicode.
    if (fine && length > 2) {
      const auto next = static_cast<unsigned char>(text[i + 1]);
      fine = !((lead == 0xe0 && next < 0xa0) || (lead == 0xed && next >= 0xa0) || (lead == 0xf0 && next < 0x90) || (lead == 0xf4 && next >= 0x90));
    }
    if (!fine) length = 1;
    if (line.size() + length > most) break;
    if (!fine) line += '?';
    else if (lead < 0x20 || lead == 0x7f) line += ' ';
    else line.append(text, i, length);
    i += length;
  }
  return line;
}

std::string alarm_headline(const AlarmNotice& n) { return plain_line(fmt::format("{}: {}", n.over ? "Alarm over" : "ALARM", n.name), 139); }

std::string alarm_description(const AlarmNotice& n, int offset) {
  if (n.over) return fmt::format("The alarm {} of {} is over.", n.name, to_iso_offset(n.since, offset));
  return fmt::format("The warning system has raised the alarm {} at {}: {}. The operator guide says what each alarm means and what to do.", n.name,
                     to_iso_offset(n.since, offset), n.detail.empty() ? "no more is known" : plain_line(n.detail, 1000));
}
}  // namespace

std::string alarm_event(const std::string& name, TimePoint since) { return fmt::format("{}-{}-{}", kAlarmHazard, name, to_compact(since)); }

std::string write_alarm_notice(const AlarmNotice& n, const CapSettings& s) {
  if (!is_cap_name(n.identifier)) throw Error("alarm", "the identifier '" + n.identifier + "' is not fit for CAP");
  if (!is_cap_name(s.sender)) throw Error("alarm", "the sender '" + s.sender + "' is not fit for CAP", "use a name such as warnings@example.org");
  if (n.expires <= n.sent) throw Error("alarm", "expires before it is sent");
  const auto time = [&](TimePoint t) { return to_iso_offset(t, s.utc_offset_minutes); };
  pugi::xml_document document;
  pugi::xml_node alert = cap::start(document, "alert", kCap12);
  cap::add(alert, "identifier", n.identifier);
  cap::add(alert, "sender", s.sender);
  cap::add(alert, "sent", time(n.sent));
  cap::add(alert, "status", "System");
  cap::add(alert, "msgType", "Alert");
  cap::add(alert, "scope", "Restricted");
  cap::add(alert, "restriction", "Those on duty at the warning system; not for the public");
  pugi::xml_node info = alert.append_child("info");
  cap::add(info, "language", "en-US");
  cap::add(info, "category", "Infra");
  cap::add(info, "event", kAlarmHazard);
  cap::add(info, "responseType", n.over ? "None" : "Assess");
  cap::add(info, "urgency", "Unknown");
  cap::add(info, "severity", "Unknown");
  cap::add(info, "certainty", "Unknown");
  cap::add(info, "effective", time(n.sent));
  cap::add(info, "expires", time(n.expires));
  cap::add(info, "headline", alarm_headline(n));
  cap::add(info, "description", alarm_description(n, s.utc_offset_minutes));
  cap::add_pair(info, "parameter", "alarm", n.name);
  cap::add_pair(info, "parameter", "since", time(n.since));
  cap::add_pair(info, "parameter", "over", n.over ? "true" : "false");
  cap::add_pair(info, "parameter", "run_status", std::string(to_string(s.status)));
  pugi::xml_node area = info.append_child("area");
  cap::add(area, "areaDesc", "The warning system itself");
  return cap::written(document);
}

OutgoingMessage alarm_message(const AlarmNotice& n, const CapSettings& s, std::string xml) {
  OutgoingMessage m;
  m.identifier = n.identifier;
  m.event = alarm_event(n.name, n.since);
  m.hazard = m.reason = kAlarmHazard;
  m.msg_type = "Alert";
  m.status = s.status;
  m.sent = n.sent;
  m.expires = n.expires;
  const std::string line = alarm_headline(n), words = alarm_description(n, s.utc_offset_minutes);
  m.texts.push_back({"en-US", line, words, "", "", plain_line(line + ". " + n.detail, 140), plain_line(words, 615), line});
  m.xml = std::move(xml);
  return m;
}

}  // namespace guyu
