#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include <boost/test/unit_test.hpp>
#include <cmath>

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

constexpr const char* kSquare = "[[[0,0],[1,0],[1,1],[0,0]]]";
std::string written(const std::string& properties, const std::string& rings) {
  const std::string path = test::temporary_folder("one") + "/one.geojson";
  write_file_atomically(path, R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":)" + properties +
                                  R"(,"geometry":{"type":"Polygon","coordinates":)" + rings + "}}]}");
  return path;
}

// The same layer in another format.
std::string copied(const std::string& from, const char* driver, const std::string& file, std::vector<const char*> options = {}) {
  GDALAllRegister();
  const std::string path = test::temporary_folder("copied") + file;
  const GDALDatasetH in = GDALOpenEx(from.c_str(), GDAL_OF_VECTOR, nullptr, nullptr, nullptr);
  const GDALDatasetH out = GDALCreate(GDALGetDriverByName(driver), path.c_str(), 0, 0, 0, GDT_Unknown, nullptr);
  options.push_back(nullptr);
  GDALDatasetCopyLayer(out, GDALDatasetGetLayer(in, 0), "towns", const_cast<char**>(options.data()));
  GDALClose(out);
  GDALClose(in);
  return path;
}

double area(const Region& r) {
  double sum = 0;
  for (const Polygon& p : r.shape) {
    double ring = 0;
    for (std::size_t k = 0; k + 1 < p.outer.size(); ++k) ring += p.outer[k].x * p.outer[k + 1].y - p.outer[k + 1].x * p.outer[k].y;
    sum += std::abs(ring) / 2;
  }
  return sum;
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
  BOOST_CHECK_EXCEPTION(read_regions({path + ".absent", "", "code", "", "", ""}), Error, [](const Error& e) { return e.reason() == "there is no such file"; });
  write_file_atomically(path + ".txt", "no regions");
  BOOST_CHECK_EXCEPTION(read_regions({path + ".txt", "", "code", "", "", ""}), Error,
                        [](const Error& e) { return e.reason().find("cannot be read as regions: ") == 0; });
  BOOST_CHECK_THROW(read_regions({path, "rivers", "code", "", "", ""}), Error);
  BOOST_CHECK_THROW(read_regions({path, "", "", "", "", ""}), Error);
}

BOOST_AUTO_TEST_CASE(geopackage_and_shapefile_give_the_same_regions) {
  const std::string json = write_geojson();
  const RegionSet expected = read_regions({json, "", "code", "name", "", ""});
  for (const auto& [driver, file] : {std::pair{"GPKG", "/towns.gpkg"}, {"ESRI Shapefile", "/towns.shp"}}) {
    const std::vector<const char*> options = std::string(driver) == "GPKG" ? std::vector<const char*>{} : std::vector<const char*>{"ENCODING=UTF-8"};
    const RegionSet s = read_regions({copied(json, driver, file, options), "", "code", "name", "", ""});
    BOOST_REQUIRE(s.regions.size() == expected.regions.size());
    BOOST_TEST(s.regions[0].code == "010000000001");
    BOOST_TEST(s.regions[0].name == "石桥镇");
    for (std::size_t i = 0; i < s.regions.size(); ++i) BOOST_TEST(area(s.regions[i]) == area(expected.regions[i]), boost::test_tools::tolerance(1e-12));
  }
}

BOOST_AUTO_TEST_CASE(a_shapefile_in_gbk_is_read_by_its_cpg) {
  const std::string shape = copied(write_geojson(), "ESRI Shapefile", "/gbk.shp", {"ENCODING=GBK"});
  const std::string stem = shape.substr(0, shape.size() - 4);
  BOOST_TEST(read_text_file(stem + ".dbf").find("\xca\xaf\xc7\xc5\xd5\xf2") != std::string::npos);  // 石桥镇 in GBK
  BOOST_TEST(read_regions({shape, "", "code", "name", "", ""}).regions[0].name == "石桥镇");
}

BOOST_AUTO_TEST_CASE(codes_from_number_columns_have_no_decimals_and_the_loss_of_zeros_is_told) {
  const std::string path = written(R"({"code":110101001000,"real":110101001000.0,"name":"a"})", kSquare);
  for (const auto& [file, column] : {std::pair{path, "code"}, {path, "real"}, {copied(path, "ESRI Shapefile", "/number.shp"), "code"}}) {
    const RegionSet s = read_regions({file, "", column, "name", "", ""});
    BOOST_TEST(s.regions.at(0).code == "110101001000");
    BOOST_REQUIRE(!s.problems.empty());
    BOOST_TEST(s.problems[0].find("leading zeros") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(topojson_reads_like_geojson) {
  const std::string path = test::temporary_folder("topo") + "/towns.topojson";
  write_file_atomically(path, R"({"type":"Topology","arcs":[[[0,0],[2,0],[2,2],[0,2],[0,0]]],"objects":{"towns":{"type":"GeometryCollection",
"geometries":[{"type":"Polygon","properties":{"code":"01"},"arcs":[[0]]}]}}})");
  const RegionSet s = read_regions({path, "", "code", "", "", "EPSG:4326"});
  BOOST_TEST(s.regions.at(0).code == "01");
  BOOST_TEST(s.regions.at(0).shape.at(0).outer.size() == 5U);
  BOOST_TEST(s.crs == "EPSG:4326");
}

BOOST_AUTO_TEST_CASE(heights_measures_arcs_and_empty_outlines_are_taken_as_what_they_enclose) {
  GDALAllRegister();
  const std::string path = test::temporary_folder("kinds") + "/kinds.gpkg";
  const GDALDatasetH d = GDALCreate(GDALGetDriverByName("GPKG"), path.c_str(), 0, 0, 0, GDT_Unknown, nullptr);
  OGRSpatialReferenceH srs = OSRNewSpatialReference(nullptr);
  OSRImportFromEPSG(srs, 32650);
  const OGRLayerH layer = GDALDatasetCreateLayer(d, "kinds", srs, wkbUnknown, nullptr);
  OSRDestroySpatialReference(srs);
  OGRFieldDefnH field = OGR_Fld_Create("code", OFTString);
  OGR_L_CreateField(layer, field, 1);
  OGR_Fld_Destroy(field);
  int code = 0;
  for (const char* wkt : {"POLYGON ZM ((0 0 5 1,2 0 5 1,2 2 5 1,0 2 5 1,0 0 5 1))", "CURVEPOLYGON (CIRCULARSTRING (-1 0,1 0,-1 0))", "POLYGON EMPTY",
                          "POINT (1 1)", "GEOMETRYCOLLECTION (POINT (0 0),POLYGON ((0 0,1 0,1 1,0 0)))"}) {
    const OGRFeatureH f = OGR_F_Create(OGR_L_GetLayerDefn(layer));
    OGRGeometryH g = nullptr;
    std::string text = wkt;
    char* at = text.data();
    BOOST_REQUIRE(OGR_G_CreateFromWkt(&at, nullptr, &g) == OGRERR_NONE);
    OGR_F_SetGeometryDirectly(f, g);
    OGR_F_SetFieldString(f, 0, std::to_string(code++).c_str());
    BOOST_REQUIRE(OGR_L_CreateFeature(layer, f) == OGRERR_NONE);
    OGR_F_Destroy(f);
  }
  GDALClose(d);
  const RegionSet s = read_regions({path, "kinds", "code", "", "", ""});
  BOOST_REQUIRE(s.regions.size() == 5U);
  BOOST_TEST(s.regions[0].shape.at(0).outer.size() == 5U);
  BOOST_TEST(area(s.regions[1]) == M_PI, boost::test_tools::tolerance(0.005));  // the circle, in chords
  BOOST_TEST(s.regions[2].shape.empty());
  BOOST_TEST(s.regions[3].shape.empty());
  BOOST_TEST(area(s.regions[4]) == 0.5, boost::test_tools::tolerance(1e-12));
  BOOST_CHECK_EXCEPTION(read_regions({path, "rivers", "code", "", "", ""}), Error,
                        [](const Error& e) { return std::string(e.what()).find("the layers are kinds") != std::string::npos; });
}

BOOST_AUTO_TEST_CASE(real_boundary_files_read_whole) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  BOOST_TEST(read_regions({data + "/regions/us_counties.gpkg", "", "id", "", "", ""}).regions.size() == 3231U);
}

BOOST_AUTO_TEST_SUITE_END()
