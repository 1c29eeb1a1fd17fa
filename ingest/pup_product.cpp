#include "ingest/pup_product.h"

#include <fmt/format.h>

#include <cctype>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"

namespace guyu {
namespace {

constexpr std::size_t kPupHeadBytes = 120;

int pup_half_word(std::span<const std::byte> b, std::size_t at) { return std::to_integer<int>(b[at]) << 8 | std::to_integer<int>(b[at + 1]); }

}  // namespace

bool PupProduct::recognises(std::span<const std::byte> head) {
  if (head.size() < kPupHeadBytes) return false;
  const int code = pup_half_word(head, 0);
  if (code < 16 || code > 299 || pup_half_word(head, 18) != 0xffff || pup_half_word(head, 30) != code) return false;
  const auto word = [&](std::size_t at) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(pup_half_word(head, at)) << 16 | static_cast<std::uint32_t>(pup_half_word(head, at + 2)));
  };
  const std::int32_t latitude = word(20), longitude = word(24);
  return latitude >= -90'000 && latitude <= 90'000 && longitude >= -180'000 && longitude <= 180'000 && word(8) >= static_cast<std::int32_t>(kPupHeadBytes);
}

PupProduct PupProduct::open(const std::string& path) {
  PupProduct p;
  p.path_ = path;
  p.bytes_ = read_text_file(path);
  if (!recognises(std::as_bytes(std::span(p.bytes_)))) throw Error(path, "is no radar product of a PUP");
  if (const std::int64_t claimed = p.signed32(8); claimed > static_cast<std::int64_t>(p.bytes_.size()))
    throw Error(path, fmt::format("says that it has {} bytes and has {}", claimed, p.bytes_.size()), "the file is truncated");
  p.code_ = p.unsigned16(0);
  p.latitude_ = static_cast<double>(p.signed32(20)) / 1000, p.longitude_ = static_cast<double>(p.signed32(24)) / 1000;
  p.height_m_ = 0.3048 * p.signed16(28);
  const int day = p.unsigned16(40);  // 1: 1970-01-01
  const std::int64_t second = p.signed32(42);
  if (day < 1 || second < 0 || second >= 86400)
    throw Error(path, fmt::format("the time of its volume is day {}, second {}, which is not possible", day, second));
  p.time_ = TimePoint(Seconds{std::int64_t{day - 1} * 86400 + second});
  return p;
}

std::array<std::optional<double>, 16> PupProduct::thresholds() const {
  std::array<std::optional<double>, 16> out{};
  for (std::size_t k = 0; k < 16; ++k) {
    const int word = unsigned16(60 + 2 * k);
    if (word & 0x8000) continue;  // a code: blank, below threshold, no data, range folded
    double v = word & 0xff;
    if (word & 0x1000) v /= 10;
    if (word & 0x2000) v /= 20;
    if (word & 0x4000) v /= 100;
    out[k] = word & 0x0100 ? -v : v;
  }
  return out;
}

std::optional<std::size_t> PupProduct::block(int which) const {
  const std::int64_t halves = signed32(108 + 4 * static_cast<std::size_t>(which));
  if (halves == 0) return std::nullopt;
  if (halves < 60 || 2 * halves + 10 > static_cast<std::int64_t>(bytes_.size()))
    throw Error(path_, fmt::format("block {} begins at byte {}, which the file does not have", which + 1, 2 * halves), "the file is damaged");
  return static_cast<std::size_t>(2 * halves);
}

std::uint8_t PupProduct::byte(std::size_t at) const {
  if (at >= bytes_.size()) throw Error(path_, "ends within a block", "the file is damaged");
  return static_cast<std::uint8_t>(bytes_[at]);
}

int PupProduct::unsigned16(std::size_t at) const { return byte(at) << 8 | byte(at + 1); }

int PupProduct::signed16(std::size_t at) const { return static_cast<std::int16_t>(static_cast<std::uint16_t>(unsigned16(at))); }

std::int64_t PupProduct::signed32(std::size_t at) const {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(unsigned16(at)) << 16 | static_cast<std::uint32_t>(unsigned16(at + 2)));
}

std::string PupProduct::text(std::size_t at, std::size_t length) const {
  std::string out;
  for (std::size_t k = 0; k < length; ++k) {
    const auto c = static_cast<char>(byte(at + k));
    out += std::isprint(static_cast<unsigned char>(c)) ? c : ' ';
  }
  return out;
}

}  // namespace guyu
