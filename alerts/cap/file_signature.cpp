#include "alerts/cap/file_signature.h"

// clang-format off
#include <openssl/pem.h>  // cms.h declares its PEM functions only after it
#include <openssl/cms.h>
#include <openssl/x509v3.h>
// clang-format on

#include <ctime>
#include <memory>

#include "alerts/cap/signing_pair.h"
#include "engine/core/error.h"

namespace guyu {
namespace {

using Cms = std::unique_ptr<CMS_ContentInfo, xmlsec::Deleter<CMS_ContentInfo_free>>;
using Memory = std::unique_ptr<BIO, xmlsec::Deleter<BIO_free_all>>;
using Store = std::unique_ptr<X509_STORE, xmlsec::Deleter<X509_STORE_free>>;

Memory memory_of(std::string_view bytes) { return Memory(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))); }

Store store_of(const std::string& trusted_pem, const std::string& place) {
  const Memory in = memory_of(trusted_pem);
  Store store(X509_STORE_new());
  int count = 0;
  for (;; ++count) {
    const xmlsec::Certificate c(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
    if (!c) break;
    X509_STORE_add_cert(store.get(), c.get());
  }
  xmlsec::openssl_reason();
  if (count == 0) throw Error(place, "the trusted file holds no certificate in PEM", "name the certificate of the authority that signs");
  return store;
}

// What the signer states; signed with the rest.
TimePoint time_of_signing(CMS_SignerInfo* signer, const std::string& place) {
  const int at = CMS_signed_get_attr_by_NID(signer, NID_pkcs9_signingTime, -1);
  const X509_ATTRIBUTE* attribute = at < 0 ? nullptr : CMS_signed_get_attr(signer, at);
  const ASN1_TYPE* value = attribute ? X509_ATTRIBUTE_get0_type(const_cast<X509_ATTRIBUTE*>(attribute), 0) : nullptr;
  std::tm t{};
  const bool is_time = value && (value->type == V_ASN1_UTCTIME || value->type == V_ASN1_GENERALIZEDTIME);
  if (!is_time || ASN1_TIME_to_tm(reinterpret_cast<const ASN1_TIME*>(value->value.asn1_string), &t) != 1)
    throw Error(place, "its signature does not say when it was made", "sign it with guyu rules sign");
  return TimePoint(Seconds(::timegm(&t)));
}

void require_strength(CMS_SignerInfo* signer, const EVP_PKEY* key, const std::string& place) {
  X509_ALGOR* digest = nullptr;
  CMS_SignerInfo_get0_algs(signer, nullptr, nullptr, &digest, nullptr);
  const ASN1_OBJECT* name = nullptr;
  X509_ALGOR_get0(&name, nullptr, nullptr, digest);
  const int nid = OBJ_obj2nid(name);
  const bool strong_digest = nid == NID_sha256 || nid == NID_sha384 || nid == NID_sha512;
  const bool elliptic = EVP_PKEY_is_a(key, "EC") == 1;
  const bool strong_key = (elliptic || EVP_PKEY_is_a(key, "RSA") == 1) && EVP_PKEY_get_bits(key) >= (elliptic ? 256 : 2048);
  if (!strong_digest || !strong_key) throw Error(place, "its signature is of a kind that proves nothing", "sign it with a P-256 key: guyu rules sign");
}

}  // namespace

std::string sign_bytes(std::string_view bytes, const std::string& key_pem, const std::string& certificate_pem) {
  const xmlsec::SigningPair pair = xmlsec::read_signing_pair(key_pem, certificate_pem);
  const Memory in = memory_of(bytes), out(BIO_new(BIO_s_mem()));
  const Cms cms(CMS_sign(nullptr, nullptr, nullptr, nullptr, CMS_DETACHED | CMS_BINARY | CMS_PARTIAL));
  if (!cms || !CMS_add1_signer(cms.get(), pair.certificate.get(), pair.key.get(), EVP_sha256(), CMS_BINARY | CMS_NOSMIMECAP) ||
      !CMS_final(cms.get(), in.get(), nullptr, CMS_DETACHED | CMS_BINARY) || !PEM_write_bio_CMS(out.get(), cms.get()))
    throw Error("", "could not be signed: " + xmlsec::openssl_reason());
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return std::string(text, static_cast<std::size_t>(size));
}

SignedBytes verify_bytes(std::string_view bytes, const std::string& signature_pem, const std::string& trusted_pem, const std::string& place) {
  const Store store = store_of(trusted_pem, place);
  const Cms cms(PEM_read_bio_CMS(memory_of(signature_pem).get(), nullptr, nullptr, nullptr));
  if (!cms || OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_signed || CMS_is_detached(cms.get()) != 1) {
    xmlsec::openssl_reason();
    throw Error(place, "what stands in its signature file is no detached signature", "sign it anew: guyu rules sign");
  }
  STACK_OF(CMS_SignerInfo)* signers = CMS_get0_SignerInfos(cms.get());
  if (sk_CMS_SignerInfo_num(signers) != 1) throw Error(place, "its signature is not that of one signer", "sign it anew: guyu rules sign");
  CMS_SignerInfo* signer = sk_CMS_SignerInfo_value(signers, 0);
  SignedBytes out;
  out.signed_at = time_of_signing(signer, place);

  // First whether the bytes are those that were signed, whoever signed them: the reasons part.
  const Memory content = memory_of(bytes);
  if (CMS_verify(cms.get(), nullptr, nullptr, content.get(), nullptr, CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) != 1) {
    xmlsec::openssl_reason();
    throw Error(place, "was changed after it was signed, or the signature is of another file", "restore the signed file, or have the change signed anew");
  }
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
  CMS_SignerInfo_get0_algs(signer, &key, &certificate, nullptr, nullptr);
  if (!certificate) throw Error(place, "the signer's certificate is not in its signature", "sign it anew: guyu rules sign");
  out.signer = xmlsec::subject_of(certificate);
  require_strength(signer, X509_get0_pubkey(certificate), place);
  const std::uint32_t usage = X509_get_key_usage(certificate);
  if (!(usage & KU_DIGITAL_SIGNATURE) && !(usage & KU_NON_REPUDIATION)) throw Error(place, "the certificate of " + out.signer + " is not for signing");

  const std::unique_ptr<STACK_OF(X509), void (*)(STACK_OF(X509)*)> others(CMS_get1_certs(cms.get()),
                                                                          [](STACK_OF(X509) * s) { sk_X509_pop_free(s, X509_free); });
  const std::unique_ptr<X509_STORE_CTX, xmlsec::Deleter<X509_STORE_CTX_free>> context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), certificate, others.get());
  X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_PARTIAL_CHAIN);  // the signer's own certificate, or an intermediate, may be the trusted one
  X509_STORE_CTX_set_time(context.get(), 0, static_cast<std::time_t>(out.signed_at.time_since_epoch().count()));
  if (X509_verify_cert(context.get()) != 1) {
    const std::string why = X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
    xmlsec::openssl_reason();
    throw Error(place, "is signed by " + out.signer + ", who is not trusted: " + why, "have it signed by one who is, or trust the authority of this one");
  }
  return out;
}

}  // namespace guyu
