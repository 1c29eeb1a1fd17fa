#include "alerts/cap/xmlsec.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/openssl/evp.h>

#include <mutex>

#include "engine/core/error.h"

namespace guyu::xmlsec {

void start() {
  static std::once_flag once;
  static bool good = false;
  std::call_once(once, [] {
    xmlInitParser();
    if (xmlSecInit() < 0 || xmlSecCryptoAppInit(nullptr) < 0 || xmlSecCryptoInit() < 0) return;
    xmlSecErrorsDefaultCallbackEnableOutput(0);  // what failed is told by the verdict
    good = true;
  });
  if (!good) throw Error("xmlsec1", "cannot start", "see that libxmlsec1-openssl is installed");
}

Key key_of(EvpKey evp) {
  Key key(xmlSecKeyCreate());
  xmlSecKeyDataPtr data = key ? xmlSecOpenSSLEvpKeyAdopt(evp.get()) : nullptr;
  if (!data) return nullptr;
  static_cast<void>(evp.release());
  if (xmlSecKeySetValue(key.get(), data) < 0) {
    xmlSecKeyDataDestroy(data);
    return nullptr;
  }
  return key;
}

std::string subject_of(const X509* certificate) {
  const std::unique_ptr<BIO, Deleter<BIO_free_all>> out(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(out.get(), &bytes);
  return std::string(bytes, static_cast<std::size_t>(size));
}

std::string openssl_reason() {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = code ? ERR_reason_error_string(code) : nullptr;
  ERR_clear_error();
  return reason ? reason : "no reason given";
}

}  // namespace guyu::xmlsec
