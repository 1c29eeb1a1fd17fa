#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace guyu {

struct CapFault {
  std::string rule;    // e.g. "ring_closed"
  std::string detail;  // where and what
};

struct CapCheckOptions {
  std::string schema_path;                // CAP-v1.2.xsd; empty: no schema validation
  double west = -180, south = -90, east = 180, north = 90;  // every polygon lies inside
  std::size_t size_limit = 900 * 1024;    // bytes
};

// What a message must hold before it goes out: well-formed, no DOCTYPE, valid against the schema, and the rules that the
// schema lacks. Rules: size xml doctype schema identifier time_form expires headline_length headline_description
// same_category same_event_code language geocode polygon_form lat_lon_order outside_box ring_closed ring_points ring_simple
// references.
class CapChecker {
 public:
  explicit CapChecker(CapCheckOptions options);  // throws Error when the schema cannot be read
  ~CapChecker();
  CapChecker(const CapChecker&) = delete;
  CapChecker& operator=(const CapChecker&) = delete;
  // All faults found. `open` (when given) are the identifiers that the message must refer to, exactly.
  std::vector<CapFault> check(const std::string& xml, const std::optional<std::vector<std::string>>& open = {}) const;
  bool has_schema() const { return schema_ != nullptr; }

 private:
  struct Schema;
  CapCheckOptions options_;
  std::unique_ptr<Schema> schema_;
};

}  // namespace guyu
