#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/config/toml_source.h"

namespace guyu {

struct MqttSettings {
  std::string host = "localhost";
  int port = 1883;
  std::string client_id;  // fixed: the broker keeps the session's subscriptions by it
  std::string user, password;
  bool tls = false;
  std::string ca_file, cert_file, key_file;  // PEM
  Seconds keepalive{60}, timeout{20};
  int window = 200;  // messages sent and not yet acknowledged
};
// The keys of a channel's table that name a broker, and what a table says. Throws Error for settings that cannot work.
std::vector<ParamSpec> mqtt_params();
MqttSettings mqtt_settings(const ConfigTable& table, const std::string& fallback_client_id);

struct MqttMessage {
  std::string topic, payload;
};

// One persistent MQTT 3.1.1 session (OASIS standard, 2014) by libmosquitto, QoS 1, for one thread: the network is served inside these calls alone. After a lost
// connection or a timeout the client library's memory of unacknowledged messages is dropped: who sent them sends them again, in order, as the outbox says.
class MqttSession {
 public:
  // `subscriptions`: topic filters. Connects with the first call that needs it. Throws Error for files that cannot be used.
  explicit MqttSession(MqttSettings settings, std::vector<std::string> subscriptions = {});
  ~MqttSession();
  // Sends in order, at most `window` ahead of the broker's acknowledgements. For each message nothing when it was acknowledged (PUBACK), else why not. A lost
  // connection is made anew, with growing pauses, until the deadline, and goes on from the first message without an acknowledgement.
  std::vector<std::optional<std::string>> publish(std::span<const MqttMessage> messages, std::chrono::steady_clock::time_point deadline);
  // Serves the network for at most `wait` (0: only what is there), connecting again when it is time to. False when there is no connection.
  bool serve(std::chrono::milliseconds wait);
  // Messages of the subscriptions since the last call, oldest first. They were acknowledged to the broker when they came in.
  std::vector<MqttMessage> take_messages();
  bool connected() const;
  const std::string& problem() const;  // the last fault of the connection; empty when there was none

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace guyu
