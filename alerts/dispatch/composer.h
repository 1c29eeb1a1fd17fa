#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "alerts/cap/cap_check.h"
#include "alerts/cap/heartbeat.h"
#include "alerts/cap/outgoing_message.h"
#include "alerts/cap/signature.h"
#include "alerts/dispatch/handover.h"

namespace guyu {

// Turns decisions into messages: written, checked, signed. One per settings and region set. Not for several threads at a time.
class Composer {
 public:
  // `signer`: nullptr: messages stay unsigned. Throws Error for settings that cannot work.
  Composer(const DeskSettings& settings, std::shared_ptr<const RegionSet> regions, std::shared_ptr<const MessageSigner> signer);

  // Throws Error when the message is unfit even without polygons; what was left out is said in `warnings`.
  OutgoingMessage compose(const Decision& decision, std::vector<std::string>& warnings) const;

  OutgoingMessage compose(const Heartbeat& heartbeat) const;

  const CapSettings& settings() const { return writer_.settings(); }

 private:
  std::vector<CapFault> faults(const std::string& xml, const Decision& decision) const;
  std::string signed_bytes(std::string xml) const;
  std::shared_ptr<const RegionSet> regions_;
  std::shared_ptr<const MessageSigner> signer_;
  CapWriter writer_;
  CapChecker checker_;
};

}  // namespace guyu
