#pragma once
#include <string>
#include <vector>

#include "alerts/channels/channel.h"
#include "alerts/store/sqlite.h"

namespace guyu {

// A message as it came in.
struct Arrival {
  std::string key;  // of the delivery; empty: the channel told none, the identifier counts
  std::string xml;
};

struct ArrivalVerdict {
  std::string key, identifier;
  bool taken = true;   // false: not CAP, not of an accepted status, or its signature does not hold
  bool fresh = false;  // the first of its kind
  bool heartbeat = false;
  std::string detail;  // why it was not taken
};

struct ReceiverRules {
  std::vector<std::string> statuses{"Actual"};  // that are taken, as CAP writes them; heartbeats by their run's
  std::string ca_pem;                           // authorities that must have signed; empty: signatures are not looked at
};

// What a receiver keeps: every delivery's key and every message's bytes, so that what comes twice counts once, also after a kill: take() returns when all of
// the batch is on the disk, and only then may receipts go out. A message that came under two keys (two channels) is one message; other bytes under a known
// identifier are not taken.
class ReceivedStore {
 public:
  ReceivedStore(const std::string& path, ReceiverRules rules);
  std::vector<ArrivalVerdict> take(const std::vector<Arrival>& batch, TimePoint now);

  std::int64_t messages();
  std::int64_t duplicates();  // arrivals beyond the first of their key
  // Bytes of a message; empty when it is not there.
  std::string xml(const std::string& identifier);
  std::vector<std::string> identifiers();
  std::optional<TimePoint> last_heartbeat();

 private:
  ArrivalVerdict judge(const Arrival& arrival, TimePoint now) const;
  Database db_;
  ReceiverRules rules_;
};

}  // namespace guyu
