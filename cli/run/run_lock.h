#pragma once
#include <string>

#include "engine/core/file_lock.h"

namespace guyu::cli {

// Only one run at a time writes under an output folder. Makes `folder`; throws Error when another run holds it.
FileLock lock_run(const std::string& folder);

}  // namespace guyu::cli
