#include "cli/run/alerts_so_far.h"

#include <filesystem>

#include "alerts/store/schema.h"
#include "engine/core/file_lock.h"

namespace guyu::cli {

std::unique_ptr<AlertStore> alerts_so_far(const AlertFolder& folder) {
  if (!std::filesystem::exists(folder.store())) return {};
  Database store(folder.store(), Database::Mode::read);
  const int version = store_version(store);
  if (version == 0) return {};
  if (version < kStoreVersion)
    if (const auto lock = FileLock::try_take(folder.lock())) AlertStore(folder.store(), Database::Mode::write);
  return std::make_unique<AlertStore>(folder.store(), Database::Mode::read);
}

}  // namespace guyu::cli
