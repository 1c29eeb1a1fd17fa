#pragma once
#include <string>
#include <vector>

#include "engine/core/time.h"

namespace guyu {

struct TarFile {
  std::string name, bytes;
};

// A POSIX ustar archive (IEEE 1003.1) of regular files, mode 0644, owner 0. The same files and time give the same bytes. Own code: forty lines against a
// library for archives of a few small files. Throws Error for a name over 100 bytes.
std::string tar_of(const std::vector<TarFile>& files, TimePoint modified);

}  // namespace guyu
