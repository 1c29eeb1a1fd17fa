#include "ingest/grib_stream.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/core/error.h"
#include "ingest/reader.h"

namespace guyu {
namespace {

GribBytes octets_at(std::ifstream& in, std::uint64_t at, std::size_t n) {
  GribBytes b(n);
  in.clear();
  in.seekg(static_cast<std::streamoff>(at));
  in.read(reinterpret_cast<char*>(b.data()), static_cast<std::streamsize>(n));
  b.resize(static_cast<std::size_t>(in.gcount()));
  return b;
}

}  // namespace

GribStream::GribStream(const std::string& path) : in_(path, std::ios::binary), size_(file_bytes(path)) {
  if (!in_) throw Error(path, "cannot be opened");
}

bool GribStream::find_indicator() {
  constexpr std::size_t kBlock = 1 << 16, kHead = 8;
  while (at_ + kHead <= size_) {
    const GribBytes block = octets_at(in_, at_, kBlock);
    if (block.size() < kHead) return false;
    const std::string_view text(reinterpret_cast<const char*>(block.data()), block.size());
    for (auto k = text.find("GRIB"); k != std::string_view::npos && k + kHead <= text.size(); k = text.find("GRIB", k + 1)) {
      if (block[k + 7] != 1 && block[k + 7] != 2) continue;
      at_ += k;
      return true;
    }
    at_ += block.size() - (kHead - 1);
  }
  return false;
}

// Length that the message at `at` states; nullopt when it contradicts itself.
std::optional<std::uint64_t> GribStream::length_at(std::uint64_t at, GribView head) {
  if (head[7] == 2) return head.size() >= 16 ? std::optional(big_endian(head, 8, 8)) : std::nullopt;
  const std::uint64_t stated = big_endian(head, 4, 3);
  if (!(stated & 0x800000U)) return stated;
  // ECMWF's convention for edition 1 beyond 8 MiB: units of 120 octets, less what section 4 then states
  std::uint64_t section = at + 8;
  const GribBytes product = octets_at(in_, section, 8);
  if (product.size() < 8) return std::nullopt;
  section += big_endian(product, 0, 3);
  for (const unsigned flag : {0x80U, 0x40U}) {
    if (!(product[7] & flag)) continue;
    const GribBytes length = octets_at(in_, section, 3);
    if (length.size() < 3) return std::nullopt;
    section += big_endian(length, 0, 3);
  }
  const GribBytes data = octets_at(in_, section, 3);
  if (data.size() < 3) return std::nullopt;
  const std::uint64_t less = big_endian(data, 0, 3), units = (stated & 0x7fffffU) * 120;
  return less < 120 ? std::optional(units - less + 4) : std::optional(stated);
}

std::optional<GribBytes> GribStream::next(std::string& problem) {
  problem.clear();
  if (!find_indicator()) return std::nullopt;
  const std::uint64_t at = place_ = at_;
  at_ += 4;
  const auto length = length_at(at, octets_at(in_, at, 16));
  if (!length || *length < 12) {
    problem = "has a wrong length: it is damaged";
  } else if (*length > size_ - at) {
    problem = "is cut short: the file is truncated";
  } else {
    GribBytes message = octets_at(in_, at, static_cast<std::size_t>(*length));
    constexpr std::array<unsigned char, 4> kLast{'7', '7', '7', '7'};
    if (message.size() == *length && std::equal(kLast.begin(), kLast.end(), message.end() - 4)) {
      at_ = at + *length;
      return message;
    }
    problem = "has a wrong length: it is damaged";
  }
  return GribBytes{};
}

}  // namespace guyu
