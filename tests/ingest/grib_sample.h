#pragma once
#include <eccodes.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>
#include <utility>
#include <vector>

#include "ingest/reader.h"
#include "tests/support/test_data.h"

namespace guyu::test {

// A message made from ecCodes' sample of that name with some keys set, written and read back.
inline Field sample(const std::vector<std::pair<std::string, long>>& keys, const std::vector<double>& first_values = {}, const char* name = "GRIB2") {
  const std::string path = temporary_folder("grib-sample") + "/sample.grib2";
  codes_handle* h = codes_grib_handle_new_from_samples(nullptr, name);
  for (const auto& [key, value] : keys) BOOST_REQUIRE_MESSAGE(codes_set_long(h, key.c_str(), value) == 0, key);
  std::size_t n = 0;
  BOOST_REQUIRE(codes_get_size(h, "values", &n) == 0);
  std::vector<double> values(n, 1.0);
  std::copy(first_values.begin(), first_values.end(), values.begin());
  codes_set_long(h, "bitsPerValue", 16);
  BOOST_REQUIRE(codes_set_double_array(h, "values", values.data(), n) == 0);
  BOOST_REQUIRE(codes_write_message(h, path.c_str(), "w") == 0);
  codes_handle_delete(h);
  return std::move(read_file(path).fields.at(0));
}

}  // namespace guyu::test
