#include "alerts/dispatch/desk_answer.h"

#include <nlohmann/json.hpp>

#include "engine/core/error.h"

namespace guyu {
using nlohmann::json;

std::string to_json(const DeskAnswer& a) {
  json lines = json::array();
  for (const DeskLine& l : a.lines) {
    lines.push_back({{"event", l.event},
                     {"hazard", l.hazard},
                     {"action", l.action},
                     {"level", l.level},
                     {"reason", l.reason},
                     {"detail", l.detail},
                     {"identifier", l.identifier},
                     {"msg_type", l.msg_type},
                     {"state", l.state},
                     {"headline", l.headline},
                     {"regions", l.regions}});
  }
  return json{{"error", a.error}, {"text", a.text}, {"lines", lines}, {"warnings", a.warnings}}.dump();
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
