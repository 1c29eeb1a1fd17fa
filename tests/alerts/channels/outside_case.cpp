#include "tests/alerts/channels/outside_case.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "alerts/cap/cap_writer.h"
#include "engine/core/atomic_file.h"
#include "tests/alerts/cap/messages.h"
#include "tests/alerts/lifecycle/timeline.h"

extern char** environ;

namespace guyu::test {

Beside::Beside(const std::vector<std::string>& words, const std::string& log) {
  std::vector<char*> argv;
  for (const std::string& w : words) argv.push_back(const_cast<char*>(w.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  if (posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), environ) != 0) throw std::runtime_error("cannot start " + words[0]);
  posix_spawn_file_actions_destroy(&actions);
}
void Beside::kill(int signal) {
  if (pid_ == 0) return;
  ::kill(pid_, signal);
  ::waitpid(pid_, nullptr, 0);
  pid_ = 0;
}
Beside::~Beside() { kill(SIGKILL); }

bool installed(const std::string& program) {
  const bool there = std::system(("command -v " + program + " >/dev/null 2>&1").c_str()) == 0;
  if (!there) BOOST_TEST_MESSAGE("skipped: " << program << " is not installed");
  return there;
}

namespace {
sockaddr_in loopback(int port) {
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  a.sin_port = htons(static_cast<std::uint16_t>(port));
  return a;
}
}  // namespace

int free_port() {
  const int s = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in a = loopback(0);
  socklen_t size = sizeof a;
  ::bind(s, reinterpret_cast<sockaddr*>(&a), size);
  ::getsockname(s, reinterpret_cast<sockaddr*>(&a), &size);
  ::close(s);
  return ntohs(a.sin_port);
}

bool wait_until(const std::function<bool()>& condition, int milliseconds) {
  for (int k = 0; k < milliseconds / 20; ++k) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return condition();
}

bool wait_for_port(int port) {
  return wait_until([port] {
    const int s = ::socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in a = loopback(port);
    const bool open = ::connect(s, reinterpret_cast<const sockaddr*>(&a), sizeof a) == 0;
    ::close(s);
    return open;
  });
}

std::string output_of(const std::string& command) {
  std::string out;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (!pipe) throw std::runtime_error(command);
  std::array<char, 4096> buffer{};
  for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) out.append(buffer.data(), n);
  if (::pclose(pipe) != 0) throw std::runtime_error("failed: " + command);
  return out;
}

std::string python_with(const std::string& module) {
  for (const char* python : {"python3", "/usr/bin/python3"}) {
    if (std::system((std::string(python) + " -c 'import " + module + "' >/dev/null 2>&1").c_str()) == 0) return python;
  }
  BOOST_TEST_MESSAGE("skipped: no Python has the module " << module);
  return {};
}

void make_certificates(const std::string& folder) {
  output_of(
      "cd " + folder +
      " && exec 2>/dev/null; for who in ca other; do openssl req -x509 -newkey rsa:2048 -nodes -keyout $who.key -out $who.pem -days 2 -subj /CN=$who; done; "
      "printf 'subjectAltName=DNS:localhost,IP:127.0.0.1' > names; for who in server client; do "
      "openssl req -newkey rsa:2048 -nodes -keyout $who.key -out $who.csr -subj /CN=$who && "
      "openssl x509 -req -in $who.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out $who.pem -days 2 -extfile names || exit 1; done; chmod 600 *.key");
}

std::unique_ptr<Channel> channel(const std::string& kind, const std::string& keys, const std::string& out, std::function<TimePoint()> now) {
  for (const ChannelKind& k : channel_kinds()) {
    if (k.spec.name != kind) continue;
    const std::string path = temporary_folder("channel_" + kind) + "/c.toml";
    write_file_atomically(path, "[[" + kind + "]]\n" + keys);
    TableSpec root{"", ""};
    root.tables = {k.spec};
    const Config config = load_config(path, root);
    ChannelContext context{out, "test"};
    if (now) context.now = std::move(now);
    return k.make(config.root.tables(kind).at(0), context);
  }
  throw std::runtime_error("no such kind of channel: " + kind);
}

std::shared_ptr<const OutgoingMessage> warning(const std::string& identifier, RunStatus status) {
  Timeline t(2);
  Decision d = t.at(0, "oo").at(0);
  d.identifier = identifier;
  CapSettings settings = cap_settings();
  settings.status = status;
  const CapWriter writer(settings, t.regions);
  return std::make_shared<const OutgoingMessage>(outgoing_message(d, writer, writer.write(d)));
}

std::vector<Delivery> deliveries(const std::vector<std::string>& identifiers, const std::string& target) {
  std::vector<Delivery> all;
  for (const std::string& id : identifiers) all.push_back({id + "|0|test|" + target, target, warning(id), false});
  return all;
}

}  // namespace guyu::test
