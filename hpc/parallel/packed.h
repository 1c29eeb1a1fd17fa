#pragma once
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace guyu {

// Values one after the other, as a message between processes of one program on machines of one kind (no byte order conversion).
class Packer {
 public:
  Packer() = default;
  explicit Packer(std::size_t expected) { bytes_.reserve(expected); }  // bytes
  template <typename T>
  Packer& put(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    return *this;
  }
  template <typename T>
  Packer& list(std::span<const T> values) {
    static_assert(std::is_trivially_copyable_v<T>);
    put(static_cast<std::uint64_t>(values.size()));
    if (!values.empty()) bytes_.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
    return *this;
  }
  template <typename T>
  Packer& list(const std::vector<T>& values) {
    return list(std::span<const T>(values));
  }
  Packer& text(const std::string& s) { return list(std::span<const char>(s)); }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Takes them back, in the same order. Throws std::runtime_error when there are fewer than asked for.
class Unpacker {
 public:
  explicit Unpacker(const std::string& bytes) : at_(bytes.data()), left_(bytes.size()) {}
  template <typename T>
  T take() {
    static_assert(std::is_trivially_copyable_v<T>);
    T value;
    copy(&value, sizeof value);
    return value;
  }
  template <typename T>
  std::vector<T> list() {
    const auto n = take<std::uint64_t>();
    if (n > left_ / sizeof(T)) throw std::runtime_error("a message ends early");
    std::vector<T> values(n);
    copy(values.data(), n * sizeof(T));
    return values;
  }
  // A list of as many values as `values` has place for.
  template <typename T>
  void list_into(std::span<T> values) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (take<std::uint64_t>() != values.size()) throw std::runtime_error("a list of another length than expected");
    copy(values.data(), values.size_bytes());
  }
  std::string text() {
    const std::vector<char> s = list<char>();
    return {s.begin(), s.end()};
  }
  bool empty() const { return left_ == 0; }

 private:
  void copy(void* to, std::size_t n) {
    if (n > left_) throw std::runtime_error("a message ends early");
    if (n > 0) std::memcpy(to, at_, n);
    at_ += n;
    left_ -= n;
  }
  const char* at_;
  std::size_t left_;
};

}  // namespace guyu
