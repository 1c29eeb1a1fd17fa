#include "ingest/grib_sections.h"

#include <array>

namespace guyu {
namespace {

constexpr std::size_t kIndicator = 16, kEnd = 4;  // octets of sections 0 and 8

GribBytes assemble(GribView indicator, const std::array<GribView, 8>& sections) {
  GribBytes out(indicator.begin(), indicator.end());
  for (const GribView s : sections) out.insert(out.end(), s.begin(), s.end());
  for (std::size_t k = 0; k < kEnd; ++k) out.push_back('7');
  for (std::size_t k = 0; k < 8; ++k) out[8 + k] = static_cast<unsigned char>(static_cast<std::uint64_t>(out.size()) >> (56 - 8 * k));
  return out;
}

}  // namespace

std::uint64_t big_endian(GribView b, std::size_t at, std::size_t n) {
  std::uint64_t v = 0;
  for (std::size_t k = 0; k < n; ++k) v = v << 8 | b[at + k];
  return v;
}

GribView grib_section(GribView message, unsigned number) {
  std::size_t at = kIndicator;
  while (at + 5 <= message.size()) {
    const std::size_t length = big_endian(message, at, 4);
    if (length < 5 || length > message.size() - at) return {};
    if (message[at + 4] == number) return message.subspan(at, length);
    at += length;
  }
  return {};
}

std::vector<GribBytes> split_fields(GribView message) {
  if (message.size() >= 8 && message[7] == 1) return {GribBytes(message.begin(), message.end())};
  if (message.size() < kIndicator + kEnd || message[7] != 2) return {};
  std::vector<GribBytes> fields;
  std::array<GribView, 8> in_force{};  // by section number
  GribView bitmap;                     // the last one that was written out
  std::size_t at = kIndicator;
  while (at + kEnd < message.size()) {
    if (at + 5 > message.size()) return {};
    const std::uint64_t length = big_endian(message, at, 4);
    const unsigned number = message[at + 4];
    if (length < 5 || length > message.size() - kEnd - at || number < 1 || number > 7) return {};
    const GribView section = message.subspan(at, length);
    in_force[number] = section;
    if (number == 6) {
      if (length < 6) return {};
      if (section[5] == 254) {
        if (bitmap.empty()) return {};
        in_force[6] = bitmap;
      } else if (section[5] == 0) {
        bitmap = section;
      }
    }
    if (number == 7) {
      for (const unsigned needed : {1U, 3U, 4U, 5U, 6U}) {
        if (in_force[needed].empty()) return {};
      }
      fields.push_back(assemble(message.first(kIndicator), in_force));
    }
    at += length;
  }
  if (at + kEnd != message.size()) return {};
  return fields;
}

}  // namespace guyu
