#include <fmt/format.h>
#include <libxml/parser.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>

#include "alerts/cap/canonical_base64.h"
#include "alerts/cap/cap_values.h"
#include "alerts/cap/signature.h"
#include "alerts/cap/xml_nodes.h"
#include "alerts/cap/xmlsec.h"
#include "engine/core/error.h"

namespace guyu {
namespace {
constexpr std::string_view kEnveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
constexpr std::array<std::string_view, 3> kCanonical{"http://www.w3.org/2001/10/xml-exc-c14n#", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
                                                     "http://www.w3.org/2006/12/xml-c14n11"};
constexpr std::array<std::string_view, 3> kDigests{"http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2001/04/xmldsig-more#sha384",
                                                   "http://www.w3.org/2001/04/xmlenc#sha512"};
constexpr std::string_view kMore = "http://www.w3.org/2001/04/xmldsig-more#";
constexpr std::array<std::string_view, 6> kMethods{"ecdsa-sha256", "ecdsa-sha384", "ecdsa-sha512", "rsa-sha256", "rsa-sha384", "rsa-sha512"};

template <std::size_t N>
bool among(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// Why a signature is refused. `form` ones say nothing about tampering: they are of a kind that is not accepted as proof.
struct Refusal {
  std::string reason;
  bool form = false;
};

std::string_view algorithm(const xmlNode* node) {
  const xmlAttr* a = xmlHasProp(node, xml::chars("Algorithm"));
  return a && a->children ? xml::view(a->children->content) : std::string_view();
}
std::string_view last_word(std::string_view uri) { return uri.substr(uri.find_last_of("#/") + 1); }

void all_signatures(const xmlNode* node, std::vector<const xmlNode*>& found) {
  for (const xmlNode* n = xml::first_element(node); n; n = xml::next_element(n)) {
    if (xml::name(n) == "Signature" && xml::space(n) == kSignatureSpace) found.push_back(n);
    else all_signatures(n, found);
  }
}

// The element children must be exactly these (KeyInfo may be absent).
std::vector<const xmlNode*> expect(const xmlNode* parent, const std::vector<std::string_view>& names, std::size_t least) {
  std::vector<const xmlNode*> found;
  for (const xmlNode* n = xml::first_element(parent); n; n = xml::next_element(n)) {
    if (found.size() == names.size() || xml::name(n) != names[found.size()] || xml::space(n) != kSignatureSpace) {
      throw Refusal{fmt::format("{} holds {} where it must not", xml::name(parent), xml::name(n)), true};
    }
    found.push_back(n);
  }
  if (found.size() < least) throw Refusal{fmt::format("{} lacks {}", xml::name(parent), names[found.size()])};
  return found;
}

std::string canonical(const xmlNode* node) {
  auto bytes = decode_canonical_base64(xml::text(node));
  if (!bytes || bytes->empty() || xml::first_element(node)) throw Refusal{fmt::format("{} is not canonical base64", xml::name(node))};
  return std::move(*bytes);
}

struct Parts {
  const xmlNode* signature = nullptr;
  std::string_view method;  // "ecdsa-sha256"
  std::vector<xmlsec::Certificate> certificates;
};

Parts take_apart(const xmlNode* root, const xmlNode* signature) {
  Parts parts;
  parts.signature = signature;
  if (signature->parent != root) throw Refusal{"the signature is no direct child of the root"};
  if (xml::next_element(signature)) throw Refusal{"elements stand after the signature"};
  const auto top = expect(signature, {"SignedInfo", "SignatureValue", "KeyInfo"}, 2);
  const auto info = expect(top[0], {"CanonicalizationMethod", "SignatureMethod", "Reference"}, 3);
  const auto reference = expect(info[2], {"Transforms", "DigestMethod", "DigestValue"}, 3);
  const xmlAttr* uri = xmlHasProp(info[2], xml::chars("URI"));
  if (!uri || (uri->children && !xml::view(uri->children->content).empty())) throw Refusal{"the reference is not to the whole document"};

  const auto transforms = expect(reference[0], {"Transform", "Transform"}, 1);
  if (algorithm(transforms[0]) != kEnveloped) throw Refusal{fmt::format("the first transform is {}", algorithm(transforms[0]))};
  for (const xmlNode* n : {static_cast<const xmlNode*>(info[0]), transforms.size() > 1 ? transforms[1] : nullptr}) {
    if (!n) continue;
    if (!among(kCanonical, algorithm(n))) throw Refusal{fmt::format("{} is not an accepted canonicalisation", algorithm(n)), true};
    if (xml::first_element(n)) throw Refusal{"the canonicalisation has parameters", true};
  }
  const std::string_view method = algorithm(info[1]);
  parts.method = last_word(method);
  if (method.substr(0, kMore.size()) != kMore || !among(kMethods, parts.method))
    throw Refusal{fmt::format("{} is not accepted as a proof", parts.method), true};
  if (!among(kDigests, algorithm(reference[1]))) throw Refusal{fmt::format("{} is not accepted as a digest", last_word(algorithm(reference[1]))), true};
  if (xml::first_element(info[1]) || xml::first_element(reference[1])) throw Refusal{"the algorithms have parameters", true};

  canonical(reference[2]);
  canonical(top[1]);
  if (top.size() < 3) return parts;
  for (const xmlNode* data = xml::first_element(top[2]); data; data = xml::next_element(data)) {
    if (xml::name(data) != "X509Data") continue;
    for (const xmlNode* n = xml::first_element(data); n; n = xml::next_element(n)) {
      if (xml::name(n) != "X509Certificate") continue;
      const std::string der = canonical(n);
      const auto* at = reinterpret_cast<const unsigned char*>(der.data());
      xmlsec::Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
      if (!certificate || at != reinterpret_cast<const unsigned char*>(der.data()) + der.size()) {
        xmlsec::openssl_reason();
        throw Refusal{"X509Certificate is no certificate"};
      }
      parts.certificates.push_back(std::move(certificate));
    }
  }
  return parts;
}

// The certificate descends from one of the authorities, all valid at the time.
void check_trust(const Parts& parts, const std::string& ca_pem, TimePoint at) {
  const std::unique_ptr<BIO, xmlsec::Deleter<BIO_free_all>> in(BIO_new_mem_buf(ca_pem.data(), static_cast<int>(ca_pem.size())));
  const std::unique_ptr<X509_STORE, xmlsec::Deleter<X509_STORE_free>> store(X509_STORE_new());
  int authorities = 0;
  for (;;) {
    const xmlsec::Certificate ca(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
    if (!ca) break;
    X509_STORE_add_cert(store.get(), ca.get());
    ++authorities;
  }
  xmlsec::openssl_reason();
  if (authorities == 0) throw Error("CA", "there is no certificate in PEM in it");
  const std::unique_ptr<STACK_OF(X509), void (*)(STACK_OF(X509)*)> others(sk_X509_new_null(), [](STACK_OF(X509) * s) { sk_X509_free(s); });
  for (std::size_t k = 1; k < parts.certificates.size(); ++k) sk_X509_push(others.get(), parts.certificates[k].get());
  const std::unique_ptr<X509_STORE_CTX, xmlsec::Deleter<X509_STORE_CTX_free>> context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), parts.certificates[0].get(), others.get());
  X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_PARTIAL_CHAIN);  // an intermediate may be pinned
  X509_STORE_CTX_set_time(context.get(), 0, static_cast<std::time_t>(at.time_since_epoch().count()));
  if (X509_verify_cert(context.get()) == 1) return;
  const std::string why = X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
  xmlsec::openssl_reason();
  throw Refusal{fmt::format("the certificate of {} is not trusted: {}", xmlsec::subject_of(parts.certificates[0].get()), why)};
}

void check_key(const Parts& parts, const EVP_PKEY* key) {
  const bool elliptic = parts.method.substr(0, 2) == "ec";
  if (!EVP_PKEY_is_a(key, elliptic ? "EC" : "RSA")) throw Refusal{"the key in the certificate is of another kind than the signature"};
  if (EVP_PKEY_get_bits(key) < (elliptic ? 256 : 2048)) throw Refusal{fmt::format("a key of {} bits is too short", EVP_PKEY_get_bits(key)), true};
  const std::uint32_t usage = X509_get_key_usage(parts.certificates[0].get());
  if (!(usage & KU_DIGITAL_SIGNATURE) && !(usage & KU_NON_REPUDIATION)) throw Refusal{"the certificate is not for signing"};
}

// Empty when the signature holds.
std::string compute(const xmlNode* signature, X509* certificate) {
  const xmlsec::Context context(xmlSecDSigCtxCreate(nullptr));
  xmlsec::Key key = xmlsec::key_of(xmlsec::EvpKey(X509_get_pubkey(certificate)));
  if (!context || !key) return "the key in the certificate cannot be used";
  context->signKey = key.release();
  context->enabledReferenceUris = xmlSecTransformUriTypeEmpty;
  const int done = xmlSecDSigCtxVerify(context.get(), const_cast<xmlNode*>(signature));
  xmlsec::openssl_reason();
  if (done >= 0 && context->status == xmlSecDSigStatusSucceeded) return {};
  for (xmlSecSize k = 0; k < xmlSecPtrListGetSize(&context->signedInfoReferences); ++k) {
    const auto* reference = static_cast<xmlSecDSigReferenceCtxPtr>(xmlSecPtrListGetItem(&context->signedInfoReferences, k));
    if (reference && reference->status != xmlSecDSigStatusSucceeded) return "the digest does not match: the message was changed after it was signed";
  }
  return "the signature value does not match the key in the certificate";
}

// The document as signxml signs it: no white space between elements, no processing instructions outside the root.
XmlDocument without_blanks(const xmlDoc* document) {
  xmlChar* bytes = nullptr;
  int size = 0;
  xmlDocDumpMemoryEnc(const_cast<xmlDoc*>(document), &bytes, &size, "UTF-8");
  XmlDocument copy(xmlReadMemory(reinterpret_cast<const char*>(bytes), size, nullptr, nullptr,
                                 XML_PARSE_NONET | XML_PARSE_NOBLANKS | XML_PARSE_NOERROR | XML_PARSE_NOWARNING));
  xmlFree(bytes);
  if (!copy) return copy;
  for (xmlNode* n = copy->children; n;) {
    xmlNode* next = n->next;
    if (n->type != XML_ELEMENT_NODE) {
      xmlUnlinkNode(n);
      xmlFreeNode(n);
    }
    n = next;
  }
  return copy;
}
}  // namespace

SignatureVerdict verify_signature(std::string_view bytes, const SignatureOptions& options) {
  const XmlInput input = read_xml(bytes);
  if (!input.document) return {SignatureState::invalid, input.rule + ": " + input.detail, {}};
  return verify_signature(input.document, options);
}

SignatureVerdict verify_signature(const XmlDocument& document, const SignatureOptions& options) {
  xmlsec::start();
  const xmlNode* root = xmlDocGetRootElement(document.get());
  std::vector<const xmlNode*> signatures;
  all_signatures(root, signatures);
  SignatureVerdict verdict;
  if (signatures.empty()) return verdict;
  verdict.state = SignatureState::invalid;
  try {
    if (signatures.size() > 1) throw Refusal{fmt::format("{} signatures", signatures.size()), true};
    const Parts parts = take_apart(root, signatures.front());
    if (parts.certificates.empty()) throw Refusal{"there is no certificate in it", true};
    verdict.signer = xmlsec::subject_of(parts.certificates[0].get());
    check_key(parts, X509_get0_pubkey(parts.certificates[0].get()));
    if (options.ca_pem) check_trust(parts, *options.ca_pem, options.at);
    std::string failure = compute(parts.signature, parts.certificates[0].get());
    if (!failure.empty() && options.blanks_may_differ) {
      const XmlDocument bare = without_blanks(document.get());
      std::vector<const xmlNode*> again;
      if (bare) all_signatures(xmlDocGetRootElement(bare.get()), again);
      if (again.size() == 1 && compute(again.front(), parts.certificates[0].get()).empty()) {
        failure.clear();
        verdict.reason = "holds only without the white space between elements and the processing instructions";
      }
    }
    if (!failure.empty()) throw Refusal{failure};
    verdict.state = SignatureState::valid;
  } catch (const Refusal& r) {
    verdict.reason = r.reason;
    if (r.form && !options.ca_pem) verdict.state = SignatureState::not_checked;
  }
  return verdict;
}

}  // namespace guyu
