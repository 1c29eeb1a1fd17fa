#pragma once
#include <cstdint>
#include <span>
#include <vector>

// The octets of a GRIB2 message, below what ecCodes shows (WMO Manual on Codes, FM 92 GRIB). Damaged messages are caught here, since
// decoders trust these lengths.
namespace guyu {

using GribBytes = std::vector<unsigned char>;
using GribView = std::span<const unsigned char>;

// Unsigned number of n octets, first octet highest. The caller has checked the bounds.
std::uint64_t big_endian(GribView bytes, std::size_t at, std::size_t n);

// A section (1-7) of a message of one field, by number; empty when it is absent.
GribView grib_section(GribView message, unsigned number);

// A GRIB2 message may repeat its sections 2-7 for several fields; each field comes back as a message of its own, with the sections in
// force for it and the bitmap that "as defined before" (indicator 254) means. A message of one field, or of edition 1, comes back as
// it is. Empty when the section lengths do not add up. Linear in the length, times the number of fields for the metadata.
std::vector<GribBytes> split_fields(GribView message);

}  // namespace guyu
