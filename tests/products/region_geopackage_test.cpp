#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include <boost/test/unit_test.hpp>
#include <memory>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "products/region_files.h"
#include "tests/products/region_files_case.h"
#include "tests/support/test_data.h"

using namespace guyu;

namespace {
using Dataset = std::unique_ptr<void, CPLErr (*)(void*)>;
CPLErr close_dataset(void* d) {
  GDALClose(d);
  return CE_None;
}
Dataset open(const std::string& path) {
  GDALAllRegister();
  return {GDALOpenEx(path.c_str(), GDAL_OF_VECTOR, nullptr, nullptr, nullptr), close_dataset};
}
std::string text(OGRFeatureH f, const char* name) { return OGR_F_GetFieldAsString(f, OGR_F_GetFieldIndex(f, name)); }
}  // namespace

BOOST_AUTO_TEST_SUITE(region_geopackage)

BOOST_AUTO_TEST_CASE(polygons_columns_and_evidence_come_back) {
  const std::string path = test::temporary_folder("region_gpkg") + "/t.gpkg";
  write_region_geopackage(path, test::two_towns(), test::one_column(), test::two_rows(), test::origin());
  const Dataset d = open(path);
  BOOST_REQUIRE(d);
  const OGRLayerH layer = GDALDatasetGetLayerByName(d.get(), "townships");
  BOOST_REQUIRE(layer);
  BOOST_TEST(OGR_L_GetFeatureCount(layer, 1) == 2);
  const std::unique_ptr<void, void (*)(OGRFeatureH)> first(OGR_L_GetNextFeature(layer), OGR_F_Destroy), second(OGR_L_GetNextFeature(layer), OGR_F_Destroy);
  BOOST_TEST(text(first.get(), "name") == "东华门街道");
  BOOST_TEST(text(second.get(), "code") == "010101002000");
  BOOST_TEST(text(first.get(), "rainstorm_level_name") == "Orange");
  BOOST_TEST(text(first.get(), "rainstorm_rule") == "rainstorm.orange.3h");
  BOOST_TEST(OGR_F_GetFieldAsDouble(first.get(), OGR_F_GetFieldIndex(first.get(), "rain_last_3h")) == 52.5);
  BOOST_TEST(OGR_F_IsFieldNull(second.get(), OGR_F_GetFieldIndex(second.get(), "rain_last_3h")) +
                 !OGR_F_IsFieldSet(second.get(), OGR_F_GetFieldIndex(second.get(), "rain_last_3h")) >
             0);
  BOOST_TEST(OGR_G_Area(OGR_F_GetGeometryRef(first.get())) == 1.0, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(evidence_is_complete_and_what_is_not_known_is_null) {
  const std::string path = test::temporary_folder("region_gpkg_evidence") + "/t.gpkg";
  RiskTable risk = test::two_rows();
  risk.rows[0].evidence.data_age = Seconds(420);
  risk.rows[1].evidence.data_age = Seconds::max();  // nothing was ever observed
  write_region_geopackage(path, test::two_towns(), test::one_column(), risk, test::origin());
  const Dataset d = open(path);
  BOOST_REQUIRE(d);
  const OGRLayerH layer = GDALDatasetGetLayer(d.get(), 0);
  BOOST_TEST(std::string(GDALGetMetadataItem(layer, "inputs", nullptr)) == "in.h5 00ff");
  const std::unique_ptr<void, void (*)(OGRFeatureH)> first(OGR_L_GetNextFeature(layer), OGR_F_Destroy), second(OGR_L_GetNextFeature(layer), OGR_F_Destroy);
  BOOST_TEST(text(first.get(), "rainstorm_data_age_s") == "420");
  BOOST_TEST(text(first.get(), "rainstorm_already_reached") == "1");
  BOOST_TEST(text(first.get(), "rainstorm_valid_end") == "2024-07-01T03:00:00Z");
  for (const char* name : {"observed_mm", "forecast_mm", "threshold_mm", "coverage", "data_age_s", "window_end"})
    BOOST_TEST(!OGR_F_IsFieldSetAndNotNull(second.get(), OGR_F_GetFieldIndex(second.get(), (std::string("rainstorm_") + name).c_str())), name);
}

BOOST_AUTO_TEST_CASE(outlines_in_longitude_and_latitude_keep_their_points) {
  const std::string path = test::temporary_folder("region_gpkg_points") + "/t.gpkg";
  write_region_geopackage(path, test::two_towns(), test::one_column(), test::two_rows(), test::origin());
  const Dataset d = open(path);
  const std::unique_ptr<void, void (*)(OGRFeatureH)> first(OGR_L_GetNextFeature(GDALDatasetGetLayer(d.get(), 0)), OGR_F_Destroy);
  const OGRGeometryH ring = OGR_G_GetGeometryRef(OGR_G_GetGeometryRef(OGR_F_GetGeometryRef(first.get()), 0), 0);
  BOOST_TEST(OGR_G_GetPointCount(ring) == 5);
}

BOOST_AUTO_TEST_CASE(outlines_in_another_crs_are_brought_to_longitude_and_latitude) {
  const std::string path = test::temporary_folder("region_gpkg_crs") + "/t.gpkg";
  write_region_geopackage(path, test::two_towns("EPSG:3857", 100000), test::one_column(), test::two_rows(), test::origin());
  const Dataset d = open(path);
  OGREnvelope box;
  BOOST_REQUIRE(OGR_L_GetExtent(GDALDatasetGetLayer(d.get(), 0), &box, 1) == OGRERR_NONE);
  BOOST_TEST(box.MinX == 104.205, boost::test_tools::tolerance(1e-4));  // 11.6e6 m / 6378137 m in degrees
  BOOST_TEST(box.MaxY < 30.0);
}

BOOST_AUTO_TEST_CASE(the_same_cycle_gives_the_same_bytes_also_over_an_older_file) {
  const std::string folder = test::temporary_folder("region_gpkg_bytes");
  for (const char* name : {"/a.gpkg", "/b.gpkg", "/b.gpkg"})
    write_region_geopackage(folder + name, test::two_towns(), test::one_column(), test::two_rows(), test::origin());
  BOOST_TEST((read_text_file(folder + "/a.gpkg") == read_text_file(folder + "/b.gpkg")));
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_written_is_an_error_that_names_it) {
  BOOST_CHECK_EXCEPTION(write_region_geopackage("/proc/none/t.gpkg", test::two_towns(), test::one_column(), test::two_rows(), test::origin()), Error,
                        [](const Error& e) { return std::string(e.what()).find("/proc/none") != std::string::npos; });
}

BOOST_AUTO_TEST_SUITE_END()
