#include "cli/run/run_lock.h"

#include "engine/core/error.h"

namespace guyu::cli {

FileLock lock_run(const std::string& folder) {
  const std::string path = folder + "/run.lock";
  std::optional<FileLock> lock = FileLock::try_take(path);
  if (!lock) throw Busy(path, "is held by another run", "wait until it ends, or give this run another --out");
  return std::move(*lock);
}

}  // namespace guyu::cli
