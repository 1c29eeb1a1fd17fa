#include "alerts/cap/canonical_base64.h"

#include <algorithm>
#include <array>

namespace guyu {
namespace {
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<signed char, 256> kValues = [] {
  std::array<signed char, 256> v{};
  for (signed char& x : v) x = -1;
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) v[static_cast<unsigned char>(kAlphabet[i])] = static_cast<signed char>(i);
  return v;
}();
}  // namespace

std::optional<std::string> decode_canonical_base64(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  unsigned held = 0, bits = 0;
  std::size_t letters = 0, padding = 0;
  for (const char c : text) {
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    const int v = kValues[static_cast<unsigned char>(c)];
    if (v < 0 || padding > 0) return {};
    ++letters;
    held = (held << 6U) | static_cast<unsigned>(v);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>((held >> bits) & 0xFFU);
      held &= (1U << bits) - 1U;
    }
  }
  const std::size_t tail = letters % 4;
  if (tail == 1 || padding != (4 - tail) % 4 || held != 0) return {};
  return bytes;
}

std::string encode_base64(std::string_view bytes, std::size_t line_length) {
  std::string text;
  std::size_t line = 0;
  const auto put = [&](char c) {
    if (line_length && line == line_length) {
      text += '\n';
      line = 0;
    }
    text += c;
    ++line;
  };
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
    unsigned v = 0;
    for (std::size_t k = 0; k < 3; ++k) v = (v << 8U) | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) put(k <= n ? kAlphabet[(v >> (18 - 6 * k)) & 63U] : '=');
  }
  return text;
}

}  // namespace guyu
