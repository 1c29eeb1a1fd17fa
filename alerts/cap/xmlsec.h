#pragma once
#include <libxml/tree.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>

#include <memory>
#include <string>

// xmlsec1 and OpenSSL behind owning handles; for the sources of this folder only.
namespace guyu::xmlsec {

void start();  // once per process; throws Error when the library cannot start

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    if (object) Free(object);
  }
};
using Context = std::unique_ptr<xmlSecDSigCtx, Deleter<xmlSecDSigCtxDestroy>>;
using Key = std::unique_ptr<xmlSecKey, Deleter<xmlSecKeyDestroy>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using EvpKey = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;

Key key_of(EvpKey key);  // nullptr when xmlsec knows no such kind of key
std::string subject_of(const X509* certificate);
std::string openssl_reason();  // the newest of OpenSSL's errors; empties its queue

}  // namespace guyu::xmlsec
