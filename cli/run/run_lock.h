#pragma once
#include <string>

#include "engine/core/error.h"
#include "engine/core/file_lock.h"

namespace guyu::cli {

// Another run is at work where this one would write.
struct Busy : Error {
  using Error::Error;
};

// Only one run at a time writes under an output folder. Makes `folder`; throws Busy when another run holds it.
FileLock lock_run(const std::string& folder);

}  // namespace guyu::cli
