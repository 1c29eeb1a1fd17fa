#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/error.h"
#include "ingest/reader.h"
#include "tests/support/hdf5_writer.h"
#include "tests/support/test_data.h"

using namespace guyu;
using test::Hdf5Writer;
namespace {

struct Product {
  std::string parameter = "ACCUMULATED_PRECIPITATION_[MM]", formula = "GEO=0.01*PV+0.0", start = "26-AUG-2010;11:55:00.000";
};

std::string write(const Product& p) {
  const std::string path = test::temporary_folder("knmi") + "/product.h5";
  Hdf5Writer w(path);
  w.text("/overview", "product_datetime_start", p.start);
  w.text("/overview", "product_datetime_end", "26-AUG-2010;12:00:00.000");
  w.number("/geographic", "geo_number_columns", 3), w.number("/geographic", "geo_number_rows", 2);
  w.number("/geographic", "geo_pixel_size_x", 1), w.number("/geographic", "geo_pixel_size_y", -1);
  w.number("/geographic", "geo_column_offset", 0), w.number("/geographic", "geo_row_offset", 3650);
  w.text("/geographic", "geo_dim_pixel", "KM,KM");
  w.numbers("/geographic", "geo_product_corners", {0, 49.362, 0, 55.974, 10.856, 55.389, 9.009, 48.895});
  w.text("/geographic/map_projection", "projection_proj4_params", "+proj=stere +lat_0=90 +lon_0=0.0 +lat_ts=60.0 +a=6378.137 +b=6356.752 +x_0=0 +y_0=0");
  w.text("/image1", "image_geo_parameter", p.parameter);
  w.text("/image1/calibration", "calibration_formulas", p.formula);
  w.number("/image1/calibration", "calibration_missing_data", 65535), w.number("/image1/calibration", "calibration_out_of_image", 65535);
  w.plane("/image1", "image_data", 2, 3, {0, 1, 65535, 250, 4000, 65534}, H5T_STD_U16LE);
  return path;
}

}  // namespace
BOOST_AUTO_TEST_SUITE(knmi_reader_)

BOOST_AUTO_TEST_CASE(amounts_are_calibrated_and_outside_is_missing_not_dry) {
  const Field f = std::move(read_file(write({})).fields.at(0));
  BOOST_TEST((f.meta.quantity == quantities::precipitation_amount()));
  BOOST_TEST((f.meta.kind == TimeKind::accumulation));
  BOOST_TEST(to_iso(f.meta.valid.begin) == "2010-08-26T11:55:00Z");
  BOOST_TEST(to_iso(f.meta.valid.end) == "2010-08-26T12:00:00Z");
  BOOST_TEST(f.view()(0, 0) == 0.0F);
  BOOST_TEST(f.view()(0, 1) == 0.01F);
  BOOST_TEST(std::isnan(f.view()(0, 2)));
  BOOST_TEST(f.view()(1, 1) == 40.0F);
  // kilometres in the file, metres here
  BOOST_TEST(f.grid().dx() == 1000.0);
  BOOST_TEST(f.grid().x(0) == 500.0);
  BOOST_TEST(f.grid().y(0) == -3650500.0);
  BOOST_TEST(f.grid().crs().find("+a=6378137.000") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(reflectivity_is_an_instant) {
  const Field f = std::move(read_file(write({"REFLECTIVITY_[DBZ]", "GEO = 0.5 * PV + -32.0", "26-AUG-2010;11:55:00.000"})).fields.at(0));
  BOOST_TEST((f.meta.quantity == quantities::reflectivity()));
  BOOST_TEST((f.meta.kind == TimeKind::instant));
  BOOST_TEST(f.view()(0, 0) == -32.0F);
}

BOOST_AUTO_TEST_CASE(an_unknown_calibration_time_or_empty_interval_is_named) {
  for (const Product& p : {Product{"ACCUMULATED_PRECIPITATION_[MM]", "GEO=LOG(PV)", "26-AUG-2010;11:55:00.000"},
                           Product{"ACCUMULATED_PRECIPITATION_[MM]", "GEO=0.01*PV+0.0", "26-AUG-2010;12:00:00.000"},
                           Product{"ACCUMULATED_PRECIPITATION_[MM]", "GEO=0.01*PV+0.0", "yesterday"}}) {
    BOOST_CHECK_EXCEPTION(read_file(write(p)), Error, [](const Error& e) { return std::string(e.what()).find("product.h5") != std::string::npos; });
  }
}

BOOST_AUTO_TEST_CASE(real_frames_agree_with_numbers_taken_by_another_reader) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  const Field f = std::move(read_file(data + "/radar/knmi_20100826/RAD_NL25_RAP_5min_201008260000.h5").fields.at(0));
  const auto s = statistics(f.view());
  BOOST_TEST(s.missing == 398271);  // h5py: raw == 65535
  BOOST_TEST(std::abs(s.mean - 0.033261) < 1e-6);
  BOOST_TEST(std::abs(s.max - 0.72) < 1e-6);
}

BOOST_AUTO_TEST_SUITE_END()
