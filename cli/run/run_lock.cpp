#include "cli/run/run_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "engine/core/error.h"

namespace guyu::cli {

RunLock::RunLock(const std::string& folder) {
  std::error_code ec;
  std::filesystem::create_directories(folder, ec);
  if (ec) throw Error(folder, "cannot be made: " + ec.message(), "choose an output folder that can be written");
  const std::string path = folder + "/run.lock";
  fd_ = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
  if (fd_ < 0) throw Error(path, std::string("cannot be opened: ") + std::strerror(errno), "choose an output folder that can be written");
  if (::flock(fd_, LOCK_EX | LOCK_NB) == 0) return;
  const bool held = errno == EWOULDBLOCK;
  const std::string reason = held ? "is held by another run" : std::string("cannot be locked: ") + std::strerror(errno);
  ::close(fd_);
  throw Error(path, reason, held ? "wait until it ends, or give this run another --out" : "");
}

RunLock::~RunLock() { ::close(fd_); }

}  // namespace guyu::cli
