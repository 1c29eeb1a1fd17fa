#pragma once
#include <string>
#include <string_view>

#include "alerts/channels/channel.h"

namespace guyu {

// A receipt as it travels (MQTT receipt topic, HTTP callback, file):
//   {"key": "...", "at": "2024-06-18T07:30:00Z", "from": "county-07", "taken": true, "detail": ""}
// `key` is required; "at" falls back to `now`, "taken" to true, the others to nothing.
std::string to_json(const Receipt& receipt);
// Throws Error saying what is wrong with the text. Texts are cut to 500 bytes: they come from outside.
Receipt read_receipt(std::string_view json, TimePoint now);

}  // namespace guyu
