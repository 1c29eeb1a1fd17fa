#include "alerts/channels/mqtt_session.h"

#include <mosquitto.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <utility>

#include "alerts/cap/secret_file.h"
#include "engine/core/error.h"

namespace guyu {
namespace {
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
constexpr milliseconds kFirstPause(100), kLongestPause(5000);
constexpr const char* kSystemAuthorities = "/etc/ssl/certs";
constexpr std::size_t kMostWaiting = 100000;  // messages of the subscriptions that nobody has taken

const char* file_or_null(const std::string& path) { return path.empty() ? nullptr : path.c_str(); }
}  // namespace

std::vector<ParamSpec> mqtt_params() {
  using P = ParamType;
  return {{"host", P::text, "Name or address of the broker", "localhost"},
          {"port", P::integer, "Port of the broker", "1883", "", 1, 65535},
          {"client_id", P::text, "Fixed name of this session at the broker; empty: made from the channel's name", ""},
          {"user", P::text, "User name; empty: none", ""},
          {"password_file", P::text, "File with the user's password", ""},
          {"tls", P::boolean, "Encrypted connection; also with the system's authorities alone", "false"},
          {"ca_file", P::text, "Authority (PEM) that the broker's certificate must come from; empty: the system's", ""},
          {"cert_file", P::text, "Client certificate (PEM) for mutual TLS", ""},
          {"key_file", P::text, "Key (PEM) of the client certificate", ""},
          {"window", P::integer, "Messages under way without the broker's acknowledgement", "200", "", 1, 20000},
          {"timeout", P::duration, "The longest that one batch may take", "20 s", "", 1, 600}};
}

MqttSettings mqtt_settings(const ConfigTable& t, const std::string& fallback_client_id) {
  MqttSettings s;
  s.host = t.text("host"), s.port = static_cast<int>(t.integer("port"));
  s.client_id = t.text("client_id").empty() ? fallback_client_id : t.text("client_id");
  s.user = t.text("user");
  if (!t.text("password_file").empty()) s.password = read_secret_word(t.text("password_file"));
  s.ca_file = t.text("ca_file"), s.cert_file = t.text("cert_file"), s.key_file = t.text("key_file");
  s.tls = t.flag("tls") || !s.ca_file.empty() || !s.cert_file.empty();
  s.window = static_cast<int>(t.integer("window"));
  s.timeout = t.duration("timeout");
  return s;
}

struct MqttSession::State {
  enum class Phase { away, connecting, subscribing, ready };
  MqttSettings settings;
  std::vector<std::string> subscriptions;
  mosquitto* client = nullptr;
  Phase phase = Phase::away;
  Clock::time_point attempt_at{}, give_up_at{};
  milliseconds pause = kFirstPause;
  int refused = 0;             // code of a CONNACK or SUBACK that turns us down
  std::size_t subscribed = 0;  // acknowledged subscriptions
  std::string problem;
  std::vector<MqttMessage> inbox;
  std::array<std::int32_t, 65536> place{};  // of the message with a packet number; -1: none
  std::vector<std::int32_t> acknowledged;   // places, since the last look

  static State& of(void* self) { return *static_cast<State*>(self); }

  mosquitto* make_client() {
    mosquitto* m = mosquitto_new(settings.client_id.c_str(), false, this);
    if (!m) throw Error("", "the MQTT client \"" + settings.client_id + "\" cannot be made: " + std::strerror(errno));
    mosquitto_int_option(m, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V311);
    mosquitto_int_option(m, MOSQ_OPT_SEND_MAXIMUM, settings.window);
    mosquitto_int_option(m, MOSQ_OPT_TCP_NODELAY, 1);
    if (!settings.user.empty()) mosquitto_username_pw_set(m, settings.user.c_str(), settings.password.c_str());
    if (settings.tls) {
      const int rc = mosquitto_tls_set(m, file_or_null(settings.ca_file), settings.ca_file.empty() ? kSystemAuthorities : nullptr,
                                       file_or_null(settings.cert_file), file_or_null(settings.key_file), nullptr);
      if (rc != MOSQ_ERR_SUCCESS) {
        mosquitto_destroy(m);
        throw Error(settings.ca_file, std::string("the TLS files cannot be used: ") + mosquitto_strerror(rc), "check ca_file, cert_file and key_file");
      }
    }
    mosquitto_connect_callback_set(m, [](mosquitto*, void* self, int code) {
      State& s = of(self);
      if (code != 0) s.refused = code;
      else s.subscribe();
    });
    mosquitto_subscribe_callback_set(m, [](mosquitto*, void* self, int, int count, const int* granted) {
      State& s = of(self);
      for (int i = 0; i < count; ++i) {
        if (granted[i] > 2) s.refused = granted[i];
      }
      if (++s.subscribed == s.subscriptions.size() && s.refused == 0) s.phase = Phase::ready;
    });
    mosquitto_publish_callback_set(m, [](mosquitto*, void* self, int number) {
      State& s = of(self);
      std::int32_t& mine = s.place[static_cast<std::size_t>(number) & 0xFFFFU];
      if (mine >= 0) s.acknowledged.push_back(mine);
      mine = -1;
    });
    mosquitto_message_callback_set(m, [](mosquitto*, void* self, const mosquitto_message* message) {
      State& s = of(self);
      if (s.inbox.size() >= kMostWaiting) return;
      s.inbox.push_back({message->topic, std::string(static_cast<const char*>(message->payload), static_cast<std::size_t>(message->payloadlen))});
    });
    return m;
  }

  void subscribe() {
    subscribed = 0;
    phase = subscriptions.empty() ? Phase::ready : Phase::subscribing;
    for (const std::string& filter : subscriptions) mosquitto_subscribe(client, nullptr, filter.c_str(), 1);
  }

  // The library's memory of what was under way goes with its client.
  void drop(const std::string& why) {
    problem = why;
    if (client) mosquitto_destroy(client);
    client = nullptr;
    phase = Phase::away;
    place.fill(-1);
    attempt_at = Clock::now() + pause;
    pause = std::min(pause * 2, kLongestPause);
  }

  static std::string reason(int rc) { return rc == MOSQ_ERR_ERRNO ? std::strerror(errno) : mosquitto_strerror(rc); }

  void connect() {
    client = make_client();
    refused = 0;
    give_up_at = Clock::now() + settings.timeout;
    phase = Phase::connecting;
    const int rc = mosquitto_connect_async(client, settings.host.c_str(), settings.port, static_cast<int>(settings.keepalive.count()));
    if (rc != MOSQ_ERR_SUCCESS) drop("no connection to " + settings.host + ": " + reason(rc));
  }

  // One turn of the network. False: there is no connection, not even one in the making.
  bool turn(milliseconds wait) {
    if (phase == Phase::away) {
      const auto until = std::chrono::ceil<milliseconds>(attempt_at - Clock::now());
      if (until.count() > 0) {
        if (wait.count() > 0) ::usleep(static_cast<useconds_t>(std::min(wait, until).count() * 1000));
        return false;
      }
      connect();
      if (phase == Phase::away) return false;
    }
    const int rc = mosquitto_loop(client, static_cast<int>(wait.count()), 1);
    if (refused != 0) {
      drop(phase == Phase::connecting ? std::string("the broker refuses the connection: ") + mosquitto_connack_string(refused)
                                      : "the broker refuses a subscription");
    } else if (rc != MOSQ_ERR_SUCCESS) {
      drop((phase == Phase::ready ? "the connection was lost: " : "no connection to " + settings.host + ": ") + reason(rc));
    } else if (phase != Phase::ready && Clock::now() > give_up_at) {
      drop("no answer from " + settings.host);
    } else if (phase == Phase::ready) {
      pause = kFirstPause;
      problem.clear();
    }
    return phase != Phase::away;
  }

  bool ready_by(Clock::time_point deadline) {
    while (phase != Phase::ready) {
      const auto left = std::chrono::floor<milliseconds>(deadline - Clock::now());
      if (left.count() <= 0) return false;
      turn(std::min(left, milliseconds(100)));
    }
    return true;
  }
};

MqttSession::MqttSession(MqttSettings settings, std::vector<std::string> subscriptions) : state_(std::make_unique<State>()) {
  static std::once_flag once;
  std::call_once(once, [] { mosquitto_lib_init(); });
  for (const std::string& filter : subscriptions) {
    if (mosquitto_sub_topic_check(filter.c_str()) != MOSQ_ERR_SUCCESS) throw Error("", "\"" + filter + "\" is no MQTT topic filter");
  }
  if (settings.client_id.empty()) throw Error("", "an MQTT session needs a client id");
  if (settings.cert_file.empty() != settings.key_file.empty())
    throw Error(settings.cert_file + settings.key_file, "a client certificate needs its key, and a key its certificate");
  if (!settings.key_file.empty()) read_secret_file(settings.key_file);
  state_->settings = std::move(settings);
  state_->subscriptions = std::move(subscriptions);
  state_->place.fill(-1);
  state_->client = state_->make_client();  // to find out about unusable files now
  mosquitto_destroy(state_->client);
  state_->client = nullptr;
}

MqttSession::~MqttSession() {
  if (!state_->client) return;
  if (state_->phase == State::Phase::ready) mosquitto_disconnect(state_->client);
  mosquitto_destroy(state_->client);
}

std::vector<std::optional<std::string>> MqttSession::publish(std::span<const MqttMessage> messages, Clock::time_point deadline) {
  State& s = *state_;
  std::vector<std::optional<std::string>> faults(messages.size(), "not sent");
  std::vector<bool> done(messages.size(), false);
  std::size_t next = 0, under_way = 0, open = messages.size();
  const auto end_with = [&](std::size_t i, std::optional<std::string> fault) {
    if (done[i]) return;
    done[i] = true, --open;
    faults[i] = std::move(fault);
  };
  while (open > 0) {
    if (s.phase != State::Phase::ready) {
      if (!s.ready_by(deadline)) break;
      next = under_way = 0;  // what is not done is sent again, in order
      s.acknowledged.clear();
    }
    bool lost = false;
    while (next < messages.size() && under_way < static_cast<std::size_t>(s.settings.window) && !lost) {
      if (done[next]) {
        ++next;
        continue;
      }
      int number = 0;
      const MqttMessage& m = messages[next];
      const int rc = mosquitto_publish(s.client, &number, m.topic.c_str(), static_cast<int>(m.payload.size()), m.payload.data(), 1, false);
      if (rc == MOSQ_ERR_SUCCESS) {
        s.place[static_cast<std::size_t>(number) & 0xFFFFU] = static_cast<std::int32_t>(next++);
        ++under_way;
      } else if (rc == MOSQ_ERR_INVAL || rc == MOSQ_ERR_PAYLOAD_SIZE || rc == MOSQ_ERR_MALFORMED_UTF8 || rc == MOSQ_ERR_OVERSIZE_PACKET) {
        end_with(next++, std::string("cannot be sent: ") + mosquitto_strerror(rc));
      } else {
        s.drop("the connection was lost: " + State::reason(rc));
        lost = true;
      }
    }
    if (lost) continue;
    const auto left = std::chrono::floor<milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) {
      s.drop("no acknowledgement from " + s.settings.host + " in time");
      break;
    }
    if (under_way > 0) s.turn(std::min(left, milliseconds(100)));
    for (const std::int32_t i : s.acknowledged) {
      end_with(static_cast<std::size_t>(i), std::nullopt);
      if (under_way > 0) --under_way;
    }
    s.acknowledged.clear();
  }
  for (std::size_t i = 0; i < messages.size(); ++i) end_with(i, s.problem.empty() ? "not sent" : s.problem);
  return faults;
}

bool MqttSession::serve(milliseconds wait) {
  State& s = *state_;
  const std::size_t before = s.inbox.size();
  if (!s.turn(wait)) return false;
  // One turn reads about one packet: go on while messages come.
  for (std::size_t last = before; s.phase == State::Phase::ready && s.inbox.size() > last && last < before + 1000;) {
    last = s.inbox.size();
    s.turn(milliseconds(0));
  }
  return s.phase == State::Phase::ready;
}

std::vector<MqttMessage> MqttSession::take_messages() { return std::exchange(state_->inbox, {}); }
bool MqttSession::connected() const { return state_->phase == State::Phase::ready; }
const std::string& MqttSession::problem() const { return state_->problem; }

}  // namespace guyu
