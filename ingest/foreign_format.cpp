#include "ingest/foreign_format.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace guyu {
namespace {
using namespace std::literals;

constexpr const char* kComposite = "make a composite of it first, e.g. ODIM_H5 object COMP";

struct Magic {
  std::string_view bytes;
  ForeignFormat format;
};
constexpr std::array kMagics{
    Magic{"\x1f\x8b"sv, {"is compressed with gzip", "decompress it first: gunzip"}},
    Magic{"BZh"sv, {"is compressed with bzip2", "decompress it first: bunzip2"}},
    Magic{"\xfd"
          "7zXZ"sv,
          {"is compressed with xz", "decompress it first: unxz"}},
    Magic{"\x28\xb5\x2f\xfd"sv, {"is compressed with Zstandard", "decompress it first: unzstd"}},
    Magic{"PK\x03\x04"sv, {"is a ZIP archive", "unpack it first: unzip"}},
    Magic{"AR2V"sv, {"is a polar radar volume (NEXRAD level II), not a composite", kComposite}},
    Magic{"ARCHIVE2"sv, {"is a polar radar volume (NEXRAD level II), not a composite", kComposite}},
    Magic{"RSTM"sv, {"is polar base data (CINRAD standard format), not a composite", kComposite}},
    Magic{"BUFR"sv, {"is BUFR of an edition that is not read", "give edition 3 or 4"}},
    Magic{"\x0e\x03\x13\x01"sv, {"is HDF4", "convert it to NetCDF first, e.g. with gdal_translate"}},
    Magic{"SQLite format 3\0"sv, {"is an SQLite database or GeoPackage, not a grid", "give it as regions, if it holds outlines"}},
    Magic{"\x89PNG\r\n\x1a\n"sv, {"is a PNG picture without georeference", "write the raster as GeoTIFF"}},
};

unsigned halfword(std::span<const std::byte> b, std::size_t at) { return std::to_integer<unsigned>(b[at]) << 8 | std::to_integer<unsigned>(b[at + 1]); }

// NEXRAD level III and the CINRAD PUP products made after it: message header, divider -1, the code again at halfword 16.
bool is_level3(std::span<const std::byte> b) {
  return b.size() >= 32 && halfword(b, 18) == 0xffffU && halfword(b, 0) == halfword(b, 30) && halfword(b, 0) >= 16 && halfword(b, 0) <= 300;
}

// DWD's binary products: a two-letter name, day, hour and minute, a station number, month and year, then "BY" and the size.
bool is_dwd(std::string_view text) {
  return text.size() >= 19 && text.substr(17, 2) == "BY" &&
         std::all_of(text.begin() + 2, text.begin() + 17, [](char c) { return std::isdigit(static_cast<unsigned char>(c)); });
}

}  // namespace

std::optional<ForeignFormat> foreign_format(std::span<const std::byte> head) {
  const std::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
  for (const Magic& m : kMagics) {
    if (text.substr(0, m.bytes.size()) == m.bytes) return m.format;
  }
  if (is_level3(head)) return ForeignFormat{"is a radar product (PUP or NEXRAD level III), not a composite", kComposite};
  if (is_dwd(text)) {
    if (text.substr(0, 2) == "DX") return ForeignFormat{"is a polar radar sweep (DWD DX), not a composite", kComposite};
    return ForeignFormat{"is a RADOLAN binary composite, which is not read", "give the ODIM_H5 or NetCDF form, or convert it to GeoTIFF with gdal_translate"};
  }
  return std::nullopt;
}

}  // namespace guyu
