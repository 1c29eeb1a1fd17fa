#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/cap/xml_input.h"
#include "engine/core/time.h"

// Enveloped XML signatures (XMLDSig 1.1) of CAP messages through xmlsec1.
namespace guyu {

// Signs with ECDSA on P-256 and SHA-256: one Reference to the whole document, enveloped + exclusive canonicalisation, the signature as the
// last child of alert with the certificate in it. About 0.1 ms a message. One object for one thread.
class MessageSigner {
 public:
  // Key and certificate as PEM text. Throws Error when they are no P-256 key and its certificate.
  MessageSigner(const std::string& key_pem, const std::string& certificate_pem);
  // Key (mode 600, see secret_file.h) and certificate from files.
  static MessageSigner from_files(const std::string& key_path, const std::string& certificate_path);
  ~MessageSigner();
  MessageSigner(MessageSigner&&) noexcept;
  MessageSigner& operator=(MessageSigner&&) noexcept;

  // The signed message: the bytes to store and to send, never to be written anew. Throws Error for what is no XML or is signed already.
  std::string sign(std::string_view xml) const;
  // The same of a document as it was read; it is used up.
  std::string sign(XmlDocument document) const;
  const std::string& subject() const;  // of the certificate, one line
  TimePoint valid_until() const;       // of the certificate

 private:
  struct Keys;
  std::unique_ptr<Keys> keys_;
};

struct SignatureOptions {
  // PEM text of the authorities that are trusted (one or more). Absent: only integrity is looked at, with the certificate that the
  // message brings along; that proves nothing about who sent it.
  std::optional<std::string> ca_pem;
  TimePoint at{};  // the time at which certificates must be valid; used with ca_pem
  // Also accept a signature that holds for the root element without the white space between its elements and without
  // processing instructions: what signxml signs before a message is written out with indents (as the WMO's CAP Composer does).
  bool blanks_may_differ = false;
};

enum class SignatureState {
  none,         // there is no signature
  valid,        // it holds, and with ca_pem its certificate descends from the CA
  invalid,      // it does not hold, or is not trusted
  not_checked,  // without ca_pem only: of a form or strength that proves nothing
};

struct SignatureVerdict {
  SignatureState state = SignatureState::none;
  std::string reason;  // for people: why not valid, or "" ; for a valid one possibly a remark
  std::string signer;  // subject of the certificate; empty when there is none
  bool ok() const { return state == SignatureState::valid; }
};

// Never follows a reference, never trusts a key inside the message when a CA is given. Refused: several signatures, a signature that is no
// direct and last child of alert, a Reference to anything but "", transforms other than enveloped and a canonicalisation, HMAC and algorithms
// with SHA-1, MD5 or DSA, base64 that is not canonical (spare bits or foreign characters), certificates out of date or of another CA.
SignatureVerdict verify_signature(std::string_view xml, const SignatureOptions& options);
SignatureVerdict verify_signature(const XmlDocument& document, const SignatureOptions& options);

}  // namespace guyu
