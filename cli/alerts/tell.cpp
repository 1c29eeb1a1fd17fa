#include "cli/alerts/tell.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/core/error.h"

namespace guyu::cli {
namespace {
using json = nlohmann::ordered_json;

std::string joined(const std::vector<std::string>& words, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < words.size() && i < most; ++i) text += (i ? " " : "") + words[i];
  if (words.size() > most) text += fmt::format(" and {} more", words.size() - most);
  return text;
}

json packed(const StoredEvent& e) {
  return {{"event", e.event},         {"hazard", e.hazard},           {"level", to_string(e.level)},  {"state", e.state},
          {"onset", to_iso(e.onset)}, {"expires", to_iso(e.expires)}, {"updated", to_iso(e.updated)}, {"regions", e.regions}};
}
json packed(const OutboxRow& r) {
  return {{"key", r.key},
          {"channel", r.channel},
          {"target", r.target},
          {"state", to_string(r.state)},
          {"attempts", r.attempts},
          {"queued", to_iso(r.queued_at)},
          {"changed", to_iso(r.changed_at)},
          {"detail", r.detail}};
}
json packed(const StoredMessage& m) {
  json texts = json::array();
  for (const OutgoingText& t : m.message.texts)
    texts.push_back({{"language", t.language}, {"headline", t.headline}, {"description", t.description}, {"instruction", t.instruction}});
  return {{"identifier", m.message.identifier},
          {"revision", m.message.revision},
          {"type", m.message.msg_type},
          {"level", to_string(m.message.level)},
          {"status", to_string(m.message.status)},
          {"reason", m.message.reason},
          {"sent", to_iso(m.message.sent)},
          {"expires", to_iso(m.message.expires)},
          {"state", to_string(m.state)},
          {"author", m.author},
          {"approver", m.approver},
          {"texts", texts}};
}
std::string headline_of(const OutgoingMessage& m) { return m.texts.empty() ? "" : m.texts.front().headline; }
}  // namespace

std::string event_of(AlertStore& store, const std::string& subject) {
  if (const auto m = store.messages().newest(subject)) return m->message.event;
  if (!store.event(subject)) throw Error("", "there is no event or message " + subject, "guyu alerts list shows them");
  return subject;
}

std::string tell_list(AlertStore& store, bool with_ended, bool as_json) {
  const std::vector<StoredEvent> events = store.events(with_ended);
  const std::vector<StoredMessage> proposals = store.messages().in_state(MessageState::proposed);
  const std::vector<Alarm> alarms = store.alarms();
  const std::vector<OutboxRow> dead = store.outbox().dead();
  if (as_json) {
    json out{
        {"events", json::array()}, {"proposals", json::array()}, {"alarms", json::array()}, {"deliveries", json::array()}, {"dead_letters", json::array()}};
    for (const StoredEvent& e : events) out["events"].push_back(packed(e));
    for (const StoredMessage& m : proposals) out["proposals"].push_back(packed(m));
    for (const Alarm& a : alarms) out["alarms"].push_back({{"name", a.name}, {"since", to_iso(a.since)}, {"detail", a.detail}});
    for (const OutboxCount& c : store.outbox().counts()) out["deliveries"].push_back({{"channel", c.channel}, {"state", to_string(c.state)}, {"rows", c.rows}});
    for (const OutboxRow& r : dead) out["dead_letters"].push_back(packed(r));
    return out.dump(1) + "\n";
  }
  std::string text = events.empty() ? "no alerts\n" : "";
  for (const StoredEvent& e : events)
    text += fmt::format("{:<7} {:<7} {}  until {}  {} region(s): {}\n", to_string(e.level), e.state, e.event, to_iso(e.expires), e.regions.size(),
                        joined(e.regions, 4));
  if (!proposals.empty()) text += "\nwaiting for approval\n";
  for (const StoredMessage& m : proposals)
    text += fmt::format("  {}  {} {}  by {}: {}\n", m.message.identifier, m.message.msg_type, to_string(m.message.level), m.author, headline_of(m.message));
  text += "\ndeliveries\n";
  for (const OutboxCount& c : store.outbox().counts()) text += fmt::format("  {:<20} {:<10} {}\n", c.channel, to_string(c.state), c.rows);
  if (!dead.empty()) text += "\ndead letters (resend or dismiss them)\n";
  for (const OutboxRow& r : dead)
    text += fmt::format("  {:<20} {}  since {}: {}\n", r.channel, r.key.substr(0, r.key.find('|')), to_iso(*r.dead_since), r.detail);
  if (!alarms.empty()) text += "\nALARMS\n";
  for (const Alarm& a : alarms) text += fmt::format("  {}  since {}: {}\n", a.name, to_iso(a.since), a.detail);
  return text;
}

std::string tell_event(AlertStore& store, const std::string& subject, bool as_json) {
  const std::string name = event_of(store, subject);
  const auto event = store.event(name);
  const std::vector<StoredMessage> messages = store.messages().of_event(name);
  const std::vector<StoredDecision> decisions = store.decisions(name);
  json out = event ? packed(*event) : json{{"event", name}};
  out["decisions"] = json::array();
  for (const StoredDecision& d : decisions)
    out["decisions"].push_back(
        {{"at", to_iso(d.at)}, {"action", d.action}, {"reason", d.reason}, {"level", to_string(d.level)}, {"detail", d.detail}, {"identifier", d.identifier}});
  out["messages"] = json::array();
  std::string text = event ? fmt::format("{}\n  {} {}, {}, until {}\n  regions: {}\n", name, event->hazard, to_string(event->level), event->state,
                                         to_iso(event->expires), joined(event->regions, 40))
                           : name + "\n";
  text += "decisions\n";
  for (const StoredDecision& d : decisions)
    text += fmt::format("  {}  {:<9} {:<24} {:<7} {}\n", to_iso(d.at), d.action, d.reason, to_string(d.level), d.detail);
  text += "messages\n";
  for (const StoredMessage& m : messages) {
    json packed_message = packed(m);
    packed_message["deliveries"] = json::array();
    text += fmt::format("  {} {} {}  {} by {}{}\n    {}\n", m.message.identifier, m.message.msg_type, to_string(m.message.level), to_string(m.state), m.author,
                        m.approver.empty() ? "" : ", " + m.approver, headline_of(m.message));
    for (const OutboxRow& r : store.outbox().of_message(m.seq)) {
      packed_message["deliveries"].push_back(packed(r));
      text += fmt::format("    {:<16} {:<24} {:<10} {} attempt(s)  {}\n", r.channel, r.target, to_string(r.state), r.attempts, r.detail);
    }
    out["messages"].push_back(std::move(packed_message));
  }
  return as_json ? out.dump(1) + "\n" : text;
}

}  // namespace guyu::cli
