#include "alerts/dispatch/served.h"

#include <filesystem>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"

namespace guyu {

void mark_served(const AlertFolder& folder, const Served& served) { write_file_atomically(folder.served(), served.station + "\n" + served.out + "\n"); }

std::optional<Served> served_by(const AlertFolder& folder) {
  if (!std::filesystem::exists(folder.served())) return {};
  const std::string text = read_text_file(folder.served());
  const std::size_t first = text.find('\n'), second = first == std::string::npos ? first : text.find('\n', first + 1);
  if (second == std::string::npos)
    throw Error(folder.served(), "does not name a station and a folder, a line each", "start guyu dispatch anew, or delete the file");
  return Served{text.substr(0, first), text.substr(first + 1, second - first - 1)};
}

}  // namespace guyu
