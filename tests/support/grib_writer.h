#pragma once
#include <eccodes.h>

#include <boost/test/unit_test.hpp>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace guyu::test {

using GribKeys = std::vector<std::pair<std::string, std::variant<long, double, std::string>>>;

// Adds a message to a file: ecCodes' sample of edition 1 or 2 with keys set in their order, packed in 16 bits.
inline void append_grib(const std::string& path, int edition, const GribKeys& keys, const std::vector<double>& values) {
  codes_handle* h = codes_grib_handle_new_from_samples(nullptr, edition == 1 ? "GRIB1" : "GRIB2");
  for (const auto& [key, value] : keys) {
    int rc = 0;
    if (const long* whole = std::get_if<long>(&value)) rc = codes_set_long(h, key.c_str(), *whole);
    if (const double* number = std::get_if<double>(&value)) rc = codes_set_double(h, key.c_str(), *number);
    if (const std::string* text = std::get_if<std::string>(&value)) {
      std::size_t size = text->size();
      rc = codes_set_string(h, key.c_str(), text->c_str(), &size);
    }
    BOOST_REQUIRE_MESSAGE(rc == 0, key << ": " << codes_get_error_message(rc));
  }
  codes_set_long(h, "bitsPerValue", 16);
  BOOST_REQUIRE(codes_set_double_array(h, "values", values.data(), values.size()) == 0);
  BOOST_REQUIRE(codes_write_message(h, path.c_str(), "a") == 0);
  codes_handle_delete(h);
}

// Rows from south to north, columns from west to east.
inline GribKeys latlon_keys(const char* type, long nx, long ny, double west, double south, double spacing) {
  return {{"gridType", std::string(type)},
          {"Ni", nx},
          {"Nj", ny},
          {"jScansPositively", 1L},
          {"longitudeOfFirstGridPointInDegrees", west},
          {"latitudeOfFirstGridPointInDegrees", south},
          {"longitudeOfLastGridPointInDegrees", west + spacing * static_cast<double>(nx - 1)},
          {"latitudeOfLastGridPointInDegrees", south + spacing * static_cast<double>(ny - 1)},
          {"iDirectionIncrementInDegrees", spacing},
          {"jDirectionIncrementInDegrees", spacing}};
}

// Wind of 10 m above the ground, x or y.
inline GribKeys wind_keys(int edition, bool x, bool along_grid) {
  if (edition == 1)
    return {{"centre", 7L},
            {"table2Version", 2L},
            {"indicatorOfParameter", x ? 33L : 34L},
            {"indicatorOfTypeOfLevel", 105L},
            {"level", 10L},
            {"uvRelativeToGrid", along_grid ? 1L : 0L}};
  return {{"discipline", 0L},
          {"parameterCategory", 2L},
          {"parameterNumber", x ? 2L : 3L},
          {"typeOfFirstFixedSurface", 103L},
          {"scaleFactorOfFirstFixedSurface", 0L},
          {"scaledValueOfFirstFixedSurface", 10L},
          {"uvRelativeToGrid", along_grid ? 1L : 0L}};
}

inline GribKeys operator+(GribKeys a, const GribKeys& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace guyu::test
