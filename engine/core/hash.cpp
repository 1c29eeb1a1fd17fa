#include "engine/core/hash.h"

#include <openssl/evp.h>

#include <array>
#include <cassert>
#include <fstream>

#include "engine/core/error.h"

namespace guyu {

struct Hasher::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Hasher::Hasher() : state_(std::make_unique<State>()) { EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr); }
Hasher::~Hasher() = default;

Hasher& Hasher::bytes(const void* data, std::size_t size) {
  EVP_DigestUpdate(state_->context, data, size);
  return *this;
}
Hasher& Hasher::text(std::string_view s) {
  integer(static_cast<std::int64_t>(s.size()));
  return bytes(s.data(), s.size());
}
Hasher& Hasher::number(double v) {
  if (v == 0) v = 0;  // one zero
  return bytes(&v, sizeof v);
}
Hasher& Hasher::integer(std::int64_t v) { return bytes(&v, sizeof v); }

std::string Hasher::hex() {
  std::array<unsigned char, 32> digest{};
  unsigned size = 0;
  EVP_DigestFinal_ex(state_->context, digest.data(), &size);
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const unsigned char c : digest) {
    out += kDigits[c >> 4];
    out += kDigits[c & 15];
  }
  return out;
}
std::string Hasher::short_hex() { return hex().substr(0, 16); }

std::string hash_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(path, "cannot be read");
  Hasher h;
  std::array<char, 1 << 16> block{};
  while (in.read(block.data(), block.size()) || in.gcount() > 0) h.bytes(block.data(), static_cast<std::size_t>(in.gcount()));
  return h.hex();
}

}  // namespace guyu
