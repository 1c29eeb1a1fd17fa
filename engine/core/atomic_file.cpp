#include "engine/core/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <vector>

#include "engine/core/error.h"

namespace guyu {
namespace fs = std::filesystem;
namespace {
constexpr std::string_view kTemporary = ".tmp";  // then a number of process and machine: several may write into one folder of a shared file system

std::string own_number() {
  static const std::string host = [] {
    char name[256] = {};
    ::gethostname(name, sizeof name - 1);
    return std::to_string(1'000'000 + std::hash<std::string_view>{}(name) % 1'000'000);
  }();
  return std::to_string(::getpid()) + host;
}

void sync_path(const std::string& path, int flags) {
  const int fd = ::open(path.c_str(), flags);
  if (fd < 0) throw Error(path, std::string("cannot be opened: ") + std::strerror(errno));
  const int rc = ::fsync(fd);
  const int error = errno;
  ::close(fd);
  if (rc != 0) throw Error(path, std::string("cannot be synced: ") + std::strerror(error), "is the disk full?");
}
std::string folder_of(const std::string& path) {
  const fs::path parent = fs::path(path).parent_path();
  return parent.empty() ? std::string(".") : parent.string();
}
}  // namespace

AtomicFile::AtomicFile(std::string path) : path_(std::move(path)), temporary_(path_ + std::string(kTemporary) + own_number()) {
  std::error_code ec;
  fs::create_directories(folder_of(path_), ec);
  if (ec) throw Error(folder_of(path_), "cannot be made: " + ec.message());
}

AtomicFile::~AtomicFile() {
  if (committed_) return;
  // A library that failed to close the file keeps its space; cut to nothing, it gives it back, also on a full disk.
  if (::truncate(temporary_.c_str(), 0) != 0 && errno == ENOENT) return;
  ::unlink(temporary_.c_str());
}

void AtomicFile::commit() {
  sync_path(temporary_, O_RDONLY);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
    throw Error(path_, std::string("cannot be written: ") + std::strerror(errno));
  }
  committed_ = true;
  sync_path(folder_of(path_), O_RDONLY | O_DIRECTORY);
}

void remove_unfinished(const std::string& folder) {
  std::error_code ec;
  std::vector<fs::path> unfinished;
  for (const auto& entry : fs::directory_iterator(folder, ec)) {
    const std::string name = entry.path().filename().string();
    const auto at = name.rfind(kTemporary);
    if (at == std::string::npos || at == 0) continue;
    const std::size_t number = at + kTemporary.size(), rest = std::min(name.find_first_not_of("0123456789", number), name.size());
    const std::string_view beside = std::string_view(name).substr(rest);  // what SQLite leaves beside a database that it was killed in
    const bool ours = rest > number && (beside.empty() || beside == "-journal" || beside == "-wal" || beside == "-shm");
    if (ours && entry.is_regular_file(ec)) unfinished.push_back(entry.path());
  }
  for (const fs::path& path : unfinished) fs::remove(path, ec);
}

void write_file_atomically(const std::string& path, std::string_view content) {
  AtomicFile file(path);
  {
    std::ofstream out(file.temporary_path(), std::ios::binary);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    out.flush();
    if (!out) throw Error(path, std::string("cannot be written: ") + std::strerror(errno), "is the disk full?");
  }
  file.commit();
}

std::string read_text_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(path, std::string("cannot be read: ") + std::strerror(errno));
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void make_folder(const std::string& folder) {
  std::error_code ec;
  std::filesystem::create_directories(folder, ec);
  if (ec) throw Error(folder, "cannot be made: " + ec.message(), "choose a folder that can be written");
}

}  // namespace guyu
