#pragma once
#include <eccodes.h>

#include <optional>
#include <string>
#include <vector>

#include "engine/core/field.h"

// One decoded GRIB message: typed access to its keys, and what they mean in engine terms.
namespace guyu {

class GribMessage {
 public:
  GribMessage(codes_handle* handle, std::string path, int number);  // takes the handle over
  ~GribMessage();
  GribMessage(const GribMessage&) = delete;
  GribMessage& operator=(const GribMessage&) = delete;

  const std::string& path() const { return path_; }
  std::string place() const;  // "file: message 3"
  codes_handle* handle() const { return handle_; }

  std::optional<long> integer(const char* key) const;
  std::optional<double> number(const char* key) const;
  std::string text(const char* key) const;  // empty when absent
  long require_integer(const char* key) const;
  double require_number(const char* key) const;
  std::vector<double> numbers(const char* key) const;  // throws Error when it cannot be decoded
  std::vector<long> integers(const char* key) const;
  // Throws Error when so many values cannot come from a message of this length.
  void require_plausible_count(std::size_t n) const;

 private:
  codes_handle* handle_;
  std::string path_;
  int number_;
};

// What the field is: quantity, time, level, member. The unit of the raw values goes to `unit`.
FieldMeta grib_meta(const GribMessage& message, std::string& unit);

// The field's grid and its values in it: row 0 north, column 0 west, missing NaN. Throws Error naming a grid type that has no
// rectilinear form (spectral, icosahedral, unstructured).
Field grib_field(const GribMessage& message, FieldMeta meta);

}  // namespace guyu
