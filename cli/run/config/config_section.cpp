#include "cli/run/config/config_section.h"

namespace guyu::cli {

void check_pattern(const ConfigTable& t, const std::string& key) {
  try {
    check_input_pattern(t.text(key));
  } catch (const Error& e) {
    throw Error(t.place(key), e.reason() + ": \"" + t.text(key) + "\"", e.remedy());
  }
}

Level level_named(const std::string& word) {
  return word == "red" ? Level::red : word == "orange" ? Level::orange : word == "yellow" ? Level::yellow : Level::blue;
}

}  // namespace guyu::cli
