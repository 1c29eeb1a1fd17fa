#include "alerts/channels/speech.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "engine/core/error.h"

extern char** environ;

namespace guyu {
namespace {
constexpr const char* kProgram = "espeak-ng";

std::string voice_of(const std::string& language) { return language.rfind("zh", 0) == 0 ? "cmn" : language.rfind("en", 0) == 0 ? "en-us" : language; }

// espeak-ng writes to a pipe before it knows the length; players want the true sizes.
void mend_sizes(std::string& wav) {
  const auto put = [&](std::size_t at, std::size_t v) {
    for (std::size_t i = 0; i < 4; ++i) wav[at + i] = static_cast<char>((v >> (8 * i)) & 0xFFU);
  };
  put(4, wav.size() - 8);
  put(40, wav.size() - 44);
}
}  // namespace

std::string spoken(const std::string& text, const std::string& language, std::chrono::seconds most) {
  std::array<int, 2> in{}, out{};
  if (::pipe2(in.data(), O_CLOEXEC) != 0) throw Error(kProgram, std::strerror(errno));
  if (::pipe2(out.data(), O_CLOEXEC) != 0) {
    ::close(in[0]), ::close(in[1]);
    throw Error(kProgram, std::strerror(errno));
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  std::string voice = voice_of(language);
  std::array<char*, 7> words{
      const_cast<char*>(kProgram), const_cast<char*>("-v"), voice.data(), const_cast<char*>("--stdin"), const_cast<char*>("--stdout"), nullptr, nullptr};
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, kProgram, &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(in[0]), ::close(out[1]);
  if (failed) {
    ::close(in[1]), ::close(out[0]);
    throw Error(kProgram, std::string("cannot be started: ") + std::strerror(failed), "install the package espeak-ng");
  }
  // A sentence fits into the pipe; what does not is cut off.
  const ssize_t wrote = ::write(in[1], text.data(), std::min<std::size_t>(text.size(), 60000));
  ::close(in[1]);
  std::string wav;
  const auto limit = std::chrono::steady_clock::now() + most;
  bool late = false;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(limit - std::chrono::steady_clock::now()).count();
    pollfd watch{out[0], POLLIN, 0};
    if (left <= 0 || ::poll(&watch, 1, static_cast<int>(left)) <= 0) {
      late = true;
      break;
    }
    std::array<char, 65536> buffer{};
    const ssize_t n = ::read(out[0], buffer.data(), buffer.size());
    if (n <= 0) break;
    wav.append(buffer.data(), static_cast<std::size_t>(n));
  }
  ::close(out[0]);
  if (late) ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (late) throw Error(kProgram, "took too long");
  if (wrote < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) throw Error(kProgram, "failed for voice " + voice, "is the package espeak-ng-data whole?");
  if (wav.size() <= 44 || wav.compare(0, 4, "RIFF") != 0) throw Error(kProgram, "said nothing");
  mend_sizes(wav);
  return wav;
}

}  // namespace guyu
