#include "ingest/grib_run_length.h"

#include <cmath>
#include <cstdint>
#include <limits>

#include "engine/core/error.h"
#include "ingest/grib_sections.h"

namespace guyu {
std::optional<std::vector<double>> run_length_values(const GribMessage& m) {
  const void* data = nullptr;
  std::size_t size = 0;
  if (m.integer("edition").value_or(0) != 2 || codes_get_message(m.handle(), &data, &size) != CODES_SUCCESS) return std::nullopt;
  const GribView message(static_cast<const unsigned char*>(data), size);
  const GribView representation = grib_section(message, 5), packed = grib_section(message, 7);
  if (representation.size() < 17 || packed.size() < 5 || big_endian(representation, 9, 2) != 200) return std::nullopt;

  const std::size_t count = big_endian(representation, 5, 4);
  m.require_plausible_count(count);
  const unsigned bits = representation[11];
  const auto top = static_cast<std::uint32_t>(big_endian(representation, 12, 2));  // largest level used
  const unsigned scale_octet = representation[16];                                 // sign and magnitude
  const double scale = std::pow(10.0, (scale_octet & 128U) ? double(scale_octet & 127U) : -double(scale_octet));
  if (bits == 0 || bits > 16 || top >= (1U << bits) - 1 || representation.size() < 17 + 2 * std::size_t{top}) {
    throw Error(m.place(), "the run length packing is inconsistent");
  }
  std::vector<double> level(top + 1, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t k = 1; k <= top; ++k) {
    const std::uint64_t raw = big_endian(representation, 17 + 2 * (k - 1), 2);
    level[k] = ((raw & 0x8000U) ? -double(raw & 0x7fffU) : double(raw)) * scale;
  }

  std::vector<double> values;
  values.reserve(count);
  const std::uint64_t base = (1U << bits) - 1 - top;
  std::size_t bit = 5 * 8;
  const auto next = [&] {
    std::uint32_t v = 0;
    for (unsigned k = 0; k < bits; ++k, ++bit) v = v << 1 | ((packed[bit / 8] >> (7 - bit % 8)) & 1U);
    return v;
  };
  std::uint32_t current = 0;
  std::uint64_t weight = 0;  // 0: no run is open
  while (bit + bits <= packed.size() * 8) {
    const std::uint32_t v = next();
    if (v <= top) {
      if (values.size() == count) break;  // padding
      current = v;
      values.push_back(level[current]);
      weight = 1;
    } else {
      const std::uint64_t run = weight * (v - top - 1);
      if (weight == 0 || run > count - values.size()) throw Error(m.place(), "a packed run is longer than the field");
      values.insert(values.end(), run, level[current]);
      weight *= base;
    }
  }
  if (values.size() != count) throw Error(m.place(), "the packed runs end before the field is full");
  return values;
}

}  // namespace guyu
