#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "alerts/cap/outgoing_message.h"

namespace guyu {

// One message on its way to one target of one channel.
struct Delivery {
  std::string key;     // identifier|revision|channel|target: receivers that keep keys count it once
  std::string target;  // as the channel's configuration names it; empty where a channel has no targets of its own
  std::shared_ptr<const OutgoingMessage> message;
  bool again = false;  // it may have been sent before
};

enum class Verdict {
  accepted,   // the next station took it over; a receipt may follow
  delivered,  // the receiver itself has it
  retry,      // not now: connection lost, timeout, busy
  refused,    // never: the other side or the channel's own rules turn it down
};

struct Outcome {
  Verdict verdict = Verdict::retry;
  std::string detail;                  // one line for people
  std::optional<Seconds> retry_after;  // as the other side asked
};

// Word from a receiving end about one delivery.
struct Receipt {
  std::string key;
  TimePoint at{};
  std::string from;   // who says so
  bool taken = true;  // false: the receiver refuses it
  std::string detail;
};

// Knows one protocol. Used by one thread at a time; a stuck channel holds nobody else up. A remote's fault is an Outcome,
// never an exception; constructors throw Error for settings that cannot work.
class Channel {
 public:
  virtual ~Channel() = default;
  Channel() = default;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  // One outcome for each delivery, in their order. The batch is in the order of sending; what cannot be sent in time is
  // `retry`. Returns within the channel's timeout.
  virtual std::vector<Outcome> deliver(std::span<const Delivery> batch) = 0;
  // Receipts that have come in since the last call.
  virtual std::vector<Receipt> receipts() { return {}; }
  // Receipts are expected: what is accepted without one is sent again.
  virtual bool confirms() const { return false; }
  // OutgoingMessage::texts are read. Channels that send the signed bytes and nothing else say no: the texts of each message are most of what reading it takes.
  virtual bool needs_texts() const { return true; }
};

}  // namespace guyu
