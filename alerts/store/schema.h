#pragma once
#include "alerts/store/sqlite.h"

namespace guyu {

inline constexpr int kStoreVersion = 4;

// Brings a database to this program's version, step by step, in one transaction. Throws Error for a file that is no alert store
// or that a newer program has written.
void migrate(Database& db);

// The version that the file has; 0 for an empty one. Throws Error for a file that is no alert store.
int store_version(Database& db);

}  // namespace guyu
