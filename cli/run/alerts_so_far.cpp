#include "cli/run/alerts_so_far.h"

#include <filesystem>

#include "alerts/store/schema.h"
#include "engine/core/file_lock.h"

namespace guyu::cli {
namespace {

// 0: there is no store.
int version_of(const std::string& path) {
  if (!std::filesystem::exists(path)) return 0;
  Database store(path, Database::Mode::read);
  return store_version(store);
}

}  // namespace

std::unique_ptr<AlertStore> alerts_so_far(const AlertFolder& folder) {
  const int version = version_of(folder.store());
  if (version == 0) return {};
  if (version < kStoreVersion)
    if (const auto lock = FileLock::try_take(folder.lock())) AlertStore(folder.store(), Database::Mode::write);
  return std::make_unique<AlertStore>(folder.store(), Database::Mode::read);
}

std::unique_ptr<AlertStore> archived_alerts(const AlertFolder& folder, const std::string& scratch) {
  const int version = version_of(folder.store());
  if (version == 0) return {};
  if (version == kStoreVersion) return std::make_unique<AlertStore>(folder.store(), Database::Mode::read);
  {
    Database store(folder.store(), Database::Mode::read);
    store.execute("PRAGMA query_only=OFF");  // for the copy; the file itself stays as it is
    store.prepare("VACUUM INTO ?").bind(scratch).run();  // what still waits in the store's log comes along
  }
  return std::make_unique<AlertStore>(scratch, Database::Mode::write);
}

}  // namespace guyu::cli
