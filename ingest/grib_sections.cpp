#include "ingest/grib_sections.h"

#include <array>
#include <string_view>

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

bool picture_fits(GribView message) {
  if (message.size() < kIndicator || message[7] != 2) return true;
  const GribView representation = grib_section(message, 5), data = grib_section(message, 7);
  if (representation.size() < 11 || data.size() < 5) return false;
  const std::uint64_t values = big_endian(representation, 5, 4), packing = big_endian(representation, 9, 2);
  const bool jpeg = packing == 40 || packing == 40000, png = packing == 41 || packing == 40010;
  if ((!jpeg && !png) || data.size() == 5) return true;  // a constant field has no picture
  if (jpeg) {
    // Codestream: SOC, then SIZ with the extent and the offset of the reference grid (ISO 15444-1, A.5.1)
    constexpr std::size_t at = 5;
    if (data.size() < at + 43 || big_endian(data, at, 4) != 0xff4fff51U) return false;
    if (big_endian(data, at + 40, 2) != 1 || (data[at + 42] & 0x80U)) return false;  // one component, unsigned
    const std::uint64_t x1 = big_endian(data, at + 8, 4), y1 = big_endian(data, at + 12, 4), x0 = big_endian(data, at + 16, 4), y0 = big_endian(data, at + 20, 4);
    return x1 > x0 && y1 > y0 && (x1 - x0) * (y1 - y0) == values;
  }
  // PNG: signature, then IHDR with width and height
  constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
  if (data.size() < 5 + 24 || std::string_view(reinterpret_cast<const char*>(data.data()) + 5, 8) != kSignature) return false;
  return big_endian(data, 5 + 16, 4) * big_endian(data, 5 + 20, 4) == values;
}

}  // namespace guyu
