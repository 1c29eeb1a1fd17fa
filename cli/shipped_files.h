#pragma once
#include <string>
#include <vector>

namespace guyu::cli {

// The folder of files that come with the program (cycles, rule packs, texts): GUYU_CONFIGS when set, else
// ../share/guyu/configs beside the binary, else the folder it was installed to, else the source tree's.
std::string configs_folder();

// A name without folder and ending ("mrms_counties") is looked for as <configs>/<folder>/<name>.toml; anything else is a path,
// relative to `base`. Throws Error listing the shipped names when neither is there.
std::string find_config_file(const std::string& name, const std::string& folder, const std::string& base);

}  // namespace guyu::cli
