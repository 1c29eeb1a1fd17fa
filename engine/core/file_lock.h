#pragma once
#include <optional>
#include <string>

namespace guyu {

// A lock between processes on a file. Held until destroyed; the kernel lets go of it when the process dies, so a killed process leaves no stale lock.
class FileLock {
 public:
  // Makes the file and its folder. nullopt while another process (or another FileLock) holds it; throws Error when the file cannot be opened.
  static std::optional<FileLock> try_take(const std::string& path);
  ~FileLock();
  FileLock(FileLock&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  FileLock& operator=(FileLock&& other) noexcept;

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace guyu
