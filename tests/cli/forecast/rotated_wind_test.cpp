#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <sstream>

#include "ingest/reader.h"
#include "tests/cli/guyu_run.h"
#include "tests/support/grib_writer.h"
#include "tests/support/netcdf_writer.h"
#include "tests/support/rotated_pole.h"

// Wind of 3 m/s to the east and 4 m/s to the north everywhere, given along the axes of a rotated grid whose north lies some ten degrees off.
namespace guyu::test {
namespace {

constexpr long kNx = 41, kNy = 31;
constexpr double kRotatedWest = 12, kSouth = -3, kCell = 0.1;
const RotatedPole kPole{{110, -52}};  // the turned equator crosses 110 E at 38 N

// Components along the grid, rows from the south.
std::vector<double> component(bool x) {
  std::vector<double> values;
  for (long j = 0; j < kNy; ++j) {
    for (long i = 0; i < kNx; ++i) {
      const double turn = kPole.north_at(kPole.place({kRotatedWest + kCell * static_cast<double>(i), kSouth + kCell * static_cast<double>(j)}));
      values.push_back(x ? 3 * std::cos(turn) - 4 * std::sin(turn) : 3 * std::sin(turn) + 4 * std::cos(turn));
    }
  }
  return values;
}

std::string grib(const std::string& folder, int edition, bool along_grid) {
  const std::string path = folder + "/wind.grib";
  const GribKeys when = edition == 1 ? GribKeys{{"dataDate", 20240229L}, {"dataTime", 1200L}, {"P1", 6L}}
                                     : GribKeys{{"dataDate", 20240229L}, {"dataTime", 1200L}, {"forecastTime", 6L}};
  for (const bool x : {true, false}) {
    append_grib(path, edition,
                latlon_keys("rotated_ll", kNx, kNy, kRotatedWest, kSouth, kCell) +
                    GribKeys{{"latitudeOfSouthernPoleInDegrees", kPole.south.lat}, {"longitudeOfSouthernPoleInDegrees", kPole.south.lon}} +
                    wind_keys(edition, x, along_grid) + when,
                along_grid ? component(x) : std::vector<double>(kNx * kNy, x ? 3.0 : 4.0));
  }
  return path;
}

std::string netcdf(const std::string& folder, const std::string& x_name, const std::string& y_name) {
  const std::string path = folder + "/wind.nc";
  NetcdfWriter w(path);
  const int t = w.axis("time", "time", "hours since 2024-02-29 12:00:00", 1), y = w.axis("rlat", "grid_latitude", "degrees", kNy),
            x = w.axis("rlon", "grid_longitude", "degrees", kNx), reference = w.variable("reference", NC_DOUBLE, {}),
            height = w.variable("height", NC_DOUBLE, {}), mapping = w.variable("rotated_pole", NC_INT, {});
  w.text(reference, "standard_name", "forecast_reference_time");
  w.text(reference, "units", "hours since 2024-02-29 12:00:00");
  w.text(height, "standard_name", "height");
  w.text(height, "units", "m");
  w.text(mapping, "grid_mapping_name", "rotated_latitude_longitude");
  w.number(mapping, "grid_north_pole_latitude", NC_DOUBLE, {-kPole.south.lat});
  w.number(mapping, "grid_north_pole_longitude", NC_DOUBLE, {kPole.south.lon - 180});
  std::vector<int> of;
  for (const std::string& name : {x_name, y_name}) {
    of.push_back(w.variable(name == x_name ? "u" : "v", NC_FLOAT, {t, y, x}));
    w.text(of.back(), "standard_name", name);
    w.text(of.back(), "units", "m s-1");
    w.text(of.back(), "grid_mapping", "rotated_pole");
    w.text(of.back(), "coordinates", "height reference");
  }
  std::vector<double> rows, columns;
  for (long j = 0; j < kNy; ++j) rows.push_back(kSouth + kCell * static_cast<double>(j));
  for (long i = 0; i < kNx; ++i) columns.push_back(kRotatedWest + kCell * static_cast<double>(i));
  w.put("time", {6});
  w.put("rlat", rows);
  w.put("rlon", columns);
  w.put(reference, {0});
  w.put(height, {10});
  w.put(of[0], component(true));
  w.put(of[1], component(false));
  return path;
}

// A township in the middle of the grid.
std::string rotated_town(const std::string& folder) {
  const LonLat at = kPole.place({kRotatedWest + 2, kSouth + 1.5});
  std::ostringstream ring;
  for (const auto& [dx, dy] : {std::pair{-0.2, -0.2}, {0.2, -0.2}, {0.2, 0.2}, {-0.2, 0.2}, {-0.2, -0.2}})
    ring << (ring.str().empty() ? "" : ",") << '[' << at.lon + dx << ',' << at.lat + dy << ']';
  const std::string path = folder + "/towns.geojson";
  write_file_atomically(path,
                        R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"1"},"geometry":{"type":"Polygon","coordinates":[[)" +
                            ring.str() + "]]}}]}");
  return path;
}

// The last value of each quantity's line in the CSV.
double told_in_csv(const std::string& csv, const std::string& quantity) {
  std::istringstream in(read_text_file(csv));
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> cells;
    std::istringstream parts(line);
    for (std::string cell; std::getline(parts, cell, ',');) cells.push_back(cell);
    if (cells.size() > 8 && cells[2] == quantity) return std::stod(cells[8]);
  }
  return NAN;
}

// Through both verbs.
void gives_the_true_wind(const std::string& folder, const std::string& file) {
  BOOST_REQUIRE(guyu_run({"forecast", file, "--regions", rotated_town(folder), "--code", "code", "--variables", "wind_speed@10 m,wind_from_direction@10 m",
                          "--out", folder + "/f.nc", "--csv", folder + "/f.csv"}) == 0);
  BOOST_TEST(told_in_csv(folder + "/f.csv", "wind_speed") == 5, boost::test_tools::tolerance(1e-3));
  BOOST_TEST(told_in_csv(folder + "/f.csv", "wind_from_direction") == 180 + std::atan2(3, 4) * 180 / std::numbers::pi, boost::test_tools::tolerance(1e-3));
  const LonLat at = kPole.place({kRotatedWest + 2, kSouth + 1.5});
  std::ostringstream box;
  box << at.lon - 0.3 << ',' << at.lat - 0.3 << ',' << at.lon + 0.3 << ',' << at.lat + 0.3;
  BOOST_REQUIRE(guyu_run({"downscale", file, "--bbox", box.str(), "--spacing", "0.02", "--variables", "eastward_wind@10 m,northward_wind@10 m", "--out",
                          folder + "/g.nc"}) == 0);
  const FileFields fine = read_file(folder + "/g.nc");
  BOOST_REQUIRE(fine.fields.size() == 2U);
  for (const Field& f : fine.fields) {
    const double wanted = f.meta.quantity.name == "eastward_wind" ? 3 : 4;
    const FieldStatistics s = statistics(f.view());
    BOOST_TEST(s.missing == 0);
    BOOST_TEST(s.min == wanted, boost::test_tools::tolerance(2e-3));
    BOOST_TEST(s.max == wanted, boost::test_tools::tolerance(2e-3));
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rotated_wind)

BOOST_AUTO_TEST_CASE(grib_wind_along_a_rotated_grid_comes_out_to_east_and_north) {
  for (const int edition : {1, 2}) {
    for (const bool along_grid : {true, false}) {
      const std::string folder = temporary_folder("rotated-wind");
      BOOST_TEST_CONTEXT("edition " << edition << ", along the grid " << along_grid) gives_the_true_wind(folder, grib(folder, edition, along_grid));
    }
  }
}

BOOST_AUTO_TEST_CASE(netcdf_wind_along_a_rotated_grid_does_by_both_of_its_names) {
  for (const auto& [x, y] : {std::pair{"grid_eastward_wind", "grid_northward_wind"}, {"x_wind", "y_wind"}}) {
    const std::string folder = temporary_folder("rotated-wind");
    gives_the_true_wind(folder, netcdf(folder, x, y));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu::test
