#pragma once
#include <eccodes.h>

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "engine/core/atomic_file.h"
#include "tests/support/test_data.h"

namespace guyu::test {

struct BufrStation {
  long block = 54, number = 511;
  double latitude = 39.8, longitude = 116.47, height = 31.3, temperature = 301.2, rain_1h = 12.5, rain_24h = 60, wind = 4.1;
  long hour = 3;
};

// A message of made-up reports: place, time, height, temperature, amounts over 1 and 24 hours, wind.
inline std::string bufr_message(const std::vector<BufrStation>& stations, bool compressed) {
  codes_handle* h = codes_bufr_handle_new_from_samples(nullptr, "BUFR4");
  BOOST_REQUIRE(h);
  const auto set = [&](const std::string& key, long v) { BOOST_REQUIRE_MESSAGE(codes_set_long(h, key.c_str(), v) == 0, key); };
  set("masterTablesVersionNumber", 28), set("numberOfSubsets", static_cast<long>(stations.size())), set("compressedData", compressed ? 1 : 0);
  const std::vector<long> descriptors{301001, 301011, 301012, 301021, 7030, 12101, 4024, 13011, 4024, 13011, 11012};
  BOOST_REQUIRE(codes_set_long_array(h, "unexpandedDescriptors", descriptors.data(), descriptors.size()) == 0);
  // In compressed messages a key takes one value a subset; else the k-th subset's element has rank k.
  const auto put = [&](const std::string& key, std::size_t per_subset, std::size_t which, const auto& value) {
    std::vector<double> all;
    for (const BufrStation& s : stations) all.push_back(static_cast<double>(value(s)));
    if (compressed) {
      const std::string ranked = "#" + std::to_string(which) + "#" + key;
      BOOST_REQUIRE_MESSAGE(codes_set_double_array(h, ranked.c_str(), all.data(), all.size()) == 0, ranked);
      return;
    }
    for (std::size_t k = 0; k < all.size(); ++k) {
      const std::string ranked = "#" + std::to_string(k * per_subset + which) + "#" + key;
      BOOST_REQUIRE_MESSAGE(codes_set_double(h, ranked.c_str(), all[k]) == 0, ranked);
    }
  };
  put("blockNumber", 1, 1, [](const auto& s) { return s.block; }), put("stationNumber", 1, 1, [](const auto& s) { return s.number; });
  put("year", 1, 1, [](const auto&) { return 2021; }), put("month", 1, 1, [](const auto&) { return 7; }), put("day", 1, 1, [](const auto&) { return 20; });
  put("hour", 1, 1, [](const auto& s) { return s.hour; }), put("minute", 1, 1, [](const auto&) { return 0; });
  put("latitude", 1, 1, [](const auto& s) { return s.latitude; }), put("longitude", 1, 1, [](const auto& s) { return s.longitude; });
  put("heightOfStationGroundAboveMeanSeaLevel", 1, 1, [](const auto& s) { return s.height; });
  put("airTemperature", 1, 1, [](const auto& s) { return s.temperature; });
  put("timePeriod", 2, 1, [](const auto&) { return -1; }), put("timePeriod", 2, 2, [](const auto&) { return -24; });
  put("totalPrecipitationOrTotalWaterEquivalent", 2, 1, [](const auto& s) { return s.rain_1h; });
  put("totalPrecipitationOrTotalWaterEquivalent", 2, 2, [](const auto& s) { return s.rain_24h; });
  put("windSpeedAt10M", 1, 1, [](const auto& s) { return s.wind; });
  BOOST_REQUIRE(codes_set_long(h, "pack", 1) == 0);
  const void* bytes = nullptr;
  std::size_t length = 0;
  BOOST_REQUIRE(codes_get_message(h, &bytes, &length) == 0);
  std::string out(static_cast<const char*>(bytes), length);
  codes_handle_delete(h);
  return out;
}

}  // namespace guyu::test
