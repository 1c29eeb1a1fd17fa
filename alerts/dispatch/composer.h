#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/cap/cap_check.h"
#include "alerts/cap/heartbeat.h"
#include "alerts/cap/outgoing_message.h"
#include "alerts/cap/signature.h"
#include "alerts/cap/xml_input.h"
#include "alerts/dispatch/handover.h"

namespace guyu {

// One key for many threads: each borrows a signer of its own.
class SignerPool {
 public:
  // PEM files; throws Error when they cannot be used.
  SignerPool(std::string key, std::string certificate);
  std::string sign(std::string_view xml);
  std::string sign(XmlDocument document);

 private:
  template <typename Text>
  std::string signed_by_one(Text text);
  std::unique_ptr<MessageSigner> borrow();
  std::string key_, certificate_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<MessageSigner>> idle_;
};

// Turns decisions into messages: written, checked, signed. One per settings and region set. May be used by several threads at once.
class Composer {
 public:
  // `signer`: nullptr: messages stay unsigned. Throws Error for settings that cannot work.
  Composer(const DeskSettings& settings, std::shared_ptr<const RegionSet> regions, std::shared_ptr<SignerPool> signer);

  // Throws Error when the message is unfit even without polygons; what was left out is said in `warnings`.
  OutgoingMessage compose(const Decision& decision, std::vector<std::string>& warnings) const;

  OutgoingMessage compose(const Heartbeat& heartbeat) const;

  const CapSettings& settings() const { return writer_.settings(); }

 private:
  std::string signed_bytes(std::string xml) const;
  std::shared_ptr<const RegionSet> regions_;
  std::shared_ptr<SignerPool> signer_;
  CapWriter writer_;
  CapChecker checker_;
};

}  // namespace guyu
