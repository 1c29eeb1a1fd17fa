#include "alerts/channels/message_template.h"

#include <algorithm>

#include "engine/config/param_spec.h"
#include "engine/core/error.h"

namespace guyu {
namespace {
const std::vector<std::string>& placeholders() {
  static const std::vector<std::string> names{"hazard", "level", "status", "msg_type", "event", "identifier", "language", "headline", "region", "target"};
  return names;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string value_of(const std::string& name, const Delivery& delivery) {
  const OutgoingMessage& m = *delivery.message;
  if (name == "hazard") return m.hazard;
  if (name == "level") return lower(to_string(m.level));
  if (name == "status") return lower(to_string(m.status));
  if (name == "msg_type") return m.msg_type;
  if (name == "event") return m.event;
  if (name == "identifier") return m.identifier;
  if (name == "headline") return m.texts.empty() ? m.identifier : m.texts.front().headline;
  if (name == "language") return m.texts.empty() ? "und" : m.texts.front().language;
  if (name == "region") return common_region(m.regions);
  return delivery.target;
}
}  // namespace

std::string common_region(const std::vector<std::string>& codes) {
  if (codes.empty()) return "many";
  std::string common = codes.front();
  for (const std::string& code : codes) {
    const auto end = std::mismatch(common.begin(), common.end(), code.begin(), code.end()).first;
    common.erase(end, common.end());
  }
  if (codes.size() > 1) {
    // Codes of GB/T 2260 name a province by 2, a city by 4, a county by 6 and a township by 9 digits.
    for (const std::size_t digits : {9U, 6U, 4U, 2U, 0U}) {
      if (common.size() < digits) continue;
      common.resize(digits);
      break;
    }
  }
  return common.empty() ? "many" : common;
}

MessageTemplate::MessageTemplate(const std::string& text, const std::string& place) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t brace = text.find_first_of("{}", i);
    if (brace != i) parts_.push_back({false, text.substr(i, brace - i)});
    if (brace == std::string::npos) break;
    const std::size_t close = text.find('}', brace);
    if (text[brace] == '}' || close == std::string::npos) throw Error(place, "a brace without its partner in \"" + text + "\"");
    const std::string name = text.substr(brace + 1, close - brace - 1);
    if (std::find(placeholders().begin(), placeholders().end(), name) == placeholders().end()) {
      const std::string near = nearest_word(name, placeholders());
      throw Error(place, "unknown placeholder {" + name + "} in \"" + text + "\"", near.empty() ? "" : "did you mean {" + near + "}?");
    }
    parts_.push_back({true, name});
    i = close + 1;
  }
}

bool MessageTemplate::needs_texts() const {
  return std::any_of(parts_.begin(), parts_.end(), [](const Part& p) { return p.placeholder && (p.text == "headline" || p.text == "language"); });
}

std::string MessageTemplate::fill(const Delivery& delivery, bool topic) const {
  std::string out;
  for (const Part& part : parts_) {
    std::string value = part.placeholder ? value_of(part.text, delivery) : part.text;
    if (part.placeholder && topic) {
      for (char& c : value) {
        if (c == '/' || c == '+' || c == '#' || (c >= 0 && c <= ' ')) c = '-';
      }
    }
    out += value;
  }
  return out;
}

}  // namespace guyu
