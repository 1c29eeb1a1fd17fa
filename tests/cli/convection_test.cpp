#include <boost/test/unit_test.hpp>
#include <cmath>
#include <map>
#include <sstream>

#include "engine/core/atomic_file.h"
#include "engine/core/field_set.h"
#include "ingest/reader.h"
#include "products/grid_netcdf.h"
#include "tests/cli/guyu_run.h"
#include "tests/support/netcdf_writer.h"

using namespace guyu;
using guyu::test::guyu_run;
namespace {

const Grid kStormGrid("+proj=laea +lat_0=30 +lon_0=110 +units=m +ellps=WGS84 +no_defs", -59500, 39500, 1000, 1000, 120, 80);
const TimePoint kStormTime = parse_time("2024-07-01T06:00:00Z");

// Reflectivity in five levels, 0 to 10 km: an even column of 60 dBZ, 8 km around, at row 40, in column 40 at minute 0, that goes 5 columns in 5 minutes;
// nothing else, and the eastern quarter out of sight.
std::string storm_volume(const std::string& folder, int minute, int levels = 5) {
  const std::string path = folder + "/volume" + std::to_string(minute) + "_" + std::to_string(levels) + ".nc";
  const TimePoint t = kStormTime + Seconds{60 * minute};
  GridNetcdfWriter writer(path, kStormGrid, {"volume", "test", "", {}, t});
  std::vector<std::size_t> variables;
  for (int k = 0; k < levels; ++k) {
    const std::string height = std::to_string(2500 * k) + " m";
    variables.push_back(writer.add({"dbz" + std::to_string(k), "", quantities::reflectivity(), TimeKind::instant, {{t, t}}, height}));
  }
  Field f(kStormGrid, {quantities::reflectivity(), TimeKind::instant, {t, t}, t, "", {}, "", ""});
  for (std::int64_t j = 0; j < kStormGrid.ny(); ++j) {
    for (std::int64_t i = 0; i < kStormGrid.nx(); ++i) {
      const double km = std::hypot(static_cast<double>(j) - 40, static_cast<double>(i) - 40 - minute);
      f.view()(j, i) = i >= 90 ? std::nanf("") : km <= 8 ? 60.0F : -32.0F;
    }
  }
  for (const std::size_t v : variables) writer.write(v, 0, std::as_const(f).view());
  writer.close();
  return path;
}

// "here" holds the storm at minute 15, "ahead" lies in its way, "aside" away from it, "unseen" where there is no radar.
std::string storm_regions(const std::string& folder) {
  const std::string path = folder + "/regions.geojson";
  std::string out = R"({"type":"FeatureCollection","features":[)";
  bool first = true;
  for (const auto& [name, west, south] : {std::tuple("here", 109.90, 29.95), {"ahead", 110.15, 29.95}, {"aside", 110.15, 30.25}, {"unseen", 110.40, 29.95}}) {
    if (!first) out += ",";
    first = false;
    std::ostringstream ring;
    ring << "[[" << west << "," << south << "],[" << west + 0.08 << "," << south << "],[" << west + 0.08 << "," << south + 0.08 << "],[" << west << ","
         << south + 0.08 << "],[" << west << "," << south << "]]";
    out += std::string(R"({"type":"Feature","properties":{"code":")") + name + R"("},"geometry":{"type":"Polygon","coordinates":[)" + ring.str() + "]}}";
  }
  write_file_atomically(path, out + "]}");
  return path;
}

std::string storm_flashes(const std::string& folder) {
  const std::string path = folder + "/flashes.nc";
  test::NetcdfWriter w(path, NC_CLOBBER | NC_NETCDF4);
  const int n = w.dim("number_of_flashes", 2);
  const int lon = w.variable("flash_lon", NC_FLOAT, {n}), lat = w.variable("flash_lat", NC_FLOAT, {n}),
            quality = w.variable("flash_quality_flag", NC_SHORT, {n});
  const int time = w.variable("flash_time_offset_of_first_event", NC_FLOAT, {n}), subpoint = w.variable("nominal_satellite_subpoint_lon", NC_FLOAT, {});
  w.text(time, "units", "seconds since 2024-07-01 06:00:00.000");
  w.text(NC_GLOBAL, "time_coverage_start", "2024-07-01T06:00:00.0Z");
  w.text(NC_GLOBAL, "time_coverage_end", "2024-07-01T06:15:00.0Z");
  w.put(lon, {110.44, 110.44}), w.put(lat, {29.99, 29.99}), w.put(quality, {0, 0}), w.put(time, {60, 700}), w.put(subpoint, {105});
  return path;
}

std::map<std::string, std::map<std::string, std::string>> table_of(const std::string& path) {
  std::istringstream lines(read_text_file(path));
  const auto words = [](const std::string& line) {
    std::vector<std::string> out;
    std::istringstream parts(line + ",");
    for (std::string x; std::getline(parts, x, ',');) out.push_back(x);
    return out;
  };
  std::string line;
  std::getline(lines, line);
  const auto head = words(line);
  std::map<std::string, std::map<std::string, std::string>> out;
  while (std::getline(lines, line)) {
    const auto w = words(line);
    for (std::size_t k = 0; k < head.size(); ++k) out[w[0]][head[k]] = w[k];
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(convection_verb)

BOOST_AUTO_TEST_CASE(an_even_column_has_the_products_that_a_hand_calculates_and_regions_know_what_comes) {
  const std::string folder = test::temporary_folder("convection");
  std::vector<std::string> words{"convection", "--freezing", "4000", "--minus20", "7000", "--regions", storm_regions(folder), "--code", "code"};
  words.insert(words.end(), {"--out", folder + "/out.nc", "--table", folder + "/out.csv", "--lightning", storm_flashes(folder), "--input"});
  for (const int minute : {0, 5, 10, 15}) words.push_back(storm_volume(folder, minute));
  BOOST_REQUIRE(guyu_run(words) == 0);

  const FileFields file = read_file(folder + "/out.nc");
  const auto value = [&](const std::string& quantity, const std::string& level, std::int64_t i) {
    for (const Field& f : file.fields) {
      if (f.meta.quantity.name == quantity && f.meta.level == level) return f.view()(40, i);
    }
    BOOST_FAIL("no " + quantity + " " + level);
    return 0.0F;
  };
  const auto about = boost::test_tools::tolerance(2e-3F);
  // 56 dBZ at most: 3.44e-6 x (10^5.6)^(4/7) x 10 km; SHI as in the test of the index: 0.1 x 0.54824 x 4500.
  const float liquid = 3.44e-6F * 1584.893F * 1e4F, shi = 0.1F * 0.54824F * 4500;
  BOOST_TEST(value("vertically_integrated_liquid", "", 55) == liquid, about);
  BOOST_TEST(value("radar_echo_top_height", "18 dBZ", 55) == 10000);
  BOOST_TEST(value("radar_echo_top_height_above_isotherm", "18 dBZ above -20 degC", 55) == 3000);
  BOOST_TEST(value("severe_hail_index", "", 55) == shi, about);
  BOOST_TEST(value("maximum_expected_hail_size", "witt", 55) == 2.54F * std::sqrt(shi), about);
  BOOST_TEST(value("maximum_expected_hail_size", "murillo_75", 55) == 15.096F * std::pow(shi, 0.206F), about);
  BOOST_TEST(value("maximum_expected_hail_size", "murillo_95", 55) == 22.157F * std::pow(shi, 0.212F), about);
  BOOST_TEST(value("probability_of_severe_hail", "", 55) == 0.29F * std::log(shi / 109) + 0.5F, about);
  BOOST_TEST(value("equivalent_reflectivity_factor", "-10 degC", 55) == 60);
  BOOST_TEST(value("convective_echo_class", "2500 m", 55) == 2);
  const float gust = std::sqrt(20.628571F * liquid - 3.125e-6F * 1e8F);
  BOOST_TEST(value("wind_speed_of_gust", "downdraft", 55) == gust, about);
  BOOST_TEST((value("maximum_expected_hail_size", "witt", 20) == 0 && value("wind_speed_of_gust", "downdraft", 20) == 0));
  for (const char* quantity : {"vertically_integrated_liquid", "severe_hail_index"}) BOOST_TEST(std::isnan(value(quantity, "", 100)));

  auto table = table_of(folder + "/out.csv");
  BOOST_REQUIRE(table.size() == 4U);
  BOOST_TEST(std::abs(std::stod(table["here"]["hail_size"]) - 2.54 * std::sqrt(double{shi})) < 0.1);
  BOOST_TEST(std::stod(table["here"]["cell_arrival"]) == 0);
  BOOST_TEST(std::stod(table["ahead"]["hail_size"]) == 0);
  BOOST_TEST(std::stod(table["ahead"]["hail_size_expected"]) > 30);
  BOOST_TEST(std::abs(std::stod(table["ahead"]["convective_gust_expected"]) - double{gust}) < 0.1);
  BOOST_TEST((std::stod(table["ahead"]["cell_arrival"]) > 3 && std::stod(table["ahead"]["cell_arrival"]) < 15));
  BOOST_TEST(std::stod(table["ahead"]["lightning_likelihood"]) > 0.5);
  BOOST_TEST(std::isinf(std::stod(table["aside"]["cell_arrival"])));
  BOOST_TEST(std::stod(table["aside"]["flash_density_15min"]) == 0);
  for (const char* column : {"hail_size", "hail_size_expected", "convective_gust", "cell_arrival"}) BOOST_TEST(table["unseen"][column] == "");
  // Two flashes in 15 minutes, one of them in the last five; about 68.6 km2.
  const double five = std::stod(table["unseen"]["flash_density_5min"]), fifteen = std::stod(table["unseen"]["flash_density_15min"]);
  BOOST_TEST(five == 12 / 68.6, boost::test_tools::tolerance(0.02));
  BOOST_TEST(fifteen == 8 / 68.6, boost::test_tools::tolerance(0.02));
  BOOST_TEST(std::stod(table["unseen"]["lightning_likelihood"]) == 1);
}

BOOST_AUTO_TEST_CASE(heights_of_the_isotherms_come_from_a_forecast) {
  const std::string folder = test::temporary_folder("convection_forecast"), forecast = folder + "/forecast.nc";
  // 15 degC at 1500 m and 6.5 K less for each km: 0 degC at 3807.7 m, -20 degC at 6884.6 m.
  GridNetcdfWriter writer(forecast, kStormGrid, {"forecast", "test", "", {}, kStormTime});
  const Quantity t = *find_quantity("air_temperature"), h = *find_quantity("geopotential_height");
  std::vector<std::pair<std::size_t, float>> planes;
  for (const auto& [level, height] : {std::pair("850 hPa", 1500.0F), {"500 hPa", 5500.0F}, {"300 hPa", 9500.0F}}) {
    planes.emplace_back(writer.add({std::string("t") + level[0], "", t, TimeKind::instant, {{kStormTime, kStormTime}}, level}),
                        288.15F - 6.5e-3F * (height - 1500));
    planes.emplace_back(writer.add({std::string("h") + level[0], "", h, TimeKind::instant, {{kStormTime, kStormTime}}, level}), height);
  }
  for (const auto& [variable, v] : planes) {
    Field f(kStormGrid, {t, TimeKind::instant, {kStormTime, kStormTime}, kStormTime, "", {}, "", ""});
    std::fill(f.values().begin(), f.values().end(), v);
    writer.write(variable, 0, std::as_const(f).view());
  }
  writer.close();
  const auto index = [&](std::vector<std::string> heights) {
    std::vector<std::string> words{"convection", "--out", folder + "/out.nc", "--input", storm_volume(folder, 0)};
    words.insert(words.end(), heights.begin(), heights.end());
    BOOST_REQUIRE(guyu_run(words) == 0);
    return read_file(folder + "/out.nc", {{"severe_hail_index"}}).fields.at(0).view()(40, 40);
  };
  BOOST_TEST(index({"--forecast", forecast}) == index({"--freezing", "3807.692", "--minus20", "6884.615"}), boost::test_tools::tolerance(1e-3F));
  BOOST_TEST(std::isnan(index({})));  // no heights: not known
}

BOOST_AUTO_TEST_CASE(lightning_alone_makes_fields_on_a_grid_that_is_told) {
  const std::string folder = test::temporary_folder("convection_lightning");
  BOOST_REQUIRE(guyu_run({"convection", "--lightning", storm_flashes(folder), "--bbox", "110,29,111,31", "--spacing", "0.1", "--out", folder + "/out.nc"}) ==
                0);
  const FileFields file = read_file(folder + "/out.nc");
  BOOST_TEST(file.fields.size() == 3U);
  for (const Field& f : file.fields) BOOST_TEST((f.meta.quantity.name == "lightning_flash_density" && statistics(f.view()).max > 0));
}

BOOST_AUTO_TEST_CASE(liquid_and_tops_of_a_real_radar_give_gusts) {
  const std::string data = test::real_data(), folder = test::temporary_folder("convection_real");
  if (data.empty()) return;
  const std::string radar = data + "/radar/guangzhou_pup_20110916/", time = "/20110916.010001.00.";
  BOOST_REQUIRE(guyu_run({"convection", "--out", folder + "/out.nc", "--input", radar + "CR/37" + time + "37.200", radar + "VIL/57" + time + "57.200",
                          radar + "ET/41" + time + "41.200"}) == 0);
  const FileFields gust = read_file(folder + "/out.nc", {{"wind_speed_of_gust"}});
  const FieldStatistics s = statistics(gust.fields.at(0).view());
  BOOST_TEST((s.max > 5 && s.max < 20));  // 12.5 kg m-2 at most: no more than 16 m/s
  BOOST_TEST(s.missing > 40'000);         // beyond 230 km
}

BOOST_AUTO_TEST_CASE(mistakes_of_the_user_exit_with_two_here_too) {
  const std::string folder = test::temporary_folder("convection_mistakes"), volume = storm_volume(folder, 0), out = folder + "/out.nc";
  BOOST_TEST(guyu_run({"convection", "--out", out}) == 2);
  BOOST_TEST(guyu_run({"convection", "--out", out, "--input", storm_volume(folder, 0, 1)}) == 2);
  BOOST_TEST(guyu_run({"convection", "--out", out, "--input", volume, "--windows", "0"}) == 2);
  BOOST_TEST(guyu_run({"convection", "--out", out, "--input", volume, volume}) == 2);
  BOOST_TEST(guyu_run({"convection", "--out", out, "--input", volume, "--forecast", volume}) == 2);
  BOOST_TEST(guyu_run({"convection", "--out", out, "--lightning", storm_flashes(folder)}) == 2);
}

BOOST_AUTO_TEST_SUITE_END()
