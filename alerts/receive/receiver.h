#pragma once
#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "alerts/channels/http_poster.h"
#include "alerts/channels/http_server.h"
#include "alerts/channels/mqtt_session.h"
#include "alerts/receive/received_store.h"

namespace guyu {

struct ReceiverSettings {
  std::string name = "receiver";  // as receipts say it
  std::string folder;             // received.db, and one file per message in messages/
  ReceiverRules rules;
  std::optional<MqttSettings> mqtt;
  std::string topic = "guyu/alerts/#", receipt_topic;
  std::string listen, secret;  // "address:port" for webhooks and the health page, and the HMAC key; empty: none
  // Where the sender takes receipts by HTTP (its POST /receipts), the HMAC key for them, and the authority (PEM) of its certificate. With an address, webhooks
  // are answered "accepted" and the receipt follows; empty: the answer itself is the receipt.
  std::string callback, callback_secret, callback_ca;
  Seconds heartbeat_every{0};  // a longer silence raises an alarm; 0: not watched
  Seconds until_idle{0};       // end after so long without an arrival; 0: never
};

// The reference receiver: takes warnings by MQTT or HTTP, counts each once, keeps it, and only then says so. For those who build receivers, and for the tests
// of the sender.
//
// GET /health of the port for webhooks: 200, or 503 with the reason when no heartbeat came for too long or the store could not be written the last time.
class Receiver {
 public:
  using Log = std::function<void(const std::string& line)>;
  Receiver(ReceiverSettings settings, Log log);
  void run(const std::atomic<bool>& stop);
  bool alarm() const { return alarm_; }  // no heartbeat for too long
  int port() const { return server_ ? server_->port() : 0; }

 private:
  std::vector<ArrivalVerdict> keep(const std::vector<Arrival>& batch);
  HttpReply by_http(const HttpCall& call);
  bool by_mqtt();
  void write_files(std::size_t most);
  void call_back();
  bool post_receipts(HttpPoster& poster);
  HttpReply health();
  void watch();

  ReceiverSettings s_;
  Log log_;
  std::mutex mutex_;  // the store serves two threads
  ReceivedStore store_;
  std::unique_ptr<MqttSession> session_;
  std::vector<MqttMessage> receipts_;  // not sent yet
  std::deque<Receipt> callbacks_;      // not taken by the sender yet
  std::atomic<bool> ended_{false};
  std::deque<std::string> unwritten_;  // identifiers of kept messages without a file
  TimePoint write_again_{};            // after a file could not be written
  TimePoint last_arrival_, last_beat_;
  bool alarm_ = false;
  std::string store_fault_;  // of the last batch; empty: it was kept
  std::unique_ptr<HttpServer> server_;
};

}  // namespace guyu
