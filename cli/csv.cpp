#include "cli/csv.h"

#include <fmt/format.h>

#include <cmath>

namespace guyu::cli {

std::string csv_text(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string csv_number(float v) { return std::isnan(v) ? "" : fmt::format("{}", v); }

}  // namespace guyu::cli
