#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <optional>
#include <utility>

#include "ingest/reader.h"
#include "products/forecast_calibration_netcdf.h"
#include "products/grid_netcdf.h"
#include "tests/cli/guyu_run.h"

// Forecast files made here: one field of 2 m temperature over two squares.
namespace guyu::test {
namespace {

const TimePoint kIssued = parse_time("2024-07-01T00:00:00Z"), kValid = kIssued + Seconds(6 * 3600);

std::string made_case(const std::string& name, std::optional<int> member, float kelvin) {
  const std::string folder = temporary_folder(name);
  write_file_atomically(folder + "/towns.geojson", R"({"type":"FeatureCollection","features":[
    {"type":"Feature","properties":{"code":"1"},"geometry":{"type":"Polygon","coordinates":[[[110.2,30.2],[110.4,30.2],[110.4,30.4],[110.2,30.4],[110.2,30.2]]]}},
    {"type":"Feature","properties":{"code":"2"},"geometry":{"type":"Polygon","coordinates":[[[110.5,30.5],[110.7,30.5],[110.7,30.7],[110.5,30.7],[110.5,30.5]]]}}]})");
  const Grid grid("+proj=longlat +datum=WGS84 +no_defs", 110, 31, 0.1, 0.1, 11, 11);
  Field f(grid, {});
  for (float& v : f.values()) v = kelvin;
  GridNetcdfWriter writer(folder + "/f.nc", grid, {"a forecast", "test", "", {}, kIssued});
  GridVariable v{"air_temperature", "", *find_quantity("air_temperature"), TimeKind::instant, {{kValid, kValid}}, "2 m"};
  if (member) v.members = 1, v.member_numbers = {*member};
  writer.write(writer.add(v), 0, f.view());
  writer.close();
  ForecastCalibration calibration;
  calibration.archive = {kIssued, kValid};
  CalibratedVariable c;
  c.variable = "air_temperature@2 m";
  c.emos.c = 1;
  calibration.variables.push_back(c);
  write_forecast_calibration(folder + "/c.nc", calibration, {"a calibration", "test", "", {}, kValid});
  return folder;
}

int forecast_of(const std::string& folder, const std::vector<std::string>& more) {
  std::vector<std::string> words{"forecast", folder + "/f.nc", "--regions", folder + "/towns.geojson", "--code", "code",
                                 "--out",    folder + "/o.nc", "--csv",     folder + "/o.csv"};
  words.insert(words.end(), more.begin(), more.end());
  return guyu_said(words).code;
}

std::size_t lines_of(const std::string& path) {
  const std::string text = read_text_file(path);
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(calibrated_forecasts)

BOOST_AUTO_TEST_CASE(a_single_forecast_becomes_an_ensemble_whatever_number_it_bears) {
  for (const std::optional<int> member : {std::optional<int>(), std::optional<int>(0), std::optional<int>(7), std::optional<int>(33)}) {
    const std::string folder = made_case("single-member", member, 300);
    BOOST_REQUIRE(forecast_of(folder, {"--variables", "air_temperature@2 m", "--calibration", folder + "/c.nc"}) == 0);
    BOOST_TEST(lines_of(folder + "/o.csv") == 1 + 2 * 20);
  }
}

BOOST_AUTO_TEST_CASE(another_model_with_other_leads_and_a_bad_folder_are_both_borne) {
  const std::string a = made_case("join-a", {}, 300), b = made_case("join-b", {}, 290);
  BOOST_TEST(forecast_of(a, {"--variables", "air_temperature@2 m", "--also", b + "/f.nc"}) == 0);
  BOOST_TEST(read_text_file(a + "/o.csv").find(",295,1") != std::string::npos);  // equal weights: nothing is known of either
  BOOST_TEST(forecast_of(a, {"--variables", "air_temperature@2 m", "--also", b + "/nowhere"}) == 1);
  BOOST_TEST(read_text_file(a + "/o.csv").find(",300,1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_variable_asked_for_twice_is_refused) {
  BOOST_TEST(forecast_of(made_case("twice", {}, 300), {"--variables", "air_temperature@2 m,air_temperature@2 m"}) == 2);
}

// A file of many planes: each is found again by its place.
BOOST_AUTO_TEST_CASE(planes_of_a_netcdf_file_are_listed_and_read_one_by_one) {
  const std::string path = temporary_folder("planes") + "/many.nc";
  const Grid grid("+proj=longlat +datum=WGS84 +no_defs", 110, 31, 0.5, 0.5, 4, 3);
  GridNetcdfWriter writer(path, grid, {"many", "test", "", {}, kIssued});
  GridVariable v{"air_temperature", "", *find_quantity("air_temperature"), TimeKind::instant, {}, "2 m"};
  for (int h = 1; h <= 5; ++h) v.times.push_back({kIssued + Seconds(3600 * h), kIssued + Seconds(3600 * h)});
  v.members = 3, v.member_numbers = {1, 4, 9};
  const std::size_t at = writer.add(v);
  Field f(grid, {});
  for (std::size_t m = 0; m < 3; ++m) {
    for (std::size_t s = 0; s < 5; ++s) {
      for (float& x : f.values()) x = static_cast<float>(250 + 10 * m + s);
      writer.write(at, s, std::as_const(f).view(), m);
    }
  }
  writer.close();
  std::vector<std::string> problems;
  const auto places = list_fields(path, {}, problems);
  BOOST_REQUIRE(places.size() == 15);
  for (const FieldPlace& p : places) {
    const Field back = reader_for(path).read_at(path, p);
    const int m = *p.meta.member == 1 ? 0 : *p.meta.member == 4 ? 1 : 2;
    const auto s = static_cast<int>((p.meta.valid.end - kIssued).count() / 3600) - 1;
    BOOST_TEST(back.values()[5] == static_cast<float>(250 + 10 * m + s));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu::test
