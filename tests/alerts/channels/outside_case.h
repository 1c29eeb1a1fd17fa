#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "alerts/channels/registry.h"
#include "engine/config/toml_source.h"

namespace guyu::test {

// A program that runs beside the test and ends with it.
class Beside {
 public:
  explicit Beside(const std::vector<std::string>& words, const std::string& log = "/dev/null");
  ~Beside();
  void kill(int signal);  // and waits for its end
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;

 private:
  int pid_ = 0;
};

bool installed(const std::string& program);  // prints a skip when it is not
int free_port();
bool wait_for_port(int port);
bool wait_until(const std::function<bool()>& condition, int milliseconds = 5000);
// Standard output of a shell command; throws when it fails.
std::string output_of(const std::string& command);

// The command of a Python 3 that has the module; empty, and a printed skip, when none has. A machine may have several: modules of Debian's packages are in
// /usr/bin's.
std::string python_with(const std::string& module);
// ca.pem with server.{pem,key} (localhost, 127.0.0.1) and client.{pem,key}, and an authority that nobody knows, other.{pem,key}; by openssl.
void make_certificates(const std::string& folder);

// A channel made from the text of its table, without the [[kind]] line.
std::unique_ptr<Channel> channel(const std::string& kind, const std::string& keys, const std::string& out = "", std::function<TimePoint()> now = {});
// A signed-looking message of Chinese and English texts, status Actual.
std::shared_ptr<const OutgoingMessage> warning(const std::string& identifier, RunStatus status = RunStatus::actual);
std::vector<Delivery> deliveries(const std::vector<std::string>& identifiers, const std::string& target = "");

}  // namespace guyu::test
