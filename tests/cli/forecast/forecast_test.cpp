#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <sstream>

#include "cli/forecast/wanted.h"
#include "engine/core/error.h"
#include "products/grid_netcdf.h"
#include "tests/cli/forecast/rain_case.h"
#include "tests/cli/guyu_run.h"

namespace guyu::test {
namespace {

struct Line {
  std::string begin, end;
  double value = 0, coverage = 0;
};

// Lines of the CSV by "code quantity".
std::map<std::string, std::vector<Line>> read_series(const std::string& path) {
  std::map<std::string, std::vector<Line>> all;
  std::istringstream in(read_text_file(path));
  std::string text;
  std::getline(in, text);
  while (std::getline(in, text)) {
    std::vector<std::string> cells;
    std::istringstream line(text);
    for (std::string cell; std::getline(line, cell, ',');) cells.push_back(cell);
    if (cells.size() < 10) continue;
    all[cells[0] + " " + cells[2]].push_back({cells[6], cells[7], cells[8].empty() ? std::nan("") : std::stod(cells[8]), std::stod(cells[9])});
  }
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(forecast_verb)

BOOST_AUTO_TEST_CASE(a_whole_run_becomes_county_series) {
  const std::string data = real_data();
  if (data.empty()) return;
  const std::string folder = temporary_folder("forecast");
  BOOST_REQUIRE(guyu_said({"forecast", data + "/nwp/ruc13_20050807/2005080700", "--regions", data + "/regions/us_counties.gpkg", "--code", "id", "--out",
                           folder + "/f.nc", "--csv", folder + "/f.csv", "--geojson", folder + "/f.geojson"})
                    .code == 0);
  const auto series = read_series(folder + "/f.csv");
  // Albany, New York: rain in eight three-hour steps without gap or overlap, temperatures of a summer's day, humidity that fits the dew point.
  const auto& rain = series.at("36001 precipitation_amount");
  BOOST_REQUIRE(rain.size() == 8);
  for (std::size_t k = 1; k < rain.size(); ++k) BOOST_TEST(rain[k].begin == rain[k - 1].end);
  for (const Line& l : series.at("36001 air_temperature")) BOOST_TEST((l.value > 283 && l.value < 308));
  for (const char* quantity : {"relative_humidity", "dew_point_temperature", "wet_bulb_temperature", "wind_speed", "wind_from_direction"})
    BOOST_TEST(series.at(std::string("36001 ") + quantity).size() == 9, quantity);
  const auto& wet = series.at("36001 wet_bulb_temperature");
  for (std::size_t k = 0; k < wet.size(); ++k) {
    BOOST_TEST(wet[k].value <= series.at("36001 air_temperature")[k].value + 0.01);
    BOOST_TEST(wet[k].value >= series.at("36001 dew_point_temperature")[k].value - 0.2);
  }
  // Honolulu lies outside: not known, not dry.
  for (const Line& l : series.at("15003 precipitation_amount")) BOOST_TEST((std::isnan(l.value) && l.coverage == 0));
  BOOST_TEST(read_text_file(folder + "/f.geojson").find("\"FeatureCollection\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(meteograms_are_drawn_for_the_codes_asked_for) {
  const std::string data = real_data();
  if (data.empty()) return;
  const std::string folder = temporary_folder("forecast-meteogram"), pictures = folder + "/pictures";
  const std::vector<std::string> words{"forecast",    data + "/nwp/ruc13_20050807/2005080700",
                                       "--regions",   data + "/regions/us_counties.gpkg",
                                       "--code",      "id",
                                       "--name",      "name",
                                       "--variables", "air_temperature@2 m,precipitation_amount@surface",
                                       "--out",       folder + "/f.nc"};
  const auto with = [&](std::vector<std::string> more) {
    std::vector<std::string> w = words;
    w.insert(w.end(), more.begin(), more.end());
    return guyu_said(w).code;
  };
  BOOST_REQUIRE(with({"--meteogram", "36001,15003", "--meteogram-folder", pictures, "--utc-offset", "-240"}) == 0);
  for (const char* name : {"/36001.png", "/15003.png"}) BOOST_TEST(read_text_file(pictures + name).substr(1, 3) == "PNG");
  BOOST_TEST(std::distance(std::filesystem::directory_iterator(pictures), {}) == 2);
  BOOST_TEST(with({"--meteogram", "nowhere", "--meteogram-folder", pictures}) == 2);
  BOOST_TEST(with({"--meteogram", "36001"}) == 2);  // where to?
}

BOOST_AUTO_TEST_CASE(totals_of_the_run_equal_the_sum_of_its_steps) {
  const std::string data = real_data();
  if (data.empty()) return;
  const std::string folder = temporary_folder("forecast-sum");
  const auto rain_of = [&](const std::vector<std::string>& files, const std::string& name) {
    std::vector<std::string> words{"forecast"};
    words.insert(words.end(), files.begin(), files.end());
    words.insert(words.end(), {"--regions", data + "/regions/us_counties.gpkg", "--code", "id", "--variables", "precipitation_amount@surface", "--out",
                               folder + "/s.nc", "--csv", folder + name});
    BOOST_REQUIRE(guyu_said(words).code == 0);
    return read_series(folder + name);
  };
  const std::string run = data + "/nwp/ruc13_20050807/2005080700";
  const auto steps = rain_of({run}, "/steps.csv"), total = rain_of({run + "/wrfprs_ruc13_12.tm00_G212"}, "/total.csv");
  int compared = 0;
  for (const auto& [key, lines] : total) {
    // The one file states 0-12 h and 9-12 h: their difference and the last step.
    double expected = 0, sum = 0;
    for (const Line& l : lines) expected += l.value;
    for (const Line& l : steps.at(key))
      if (l.end <= "2005-08-07T12:00:00Z") sum += l.value;
    if (std::isnan(expected)) continue;
    BOOST_TEST(std::abs(sum - expected) < 0.02 + 0.002 * expected);
    compared += expected > 1 ? 1 : 0;
  }
  BOOST_TEST(compared > 50);
}

// Land at 300 K west of 110.5 degrees, sea at 290 K; a township on the coast, one inland, one at sea.
BOOST_AUTO_TEST_CASE(townships_have_the_temperature_of_the_forecast_s_land_and_the_rain_of_all_cells) {
  const std::string folder = temporary_folder("forecast-coast");
  write_file_atomically(folder + "/towns.geojson", R"({"type":"FeatureCollection","features":[
    {"type":"Feature","properties":{"code":"coast"},"geometry":{"type":"Polygon","coordinates":[[[110.4,30.2],[110.6,30.2],[110.6,30.4],[110.4,30.4],[110.4,30.2]]]}},
    {"type":"Feature","properties":{"code":"inland"},"geometry":{"type":"Polygon","coordinates":[[[110.2,30.2],[110.3,30.2],[110.3,30.4],[110.2,30.4],[110.2,30.2]]]}},
    {"type":"Feature","properties":{"code":"sea"},"geometry":{"type":"Polygon","coordinates":[[[110.9,30.2],[110.95,30.2],[110.95,30.4],[110.9,30.4],[110.9,30.2]]]}}]})");
  const TimePoint issued = parse_time("2024-07-01T00:00:00Z"), valid = issued + Seconds(3600);
  const Grid grid("+proj=longlat +datum=WGS84 +no_defs", 110.05, 30.95, 0.1, 0.1, 10, 10),
      fine("+proj=longlat +datum=WGS84 +no_defs", 110.005, 30.995, 0.01, 0.01, 100, 100);
  const auto split = [](const Grid& g, float west, float east) {
    Field f(g, {});
    for (std::int64_t j = 0; j < g.ny(); ++j)
      for (std::int64_t i = 0; i < g.nx(); ++i) f.view()(j, i) = g.x(static_cast<double>(i)) < 110.5 ? west : east;
    return std::make_shared<const Field>(std::move(f));
  };
  GridNetcdfWriter writer(folder + "/f.nc", grid, {"a forecast", "test", "", {}, issued});
  const std::size_t t = writer.add({"air_temperature", "", *find_quantity("air_temperature"), TimeKind::instant, {{valid, valid}}, "2 m"}),
                    land = writer.add({"land_binary_mask", "", *find_quantity("land_binary_mask"), TimeKind::instant, {{valid, valid}}, "surface"}),
                    rain =
                        writer.add({"precipitation_amount", "", *find_quantity("precipitation_amount"), TimeKind::accumulation, {{issued, valid}}, "surface"});
  writer.write(t, 0, split(grid, 300, 290)->view());
  writer.write(land, 0, split(grid, 1, 0)->view());
  writer.write(rain, 0, split(grid, 2, 4)->view());
  writer.close();
  GridNetcdfWriter ground(folder + "/ground.nc", fine, {"ground", "test", "", {}, issued});
  const std::size_t z = ground.add({"surface_altitude", "", *find_quantity("surface_altitude"), TimeKind::instant, {{valid, valid}}, "surface"});
  ground.write(z, 0, split(fine, 0, 0)->view());
  ground.close();
  const auto series = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words{"forecast", folder + "/f.nc", "--regions",   folder + "/towns.geojson",
                                   "--code",   "code",           "--variables", "air_temperature@2 m,precipitation_amount@surface",
                                   "--out",    folder + "/o.nc", "--csv",       folder + "/o.csv"};
    words.insert(words.end(), more.begin(), more.end());
    const Said said = guyu_said(words);
    BOOST_REQUIRE_MESSAGE(said.code == 0, said.out);
    return read_series(folder + "/o.csv");
  };
  for (const std::vector<std::string>& way : {std::vector<std::string>{}, {"--elevation", folder + "/ground.nc", "--lapse-rate", "-6.5"}}) {
    auto all_cells = way;
    all_cells.push_back("--sea-too");
    auto told = series(way), plain = series(all_cells);
    BOOST_TEST(told.at("coast air_temperature").front().value == 300, boost::test_tools::tolerance(1e-5));
    BOOST_TEST(plain.at("coast air_temperature").front().value == 295, boost::test_tools::tolerance(1e-3));
    BOOST_TEST(told.at("inland air_temperature").front().value == 300, boost::test_tools::tolerance(1e-5));
    BOOST_TEST(told.at("sea air_temperature").front().value == 290, boost::test_tools::tolerance(1e-5));  // no land within reach
    BOOST_TEST(told.at("coast precipitation_amount").front().value == 3, boost::test_tools::tolerance(1e-2));
    BOOST_TEST(told.at("coast air_temperature").front().coverage == plain.at("coast air_temperature").front().coverage);
  }
}

BOOST_AUTO_TEST_CASE(a_damaged_file_without_what_is_wanted_is_refused_with_its_damage) {
  const std::string data = real_data();
  if (data.empty()) return;
  cli::WantedForecast wanted;
  wanted.files = {data + "/nwp/grib_edge_cases/era5-levels-corrupted.grib"};
  BOOST_CHECK_EXCEPTION(cli::choose_forecast(wanted), Error,
                        [](const Error& e) { return std::string(e.what()).find("has a wrong length") != std::string::npos; });
}

// A field of another kind, of a later run, in the same folder.
BOOST_AUTO_TEST_CASE(a_newer_run_without_what_is_wanted_hides_no_older_one_and_is_told) {
  const RainCase c("forecast-stray");
  c.write(c.folder + "/runs_a.nc", kRainStart, {rain_hours(0, 3), rain_hours(3, 6)}, {{1, 2}, {3, 4}});
  const Grid grid("+proj=longlat +datum=WGS84 +no_defs", 110, 31, 0.1, 0.1, 11, 11);
  const TimePoint later = kRainStart + Seconds(30 * 86400);
  GridNetcdfWriter writer(c.folder + "/runs_b.nc", grid, {"another", "test", "", {}, later});
  writer.write(writer.add({"air_temperature", "", *find_quantity("air_temperature"), TimeKind::instant, {{later, later}}, "500 hPa"}), 0,
               std::as_const(*std::make_unique<Field>(grid, FieldMeta{})).view());
  writer.close();
  const Said said = guyu_said({"forecast", c.folder + "/runs_*.nc", "--regions", c.towns, "--code", "code", "--variables", "precipitation_amount@surface",
                               "--out", c.folder + "/f.nc", "--csv", c.folder + "/f.csv"});
  BOOST_REQUIRE_MESSAGE(said.code == 0, said.out);
  BOOST_TEST(said.out.find("runs from 2024-07-31T00:00:00Z back tell nothing of what is wanted") != std::string::npos, said.out);
  BOOST_TEST(read_series(c.folder + "/f.csv").at("1 precipitation_amount").at(1).value == 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu::test
