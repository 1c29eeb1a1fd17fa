#pragma once
#include <span>
#include <vector>

namespace guyu {

using GribBytes = std::vector<unsigned char>;

// A GRIB2 message may repeat its sections 2-7 for several fields; each field comes back as a message of its own, with the sections in
// force for it and the bitmap that "as defined before" (indicator 254) means. A message of one field, or of edition 1, comes back as
// it is. Empty when the section lengths do not add up: such bytes must not reach a decoder. (WMO Manual on Codes, FM 92 GRIB.)
// Linear in the length, times the number of fields for the metadata.
std::vector<GribBytes> split_fields(std::span<const unsigned char> message);

}  // namespace guyu
