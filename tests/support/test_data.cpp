#include "tests/support/test_data.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

namespace guyu::test {
namespace fs = std::filesystem;

std::string real_data() {
  const char* env = std::getenv("GUYU_REAL_DATA");
  const fs::path folder = env ? fs::path(env) : fs::path("../shared/data");
  if (fs::is_directory(folder)) return folder.string();
  std::cout << "skipped: real data folder " << folder << " is absent (set GUYU_REAL_DATA)\n";
  return {};
}

namespace {
struct Scratch {
  fs::path root = fs::temp_directory_path() / ("guyu-test-" + std::to_string(getpid()));
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(root, ignored);
  }
};
}  // namespace

std::string temporary_folder(const std::string& name) {
  static const Scratch scratch;
  const fs::path folder = scratch.root / name;
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder.string();
}

}  // namespace guyu::test
