#include "alerts/channels/sm2_signer.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <memory>

#include "engine/core/error.h"

namespace guyu {
namespace {
constexpr std::string_view kIdentity = "1234567812345678";
}

std::string sm3_hex(std::string_view bytes) {
  std::array<unsigned char, 32> digest{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sm3(), nullptr) != 1) throw Error("SM3", "OpenSSL cannot compute it here");
  std::string hex;
  for (const unsigned char c : digest) hex += fmt::format("{:02x}", c);
  return hex;
}

Sm2Signer::Sm2Signer(const std::string& pem) : key_(nullptr) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  EVP_PKEY* key = PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr);
  if (!key || !EVP_PKEY_is_a(key, "SM2")) {
    EVP_PKEY_free(key);
    throw Error("", "is no SM2 key in PEM form", "make one with: openssl genpkey -algorithm SM2");
  }
  key_ = key;
}
Sm2Signer::~Sm2Signer() { EVP_PKEY_free(static_cast<EVP_PKEY*>(key_)); }

std::string Sm2Signer::sign(std::string_view bytes) const {
  auto* key = static_cast<EVP_PKEY*>(key_);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> with_key(EVP_PKEY_CTX_new(key, nullptr), EVP_PKEY_CTX_free);
  std::size_t size = 0;
  std::string signature;
  bool ok = context && with_key && EVP_PKEY_CTX_set1_id(with_key.get(), kIdentity.data(), static_cast<int>(kIdentity.size())) == 1;
  if (ok) EVP_MD_CTX_set_pkey_ctx(context.get(), with_key.get());
  ok = ok && EVP_DigestSignInit(context.get(), nullptr, EVP_sm3(), nullptr, key) == 1 &&
       EVP_DigestSign(context.get(), nullptr, &size, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()) == 1;
  if (ok) {
    signature.resize(size);
    ok = EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, reinterpret_cast<const unsigned char*>(bytes.data()),
                        bytes.size()) == 1;
    signature.resize(ok ? size : 0);
  }
  if (!ok) throw Error("SM2", "the signature could not be made");
  return signature;
}

}  // namespace guyu
