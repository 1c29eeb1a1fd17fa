#pragma once
#include <fstream>
#include <optional>
#include <string>

#include "ingest/grib_sections.h"

namespace guyu {

// The messages of a GRIB file one by one; anything between them (bulletin headings, padding) is passed over. Lengths are believed only as
// far as the file reaches and only when "7777" stands at the end.
class GribStream {
 public:
  explicit GribStream(const std::string& path);  // throws Error when it cannot be opened
  // The next whole message; nullopt at the end of the file. One that is cut short or has a wrong length comes back empty with the reason in
  // `problem`, and the search goes on behind its first octets. Linear in the file.
  std::optional<GribBytes> next(std::string& problem);
  std::uint64_t place() const { return place_; }  // octet at which the last message, or the last bad one, begins
  void seek(std::uint64_t at) { at_ = at; }

 private:
  bool find_indicator();
  std::optional<std::uint64_t> length_at(std::uint64_t at, GribView head);
  std::ifstream in_;
  std::uint64_t at_ = 0, place_ = 0, size_ = 0;
};

}  // namespace guyu
