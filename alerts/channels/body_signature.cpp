#include "alerts/channels/body_signature.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <charconv>

#include "engine/core/error.h"

namespace guyu {

std::string unix_seconds(TimePoint t) { return std::to_string(t.time_since_epoch().count()); }

std::string sign_body(std::string_view secret, const std::string& timestamp, std::string_view key, std::string_view body) {
  std::string text = timestamp;
  text.append(".").append(key).append(".").append(body);
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &size) ==
      nullptr) {
    throw Error("", "HMAC-SHA256 is not available in this OpenSSL");
  }
  static constexpr char digits[] = "0123456789abcdef";
  std::string out = "sha256=";
  for (unsigned int i = 0; i < size; ++i) out.append({digits[mac[i] >> 4], digits[mac[i] & 15]});
  return out;
}

std::optional<std::string> signature_fault(std::string_view secret, const std::string& timestamp, std::string_view key, std::string_view body,
                                           std::string_view signature, TimePoint now, Seconds window) {
  std::int64_t seconds = 0;
  const auto parsed = std::from_chars(timestamp.data(), timestamp.data() + timestamp.size(), seconds);
  if (timestamp.empty() || parsed.ec != std::errc() || parsed.ptr != timestamp.data() + timestamp.size()) return "no usable timestamp";
  const std::string right = sign_body(secret, timestamp, key, body);
  if (signature.size() != right.size() || CRYPTO_memcmp(signature.data(), right.data(), right.size()) != 0) return "the signature is wrong";
  const std::int64_t clock = now.time_since_epoch().count(), most = window.count();
  if (seconds < clock - most || seconds > clock + most) return "the timestamp is too far from this clock";
  return std::nullopt;
}

}  // namespace guyu
