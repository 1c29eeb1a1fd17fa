#pragma once
#include <cstdint>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "engine/core/atomic_file.h"
#include "engine/core/hash.h"

namespace guyu {

// A cache file of plain arrays: magic (8 characters: kind and version), key, arrays with their lengths, SHA-256 of all before it.
// Streamed both ways, so that large weights are never held twice. The format is this machine's own (no byte order conversion).
class RecordWriter {
 public:
  RecordWriter(const std::string& path, std::string_view magic, const std::string& key);
  template <typename T>
  void put(const std::vector<T>& v) {
    static_assert(std::is_trivially_copyable_v<T>);
    const auto n = static_cast<std::uint64_t>(v.size());
    bytes(&n, sizeof n);
    bytes(v.data(), v.size() * sizeof(T));
  }
  void commit();  // throws Error naming the file when it could not be written whole

 private:
  void bytes(const void* data, std::size_t size);
  std::string path_;
  AtomicFile file_;
  std::ofstream out_;
  Hasher hasher_;
};

// Reads what RecordWriter wrote. Nothing taken may be used before finished() said that the file is whole.
class RecordReader {
 public:
  // nullopt when there is no such file or it is of another magic or key.
  static std::optional<RecordReader> open(const std::string& path, std::string_view magic, const std::string& key);
  template <typename T>
  bool take(std::vector<T>& v) {
    static_assert(std::is_trivially_copyable_v<T>);
    std::uint64_t n = 0;
    if (!bytes(&n, sizeof n) || n > left_ / sizeof(T)) return false;
    v.resize(n);
    return bytes(v.data(), n * sizeof(T));
  }
  bool finished();  // true when every byte was taken and the digest agrees

 private:
  RecordReader() = default;
  bool bytes(void* data, std::size_t size);
  std::ifstream in_;
  std::uint64_t left_ = 0;  // bytes before the digest
  std::unique_ptr<Hasher> hasher_ = std::make_unique<Hasher>();
};

}  // namespace guyu
