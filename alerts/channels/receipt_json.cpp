#include "alerts/channels/receipt_json.h"

#include <nlohmann/json.hpp>

#include "engine/core/error.h"

namespace guyu {
namespace {
using nlohmann::json;
constexpr std::size_t kMost = 500;

std::string text_of(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) return {};
  if (!found->is_string()) throw Error("", std::string("\"") + name + "\" must be a text");
  std::string text = found->get<std::string>();
  if (text.size() > kMost) {
    std::size_t end = kMost;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // not inside a character
    text.resize(end);
  }
  for (char& c : text) {
    if (c >= 0 && c < ' ') c = ' ';  // one line
  }
  return text;
}
}  // namespace

std::string to_json(const Receipt& receipt) {
  const json object{{"key", receipt.key}, {"at", to_iso(receipt.at)}, {"from", receipt.from}, {"taken", receipt.taken}, {"detail", receipt.detail}};
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

Receipt read_receipt(std::string_view text, TimePoint now) {
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) throw Error("", "a receipt must be a JSON object");
  Receipt receipt;
  receipt.key = text_of(object, "key");
  if (receipt.key.empty()) throw Error("", "a receipt needs a \"key\"");
  receipt.from = text_of(object, "from");
  receipt.detail = text_of(object, "detail");
  const std::string at = text_of(object, "at");
  receipt.at = at.empty() ? now : parse_time(at);
  if (const auto taken = object.find("taken"); taken != object.end()) {
    if (!taken->is_boolean()) throw Error("", "\"taken\" must be true or false");
    receipt.taken = taken->get<bool>();
  }
  return receipt;
}

}  // namespace guyu
