#pragma once
#include <string>
#include <string_view>

namespace guyu {

// SM3 digest (GB/T 32905-2016) as 64 hexadecimal digits.
std::string sm3_hex(std::string_view bytes);

// Signatures by SM2 over SM3 (GB/T 32918.2-2016) through OpenSSL, with the default identity "1234567812345678" of GM/T 0009.
class Sm2Signer {
 public:
  // Key as PEM text. Throws Error when it is no SM2 key.
  explicit Sm2Signer(const std::string& key_pem);
  ~Sm2Signer();
  Sm2Signer(const Sm2Signer&) = delete;
  Sm2Signer& operator=(const Sm2Signer&) = delete;
  std::string sign(std::string_view bytes) const;  // DER (r, s)

 private:
  void* key_;
};

}  // namespace guyu
