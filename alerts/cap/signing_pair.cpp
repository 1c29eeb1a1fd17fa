#include "alerts/cap/signing_pair.h"

#include <openssl/pem.h>

#include <string_view>

#include "engine/core/error.h"

namespace guyu::xmlsec {
namespace {

std::unique_ptr<BIO, Deleter<BIO_free_all>> pem_of(const std::string& text) {
  return std::unique_ptr<BIO, Deleter<BIO_free_all>>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// An encrypted key would make OpenSSL ask the terminal.
int no_password(char*, int, int, void*) { return -1; }

}  // namespace

SigningPair read_signing_pair(const std::string& key_pem, const std::string& certificate_pem) {
  EvpKey key(PEM_read_bio_PrivateKey(pem_of(key_pem).get(), nullptr, no_password, nullptr));
  if (!key) throw Error("signing key", "is no private key in PEM: " + openssl_reason(), "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
  char group[32] = "";
  std::size_t length = 0;
  if (!EVP_PKEY_is_a(key.get(), "EC") || EVP_PKEY_get_group_name(key.get(), group, sizeof group, &length) != 1 || std::string_view(group) != "prime256v1") {
    throw Error("signing key", "is not on the curve P-256", "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
  }
  Certificate certificate(PEM_read_bio_X509(pem_of(certificate_pem).get(), nullptr, no_password, nullptr));
  if (!certificate) throw Error("signing certificate", "is no certificate in PEM: " + openssl_reason());
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    openssl_reason();
    throw Error("signing certificate", "belongs to another key", "name the certificate that was made for this key");
  }
  return {std::move(key), std::move(certificate)};
}

}  // namespace guyu::xmlsec
