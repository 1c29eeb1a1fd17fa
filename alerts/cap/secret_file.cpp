#include "alerts/cap/secret_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "engine/core/error.h"

namespace guyu {
namespace {
constexpr off_t kLargest = 1024 * 1024;

struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};
}  // namespace

std::string read_secret_file(const std::string& path) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};  // a pipe in its place must not block
  if (file.fd < 0) throw Error(path, fmt::format("the secret cannot be read: {}", std::strerror(errno)), "name a file that this user may read");
  struct stat s {};
  if (::fstat(file.fd, &s) != 0) throw Error(path, fmt::format("the secret cannot be read: {}", std::strerror(errno)));
  if (!S_ISREG(s.st_mode)) throw Error(path, "the secret is not a regular file");
  if (s.st_uid != ::geteuid() && s.st_uid != 0) {
    throw Error(path, fmt::format("the secret belongs to user {}, not to the one who runs this ({})", s.st_uid, ::geteuid()),
                fmt::format("chown {} {}", ::geteuid(), path));
  }
  if ((s.st_mode & 077) != 0) throw Error(path, fmt::format("the secret is open to others (mode {:03o})", s.st_mode & 0777), "chmod 600 " + path);
  if (s.st_size > kLargest) throw Error(path, fmt::format("{} bytes are no secret", s.st_size));
  std::string bytes(static_cast<std::size_t>(s.st_size), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::read(file.fd, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw Error(path, fmt::format("the secret cannot be read: {}", std::strerror(errno)));
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  bytes.resize(done);
  return bytes;
}

std::string read_secret_word(const std::string& path) {
  std::string word = read_secret_file(path);
  word.erase(word.find_last_not_of(" \t\r\n") + 1);
  if (word.empty()) throw Error(path, "the secret is empty");
  return word;
}

}  // namespace guyu
