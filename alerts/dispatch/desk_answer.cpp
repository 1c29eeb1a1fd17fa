#include "alerts/dispatch/desk_answer.h"

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
  return out += '}';
}

DeskAnswer answer_from_json(const std::string& text, const std::string& place) {
  try {
    const json j = json::parse(text);
    DeskAnswer a{j.at("error"), j.at("text"), {}, j.at("warnings")};
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
