#include "alerts/cap/signature.h"

#include <fmt/format.h>
#include <xmlsec/crypto.h>
#include <xmlsec/templates.h>
#include <xmlsec/transforms.h>

#include "alerts/cap/canonical_base64.h"
#include "alerts/cap/cap_values.h"
#include "alerts/cap/secret_file.h"
#include "alerts/cap/signing_pair.h"
#include "alerts/cap/xml_nodes.h"
#include "alerts/cap/xmlsec.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"

namespace guyu {

struct MessageSigner::Keys {
  xmlsec::Key key;
  std::string certificate;  // DER in base64, lines of 64
  std::string subject;
  TimePoint valid_until{};
};

MessageSigner::MessageSigner(const std::string& key_pem, const std::string& certificate_pem) : keys_(std::make_unique<Keys>()) {
  xmlsec::start();
  auto [key, certificate] = xmlsec::read_signing_pair(key_pem, certificate_pem);
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate.get(), &der);
  if (size <= 0) throw Error("signing certificate", "cannot be written: " + xmlsec::openssl_reason());
  keys_->certificate = encode_base64({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)}, 64);
  OPENSSL_free(der);
  keys_->subject = xmlsec::subject_of(certificate.get());
  std::tm until{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &until) == 1) keys_->valid_until = TimePoint(Seconds(::timegm(&until)));
  keys_->key = xmlsec::key_of(std::move(key));
  if (!keys_->key) throw Error("signing key", "is not one that xmlsec1 can use");
}

MessageSigner MessageSigner::from_files(const std::string& key_path, const std::string& certificate_path) {
  return MessageSigner(read_secret_file(key_path), read_text_file(certificate_path));
}

MessageSigner::~MessageSigner() = default;
MessageSigner::MessageSigner(MessageSigner&&) noexcept = default;
MessageSigner& MessageSigner::operator=(MessageSigner&&) noexcept = default;
const std::string& MessageSigner::subject() const { return keys_->subject; }
TimePoint MessageSigner::valid_until() const { return keys_->valid_until; }

std::string MessageSigner::sign(std::string_view bytes) const {
  XmlInput input = read_xml(bytes);
  if (!input.document) throw Error("message to sign", input.rule + ": " + input.detail);
  return sign(std::move(input.document));
}

std::string MessageSigner::sign(XmlDocument owned) const {
  xmlDoc* document = owned.get();
  xmlNode* alert = xmlDocGetRootElement(document);
  for (const xmlNode* n = xml::first_element(alert); n; n = xml::next_element(n)) {
    if (xml::space(n) == kSignatureSpace) throw Error("message to sign", "is signed already");
  }
  xmlNode* signature = xmlSecTmplSignatureCreate(document, xmlSecTransformExclC14NId, xmlSecTransformEcdsaSha256Id, nullptr);
  if (!signature) throw Error("message to sign", "no signature could be made");
  xmlAddChild(alert, signature);
  xmlNode* reference = xmlSecTmplSignatureAddReference(signature, xmlSecTransformSha256Id, nullptr, xml::chars(""), nullptr);
  const xmlsec::Context context(xmlSecDSigCtxCreate(nullptr));
  if (!reference || !context || !xmlSecTmplReferenceAddTransform(reference, xmlSecTransformEnvelopedId) ||
      !xmlSecTmplReferenceAddTransform(reference, xmlSecTransformExclC14NId)) {
    throw Error("message to sign", "no signature could be made");
  }
  context->signKey = xmlSecKeyDuplicate(keys_->key.get());
  if (xmlSecDSigCtxSign(context.get(), signature) < 0 || context->status != xmlSecDSigStatusSucceeded) {
    throw Error("message to sign", "xmlsec1 could not sign it: " + xmlsec::openssl_reason());
  }
  // The certificate is not part of what is signed: added after, so that xmlsec1 need not write it anew for every message.
  xmlNode* data = xmlNewChild(xmlNewChild(signature, nullptr, xml::chars("KeyInfo"), nullptr), nullptr, xml::chars("X509Data"), nullptr);
  xmlNewChild(data, nullptr, xml::chars("X509Certificate"), xml::chars(keys_->certificate.c_str()));
  xmlChar* out = nullptr;
  int size = 0;
  xmlDocDumpMemoryEnc(document, &out, &size, "UTF-8");
  if (!out) throw Error("message to sign", "cannot be written");
  std::string written(reinterpret_cast<const char*>(out), static_cast<std::size_t>(size));
  xmlFree(out);
  return written;
}

}  // namespace guyu
