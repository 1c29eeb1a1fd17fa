#include <fmt/format.h>

#include <atomic>
#include <csignal>
#include <cstdio>

#include "alerts/cap/secret_file.h"
#include "alerts/receive/receiver.h"
#include "cli/app.h"
#include "cli/verb.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"

namespace guyu::cli {
namespace {

std::atomic<bool> stop_asked{false};
void ask_to_stop(int) { stop_asked = true; }

struct ReceiveArguments {
  ReceiverSettings settings;
  std::string mqtt, user, password_file, ca_file, cert_file, key_file, secret_file, signers, receipt_secret_file;
  std::string client_id;
  bool exercises = false, tests = false;
  double heartbeat = 0, idle = 0;
};

int receive(ReceiveArguments a) {
  ReceiverSettings& s = a.settings;
  if (!a.mqtt.empty()) {
    MqttSettings m;
    const std::size_t colon = a.mqtt.rfind(':');
    m.host = a.mqtt.substr(0, colon);
    if (colon != std::string::npos) m.port = std::atoi(a.mqtt.c_str() + colon + 1);
    if (m.host.empty() || m.port < 1 || m.port > 65535) throw Error("--mqtt", "'" + a.mqtt + "' names no broker", "write it as host:1883");
    m.client_id = a.client_id.empty() ? "guyu-receive-" + s.name : a.client_id;
    m.user = a.user;
    if (!a.password_file.empty()) m.password = read_secret_word(a.password_file);
    m.ca_file = a.ca_file, m.cert_file = a.cert_file, m.key_file = a.key_file;
    m.tls = !a.ca_file.empty() || !a.cert_file.empty();
    s.mqtt = m;
  }
  if (!a.secret_file.empty()) s.secret = read_secret_word(a.secret_file);
  if (!a.receipt_secret_file.empty()) s.callback_secret = read_secret_word(a.receipt_secret_file);
  if (!a.signers.empty()) s.rules.ca_pem = read_text_file(a.signers);
  if (a.exercises) s.rules.statuses.emplace_back("Exercise");
  if (a.tests) s.rules.statuses.emplace_back("Test");
  s.heartbeat_every = Seconds{static_cast<std::int64_t>(a.heartbeat)};
  s.until_idle = Seconds{static_cast<std::int64_t>(a.idle)};
  std::signal(SIGTERM, ask_to_stop);
  std::signal(SIGINT, ask_to_stop);
  std::signal(SIGPIPE, SIG_IGN);
  Receiver receiver(std::move(s), [](const std::string& line) {
    fmt::print(stderr, "guyu receive: {}\n", line);
    std::fflush(stderr);
  });
  if (receiver.port() > 0) fmt::print(stderr, "guyu receive: listening on port {}\n", receiver.port());
  receiver.run(stop_asked);
  return receiver.alarm() ? exit_degraded : exit_done;
}

}  // namespace

void add_receive(Verb& guyu) {
  Verb verb = guyu.verb("receive", "a small reference receiver: keeps each warning once, returns receipts, watches the heartbeat");
  verb.footer("Ends on SIGTERM or SIGINT. Exit code 1: a heartbeat was missing at the end.");
  auto a = std::make_shared<ReceiveArguments>();
  verb.option("folder", a->settings.folder, "where received.db and messages/ go").required();
  verb.option("--name", a->settings.name, "who receives, as receipts say it");
  verb.option("--mqtt", a->mqtt, "broker, host:port");
  verb.option("--topic", a->settings.topic, "topics to subscribe to");
  verb.option("--receipt-topic", a->settings.receipt_topic, "topic for receipts; default: none are sent");
  verb.option("--client-id", a->client_id, "fixed name of the session at the broker");
  verb.option("--user", a->user, "user at the broker");
  verb.option("--password-file", a->password_file, "file with the user's password, mode 0600");
  verb.option("--ca", a->ca_file, "authority (PEM) of the broker's certificate; turns TLS on");
  verb.option("--cert", a->cert_file, "client certificate (PEM)");
  verb.option("--key", a->key_file, "its key (PEM)");
  verb.option("--listen", a->settings.listen, "address:port for webhooks and GET /health");
  verb.option("--secret-file", a->secret_file, "file with the HMAC key of webhooks, mode 0600");
  verb.option("--receipt-url", a->settings.callback, "where the sender takes receipts: its POST /receipts; default: a webhook's answer is the receipt");
  verb.option("--receipt-secret-file", a->receipt_secret_file, "file with the HMAC key of receipts, mode 0600");
  verb.option("--receipt-ca", a->settings.callback_ca, "authority (PEM) of the certificate at the receipts' address; default: the system's");
  verb.option("--signers", a->signers, "authorities (PEM) that must have signed every message");
  verb.option("--heartbeat-every", a->heartbeat, "seconds; a longer silence raises an alarm");
  verb.option("--until-idle", a->idle, "end after so many seconds without an arrival");
  verb.flag("--accept-exercises", a->exercises, "take exercises too");
  verb.flag("--accept-tests", a->tests, "take tests too");
  verb.action([a] { return receive(*a); });
}

}  // namespace guyu::cli
