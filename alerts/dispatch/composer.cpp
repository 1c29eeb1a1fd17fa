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

template <typename Text>
std::string SignerPool::signed_by_one(Text text) {
  std::unique_ptr<MessageSigner> signer = borrow();
  std::string bytes = signer->sign(std::move(text));
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(signer));
  return bytes;
}
std::string SignerPool::sign(std::string_view xml) { return signed_by_one(xml); }
std::string SignerPool::sign(XmlDocument document) { return signed_by_one(std::move(document)); }

Composer::Composer(const DeskSettings& settings, std::shared_ptr<const RegionSet> regions, std::shared_ptr<SignerPool> signer)
    : regions_(std::move(regions)), signer_(std::move(signer)), writer_(settings.cap, *regions_), checker_(settings.check) {}

std::string Composer::signed_bytes(std::string xml) const { return signer_ ? signer_->sign(xml) : xml; }

OutgoingMessage Composer::compose(const Decision& d, std::vector<std::string>& warnings) const {
  std::vector<std::string> open;
  for (const MessageRef& m : d.references) open.push_back(m.identifier);
  std::string xml = writer_.write(d);
  XmlInput read = read_xml(xml);  // for the check and the signature
  std::vector<CapFault> found = checker_.check(read, xml.size(), open);
  if (!found.empty()) {  // the codes alone still warn
    warnings.push_back(d.identifier + ": sent without polygons: " + listed(found));
    xml = writer_.write(d, false);
    read = read_xml(xml);
    found = checker_.check(read, xml.size(), open);
  }
  if (!found.empty()) throw Error(d.identifier, "is not fit to send: " + listed(found));
  if (signer_) xml = signer_->sign(std::move(read.document));
  return outgoing_message(d, writer_, std::move(xml));
}

OutgoingMessage Composer::compose(const Heartbeat& h) const {
  return heartbeat_message(h, writer_.settings(), signed_bytes(write_heartbeat(h, writer_.settings())));
}

}  // namespace guyu
