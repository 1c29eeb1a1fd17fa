#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "ingest/projection.h"
#include "ingest/reader.h"
#include "tests/support/grib_writer.h"
#include "tests/support/rotated_pole.h"
#include "tests/support/test_data.h"

namespace guyu::test {
namespace {

GribKeys rotated_keys(const RotatedPole& pole, double west, double south) {
  GribKeys keys = latlon_keys("rotated_ll", 9, 7, west, south, 0.5) +
                  GribKeys{{"latitudeOfSouthernPoleInDegrees", pole.south.lat}, {"longitudeOfSouthernPoleInDegrees", pole.south.lon}};
  if (pole.angle != 0) keys.push_back({"angleOfRotationInDegrees", pole.angle});
  return keys;
}

std::vector<double> counted() {
  std::vector<double> v(63);
  for (std::size_t k = 0; k < v.size(); ++k) v[k] = static_cast<double>(k);
  return v;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(grib_rotated)

// Editions 1 and 2, with and without an angle of rotation, near the turned equator, near the turned pole and across 180 degrees of turned longitude.
BOOST_AUTO_TEST_CASE(cells_lie_where_turned_vectors_put_them) {
  for (const int edition : {1, 2}) {
    for (const RotatedPole& pole : {RotatedPole{{18, -39.25}}, RotatedPole{{-114.694, -36.088}}, RotatedPole{{18, -39.25}, 25}, RotatedPole{{0, -90}, -40}}) {
      for (const LonLat corner : {LonLat{-5, -5}, LonLat{30, 86.5}, LonLat{177.5, 20}}) {
        const std::string path = temporary_folder("grib-rotated") + "/f.grib";
        append_grib(path, edition, rotated_keys(pole, corner.lon, corner.lat) + wind_keys(edition, true, false), counted());
        const Field f = std::move(read_file(path).fields.at(0));
        BOOST_TEST_CONTEXT("edition " << edition << ", angle " << pole.angle << ", corner " << corner.lon << " " << corner.lat << ", " << f.grid().crs()) {
          BOOST_TEST(!f.grid().is_latlon());
          for (const auto& [row, column] : {std::pair{0, 0}, {6, 8}, {3, 4}}) {
            const LonLat there = pole.place({corner.lon + 0.5 * column, corner.lat + 0.5 * (6 - row)});
            const Coordinates c = project(f.grid().crs(), there.lon, there.lat);
            BOOST_TEST(std::abs(std::remainder(c.x - f.grid().x(column), 360.0)) * std::cos(f.grid().y(row) * std::numbers::pi / 180) < 1e-6);
            BOOST_TEST(std::abs(c.y - f.grid().y(row)) < 1e-6);
            BOOST_TEST(f.view()(row, column) == static_cast<float>(9 * (6 - row) + column), boost::test_tools::tolerance(1e-3F));
          }
        }
      }
    }
  }
}

// A pole has six decimals in edition 2: 0.0005 degrees are more than fifty metres.
BOOST_AUTO_TEST_CASE(a_pole_keeps_all_its_digits) {
  const RotatedPole pole{{-114.694858, -36.088521}};
  const std::string path = temporary_folder("grib-rotated") + "/f.grib2";
  append_grib(path, 2, rotated_keys(pole, -2, -1) + wind_keys(2, true, false), counted());
  const Field f = std::move(read_file(path).fields.at(0));
  const LonLat there = pole.place({-2, -1});
  const Coordinates c = project(f.grid().crs(), there.lon, there.lat);
  BOOST_TEST(std::abs(c.x - f.grid().x(0)) < 1e-7);
  BOOST_TEST(std::abs(c.y - f.grid().y(6)) < 1e-7);
}

BOOST_AUTO_TEST_CASE(the_flag_tells_wind_along_the_grid_from_wind_to_east_and_north) {
  for (const int edition : {1, 2}) {
    const std::string folder = temporary_folder("grib-rotated-wind");
    const auto name = [&](const GribKeys& grid, bool x, bool along_grid, std::size_t cells) {
      const std::string path = folder + "/" + std::to_string(x) + std::to_string(along_grid) + std::to_string(cells);
      append_grib(path, edition, grid + wind_keys(edition, x, along_grid), std::vector<double>(cells, 1.0));
      const FieldMeta meta = read_file(path).fields.at(0).meta;
      BOOST_TEST(meta.level == "10 m");
      return meta.quantity.name;
    };
    const GribKeys rotated = rotated_keys({{18, -39.25}}, -5, -5), plain = latlon_keys("regular_ll", 4, 4, 10, 50, 1);
    BOOST_TEST(name(rotated, true, true, 63) == "x_wind");
    BOOST_TEST(name(rotated, false, true, 63) == "y_wind");
    BOOST_TEST(name(rotated, true, false, 63) == "eastward_wind");
    BOOST_TEST(name(rotated, false, false, 63) == "northward_wind");
    BOOST_TEST(name(plain, true, true, 16) == "eastward_wind");  // there the two are one
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu::test
