#include <gdal.h>
#include <ogr_srs_api.h>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>

#include "engine/core/error.h"
#include "ingest/reader.h"
#include "tests/ingest/refusal.h"
#include "tests/support/test_data.h"

using namespace guyu;
using test::says;
namespace {

struct Raster {
  int nx = 4, ny = 3, bands = 1, epsg = 4326;
  std::vector<double> transform{100, 0.5, 0, 30, 0, -0.5};
  GDALDataType type = GDT_Float32;
  std::vector<float> values;
  std::function<void(GDALDatasetH)> finish = [](GDALDatasetH) {};
};

std::string write(Raster r) {
  GDALAllRegister();
  const std::string path = test::temporary_folder("geotiff") + "/raster.tif";
  GDALDatasetH d = GDALCreate(GDALGetDriverByName("GTiff"), path.c_str(), r.nx, r.ny, r.bands, r.type, nullptr);
  if (!r.transform.empty()) GDALSetGeoTransform(d, r.transform.data());
  if (r.epsg) {
    OGRSpatialReferenceH srs = OSRNewSpatialReference(nullptr);
    OSRImportFromEPSG(srs, r.epsg);
    GDALSetSpatialRef(d, srs);
    OSRDestroySpatialReference(srs);
  }
  if (r.values.empty()) {
    for (int i = 0; i < r.nx * r.ny; ++i) r.values.push_back(static_cast<float>(i));
  }
  for (int b = 1; b <= r.bands; ++b) {
    BOOST_REQUIRE(GDALRasterIO(GDALGetRasterBand(d, b), GF_Write, 0, 0, r.nx, r.ny, r.values.data(), r.nx, r.ny, GDT_Float32, 0, 0) == CE_None);
  }
  r.finish(d);
  GDALClose(d);
  return path;
}

}  // namespace
BOOST_AUTO_TEST_SUITE(geotiff_reader_)

BOOST_AUTO_TEST_CASE(bands_carry_quantity_unit_nodata_scale_and_time) {
  Raster r;
  r.bands = 2;
  r.type = GDT_Int16;
  r.finish = [](GDALDatasetH d) {
    GDALRasterBandH b = GDALGetRasterBand(d, 1);
    GDALSetDescription(b, "precipitation_amount");
    GDALSetRasterUnitType(b, "cm");
    GDALSetRasterNoDataValue(b, 3);
    GDALSetRasterScale(b, 0.1);
    GDALSetRasterOffset(b, 1);
    GDALSetMetadataItem(b, "TIME", "2020-06-01T12:00:00Z", nullptr);
  };
  const FileFields file = read_file(write(r));
  BOOST_REQUIRE(file.fields.size() == 2U);
  const Field& f = file.fields[0];
  BOOST_TEST((f.meta.quantity == quantities::precipitation_amount()));
  BOOST_TEST(to_iso(f.meta.valid.end) == "2020-06-01T12:00:00Z");
  BOOST_TEST(std::abs(f.view()(0, 2) - 12.0F) < 1e-5F);  // (2 * 0.1 + 1) cm
  BOOST_TEST(std::isnan(f.view()(0, 3)));
  BOOST_TEST(f.grid().is_latlon());
  BOOST_TEST(f.grid().x(0) == 100.25);
  BOOST_TEST(f.grid().y(0) == 29.75);
  BOOST_TEST(file.fields[1].meta.quantity.name == "band_2");
}

BOOST_AUTO_TEST_CASE(south_first_rows_turn_over) {
  Raster r;
  r.transform = {100, 0.5, 0, 28.5, 0, 0.5};
  const Field f = std::move(read_file(write(r)).fields.at(0));
  BOOST_TEST(f.grid().y(0) == 29.75);
  BOOST_TEST(f.view()(0, 0) == 8.0F);
  BOOST_TEST(f.view()(2, 0) == 0.0F);
}

BOOST_AUTO_TEST_CASE(longitudes_over_180_become_negative_and_a_whole_circle_turns) {
  Raster r;
  r.nx = 4;
  r.transform = {0, 90, 0, 90, 0, -60};  // centres 45, 135, 225, 315
  const Field f = std::move(read_file(write(r)).fields.at(0));
  BOOST_TEST(f.grid().x(0) == -135.0);
  BOOST_TEST(f.view()(0, 0) == 2.0F);
  BOOST_TEST(f.view()(0, 2) == 0.0F);
  r.transform = {200, 0.5, 0, 30, 0, -0.5};
  BOOST_TEST(read_file(write(r)).fields.at(0).grid().x(0) == -159.75);
}

BOOST_AUTO_TEST_CASE(a_projected_raster_keeps_its_crs) {
  Raster r;
  r.epsg = 32650;
  r.transform = {500000, 1000, 0, 3000000, 0, -1000};
  const Field f = std::move(read_file(write(r)).fields.at(0));
  BOOST_TEST(f.grid().crs().find("utm") != std::string::npos);
  BOOST_TEST(f.grid().x(0) == 500500.0);
}

BOOST_AUTO_TEST_CASE(a_raster_without_place_is_refused_with_a_remedy) {
  Raster r;
  r.epsg = 0;
  says(write(r), "no CRS");
  r.epsg = 4326;
  r.transform = {100, 0.5, 0.1, 30, 0, -0.5};
  says(write(r), "rotated");
  r.transform.clear();
  says(write(r), "georeference");
}

BOOST_AUTO_TEST_SUITE_END()
