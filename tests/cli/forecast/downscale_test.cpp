#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <limits>

#include "engine/core/field_set.h"
#include "ingest/reader.h"
#include "products/grid_grib2.h"
#include "tests/cli/forecast/made_field.h"
#include "tests/cli/guyu_run.h"

namespace guyu::test {
namespace {

const Grid kCoarse("+proj=longlat +datum=WGS84 +no_defs", 109, 32, 0.25, 0.25, 13, 9);
const Grid kGround("+proj=longlat +datum=WGS84 +no_defs", 109.505, 31.495, 0.01, 0.01, 200, 150);

double model_height(double x, double y) { return 800 + 600 * std::sin(3 * x) * std::cos(2 * y); }
double ground_height(double x, double y) { return 900 + 700 * std::sin(11 * x + 4 * y); }

// Two members of six hours: temperature that falls by the standard lapse rate, dry air's pressure, rain as totals of the run, wind from the east.
void write_case(const std::string& folder) {
  GridGrib2Writer ground(folder + "/ground.grib2"), forecast(folder + "/forecast.grib2");
  ground.write(made_field(kGround, "surface_altitude", "surface", 0, 0, {}, ground_height));
  ground.close();
  forecast.write(made_field(kCoarse, "surface_altitude", "surface", 0, 0, {}, model_height));
  for (const int m : {3, 7}) {
    for (const int h : {3, 6}) {
      forecast.write(made_field(kCoarse, "air_temperature", "2 m", h, h, m, [&](double x, double y) { return 290 + m - 0.0065 * model_height(x, y); }));
      forecast.write(made_field(kCoarse, "eastward_wind", "10 m", h, h, m, [](double, double) { return -5; }));
      forecast.write(made_field(kCoarse, "northward_wind", "10 m", h, h, m, [](double, double) { return 0; }));
      forecast.write(made_field(kCoarse, "precipitation_amount", "surface", 0, h, m, [&](double x, double) { return h * (x - 108) + m; }));
    }
  }
  forecast.close();
}

std::vector<std::string> words(const std::string& folder, const std::string& out, const std::vector<std::string>& more = {}) {
  std::vector<std::string> w{"downscale",   folder + "/forecast.grib2",
                             "--elevation", folder + "/ground.grib2",
                             "--bbox",      "110,30.5,111,31",
                             "--variables", "air_temperature@2 m,precipitation_amount@surface,wind_speed@10 m,wind_from_direction@10 m",
                             "--out",       out};
  w.insert(w.end(), more.begin(), more.end());
  return w;
}

FieldSet set_of(const std::string& path) {
  FieldSet set;
  FileFields file = read_file(path);
  BOOST_TEST(file.problems.empty());
  for (Field& f : file.fields) set.insert(std::make_shared<const Field>(std::move(f)));
  return set;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(downscale_verb)

BOOST_AUTO_TEST_CASE(temperature_follows_the_ground_and_rain_comes_in_steps) {
  const std::string folder = temporary_folder("downscale"), out = folder + "/fine.grib2";
  write_case(folder);
  const Said said = guyu_said(words(folder, out, {"--format", "grib2"}));
  BOOST_REQUIRE(said.code == 0);
  BOOST_TEST(said.out.find("16 fields") != std::string::npos, said.out);
  const FieldSet set = set_of(out);
  BOOST_REQUIRE(set.size() == 16);
  double worst = 0;
  for (const int m : {3, 7}) {
    const FieldPtr t = set.at({"air_temperature", "2 m", m, {kMadeRun + Seconds(6 * 3600), kMadeRun + Seconds(6 * 3600)}});
    BOOST_TEST(t->grid().nx() == 100);
    BOOST_TEST(t->grid().ny() == 50);
    for (std::int64_t j = 0; j < 50; ++j)
      for (std::int64_t i = 0; i < 100; ++i)
        worst = std::max(worst, std::abs(static_cast<double>(t->view()(j, i)) -
                                         (290 + m - 0.0065 * ground_height(t->grid().x(static_cast<double>(i)), t->grid().y(static_cast<double>(j))))));
    // Three hours' rain of six is half of it, and the member's constant is in the first step alone.
    const FieldPtr first = set.at({"precipitation_amount", "surface", m, {kMadeRun, kMadeRun + Seconds(3 * 3600)}}),
                   second = set.at({"precipitation_amount", "surface", m, {kMadeRun + Seconds(3 * 3600), kMadeRun + Seconds(6 * 3600)}});
    BOOST_TEST(static_cast<double>(first->view()(7, 9)) == 3 * (first->grid().x(9) - 108) + m, boost::test_tools::tolerance(0.005));
    BOOST_TEST(static_cast<double>(second->view()(7, 9)) == 3 * (first->grid().x(9) - 108), boost::test_tools::tolerance(0.005));
  }
  BOOST_TEST(worst < 0.03);
  const FieldPtr wind = set.at({"wind_speed", "10 m", 3, {kMadeRun + Seconds(3 * 3600), kMadeRun + Seconds(3 * 3600)}}),
                 from = set.at({"wind_from_direction", "10 m", 3, {kMadeRun + Seconds(3 * 3600), kMadeRun + Seconds(3 * 3600)}});
  const FieldStatistics speed = statistics(wind->view()), direction = statistics(from->view());
  BOOST_TEST(speed.min < 4.9);  // valleys
  BOOST_TEST(speed.max > 5.1);  // ridges
  BOOST_TEST(direction.min == 90.0);
  BOOST_TEST(direction.max == 90.0);
}

BOOST_AUTO_TEST_CASE(netcdf_says_the_same_with_the_members_numbers_and_any_number_of_threads_the_same_bytes) {
  const std::string folder = temporary_folder("downscale-nc");
  write_case(folder);
  for (const char* name : {"/a.nc", "/b.nc"}) {
    auto w = words(folder, folder + name);
    w.insert(w.begin(), {"--threads", std::string(name) == "/a.nc" ? "1" : "3"});
    BOOST_REQUIRE(guyu_said(w).code == 0);
  }
  BOOST_TEST((read_text_file(folder + "/a.nc") == read_text_file(folder + "/b.nc")));
  BOOST_REQUIRE(guyu_said(words(folder, folder + "/c.grib2", {"--format", "grib2"})).code == 0);
  const FieldSet netcdf = set_of(folder + "/a.nc"), grib = set_of(folder + "/c.grib2");
  BOOST_TEST(netcdf.size() == grib.size());
  for (const auto& [key, field] : grib) {
    const FieldPtr same = netcdf.find(key);
    BOOST_REQUIRE_MESSAGE(same, key.describe());
    for (const std::size_t k : {std::size_t{0}, std::size_t{777}, std::size_t{4999}})
      BOOST_TEST(std::abs(same->values()[k] - field->values()[k]) <= (key.quantity == "wind_from_direction" ? 0.06F : 0.006F), key.describe());
  }
}

BOOST_AUTO_TEST_CASE(ground_that_no_tile_covers_has_no_temperature_unless_it_is_sea) {
  const std::string folder = temporary_folder("downscale-sea");
  write_case(folder);
  const auto missing = [&](std::vector<std::string> more) {
    more.insert(more.end(), {"--hours", "3"});
    auto w = words(folder, folder + "/f.nc", more);
    w[5] = "109.25,30.5,110,31";  // 0.25 degrees west of the tile
    const Said said = guyu_said(w);
    BOOST_REQUIRE(said.code == 0);
    return statistics(set_of(folder + "/f.nc").at({"air_temperature", "2 m", 3, {kMadeRun + Seconds(3 * 3600), kMadeRun + Seconds(3 * 3600)}})->view()).missing;
  };
  BOOST_TEST(missing({}) == 25 * 50);
  BOOST_TEST(missing({"--sea"}) == 0);
}

// Waves of five cells in the climate: the rain has them, and the sum that it had.
BOOST_AUTO_TEST_CASE(rain_takes_the_pattern_of_a_climatology_and_keeps_its_sum) {
  const std::string folder = temporary_folder("downscale-climate");
  write_case(folder);
  const auto climate = [](double x, double y) { return 1000 + 500 * std::sin(2 * 3.14159265 * x / 0.05) * std::cos(2 * 3.14159265 * y / 0.05); };
  GridGrib2Writer map(folder + "/climate.grib2");
  map.write(made_field(kGround, "precipitation_amount", "surface", 0, 24, {}, climate));
  map.close();
  const auto rain = [&](const std::vector<std::string>& more) {
    BOOST_REQUIRE(guyu_said(words(folder, folder + "/f.nc", more)).code == 0);
    return set_of(folder + "/f.nc").at({"precipitation_amount", "surface", 3, {kMadeRun, kMadeRun + Seconds(3 * 3600)}});
  };
  const FieldPtr plain = rain({}), with = rain({"--rain-climatology", folder + "/climate.grib2"});
  double sum = 0, sum_with = 0, worst = 0;
  for (std::int64_t j = 0; j < 50; ++j) {
    for (std::int64_t i = 0; i < 100; ++i) {
      const double before = static_cast<double>(plain->view()(j, i)), after = static_cast<double>(with->view()(j, i));
      sum += before, sum_with += after;
      worst = std::max(worst, std::abs(after / before - climate(plain->grid().x(static_cast<double>(i)), plain->grid().y(static_cast<double>(j))) / 1000));
    }
  }
  BOOST_TEST(sum_with == sum, boost::test_tools::tolerance(0.01));
  BOOST_TEST(worst < 0.05);
  BOOST_TEST(guyu_run(words(folder, folder + "/g.nc", {"--rain-climatology", folder + "/climate.grib2", "--disaggregate"})) == 2);
}

BOOST_AUTO_TEST_CASE(mistakes_exit_with_two_and_write_nothing) {
  const std::string folder = temporary_folder("downscale-wrong"), out = folder + "/f.nc";
  write_case(folder);
  const std::string files = folder + "/forecast.grib2";
  BOOST_TEST(guyu_run({"downscale", files, "--bbox", "110,30.5,111,31", "--variables", "air_temperature@2 m", "--out", out}) == 2);  // no ground
  BOOST_TEST(guyu_run({"downscale", files, "--variables", "wind_speed@10 m", "--out", out}) == 2);                                   // no grid
  BOOST_TEST(guyu_run({"downscale", files, "--bbox", "110,30.5,111,31", "--variables", "air_temperature@77 m", "--out", out}) == 2);
  BOOST_TEST(guyu_run({"downscale", files, "--bbox", "110,30.5,111,31", "--variables", "wind_speed@10 m", "--format", "bufr", "--out", out}) == 2);
  BOOST_TEST(!std::filesystem::exists(out));
}

BOOST_AUTO_TEST_CASE(a_real_run_becomes_a_grid_of_a_hundredth_of_a_degree) {
  const std::string data = real_data();
  if (data.empty()) return;
  const std::string folder = temporary_folder("downscale-real"), out = folder + "/f.grib2";
  BOOST_REQUIRE(guyu_said({"downscale", data + "/nwp/ruc13_20050807/2005080700", "--bbox", "-76,40,-74,42", "--variables",
                           "precipitation_amount@surface,wind_speed@10 m", "--format", "grib2", "--out", out})
                    .code == 0);
  const FieldSet set = set_of(out);
  BOOST_TEST(set.size() == 17);
  for (const auto& [key, field] : set) {
    const FieldStatistics s = statistics(field->view());
    BOOST_TEST(s.missing == 0, key.describe());
    BOOST_TEST((s.min >= 0 && s.max < 100), key.describe());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu::test
