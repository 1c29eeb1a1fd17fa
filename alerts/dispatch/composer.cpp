#include "alerts/dispatch/composer.h"

#include "engine/core/error.h"

namespace guyu {
namespace {
std::string listed(const std::vector<CapFault>& faults) {
  std::string text;
  for (const CapFault& f : faults) text += (text.empty() ? "" : "; ") + f.rule + " (" + f.detail + ")";
  return text;
}
}  // namespace

SignerPool::SignerPool(std::string key, std::string certificate) : key_(std::move(key)), certificate_(std::move(certificate)) { idle_.push_back(borrow()); }

std::unique_ptr<MessageSigner> SignerPool::borrow() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<MessageSigner> signer = std::move(idle_.back());
      idle_.pop_back();
      return signer;
    }
  }
  return std::make_unique<MessageSigner>(MessageSigner::from_files(key_, certificate_));
}

std::string SignerPool::sign(std::string_view xml) {
  std::unique_ptr<MessageSigner> signer = borrow();
  std::string text = signer->sign(xml);
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(signer));
  return text;
}

Composer::Composer(const DeskSettings& settings, std::shared_ptr<const RegionSet> regions, std::shared_ptr<SignerPool> signer)
    : regions_(std::move(regions)), signer_(std::move(signer)), writer_(settings.cap, *regions_), checker_(settings.check) {}

std::vector<CapFault> Composer::faults(const std::string& xml, const Decision& d) const {
  std::vector<std::string> open;
  for (const MessageRef& m : d.references) open.push_back(m.identifier);
  return checker_.check(xml, open);
}

std::string Composer::signed_bytes(std::string xml) const { return signer_ ? signer_->sign(xml) : xml; }

OutgoingMessage Composer::compose(const Decision& d, std::vector<std::string>& warnings) const {
  std::string xml = writer_.write(d);
  std::vector<CapFault> found = faults(xml, d);
  if (!found.empty()) {  // the codes alone still warn
    warnings.push_back(d.identifier + ": sent without polygons: " + listed(found));
    xml = writer_.write(d, false);
    found = faults(xml, d);
  }
  if (!found.empty()) throw Error(d.identifier, "is not fit to send: " + listed(found));
  return outgoing_message(d, writer_, signed_bytes(std::move(xml)));
}

OutgoingMessage Composer::compose(const Heartbeat& h) const {
  return heartbeat_message(h, writer_.settings(), signed_bytes(write_heartbeat(h, writer_.settings())));
}

}  // namespace guyu
