#include "alerts/channels/tar.h"

#include <fmt/format.h>

#include "engine/core/error.h"

namespace guyu {
namespace {
constexpr std::size_t kBlock = 512;

std::string header(const TarFile& file, TimePoint modified) {
  if (file.name.empty() || file.name.size() > 100) throw Error(file.name, "is no name for a file of an archive", "use 1 to 100 bytes");
  std::string h(kBlock, '\0');
  const auto put = [&](std::size_t at, const std::string& text) { h.replace(at, text.size(), text); };
  put(0, file.name);
  put(100, "0000644");
  put(108, "0000000");
  put(116, "0000000");
  put(124, fmt::format("{:011o}", file.bytes.size()));
  put(136, fmt::format("{:011o}", modified.time_since_epoch().count()));
  put(148, "        ");  // the checksum counts as blanks
  put(156, "0");
  put(257, "ustar");
  put(263, "00");
  unsigned sum = 0;
  for (const char c : h) sum += static_cast<unsigned char>(c);
  put(148, fmt::format("{:06o}", sum));
  h[154] = '\0';
  return h;
}
}  // namespace

std::string tar_of(const std::vector<TarFile>& files, TimePoint modified) {
  std::string out;
  for (const TarFile& f : files) {
    out += header(f, modified) + f.bytes;
    out.resize((out.size() + kBlock - 1) / kBlock * kBlock, '\0');
  }
  out.append(2 * kBlock, '\0');
  return out;
}

}  // namespace guyu
