#include "engine/cycle/arrival.h"

#include <sys/stat.h>

#include <filesystem>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"

namespace guyu {

std::optional<Arrival> file_arrival(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return std::nullopt;
  const std::string sidecar = path + ".arrival";
  if (std::filesystem::exists(sidecar)) {
    try {
      const std::string text = read_text_file(sidecar);
      const auto first = text.find_first_not_of(" \t\r\n"), last = text.find_last_not_of(" \t\r\n");
      if (first != std::string::npos) return Arrival{parse_time(text.substr(first, last - first + 1)), true};
    } catch (const Error&) {  // as if there were none
    }
  }
  return Arrival{TimePoint(Seconds(about.st_mtime)), false};
}

}  // namespace guyu
