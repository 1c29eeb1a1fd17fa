#include "cli/shipped_files.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "engine/config/param_spec.h"
#include "engine/core/error.h"
#include "guyu_version.h"

namespace guyu::cli {
namespace fs = std::filesystem;

std::string configs_folder() {
  if (const char* given = std::getenv("GUYU_CONFIGS")) {
    if (fs::is_directory(given)) return given;
    throw Error("GUYU_CONFIGS", std::string("names no folder: ") + given);
  }
  std::error_code ec;
  const fs::path binary = fs::read_symlink("/proc/self/exe", ec);
  for (const fs::path& folder : {binary.parent_path() / "../share/guyu/configs", fs::path(kConfigsDir), fs::path(kSourceConfigsDir)})
    if (fs::is_directory(folder, ec)) return folder.lexically_normal().string();
  throw Error("", "the folder of shipped configurations is nowhere to be found", "set GUYU_CONFIGS");
}

std::string find_config_file(const std::string& name, const std::string& folder, const std::string& base) {
  const fs::path path(name);
  const bool bare = !path.has_parent_path() && path.extension() != ".toml";
  if (!bare) {
    const fs::path full = path.is_absolute() || base.empty() ? path : fs::path(base) / path;
    if (fs::is_regular_file(full)) return full.string();
    throw Error(full.string(), "there is no such file");
  }
  const fs::path shipped = fs::path(configs_folder()) / folder;
  const fs::path full = shipped / (name + ".toml");
  if (fs::is_regular_file(full)) return full.lexically_normal().string();
  std::vector<std::string> names;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(shipped, ec))
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  std::string known;
  for (const std::string& n : names) known += (known.empty() ? "" : ", ") + n;
  const std::string near = nearest_word(name, names);
  throw Error(name, "is neither a file nor a shipped configuration", (near.empty() ? "" : "did you mean " + near + "? ") + "shipped are: " + known);
}

}  // namespace guyu::cli
