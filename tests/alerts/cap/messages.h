#pragma once
#include <cstdlib>
#include <string>

#include "alerts/cap/cap_check.h"
#include "alerts/cap/cap_writer.h"
#include "tests/support/test_data.h"

namespace guyu::test {

inline CapSettings cap_settings() {
  CapSettings s;
  s.sender = "warnings@example.org";
  for (const char* language : {"zh-CN", "en-US"}) s.texts.push_back(load_message_text(std::string("configs/texts/rainstorm.") + language + ".toml"));
  return s;
}

// The CAP schema among the real data; empty where that is absent.
inline std::string schema_path() {
  const std::string data = real_data();
  return data.empty() ? data : data + "/cap/schema/CAP-v1.2.xsd";
}

inline std::string rules(const std::vector<CapFault>& faults) {
  std::string text;
  for (const CapFault& f : faults) text += (text.empty() ? "" : " ") + f.rule;
  return text;
}

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("not in the text: " + from);
  return text.replace(at, from.size(), to);
}

}  // namespace guyu::test
