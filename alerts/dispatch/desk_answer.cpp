#include "alerts/dispatch/desk_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "alerts/lifecycle/json_text.h"
#include "engine/core/error.h"

namespace guyu {
using nlohmann::json;

namespace {
void append_list(std::string& out, const char* name, const std::vector<std::string>& words) {
  out.append("\"").append(name).append("\":[");
  for (const std::string& w : words) {
    if (&w != words.data()) out += ',';
    append_json(out, w);
  }
  out += ']';
}
}  // namespace

std::string headline_of(const OutgoingMessage& m) {
  const auto english = std::find_if(m.texts.begin(), m.texts.end(), [](const OutgoingText& t) { return t.language.rfind("en", 0) == 0; });
  return english != m.texts.end() ? english->headline : m.texts.empty() ? std::string() : m.texts.front().headline;
}

DeskLine line_of(const Decision& d, const std::string& state, const std::string& headline) {
  DeskLine l{d.alert.event,
             d.alert.hazard,
             std::string(to_string(d.action)),
             std::string(to_string(d.alert.level)),
             d.reason,
             d.detail,
             d.identifier,
             d.has_message() ? cap_message_type(d.action) : "",
             state,
             headline,
             {}};
  for (const AlertMember& m : d.alert.members) l.regions.push_back(m.code);
  return l;
}

void list_all(DeskAnswer& answer, const std::string& item, AlertStore& store) {
  if (answer.unlisted == 0) return;
  std::vector<DeskLine> rest;
  for (StoredDecision& d : store.last_decisions(item, answer.unlisted)) {
    DeskLine l{d.event, "", d.action, std::string(to_string(d.level)), d.reason, d.detail, d.identifier, "", "", "", {}};
    try {
      for (const json& member : json::parse(d.members)) l.regions.push_back(member.at("code"));
    } catch (const json::exception& e) {
      throw Error(store.db().path(), fmt::format("decision {} cannot be read: {}", d.seq, e.what()), "guyu alerts audit says what was altered");
    }
    if (const auto m = d.identifier.empty() ? std::nullopt : store.messages().first(d.identifier)) {
      l.hazard = m->message.hazard, l.msg_type = m->message.msg_type;
      l.state = to_string(m->state), l.headline = headline_of(m->message);
    } else if (const auto event = store.event(d.event)) {
      l.hazard = event->hazard;
    }
    rest.push_back(std::move(l));
  }
  if (rest.size() != answer.unlisted)
    throw Error(store.db().path(), fmt::format("holds {} of the {} decisions on {} that its answer leaves off", rest.size(), answer.unlisted, item));
  answer.lines.insert(answer.lines.end(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
  answer.unlisted = 0;
}

// Piece by piece: a tree of 100,000 lines takes longer than everything else that a cycle does.
std::string to_json(const DeskAnswer& a) {
  std::string out = "{\"error\":";
  append_json(out, a.error);
  out += ",\"text\":";
  append_json(out, a.text);
  out += ",\"lines\":[";
  for (const DeskLine& l : a.lines) {
    out += &l == a.lines.data() ? "{" : ",\n{";
    for (const auto& [name, word] : {std::pair<const char*, const std::string*>{"event", &l.event},
                                     {"hazard", &l.hazard},
                                     {"action", &l.action},
                                     {"level", &l.level},
                                     {"reason", &l.reason},
                                     {"detail", &l.detail},
                                     {"identifier", &l.identifier},
                                     {"msg_type", &l.msg_type},
                                     {"state", &l.state},
                                     {"headline", &l.headline}}) {
      out.append("\"").append(name).append("\":");
      append_json(out, *word);
      out += ',';
    }
    append_list(out, "regions", l.regions);
    out += '}';
  }
  out += "],";
  append_list(out, "warnings", a.warnings);
  if (a.unlisted > 0) out += fmt::format(",\"unlisted\":{}", a.unlisted);
  return out += '}';
}

DeskAnswer answer_from_json(const std::string& text, const std::string& place) {
  try {
    const json j = json::parse(text);
    DeskAnswer a{j.at("error"), j.at("text"), {}, j.at("warnings"), j.value("unlisted", std::size_t{0})};
    for (const json& l : j.at("lines")) {
      a.lines.push_back({l.at("event"), l.at("hazard"), l.at("action"), l.at("level"), l.at("reason"), l.at("detail"), l.at("identifier"), l.at("msg_type"),
                         l.at("state"), l.at("headline"), l.at("regions")});
    }
    return a;
  } catch (const json::exception& e) {
    throw Error(place, std::string("is no answer: ") + e.what());
  }
}

}  // namespace guyu
