#include <eccodes.h>
#include <gdal.h>
#include <ogr_srs_api.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <functional>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/region/region_set.h"
#include "ingest/pup_storm_reader.h"
#include "ingest/reader.h"
#include "tests/ingest/bufr_sample.h"
#include "tests/ingest/pup_sample.h"
#include "tests/support/hdf5_writer.h"
#include "tests/support/netcdf_writer.h"
#include "tests/support/test_data.h"

// Damaged files must end in an Error or in fields, never in a crash, a hang or an allocation out of proportion (the dev preset adds the
// sanitizers). Every damage is a function of the format and a number, so that a failure repeats.
// Whole stacks, so that the suppressions see which library allocated.
extern "C" const char* __asan_default_options() { return "allocator_may_return_null=1:fast_unwind_on_malloc=0"; }
extern "C" const char* __lsan_default_suppressions() {  // libraries keep what they had built of a damaged file
  return "leak:libeccodes\nleak:libnetcdf\nleak:libhdf5\nleak:libgdal\nleak:libopenjp2\n";
}

using namespace guyu;
namespace fs = std::filesystem;
namespace {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ULL + 1) {}
  std::uint64_t operator()(std::uint64_t below) {  // xorshift64*
    state_ ^= state_ >> 12, state_ ^= state_ << 25, state_ ^= state_ >> 27;
    return (state_ * 0x2545f4914f6cdd1dULL >> 11) % below;
  }

 private:
  std::uint64_t state_;
};

std::string damaged(const std::string& whole, std::uint64_t k) {
  Random random(k);
  std::string s = whole;
  const std::size_t head = std::min<std::size_t>(s.size(), 2048);  // the structure, mostly
  switch (k % 6) {
    case 0: s.resize(random(s.size())); break;
    case 1: s[random(head)] = static_cast<char>(random(256)); break;
    case 2:
      for (int i = 0; i < 8; ++i) s[random(head)] ^= static_cast<char>(1U << random(8));
      break;
    case 3:
      for (int i = 0; i < 4; ++i) s[random(s.size())] = static_cast<char>(random(256));
      break;
    case 4: {  // a number becomes huge or zero
      const std::size_t at = random(head);
      for (std::size_t i = at; i < std::min(at + 4, s.size()); ++i) s[i] = random(2) ? '\xff' : '\0';
      break;
    }
    default: {  // a piece is lost or doubled
      const std::size_t at = random(s.size()), n = 1 + random(64);
      if (random(2)) s.erase(at, n);
      else s.insert(at, s.substr(at, n));
    }
  }
  return s;
}

// Reads every damaged form; returns how many were refused.
template <typename Read>
std::size_t survive(const std::string& whole, const std::string& name, std::uint64_t variants, const Read& read) {
  const std::string path = test::temporary_folder("fuzz") + "/" + name;
  std::size_t refused = 0;
  for (std::uint64_t k = 0; k < variants; ++k) {
    std::ofstream(path, std::ios::binary) << damaged(whole, k);
    try {
      read(path);
    } catch (const Error& e) {
      ++refused;
      BOOST_TEST_CONTEXT(name << " variant " << k << ": " << e.what()) BOOST_TEST(std::string(e.what()).find(name) != std::string::npos);
    }
  }
  BOOST_TEST_MESSAGE(name << ": " << refused << " of " << variants << " refused");
  return refused;
}

std::size_t survive_as_grid(const std::string& whole, const std::string& name, std::uint64_t variants = 400) {
  return survive(whole, name, variants, [](const std::string& path) {
    const Reader& r = reader_for(path);
    if (!r.stations(path)) read_file(path);
  });
}

std::string made(const std::string& name, const std::function<void(const std::string&)>& write) {
  const std::string path = test::temporary_folder("whole") + "/" + name;
  write(path);
  return read_text_file(path);
}

std::vector<double> ramp(std::size_t n) {
  std::vector<double> v(n);
  for (std::size_t i = 0; i < n; ++i) v[i] = static_cast<double>(i % 200);
  return v;
}

}  // namespace
BOOST_AUTO_TEST_SUITE(reader_mutation)

BOOST_AUTO_TEST_CASE(grib) {
  for (const char* kind : {"GRIB1", "GRIB2", "reduced_gg_sfc_grib2", "rotated_ll_sfc_grib2"}) {
    for (const char* packing : {"grid_simple", "grid_second_order", "grid_jpeg", "grid_png", "grid_ccsds", "grid_complex"}) {
      codes_handle* h = codes_grib_handle_new_from_samples(nullptr, kind);
      if (!h) continue;
      std::size_t n = 0, length = std::string(packing).size();
      codes_get_size(h, "values", &n);
      codes_set_long(h, "bitsPerValue", 12);
      codes_set_double_array(h, "values", ramp(n).data(), n);
      if (codes_set_string(h, "packingType", packing, &length) == 0) {
        const std::string whole = made("whole.grib", [&](const std::string& path) { codes_write_message(h, path.c_str(), "w"); });
        survive_as_grid(whole, std::string(kind) + "-" + packing + ".grib", 120);
      }
      codes_handle_delete(h);
    }
  }
}

BOOST_AUTO_TEST_CASE(odim_and_knmi) {
  const std::string odim = made("odim.h5", [](const std::string& path) {
    test::Hdf5Writer w(path);
    w.text("/", "Conventions", "ODIM_H5/V2_2");
    w.text("/what", "object", "COMP"), w.text("/what", "date", "20180824"), w.text("/what", "time", "180000");
    w.text("/where", "projdef", "+proj=laea +lat_0=55 +lon_0=10 +ellps=WGS84");
    for (const auto& [key, v] : {std::pair{"xsize", 20.0}, {"ysize", 10.0}, {"xscale", 1000.0}, {"yscale", 1000.0}, {"UL_lon", 10.0}, {"UL_lat", 55.0}})
      w.number("/where", key, v);
    w.text("/dataset1/data1/what", "quantity", "RATE");
    w.plane("/dataset1/data1", "data", 10, 20, ramp(200), H5T_STD_U8LE);
  });
  survive_as_grid(odim, "odim.h5");
  const std::string knmi = made("knmi.h5", [](const std::string& path) {
    test::Hdf5Writer w(path);
    w.text("/overview", "product_datetime_start", "26-AUG-2010;11:55:00.000"), w.text("/overview", "product_datetime_end", "26-AUG-2010;12:00:00.000");
    w.number("/geographic", "geo_number_columns", 20), w.number("/geographic", "geo_number_rows", 10);
    w.number("/geographic", "geo_pixel_size_x", 1), w.number("/geographic", "geo_pixel_size_y", -1);
    w.numbers("/geographic", "geo_product_corners", {0, 49.362, 0, 55.974, 10.856, 55.389, 9.009, 48.895});
    w.text("/geographic/map_projection", "projection_proj4_params", "+proj=stere +lat_0=90 +lon_0=0 +lat_ts=60 +a=6378.137 +b=6356.752");
    w.text("/image1", "image_geo_parameter", "ACCUMULATED_PRECIPITATION_[MM]");
    w.text("/image1/calibration", "calibration_formulas", "GEO=0.01*PV+0.0");
    w.plane("/image1", "image_data", 10, 20, ramp(200), H5T_STD_U16LE);
  });
  survive_as_grid(knmi, "knmi.h5");
}

BOOST_AUTO_TEST_CASE(netcdf) {
  for (const int mode : {NC_CLOBBER, NC_CLOBBER | NC_64BIT_OFFSET, NC_CLOBBER | NC_NETCDF4}) {
    const std::string whole = made("file.nc", [&](const std::string& path) {
      test::NetcdfWriter w(path, mode);
      const int t = w.axis("time", "time", "hours since 2020-06-01", 2), y = w.axis("y", "projection_y_coordinate", "km", 10),
                x = w.axis("x", "projection_x_coordinate", "km", 20);
      const int v = w.variable("rain", NC_SHORT, {t, y, x}), m = w.variable("crs", NC_INT, {});
      w.text(v, "standard_name", "rainfall_rate"), w.text(v, "units", "mm h-1"), w.text(v, "grid_mapping", "crs"), w.number(v, "scale_factor", NC_FLOAT, {0.1});
      w.text(m, "grid_mapping_name", "lambert_azimuthal_equal_area"), w.number(m, "latitude_of_projection_origin", NC_DOUBLE, {50});
      w.put("time", {1, 2}), w.put("y", {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}), w.put("x", ramp(20)), w.put(v, ramp(400));
    });
    survive_as_grid(whole, "mode" + std::to_string(mode) + ".nc");
  }
}

BOOST_AUTO_TEST_CASE(geotiff) {
  GDALAllRegister();
  const std::string whole = made("raster.tif", [](const std::string& path) {
    GDALDatasetH d = GDALCreate(GDALGetDriverByName("GTiff"), path.c_str(), 20, 10, 2, GDT_Int16, nullptr);
    double transform[] = {100, 0.5, 0, 30, 0, -0.5};
    GDALSetGeoTransform(d, transform);
    OGRSpatialReferenceH srs = OSRNewSpatialReference(nullptr);
    OSRImportFromEPSG(srs, 4326);
    GDALSetSpatialRef(d, srs);
    OSRDestroySpatialReference(srs);
    std::vector<double> v = ramp(200);
    for (int b = 1; b <= 2; ++b) {
      BOOST_REQUIRE(GDALRasterIO(GDALGetRasterBand(d, b), GF_Write, 0, 0, 20, 10, v.data(), 20, 10, GDT_Float64, 0, 0) == CE_None);
    }
    GDALClose(d);
  });
  survive_as_grid(whole, "raster.tif");
}

BOOST_AUTO_TEST_CASE(micaps) {
  std::string grid = "diamond 4 rain\n 2017 03 31 08 24 500\n 0.5 -0.5 110 119.5 30 25.5 20 10\n 4 0 100 0 0\n",
              stations = "diamond 3 x\n17 03 31 15 -1\n0\n1 25 0\n1 20\n";
  for (const double v : ramp(200)) grid += std::to_string(v) + " ";
  for (int k = 0; k < 20; ++k) stations += std::to_string(58000 + k) + " 115.9 28.5 1 14.4\n";
  survive_as_grid(grid, "grid.000");
  survive_as_grid(stations, "stations.000");
}

BOOST_AUTO_TEST_CASE(tables_of_stations) {
  std::string table = "code,lon,lat,elevation,time,rain_1h [mm],temperature [degC]\n";
  for (int k = 0; k < 20; ++k) table += std::to_string(58000 + k) + ",115.9,28.5,30,2021-07-20T03:00:00Z,14.4,25.5\n";
  survive_as_grid(table, "gauges.csv");
  const std::string series = made("gauges.nc", [](const std::string& path) {
    test::NetcdfWriter w(path, NC_CLOBBER);
    const int s = w.dim("station", 20), t = w.axis("time", "time", "hours since 2020-06-01", 10);
    const int lon = w.variable("lon", NC_DOUBLE, {s}), lat = w.variable("lat", NC_DOUBLE, {s}), v = w.variable("rain", NC_SHORT, {s, t});
    w.text(v, "standard_name", "rainfall_amount"), w.text(v, "units", "mm"), w.number(v, "scale_factor", NC_FLOAT, {0.1});
    w.put("time", ramp(10)), w.put(lon, ramp(20)), w.put(lat, ramp(20)), w.put(v, ramp(200));
  });
  survive_as_grid(series, "gauges.nc");
}

BOOST_AUTO_TEST_CASE(bufr) {
  for (const bool compressed : {false, true}) {
    const std::string whole = test::bufr_message(std::vector<test::BufrStation>(12), compressed);
    survive_as_grid(whole, compressed ? "compressed.bufr" : "plain.bufr");
  }
}

BOOST_AUTO_TEST_CASE(pup) {
  const std::vector<std::vector<int>> rows(20, {0xf1, 0x42, 0x10});
  survive_as_grid(read_text_file(test::pup_raster_file(37, {0x8002, 0x0205, 0x020a}, rows)), "raster.37");
  const std::string storms =
      read_text_file(test::pup_storm_file({{"T4", 33, -513, "176/129    58/  9     179/132    1.8/ 1.3"}, {"B9", -45, -530, "185/133     NEW"}}, 2));
  survive(storms, "storms.58", 400, [](const std::string& path) { read_radar_storms(path); });
}

BOOST_AUTO_TEST_CASE(regions) {
  const auto read = [](const std::string& path) { read_regions({path, "", "code", "", "", ""}); };
  std::string json = R"({"type":"FeatureCollection","features":[)";
  for (int k = 0; k < 20; ++k) {
    json += (k ? "," : "") + std::string(R"({"type":"Feature","properties":{"code":")") + std::to_string(k) +
            R"("},"geometry":{"type":"Polygon","coordinates":[[[)" + std::to_string(k) + R"(,0],[9,9],[0,9],[)" + std::to_string(k) + R"(,0]]]}})";
  }
  survive(json + "]}", "towns.geojson", 300, read);
  const std::string package = made("towns.gpkg", [&](const std::string& path) {
    GDALAllRegister();
    std::ofstream(path + ".geojson") << json << "]}";
    const GDALDatasetH from = GDALOpenEx((path + ".geojson").c_str(), GDAL_OF_VECTOR, nullptr, nullptr, nullptr);
    const GDALDatasetH to = GDALCreate(GDALGetDriverByName("GPKG"), path.c_str(), 0, 0, 0, GDT_Unknown, nullptr);
    BOOST_REQUIRE(GDALDatasetCopyLayer(to, GDALDatasetGetLayer(from, 0), "towns", nullptr));
    GDALClose(to);
    GDALClose(from);
  });
  survive(package, "towns.gpkg", 150, read);
}

BOOST_AUTO_TEST_CASE(real_files) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  for (const char* file : {"/radar/polar/40_20181220_060630.pvol.h5", "/reference/improver/regrid/global_cutout.nc",
                           "/gauge/openmrg/OpenMRG/openmrg_rad_5min_2h.nc", "/nwp/grib_edge_cases/regular_ll_sfc.grib", "/nwp/grib_edge_cases/reduced_gg.grib",
                           "/nwp/grib_edge_cases/hpa_and_pa.grib", "/nwp/grib_edge_cases/cfrzr_and_cprat_0s.grib", "/nwp/micaps/data.txt",
                           "/nwp/grib2_with_answers/Z__C_RJTD_20160822020000_NOWC_GPV_Ggis10km_Pphw10_FH0000-0100_grib2.bin"}) {
    if (!fs::exists(data + file)) continue;
    survive_as_grid(read_text_file(data + file), fs::path(file).filename().string(), 60);
  }
}

BOOST_AUTO_TEST_SUITE_END()
