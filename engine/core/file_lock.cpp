#include "engine/core/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "engine/core/error.h"

namespace guyu {

std::optional<FileLock> FileLock::try_take(const std::string& path) {
  constexpr const char* kRemedy = "choose a folder that can be written";
  const std::string folder = std::filesystem::path(path).parent_path().string();
  std::error_code ec;
  std::filesystem::create_directories(folder, ec);
  if (ec) throw Error(folder, "cannot be made: " + ec.message(), kRemedy);
  const int fd = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
  if (fd < 0) throw Error(path, std::string("cannot be opened: ") + std::strerror(errno), kRemedy);
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return FileLock(fd);
  const int reason = errno;
  ::close(fd);
  if (reason == EWOULDBLOCK) return {};
  throw Error(path, std::string("cannot be locked: ") + std::strerror(reason));
}

FileLock::~FileLock() {
  if (fd_ >= 0) ::close(fd_);
}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

}  // namespace guyu
