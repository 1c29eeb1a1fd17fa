#include <boost/test/unit_test.hpp>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/region/region_set.h"
#include "tests/support/test_data.h"

using namespace guyu;
namespace {
std::string write_geojson() {
  const std::string path = test::temporary_folder("regions") + "/towns.geojson";
  write_file_atomically(path, R"({"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"code":"010000000001","name":"石桥镇"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]],[[0.5,0.5],[1,0.5],[1,1],[0.5,0.5]]]}},
{"type":"Feature","properties":{"code":"010000000002","name":"bow tie"},"geometry":{"type":"Polygon","coordinates":[[[4,0],[6,2],[6,0],[4,2],[4,0]]]}},
{"type":"Feature","properties":{"code":"010000000002","name":"again"},"geometry":{"type":"Polygon","coordinates":[[[4,0],[6,2],[6,0],[4,0]]]}},
{"type":"Feature","properties":{"code":"010000000003","name":"short"},"geometry":{"type":"MultiPolygon","coordinates":[[[[8,0],[9,0],[8,0]]],[[[8,0],[9,0],[9,1],[8,0]]]]}}]})");
  return path;
}
}  // namespace
BOOST_AUTO_TEST_SUITE(region_reader)

BOOST_AUTO_TEST_CASE(codes_stay_text_and_bad_outlines_are_repaired_dropped_and_reported) {
  const RegionSet s = read_regions({write_geojson(), "", "code", "name", "", ""});
  BOOST_REQUIRE(s.regions.size() == 3U);
  BOOST_TEST(s.regions[0].code == "010000000001");
  BOOST_TEST(s.regions[0].name == "石桥镇");
  BOOST_TEST(s.regions[0].shape[0].holes.size() == 1U);
  BOOST_TEST(s.regions[1].shape.size() == 2U);  // the bow tie's two triangles
  BOOST_TEST(s.regions[2].shape.size() == 1U);
  BOOST_TEST(s.problems.size() == 3U);  // repaired, twice, short ring
}

BOOST_AUTO_TEST_CASE(a_missing_column_file_or_layer_is_named_with_what_there_is) {
  const std::string path = write_geojson();
  BOOST_CHECK_EXCEPTION(read_regions({path, "", "adcode", "", "", ""}), Error,
                        [](const Error& e) { return std::string(e.what()).find("code, name") != std::string::npos; });
  BOOST_CHECK_THROW(read_regions({path + ".absent", "", "code", "", "", ""}), Error);
  BOOST_CHECK_THROW(read_regions({path, "rivers", "code", "", "", ""}), Error);
  BOOST_CHECK_THROW(read_regions({path, "", "", "", "", ""}), Error);
}

BOOST_AUTO_TEST_CASE(real_boundary_files_read_whole) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  BOOST_TEST(read_regions({data + "/regions/us_counties.gpkg", "", "id", "", "", ""}).regions.size() == 3231U);
}

BOOST_AUTO_TEST_SUITE_END()
