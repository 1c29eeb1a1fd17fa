#include "alerts/cap/heartbeat.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "alerts/cap/cap_build.h"
#include "engine/core/error.h"

namespace guyu {
namespace {
constexpr const char* kEvent = kHeartbeatHazard;

std::string headline(const Heartbeat& h, int offset) {
  return fmt::format("Cycle {}: {} regions evaluated, {}, {} without data", to_iso_offset(h.cycle, offset), h.evaluated,
                     h.active == 0 ? "nothing to warn of" : fmt::format("{} warnings active", h.active), h.unknown);
}
std::string description(const Heartbeat& h, int offset) {
  return fmt::format(
      "{} The newest observation is {}. If no further heartbeat comes until {}, the warning system or the way to you has failed, and silence does not mean "
      "safety.",
      headline(h, offset) + ".", h.data_age ? fmt::format("{} min old", h.data_age->count() / 60) : "of unknown age", to_iso_offset(h.expires, offset));
}

std::optional<std::string> parameter(const CapInfo& info, std::string_view name) {
  for (const CapPair& p : info.parameters) {
    if (p.name == name) return p.value;
  }
  return {};
}
template <typename T>
std::optional<T> number(const CapInfo& info, std::string_view name) {
  const auto text = parameter(info, name);
  T value{};
  if (!text) return {};
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size()) return {};
  return value;
}
}  // namespace

std::string write_heartbeat(const Heartbeat& h, const CapSettings& s) {
  if (!is_cap_name(h.identifier)) throw Error("heartbeat", "the identifier '" + h.identifier + "' is not fit for CAP");
  if (!is_cap_name(s.sender)) throw Error("heartbeat", "the sender '" + s.sender + "' is not fit for CAP", "use a name such as warnings@example.org");
  if (h.expires <= h.sent) throw Error("heartbeat", "expires before it is sent");
  const auto time = [&](TimePoint t) { return to_iso_offset(t, s.utc_offset_minutes); };
  const std::size_t listed = std::min(h.unknown_regions.size(), Heartbeat::kMostListed);
  pugi::xml_document document;
  pugi::xml_node alert = cap::start(document, "alert", kCap12);
  cap::add(alert, "identifier", h.identifier);
  cap::add(alert, "sender", s.sender);
  cap::add(alert, "sent", time(h.sent));
  cap::add(alert, "status", "System");
  cap::add(alert, "msgType", "Alert");
  cap::add(alert, "scope", "Restricted");
  cap::add(alert, "restriction", "Receivers of this system's warnings; not for the public");
  pugi::xml_node info = alert.append_child("info");
  cap::add(info, "language", "en-US");
  cap::add(info, "category", "Met");
  cap::add(info, "event", kEvent);
  cap::add(info, "responseType", "None");
  cap::add(info, "urgency", "Unknown");
  cap::add(info, "severity", "Unknown");
  cap::add(info, "certainty", "Unknown");
  cap::add(info, "effective", time(h.sent));
  cap::add(info, "expires", time(h.expires));
  cap::add(info, "headline", headline(h, s.utc_offset_minutes));
  cap::add(info, "description", description(h, s.utc_offset_minutes));
  cap::add_pair(info, "parameter", "cycle", time(h.cycle));
  cap::add_pair(info, "parameter", "evaluated", std::to_string(h.evaluated));
  cap::add_pair(info, "parameter", "active", std::to_string(h.active));
  cap::add_pair(info, "parameter", "unknown", std::to_string(h.unknown));
  cap::add_pair(info, "parameter", "unknown_listed", std::to_string(listed));
  cap::add_pair(info, "parameter", "data_age_s", h.data_age ? std::to_string(h.data_age->count()) : "unknown");
  cap::add_pair(info, "parameter", "run_status", std::string(to_string(s.status)));
  if (!h.audit.empty()) cap::add_pair(info, "parameter", "audit", h.audit);
  pugi::xml_node area = info.append_child("area");
  cap::add(area, "areaDesc",
           h.unknown == 0       ? "No region is without data"
           : listed < h.unknown ? fmt::format("{} of {} regions without data", listed, h.unknown)
                                : fmt::format("{} regions without data", h.unknown));
  for (std::size_t i = 0; i < listed; ++i) cap::add_pair(area, "geocode", s.geocode_name, h.unknown_regions[i]);
  return cap::written(document);
}

OutgoingMessage heartbeat_message(const Heartbeat& h, const CapSettings& s, std::string xml) {
  OutgoingMessage m;
  m.identifier = h.identifier;
  m.event = m.hazard = kEvent;
  m.msg_type = "Alert";
  m.reason = kEvent;
  m.status = s.status;
  m.sent = h.sent;
  m.expires = h.expires;
  m.regions.assign(h.unknown_regions.begin(),
                   h.unknown_regions.begin() + static_cast<std::ptrdiff_t>(std::min(h.unknown_regions.size(), Heartbeat::kMostListed)));
  std::sort(m.regions.begin(), m.regions.end());
  const std::string line = headline(h, s.utc_offset_minutes);
  m.texts.push_back({"en-US", line, description(h, s.utc_offset_minutes), "", "", line, line, line});
  m.xml = std::move(xml);
  return m;
}

std::optional<Heartbeat> read_heartbeat(const CapMessage& m) {
  if (m.status != "System" || m.infos.empty() || m.infos[0].event != kEvent || !m.sent || !m.infos[0].expires) return {};
  const CapInfo& info = m.infos[0];
  const auto cycle = cap_time(parameter(info, "cycle").value_or(""));
  const auto evaluated = number<std::size_t>(info, "evaluated"), active = number<std::size_t>(info, "active"), unknown = number<std::size_t>(info, "unknown");
  if (!cycle || !evaluated || !active || !unknown) return {};
  Heartbeat h{m.identifier, *cycle, *m.sent, *info.expires, *evaluated, *active, *unknown, {}, parameter(info, "audit").value_or(""), {}};
  if (const auto age = number<std::int64_t>(info, "data_age_s")) h.data_age = Seconds(*age);
  for (const CapArea& a : info.areas) {
    for (const CapPair& g : a.geocodes) h.unknown_regions.push_back(g.value);
  }
  return h;
}

}  // namespace guyu
