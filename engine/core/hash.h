#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace guyu {

// SHA-256 over a sequence of values; the same on every machine of the same byte order.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;
  Hasher& bytes(const void* data, std::size_t size);
  Hasher& text(std::string_view s);  // length and content
  Hasher& number(double v);          // -0 counts as 0
  Hasher& integer(std::int64_t v);
  std::string hex();        // 64 digits; ends the hash
  std::string short_hex();  // the first 16; ends the hash

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// SHA-256 of a file's bytes; throws Error when it cannot be read.
std::string hash_file(const std::string& path);

}  // namespace guyu
