#pragma once
#include <optional>
#include <string>
#include <vector>

#include "alerts/channels/channel.h"
#include "engine/config/toml_source.h"

namespace guyu {

// The last look at a message's status before it leaves: an exercise or a test reaches only channels whose table lists it.
// Heartbeats are held to the status of their run, so that an exercise does not stand in for a run that has failed.
class AcceptedStatus {
 public:
  // The key that every channel's table has.
  static ParamSpec param();
  // Throws Error for a word that is no status.
  explicit AcceptedStatus(const ConfigTable& table);
  explicit AcceptedStatus(std::vector<RunStatus> accepted = {RunStatus::actual}) : accepted_(std::move(accepted)) {}
  // Why this message may not go out here; nothing when it may. The message's bytes count as well as what is said about them:
  // where the two differ, nothing is sent.
  std::optional<Outcome> refusal(const OutgoingMessage& message) const;

 private:
  std::vector<RunStatus> accepted_;
};

}  // namespace guyu
