#include "cli/forecast/orographic_rain.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/field_set.h"
#include "engine/regrid/cell_size.h"
#include "engine/regrid/crs_transform.h"
#include "ingest/reader.h"
#include "products/grid_grib2.h"
#include "tests/cli/forecast/made_field.h"
#include "tests/cli/guyu_run.h"

namespace guyu::test {
namespace {

const Grid kWetModel("+proj=longlat +datum=WGS84 +no_defs", 109, 32, 0.25, 0.25, 13, 9);
const Grid kRidgeTile("+proj=longlat +datum=WGS84 +no_defs", 109.105, 31.895, 0.01, 0.01, 280, 180);

template <class Value>
Field made(const Grid& grid, const std::string& quantity, const std::string& level, int from_hour, int to_hour, Value value) {
  return made_field(grid, quantity, level, from_hour, to_hour, {}, value);
}

// A ridge from south to north, 800 m high, some 10 km to the foot on each side.
double ridge(double x, double) { return 800 * std::exp(-std::pow((x - 110.5) / 0.1, 2)); }
double flat(double, double) { return 0; }

// Six hours of 2 mm/h south of 31 degrees and none north of it, in two steps of the run's totals; saturated air at 850 hPa that comes from the west at 15 m/s,
// of the last three hours alone.
void write_wet_west_wind(const std::string& folder, double (*model)(double, double), double (*ground)(double, double), bool coarse_tile = false) {
  GridGrib2Writer tile(folder + "/ground.grib2"), forecast(folder + "/forecast.grib2");
  tile.write(made(coarse_tile ? kWetModel : kRidgeTile, "surface_altitude", "surface", 0, 0, ground));
  tile.close();
  forecast.write(made(kWetModel, "surface_altitude", "surface", 0, 0, model));
  for (const int h : {3, 6}) {
    forecast.write(made(kWetModel, "precipitation_amount", "surface", 0, h, [&](double, double y) { return y < 31.1 ? 2 * h : 0; }));
    if (h == 3) continue;
    forecast.write(made(kWetModel, "air_temperature", "850 hPa", h, h, [](double, double) { return 283; }));
    forecast.write(made(kWetModel, "relative_humidity", "850 hPa", h, h, [](double, double) { return 0.95; }));
    forecast.write(made(kWetModel, "eastward_wind", "850 hPa", h, h, [](double, double) { return 15; }));
    forecast.write(made(kWetModel, "northward_wind", "850 hPa", h, h, [](double, double) { return 0; }));
  }
  forecast.close();
}

Said fine_rain(const std::string& folder, const std::vector<std::string>& more) {
  std::vector<std::string> w{"downscale",   folder + "/forecast.grib2",     "--elevation", folder + "/ground.grib2", "--bbox", "110,30.5,111,31.5",
                             "--variables", "precipitation_amount@surface", "--out",       folder + "/fine.nc"};
  w.insert(w.end(), more.begin(), more.end());
  return guyu_said(w);
}

FieldPtr step_of(const std::string& folder, int begin, int end) {
  FieldSet set;
  FileFields file = read_file(folder + "/fine.nc");
  for (Field& f : file.fields) set.insert(std::make_shared<const Field>(std::move(f)));
  return set.at({"precipitation_amount", "surface", {}, {kMadeRun + Seconds(3600 * begin), kMadeRun + Seconds(3600 * end)}});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(orographic_rain)

BOOST_AUTO_TEST_CASE(rain_grows_over_the_slope_that_faces_the_wind_and_only_where_it_rains) {
  const std::string folder = temporary_folder("orographic");
  write_wet_west_wind(folder, flat, ridge);
  const Said said = fine_rain(folder, {"--orographic", "850 hPa"});
  BOOST_REQUIRE(said.code == 0);
  BOOST_TEST(said.out.find("added to 1 steps of rain") != std::string::npos, said.out);
  BOOST_TEST(said.out.find("1 of them know the air at one end") != std::string::npos, said.out);
  BOOST_TEST(said.out.find("at 1 steps there is no") != std::string::npos, said.out);
  const FieldPtr first = step_of(folder, 0, 3), second = step_of(folder, 3, 6);
  double most = 0, most_at = 0;
  for (std::int64_t j = 0; j < second->grid().ny(); ++j) {
    for (std::int64_t i = 0; i < second->grid().nx(); ++i) {
      const double x = second->grid().x(static_cast<double>(i)), y = second->grid().y(static_cast<double>(j)), mm = static_cast<double>(second->view()(j, i));
      if (y > 31.3) BOOST_TEST(mm == 0);
      if (y > 30.8) continue;
      BOOST_TEST(mm > 5.99);
      if (x < 110.2 || x > 110.85) BOOST_TEST(std::abs(mm - 6) < 0.02);
      if (mm > most) most = mm, most_at = x;
    }
  }
  // By hand: 283 K have 1.23 kPa of vapour; the steepest slope, 0.071, lifts 15 m/s by 1.07 m/s; 3600 / 461.5 * 0.95 * 1230 * 1.07 / 283 mm/h condense, of
  // which 0.233 falls: 8 mm/h before the wind spreads it, 24 mm in three hours.
  BOOST_TEST((most > 6 + 8 && most < 6 + 24));
  BOOST_TEST((most_at > 110.3 && most_at < 110.55));
  BOOST_TEST(static_cast<double>(first->view()(80, 50)) == 6, boost::test_tools::tolerance(1e-3));  // no air is known of its ends
}

BOOST_AUTO_TEST_CASE(nothing_is_counted_twice_where_the_model_has_the_true_ground) {
  const std::string folder = temporary_folder("orographic-same");
  write_wet_west_wind(folder, ridge, ridge, true);
  BOOST_REQUIRE(fine_rain(folder, {"--orographic", "850 hPa"}).code == 0);
  const FieldPtr with = step_of(folder, 3, 6);
  const Field kept = with->clone();
  BOOST_REQUIRE(fine_rain(folder, {}).code == 0);
  const FieldPtr without = step_of(folder, 3, 6);
  for (std::size_t k = 0; k < without->values().size(); ++k) BOOST_TEST(std::abs(kept.values()[k] - without->values()[k]) < 0.02F);
}

BOOST_AUTO_TEST_CASE(rain_that_the_model_has_drawn_out_is_drawn_together_and_never_below_none) {
  const std::string folder = temporary_folder("orographic-wide");
  write_wet_west_wind(
      folder, [](double x, double) { return 800 * std::exp(-std::pow((x - 110.5) / 0.4, 2)); }, ridge);
  BOOST_REQUIRE(fine_rain(folder, {"--orographic", "850 hPa"}).code == 0);
  const FieldStatistics s = statistics(step_of(folder, 3, 6)->view());
  BOOST_TEST(s.min >= 0);
  BOOST_TEST(s.max > 12);
  const FieldPtr rain = step_of(folder, 3, 6);
  BOOST_TEST(rain->view()(90, 15) < 5.5F);  // the foot of the model's slope, flat in truth
}

BOOST_AUTO_TEST_CASE(townships_have_the_ground_s_part_too) {
  const std::string folder = temporary_folder("orographic-towns");
  write_wet_west_wind(folder, flat, ridge);
  write_file_atomically(folder + "/towns.geojson", R"({"type":"FeatureCollection","features":[
    {"type":"Feature","properties":{"code":"slope"},"geometry":{"type":"Polygon","coordinates":[[[110.38,30.6],[110.5,30.6],[110.5,30.75],[110.38,30.75],[110.38,30.6]]]}},
    {"type":"Feature","properties":{"code":"plain"},"geometry":{"type":"Polygon","coordinates":[[[110.1,30.6],[110.2,30.6],[110.2,30.75],[110.1,30.75],[110.1,30.6]]]}}]})");
  std::vector<std::string> words{"forecast",     folder + "/forecast.grib2",
                                 "--regions",    folder + "/towns.geojson",
                                 "--code",       "code",
                                 "--elevation",  folder + "/ground.grib2",
                                 "--variables",  "precipitation_amount@surface",
                                 "--out",        folder + "/t.nc",
                                 "--csv",        folder + "/t.csv",
                                 "--orographic", "850 hPa"};
  BOOST_REQUIRE(guyu_said(words).code == 0);
  // The mean over the same cells of the fine grid.
  BOOST_REQUIRE(fine_rain(folder, {"--orographic", "850 hPa"}).code == 0);
  const FieldPtr fine = step_of(folder, 3, 6);
  double sum = 0, n = 0;
  for (std::int64_t j = 0; j < fine->grid().ny(); ++j) {
    for (std::int64_t i = 0; i < fine->grid().nx(); ++i) {
      const double x = fine->grid().x(static_cast<double>(i)), y = fine->grid().y(static_cast<double>(j));
      if (x > 110.38 && x < 110.5 && y > 30.6 && y < 30.75) sum += static_cast<double>(fine->view()(j, i)), n += 1;
    }
  }
  const std::string csv = read_text_file(folder + "/t.csv");
  const auto value = [&](const std::string& code) {
    const std::size_t line = csv.find(code + "," + code + ",precipitation_amount,surface,mm,,2026-07-01T15:00:00Z,");
    BOOST_REQUIRE_MESSAGE(line != std::string::npos, csv);
    return std::stod(csv.substr(csv.find("Z,", csv.find("Z,", line) + 1) + 2));
  };
  BOOST_TEST(value("slope") == sum / n, boost::test_tools::tolerance(0.02));
  BOOST_TEST(value("slope") > 9);
  BOOST_TEST(value("plain") == 6, boost::test_tools::tolerance(0.005));
  words.back() = "700 hPa";  // of which the forecast holds nothing
  BOOST_TEST(guyu_run(words) == 2);
  words.back() = "2 m";
  BOOST_TEST(guyu_run(words) == 2);
}

// Square to 2 in 10,000 near its middle, and upright there.
BOOST_AUTO_TEST_CASE(square_cells_lie_over_the_whole_grid_with_their_margin) {
  const Grid over("+proj=longlat +datum=WGS84 +no_defs", 100, 35, 0.05, 0.05, 60, 50), cells = cli::square_cells_over(over, 2000, 15000);
  BOOST_TEST(cell_size_km(cells) == 2, boost::test_tools::tolerance(1e-3));
  const CrsTransform there(over.crs(), cells.crs());
  for (const auto& [i, j] : {std::pair{-0.5, -0.5}, {59.5, -0.5}, {-0.5, 49.5}, {59.5, 49.5}, {29.5, -0.5}, {29.5, 49.5}}) {
    double x = over.x(i), y = over.y(j);
    there.forward(&x, &y, 1, sizeof(double));
    BOOST_TEST((cells.column_of(x) > 6.5 && cells.column_of(x) < static_cast<double>(cells.nx()) - 7.5));
    BOOST_TEST((cells.row_of(y) > 6.5 && cells.row_of(y) < static_cast<double>(cells.ny()) - 7.5));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu::test
