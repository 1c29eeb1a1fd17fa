// MQTT 3.1.1, QoS 1. The broker's acknowledgement means "accepted": it says nothing about receivers. Those answer on the receipt topic with receipt_json.h.
//
// MQTT 3.1.1 has no properties beside the payload, and receivers need the key that they count by. A topic that ends in the key would make a new topic for every
// message, which brokers and access lists are not made for, and a retained one would never go away. So the payload is a small envelope,
//   {"key": "...", "identifier": "...", "hazard": "...", "expires": "...", "cap": "<?xml ..."}
// whose text "cap" gives the stored bytes exactly, signature and all, when it is decoded. payload = "cap" sends the bare bytes, for receivers that know CAP and
// nothing else; they have the identifier to count by and no key to confirm.
#include <nlohmann/json.hpp>

#include "alerts/channels/accepted_status.h"
#include "alerts/channels/message_template.h"
#include "alerts/channels/mqtt_session.h"
#include "alerts/channels/receipt_json.h"
#include "alerts/channels/registry.h"
#include "engine/core/error.h"

namespace guyu {
namespace {
using Clock = std::chrono::steady_clock;

class MqttChannel : public Channel {
 public:
  MqttChannel(const ConfigTable& t, const ChannelContext& context)
      : status_(t), now_(context.now), topic_(t.text("topic"), t.place("topic")), receipt_topic_(t.text("receipt_topic")), bare_(t.text("payload") == "cap"),
        settings_(mqtt_settings(t, "guyu-" + context.name)),
        session_(settings_, receipt_topic_.empty() ? std::vector<std::string>{} : std::vector<std::string>{receipt_topic_}) {
    if (bare_ && !receipt_topic_.empty())
      throw Error(t.place("payload"), "receivers of bare CAP do not learn the key that a receipt names", "use payload = \"envelope\" or no receipt_topic");
  }

  bool confirms() const override { return !receipt_topic_.empty(); }
  bool needs_texts() const override { return topic_.needs_texts(); }

  std::vector<Outcome> deliver(std::span<const Delivery> batch) override {
    const Clock::time_point deadline = Clock::now() + settings_.timeout;
    std::vector<Outcome> outcomes(batch.size());
    std::vector<MqttMessage> messages;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (auto refusal = status_.refusal(*batch[i].message)) {
        outcomes[i] = *refusal;
        continue;
      }
      try {
        messages.push_back({topic_.fill(batch[i], true), payload(batch[i])});
        places.push_back(i);
      } catch (const std::exception& e) {  // bytes that are not UTF-8
        outcomes[i] = {Verdict::refused, e.what(), {}};
      }
    }
    const auto faults = session_.publish(messages, deadline);
    for (std::size_t k = 0; k < places.size(); ++k)
      outcomes[places[k]] = faults[k] ? Outcome{Verdict::retry, *faults[k], {}} : Outcome{Verdict::accepted, "acknowledged by the broker", {}};
    return outcomes;
  }

  // Also keeps the session alive between batches.
  std::vector<Receipt> receipts() override {
    session_.serve(std::chrono::milliseconds(0));
    std::vector<Receipt> receipts;
    for (const MqttMessage& m : session_.take_messages()) {
      try {
        receipts.push_back(read_receipt(m.payload, now_()));
      } catch (const Error&) {  // anyone who may write to the topic can send nonsense; what was sent goes on waiting for its receipt
      }
    }
    return receipts;
  }

 private:
  std::string payload(const Delivery& d) const {
    const OutgoingMessage& m = *d.message;
    if (bare_) return m.xml;
    const nlohmann::json envelope{{"key", d.key}, {"identifier", m.identifier}, {"hazard", m.hazard}, {"expires", to_iso(m.expires)}, {"cap", m.xml}};
    return envelope.dump();
  }

  AcceptedStatus status_;
  std::function<TimePoint()> now_;
  MessageTemplate topic_;
  std::string receipt_topic_;
  bool bare_;
  MqttSettings settings_;
  MqttSession session_;
};

}  // namespace

ChannelKind mqtt_kind() {
  using P = ParamType;
  TableSpec spec{"mqtt", "MQTT 3.1.1 at QoS 1 in a persistent session.", true, false, mqtt_params()};
  spec.params.push_back({"topic", P::text,
                         "Topic of a message; may hold {hazard} {level} {status} {msg_type} {event} {identifier} {language} {region} {target}",
                         "guyu/alerts/{hazard}/{level}/{region}"});
  spec.params.push_back({"receipt_topic", P::text, "Topic on which receivers confirm; empty: no receipts are expected", ""});
  spec.params.push_back({"payload", P::text, "JSON with key and CAP text, or the bare CAP bytes", "envelope", "", 0, 0, {"envelope", "cap"}});
  spec.params.push_back(AcceptedStatus::param());
  return {std::move(spec), [](const ConfigTable& t, const ChannelContext& c) { return std::make_unique<MqttChannel>(t, c); }, no_targets};
}

}  // namespace guyu
