#include "products/grid_grib2.h"

#include <gdal_priv.h>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <limits>
#include <memory>
#include <vector>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "products/grib2_parameter.h"
#include "tests/support/test_data.h"

using namespace guyu;
namespace fs = std::filesystem;

namespace {
const TimePoint kRun = parse_time("2026-07-01T12:00:00Z");

Field temperature(const Grid& grid) {
  Field f(grid, {*find_quantity("air_temperature"), TimeKind::instant, {kRun + Seconds(3600), kRun + Seconds(3600)}, kRun, "2 m", {}, "", ""});
  for (std::size_t k = 0; k < f.values().size(); ++k) f.values()[k] = 280 + 0.013F * static_cast<float>(k);
  return f;
}
void write_one(const std::string& path, const Field& f, Grib2Options options = {}) {
  GridGrib2Writer writer(path, options);
  writer.write(f);
  writer.close();
}
const Grid kPlain("+proj=longlat +datum=WGS84 +no_defs", 110, 30, 0.5, 0.25, 4, 3);
}  // namespace

BOOST_AUTO_TEST_SUITE(grid_grib2)

BOOST_AUTO_TEST_CASE(the_same_fields_give_the_same_bytes_and_every_message_has_its_marks) {
  const std::string folder = test::temporary_folder("grib2");
  write_one(folder + "/a.grib2", temperature(kPlain));
  write_one(folder + "/deep/b.grib2", temperature(kPlain));
  const std::string a = read_text_file(folder + "/a.grib2");
  BOOST_TEST((a == read_text_file(folder + "/deep/b.grib2")));
  BOOST_TEST(a.substr(0, 4) == "GRIB");
  BOOST_TEST(a.substr(a.size() - 4) == "7777");
  BOOST_TEST(static_cast<int>(a[7]) == 2);
}

BOOST_AUTO_TEST_CASE(a_writer_that_is_not_closed_leaves_no_file) {
  const std::string folder = test::temporary_folder("grib2-open");
  {
    GridGrib2Writer writer(folder + "/a.grib2");
    writer.write(temperature(kPlain));
  }
  BOOST_TEST(fs::is_empty(folder));
}

BOOST_AUTO_TEST_CASE(a_grid_quantity_or_level_without_a_place_is_refused_by_name) {
  const std::string path = test::temporary_folder("grib2-refused") + "/a.grib2";
  GridGrib2Writer writer(path);
  const auto said = [&](const Field& f) {
    try {
      writer.write(f);
    } catch (const Error& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  BOOST_TEST(said(temperature(Grid("+proj=laea +lat_0=30 +lon_0=110 +datum=WGS84 +units=m", 0, 0, 1000, 1000, 2, 2))).find("lambert_azimuthal_equal_area") !=
             std::string::npos);
  BOOST_TEST(said(temperature(Grid("EPSG:4326", 0, 1, 2, std::vector<double>{10, 9, 7}))).find("not evenly spaced") != std::string::npos);
  Field other = temperature(kPlain);
  other.meta.quantity = {"soil_mood", "1"};
  BOOST_TEST(said(other).find("soil_mood") != std::string::npos);
  BOOST_TEST(said(other).find(path) != std::string::npos);
  Field deep = temperature(kPlain);
  deep.meta.level = "model 17";
  BOOST_TEST(said(deep).find("model 17") != std::string::npos);
  Field along = temperature(kPlain);
  along.meta.quantity = *find_quantity("x_wind");
  BOOST_TEST(said(along).find("eastward") != std::string::npos);
}

// A decoder that shares nothing with ecCodes (GDAL's degrib) finds the same values at the same places.
BOOST_AUTO_TEST_CASE(another_decoder_reads_the_same) {
  GDALAllRegister();
  if (!GetGDALDriverManager()->GetDriverByName("GRIB")) {
    BOOST_TEST_MESSAGE("skipped: this GDAL reads no GRIB");
    return;
  }
  const Grid plane("+proj=lcc +lat_1=30 +lat_2=60 +lat_0=30 +lon_0=110 +R=6371229 +units=m +no_defs", -30000, 20000, 3000, 3000, 12, 9);
  for (const Grid& grid : {kPlain, plane}) {
    const std::string path = test::temporary_folder("grib2-gdal") + "/a.grib2";
    Field f = temperature(grid);
    f.meta.quantity = *find_quantity("wind_speed");
    for (float& v : f.values()) v -= 280;
    write_one(path, f, {.packing = Grib2Options::Packing::simple});
    const std::unique_ptr<GDALDataset> set(static_cast<GDALDataset*>(GDALOpen(path.c_str(), GA_ReadOnly)));
    BOOST_REQUIRE(set);
    BOOST_REQUIRE(set->GetRasterXSize() == grid.nx());
    BOOST_REQUIRE(set->GetRasterYSize() == grid.ny());
    double to_plane[6];
    BOOST_REQUIRE(set->GetGeoTransform(to_plane) == CE_None);
    BOOST_TEST(std::abs(to_plane[0] - grid.x(-0.5)) < 1e-3 * grid.dx());
    BOOST_TEST(std::abs(to_plane[3] - grid.y(-0.5)) < 1e-3 * grid.dy());
    std::vector<float> values(f.values().size());
    const int nx = set->GetRasterXSize(), ny = set->GetRasterYSize();
    BOOST_REQUIRE(set->GetRasterBand(1)->RasterIO(GF_Read, 0, 0, nx, ny, values.data(), nx, ny, GDT_Float32, 0, 0) == CE_None);
    for (std::size_t k = 0; k < values.size(); ++k) BOOST_TEST(std::abs(values[k] - f.values()[k]) < 0.00501F);
  }
}

BOOST_AUTO_TEST_CASE(levels_keep_their_digits) {
  const Grib2Level upper = grib2_level("air_temperature", "850 hPa"), top = grib2_level("air_temperature", "0.5 hPa"), screen = grib2_level("x", "1.5 m");
  BOOST_TEST(upper.type == 100);
  BOOST_TEST(upper.scaled == 85000);
  BOOST_TEST(upper.scale == 0);
  BOOST_TEST(top.scaled == 50);
  BOOST_TEST(screen.type == 103);
  BOOST_TEST(screen.scaled == 15);
  BOOST_TEST(screen.scale == 1);
  BOOST_TEST(grib2_level("air_pressure_at_mean_sea_level", "").type == 101);
  BOOST_CHECK_THROW(grib2_level("x", "high m"), Error);
}

BOOST_AUTO_TEST_CASE(every_quantity_with_a_number_is_known_to_the_engine_in_a_unit_that_converts) {
  for (const std::string& name : grib2_quantities()) {
    const Quantity* known = find_quantity(name);
    BOOST_REQUIRE_MESSAGE(known, name);
    BOOST_TEST(units_convertible(known->unit, grib2_parameter(name)->unit), name);
  }
}

BOOST_AUTO_TEST_SUITE_END()
