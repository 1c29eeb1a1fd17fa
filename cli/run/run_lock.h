#pragma once
#include <string>

namespace guyu::cli {

// Only one run at a time writes under an output folder. Held until destroyed; the kernel lets go of it when the process dies, so a killed run
// leaves no stale lock. Throws Error when another run holds it.
class RunLock {
 public:
  explicit RunLock(const std::string& folder);  // makes the folder
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

 private:
  int fd_ = -1;
};

}  // namespace guyu::cli
