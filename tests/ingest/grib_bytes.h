#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "ingest/grib_sections.h"

namespace guyu::test {

// GRIB octets by hand (WMO Manual on Codes, FM 92).
inline GribBytes octets(std::uint64_t value, int n) {
  GribBytes out;
  for (int k = n; k-- > 0;) out.push_back(static_cast<unsigned char>(value >> (8 * k) & 0xffU));
  return out;
}

inline GribBytes joined(std::initializer_list<GribBytes> parts) {
  GribBytes out;
  for (const GribBytes& p : parts) out.insert(out.end(), p.begin(), p.end());
  return out;
}

// Section of edition 2: length, number, body.
inline GribBytes section(unsigned number, const GribBytes& body) { return joined({octets(body.size() + 5, 4), octets(number, 1), body}); }

// Whole message of edition 2 around the sections.
inline GribBytes message(std::initializer_list<GribBytes> sections) {
  const GribBytes body = joined(sections);
  return joined({{'G', 'R', 'I', 'B', 0, 0, 0, 2}, octets(body.size() + 20, 8), body, {'7', '7', '7', '7'}});
}

}  // namespace guyu::test
