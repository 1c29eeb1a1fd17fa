#include "alerts/dispatch/command.h"

#include <nlohmann/json.hpp>

#include "engine/core/error.h"

namespace guyu {
using nlohmann::json;

std::string to_json(const Command& c) {
  return json{{"verb", c.verb}, {"subject", c.subject}, {"why", c.why}, {"as", c.as}, {"channel", c.channel}, {"texts", c.texts}}.dump();
}

Command command_from_json(const std::string& text, const std::string& place) {
  try {
    const json j = json::parse(text);
    return {j.at("verb"), j.at("subject"), j.at("why"), j.at("as"), j.at("channel"), j.at("texts")};
  } catch (const json::exception& e) {
    throw Error(place, std::string("is no command: ") + e.what());
  }
}

}  // namespace guyu
