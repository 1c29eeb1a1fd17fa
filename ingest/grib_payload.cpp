#include "ingest/grib_payload.h"

#include <string_view>

namespace guyu {
namespace {

constexpr std::size_t kHead = 5;  // octets of section 7 before its data

// Reads numbers of any width, highest bit first; aligns to octets on request.
class Bits {
 public:
  explicit Bits(GribView bytes, std::size_t octet) : bytes_(bytes), at_(octet * 8) {}
  bool holds(std::uint64_t n) const { return at_ <= bytes_.size() * 8 && n <= bytes_.size() * 8 - at_; }
  std::uint64_t next(unsigned width) {
    std::uint64_t v = 0;
    for (unsigned k = 0; k < width; ++k, ++at_) v = v << 1 | ((bytes_[at_ / 8] >> (7 - at_ % 8)) & 1U);
    return v;
  }
  void skip(std::uint64_t n) { at_ += n; }
  void align() { at_ = (at_ + 7) / 8 * 8; }

 private:
  GribView bytes_;
  std::uint64_t at_;
};

// Octet numbers of the templates count from 1.
std::uint64_t octets(GribView section, std::size_t first, std::size_t n) { return big_endian(section, first - 1, n); }

bool groups_fit(GribView representation, GribView data, std::uint64_t values, bool differences) {
  if (representation.size() < (differences ? 49U : 47U)) return false;
  const std::uint64_t groups = octets(representation, 32, 4), bits = octets(representation, 20, 1);
  const auto width_bits = static_cast<unsigned>(octets(representation, 37, 1)), length_bits = static_cast<unsigned>(octets(representation, 47, 1));
  const std::uint64_t least_width = octets(representation, 36, 1), least_length = octets(representation, 38, 4);
  const std::uint64_t step = octets(representation, 42, 1), last = octets(representation, 43, 4);
  if (groups == 0 || groups > values || bits > 32 || width_bits > 32 || length_bits > 32) return false;
  std::size_t start = kHead;
  if (differences) start += (octets(representation, 48, 1) + 1) * octets(representation, 49, 1);
  Bits widths(data, start);
  if (!widths.holds(groups * bits)) return false;
  widths.skip(groups * bits);
  widths.align();
  Bits lengths = widths;
  if (!widths.holds(groups * width_bits)) return false;
  lengths.skip(groups * width_bits);
  lengths.align();
  if (!lengths.holds(groups * length_bits)) return false;
  Bits packed = lengths;
  packed.skip(groups * length_bits);
  packed.align();
  std::uint64_t total = 0, needed = 0;
  for (std::uint64_t g = 0; g < groups; ++g) {
    const std::uint64_t width = least_width + widths.next(width_bits), stated = least_length + step * lengths.next(length_bits);
    const std::uint64_t length = g + 1 == groups ? last : stated;
    total += length;
    if (width > 32 || total > values) return false;
    needed += width * length;
  }
  return total == values && packed.holds(needed);
}

bool jpeg_fits(GribView data, std::uint64_t values) {
  // Codestream: SOC, then SIZ with extent and offset of the reference grid, one unsigned component (ISO 15444-1, A.5.1)
  if (data.size() < kHead + 43 || big_endian(data, kHead, 4) != 0xff4fff51U) return false;
  if (big_endian(data, kHead + 40, 2) != 1 || (data[kHead + 42] & 0x80U)) return false;
  const std::uint64_t x1 = big_endian(data, kHead + 8, 4), y1 = big_endian(data, kHead + 12, 4), x0 = big_endian(data, kHead + 16, 4),
                      y0 = big_endian(data, kHead + 20, 4);
  return x1 > x0 && y1 > y0 && (x1 - x0) * (y1 - y0) == values;
}

bool png_fits(GribView data, std::uint64_t values) {
  constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";  // then IHDR with width and height
  if (data.size() < kHead + 24 || std::string_view(reinterpret_cast<const char*>(data.data()) + kHead, 8) != kSignature) return false;
  return big_endian(data, kHead + 16, 4) * big_endian(data, kHead + 20, 4) == values;
}

}  // namespace

bool payload_fits(GribView message) {
  if (message.size() < 8 || message[7] != 2) return true;
  const GribView grid = grib_section(message, 3), representation = grib_section(message, 5), data = grib_section(message, 7);
  if (grid.size() < 10 || representation.size() < 21 || data.size() < kHead) return false;
  const std::uint64_t values = octets(representation, 6, 4);
  if (values > octets(grid, 7, 4)) return false;
  const bool constant = data.size() == kHead;
  switch (octets(representation, 10, 2)) {
    case 0: return Bits(data, kHead).holds(values * octets(representation, 20, 1));
    case 2: return constant || groups_fit(representation, data, values, false);
    case 3: return constant || groups_fit(representation, data, values, true);
    case 40:
    case 40000: return constant || jpeg_fits(data, values);
    case 41:
    case 40010: return constant || png_fits(data, values);
    default: return true;
  }
}

}  // namespace guyu
