#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/cap/cap_message.h"
#include "alerts/cap/cap_reader.h"
#include "alerts/cap/cap_rules.h"
#include "alerts/cap/xml_input.h"

namespace guyu {

// Judges messages: are they CAP 1.2 (CapFault::of_standard), and are they what the profile asks for. CAP: well-formed, no DOCTYPE, at most
// 4 MB, the structure of check_structure, the values of cap_reader.h, and check_standard; with a schema also `schema`. Profile: check_profile.
// May be used by several threads at once.
class CapChecker {
 public:
  explicit CapChecker(CapCheckOptions options);  // throws Error when the schema cannot be read
  ~CapChecker();
  CapChecker(const CapChecker&) = delete;
  CapChecker& operator=(const CapChecker&) = delete;
  // All faults found. `open` (when given) are the identifiers that the message must refer to, exactly.
  std::vector<CapFault> check(std::string_view xml, const std::optional<std::vector<std::string>>& open = {}) const;
  // The same for what was read from so many bytes.
  std::vector<CapFault> check(const XmlInput& input, std::size_t bytes, const std::optional<std::vector<std::string>>& open = {}) const;
  // The same for a document whose root is the alert.
  std::vector<CapFault> check(const XmlDocument& document, const std::optional<std::vector<std::string>>& open = {}) const;
  bool has_schema() const { return schema_ != nullptr; }

 private:
  struct Schema;
  CapCheckOptions options_;
  std::unique_ptr<Schema> schema_;
};

}  // namespace guyu
