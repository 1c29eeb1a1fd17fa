// Statistics over townships of forecasts: through the program, against plain loops over the fine grid of guyu downscale.
#include "cli/forecast/statistics.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <numbers>

#include "cli/forecast/terrain.h"
#include "engine/core/error.h"
#include "engine/core/field_set.h"
#include "ingest/reader.h"
#include "ingest/region_series_reader.h"
#include "products/grid_grib2.h"
#include "products/grid_netcdf.h"
#include "tests/cli/forecast/made_field.h"
#include "tests/cli/guyu_run.h"

namespace guyu::test {
namespace {

const Grid kStatModel("+proj=longlat +datum=WGS84 +no_defs", 109, 32, 0.25, 0.25, 13, 9);
const Grid kStatTile("+proj=longlat +datum=WGS84 +no_defs", 109.105, 31.895, 0.01, 0.01, 280, 180);

struct Box {
  const char* code;
  double west, south, east, north;  // at whole cells of a hundredth of a degree
};
const std::vector<Box> kBoxes{{"hills", 110.1, 30.6, 110.4, 30.9}, {"plain", 110.5, 30.7, 110.6, 30.75}, {"one", 110.8, 30.8, 110.81, 30.81}};

void write_boxes(const std::string& path, std::vector<Box> boxes) {
  std::string text = R"({"type":"FeatureCollection","features":[)";
  for (const Box& b : boxes) {
    const auto p = [](double x, double y) { return "[" + std::to_string(x) + "," + std::to_string(y) + "]"; };
    text += std::string(&b == &boxes[0] ? "" : ",") + R"({"type":"Feature","properties":{"code":")" + b.code +
            R"("},"geometry":{"type":"Polygon","coordinates":[[)" + p(b.west, b.south) + "," + p(b.east, b.south) + "," + p(b.east, b.north) + "," +
            p(b.west, b.north) + "," + p(b.west, b.south) + "]]}}";
  }
  write_file_atomically(path, text + "]}");
}

template <class Value>
Field stated(const std::string& quantity, const std::string& level, int from_hour, int to_hour, std::optional<int> member, Value value) {
  return made_field(kStatModel, quantity, level, from_hour, to_hour, member, value);
}

double hills(double x, double y) { return 600 + 500 * std::sin(40 * x) * std::cos(33 * y); }

// Two members, two steps of rain as totals; temperature, wind and pressure at the end. The second member lacks its last temperature.
void write_forecast(const std::string& folder) {
  GridGrib2Writer tile(folder + "/ground.grib2"), forecast(folder + "/forecast.grib2");
  tile.write(made_field(kStatTile, "surface_altitude", "surface", 0, 0, {}, hills));
  tile.close();
  for (const int m : {0, 1}) {
    forecast.write(stated("surface_altitude", "surface", 0, 0, m, [](double x, double) { return 500 + 80 * (x - 110); }));
    for (const int h : {3, 6}) {
      forecast.write(stated("precipitation_amount", "surface", 0, h, m,
                            [&](double x, double y) { return h * std::max(0.0, 3 * std::sin(4 * x + m) + 2 * std::cos(5 * y)); }));
      if (m == 1 && h == 6) continue;
      forecast.write(stated("air_temperature", "2 m", h, h, m, [&](double x, double y) { return 295 + m - 3 * (y - 30.5) + std::sin(3 * x) - 0.2 * h; }));
      forecast.write(stated("wind_speed", "10 m", h, h, m, [&](double x, double y) { return 9 + 4 * std::sin(5 * x + m) * std::cos(4 * y) + 0.1 * h; }));
      forecast.write(stated("surface_air_pressure", "surface", h, h, m, [&](double x, double) { return 94000 + 300 * (x - 110); }));
    }
  }
  forecast.close();
}

const char* kStatVariables = "precipitation_amount@surface,air_temperature@2 m,wind_speed@10 m,surface_air_pressure@surface";

std::string run_forecast(const std::string& folder, const std::vector<std::string>& more, const std::string& out = "/t.nc",
                         const std::string& towns = "/towns.geojson", const std::string& threads = "0") {
  std::vector<std::string> w{"--threads",    threads, "forecast",  folder + "/forecast.grib2", "--regions", folder + towns, "--code", "code", "--variables",
                             kStatVariables, "--out", folder + out};
  w.insert(w.end(), more.begin(), more.end());
  const Said said = guyu_said(w);
  BOOST_REQUIRE_MESSAGE(said.code == 0, said.out);
  return said.out;
}

const HazardSeries& series_of(const RegionSeriesFile& file, const std::string& quantity, const std::string& statistic) {
  const auto found =
      std::find_if(file.series.begin(), file.series.end(), [&](const HazardSeries& s) { return s.quantity.name == quantity && s.statistic == statistic; });
  BOOST_REQUIRE_MESSAGE(found != file.series.end(), quantity << " " << statistic);
  return *found;
}

// Values of a box's cells, which lie wholly in it, with the cosine of latitude.
std::vector<std::pair<float, double>> cells_in(const Field& fine, const Box& b) {
  std::vector<std::pair<float, double>> cells;
  for (std::int64_t j = 0; j < fine.grid().ny(); ++j)
    for (std::int64_t i = 0; i < fine.grid().nx(); ++i) {
      const double x = fine.grid().x(static_cast<double>(i)), y = fine.grid().y(static_cast<double>(j));
      if (x > b.west && x < b.east && y > b.south && y < b.north) cells.emplace_back(fine.view()(j, i), std::cos(y * std::numbers::pi / 180));
    }
  return cells;
}

double share_where(const std::vector<std::pair<float, double>>& cells, const std::function<bool(float)>& holds) {
  double part = 0, all = 0;
  for (const auto& [v, area] : cells) all += area, part += holds(v) ? area : 0;
  return part / all;
}

const std::vector<std::string> kAsked{"max,min,p90,median", "--statistic", "wind_speed: frac>=10", "--statistic", "precipitation_amount@surface: frac>=5"};

}  // namespace

BOOST_AUTO_TEST_SUITE(forecast_statistics)

BOOST_AUTO_TEST_CASE(they_are_those_of_the_fine_grid_s_cells) {
  const std::string folder = temporary_folder("statistics");
  write_forecast(folder);
  write_boxes(folder + "/towns.geojson", kBoxes);
  std::vector<std::string> more{"--elevation", folder + "/ground.grib2", "--statistic"};
  more.insert(more.end(), kAsked.begin(), kAsked.end());
  run_forecast(folder, more);
  // The same ground under the same cells.
  const Grid fine = cli::grid_over(read_regions({folder + "/towns.geojson", "", "code", "", "", ""}), 0.01);
  GridNetcdfWriter like(folder + "/like.nc", fine, {"like", "test", "", {}, kMadeRun});
  like.write(like.add({"air_temperature", "", *find_quantity("air_temperature"), TimeKind::instant, {{kMadeRun, kMadeRun}}, "2 m"}), 0, Field(fine, {}).view());
  like.close();
  const Said said = guyu_said({"downscale", folder + "/forecast.grib2", "--like", folder + "/like.nc", "--elevation", folder + "/ground.grib2", "--variables",
                               kStatVariables, "--out", folder + "/fine.nc"});
  BOOST_REQUIRE_MESSAGE(said.code == 0, said.out);
  FieldSet set;
  for (Field& f : read_file(folder + "/fine.nc").fields) set.insert(std::make_shared<const Field>(std::move(f)));
  const RegionSeriesFile file = read_region_series(folder + "/t.nc");
  int compared = 0;
  for (const auto& [quantity, level, tolerance] : {std::tuple{"precipitation_amount", "surface", 1e-3},
                                                   {"air_temperature", "2 m", 2e-3},
                                                   {"wind_speed", "10 m", 1e-4},
                                                   {"surface_air_pressure", "surface", 0.5}}) {
    const HazardSeries &mean = series_of(file, quantity, "mean"), &max = series_of(file, quantity, "max"), &min = series_of(file, quantity, "min"),
                       &p90 = series_of(file, quantity, "p90"), &median = series_of(file, quantity, "median");
    for (std::size_t t = 0; t < mean.pieces.size(); ++t)
      for (std::size_t m = 0; m < 2; ++m)
        for (std::size_t r = 0; r < kBoxes.size(); ++r) {
          const FieldPtr field = set.at({quantity, level, static_cast<int>(m), mean.pieces[t].interval});
          if (std::isnan(field->view()(field->grid().ny() / 2, field->grid().nx() / 2))) {  // the second member has no last step
            for (const HazardSeries* s : {&mean, &max, &min, &p90}) BOOST_TEST(std::isnan(s->pieces[t].members[m][r]));
            continue;
          }
          const auto cells = cells_in(*field, kBoxes[r]);
          const auto value = [&](const HazardSeries& s) { return double{s.pieces[t].members[m][r]}; };
          double sum = 0, area = 0, low = 1e9, high = -1e9;
          const bool logarithm = quantity == std::string("surface_air_pressure");  // of whose line in height the mean is taken
          for (const auto& [v, a] : cells) {
            sum += (logarithm ? std::log(double{v}) : double{v}) * a, area += a;
            low = std::min(low, double{v}), high = std::max(high, double{v});
          }
          const double mean_of_cells = logarithm ? std::exp(sum / area) : sum / area;
          BOOST_TEST(std::abs(value(max) - high) <= tolerance);
          BOOST_TEST(std::abs(value(min) - low) <= tolerance);
          BOOST_TEST(std::abs(value(mean) - mean_of_cells) <= 2 * tolerance);
          // A quantile is a cell's value with the right shares of the area on either side.
          for (const auto& [s, q] : {std::pair{&p90, 0.9}, {&median, 0.5}}) {
            const double most = value(*s) + tolerance, least = value(*s) - tolerance;
            BOOST_TEST(share_where(cells, [&](float v) { return double{v} <= most; }) >= q - 1e-3);
            BOOST_TEST(share_where(cells, [&](float v) { return double{v} < least; }) <= q + 1e-3);
          }
          BOOST_TEST((value(min) <= value(median) && value(median) <= value(p90) && value(p90) <= value(max)));
          BOOST_TEST((value(min) <= value(mean) + tolerance && value(mean) <= value(max) + tolerance));
          BOOST_TEST(max.pieces[t].coverage[r] == 1, boost::test_tools::tolerance(1e-5F));
          if (quantity == std::string("wind_speed"))
            BOOST_TEST(double{series_of(file, quantity, "frac>=10").pieces[t].members[m][r]} == share_where(cells, [](float v) { return v >= 10; }),
                       boost::test_tools::tolerance(2e-3));
          if (quantity == std::string("precipitation_amount"))
            BOOST_TEST(double{series_of(file, quantity, "frac>=5").pieces[t].members[m][r]} == share_where(cells, [](float v) { return v >= 5; }),
                       boost::test_tools::tolerance(2e-3));
          ++compared;
        }
  }
  BOOST_TEST(compared == 3 * (4 + 3 * 3));
  // The hills are seen: colder above than the mean is.
  BOOST_TEST(series_of(file, "air_temperature", "min").pieces[0].members[0][0] < series_of(file, "air_temperature", "mean").pieces[0].members[0][0] - 2);
}

BOOST_AUTO_TEST_CASE(means_stay_as_they_are_and_neither_threads_nor_the_order_of_townships_change_a_bit) {
  const std::string folder = temporary_folder("statistics-same");
  write_forecast(folder);
  write_boxes(folder + "/towns.geojson", kBoxes);
  write_boxes(folder + "/turned.geojson", {kBoxes[2], kBoxes[0], kBoxes[1]});
  std::vector<std::string> more{"--elevation", folder + "/ground.grib2", "--statistic"};
  more.insert(more.end(), kAsked.begin(), kAsked.end());
  run_forecast(folder, more, "/one.nc", "/towns.geojson", "1");
  run_forecast(folder, {"--elevation", folder + "/ground.grib2"}, "/means.nc");
  run_forecast(folder, more, "/two.nc", "/towns.geojson", "3");
  BOOST_TEST((read_text_file(folder + "/one.nc") == read_text_file(folder + "/two.nc")));
  run_forecast(folder, more, "/turned.nc", "/turned.geojson");
  const RegionSeriesFile one = read_region_series(folder + "/one.nc"), means = read_region_series(folder + "/means.nc"),
                         turned = read_region_series(folder + "/turned.nc");
  const auto same = [](float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  for (const HazardSeries& s : means.series)
    for (std::size_t t = 0; t < s.pieces.size(); ++t)
      for (std::size_t m = 0; m < 2; ++m)
        for (std::size_t r = 0; r < 3; ++r) BOOST_TEST(same(s.pieces[t].members[m][r], series_of(one, s.quantity.name, "mean").pieces[t].members[m][r]));
  BOOST_TEST(one.series.size() == 4U * 5 + 2);
  for (const HazardSeries& s : one.series) {
    const HazardSeries& other = series_of(turned, s.quantity.name, s.statistic);
    for (std::size_t t = 0; t < s.pieces.size(); ++t)
      for (std::size_t r = 0; r < 3; ++r) BOOST_TEST(same(s.pieces[t].members[0][r], other.pieces[t].members[0][(r + 1) % 3]));
  }
}

BOOST_AUTO_TEST_CASE(without_elevation_they_are_those_of_the_forecast_s_own_cells_and_fractions_know_all_and_nothing) {
  const std::string folder = temporary_folder("statistics-coarse");
  GridGrib2Writer forecast(folder + "/forecast.grib2");
  forecast.write(stated("wind_speed", "10 m", 3, 3, {}, [](double x, double) { return x < 110.2 ? 4 : 12; }));  // cells end at 110.125 and 110.375
  forecast.close();
  write_boxes(folder + "/towns.geojson", kBoxes);
  run_forecast(folder, {"--statistic", "max,min,frac>=3,frac>=12,frac>=12.5,p100,p0"});
  const RegionSeriesFile file = read_region_series(folder + "/t.nc");
  const auto value = [&](const char* statistic, std::size_t r) { return series_of(file, "wind_speed", statistic).pieces.at(0).values[r]; };
  BOOST_TEST(value("max", 0) == 12);
  BOOST_TEST(value("p100", 0) == 12);
  BOOST_TEST(value("min", 0) == 4);
  BOOST_TEST(value("p0", 0) == 4);
  BOOST_TEST(value("frac>=3", 0) == 1);
  BOOST_TEST(value("frac>=12.5", 0) == 0);
  BOOST_TEST(value("frac>=12", 0) == (110.4 - 110.125) / 0.3, boost::test_tools::tolerance(1e-3));
  for (const char* s : {"max", "min", "p0"}) BOOST_TEST(value(s, 1) == 12);
}

// A corner of the model is missing: what draws on it is not known, and the coverage says how much that is.
BOOST_AUTO_TEST_CASE(missing_cells_lower_the_coverage_of_statistics_and_never_count_as_zero) {
  const std::string folder = temporary_folder("statistics-missing");
  GridGrib2Writer tile(folder + "/ground.grib2"), forecast(folder + "/forecast.grib2");
  tile.write(made_field(kStatTile, "surface_altitude", "surface", 0, 0, {}, [](double, double) { return 0; }));
  tile.close();
  forecast.write(stated("precipitation_amount", "surface", 0, 3, {}, [](double x, double y) { return x > 110.6 || y > 31 ? NAN : 7.0; }));
  forecast.close();
  write_boxes(folder + "/towns.geojson", kBoxes);
  run_forecast(folder, {"--elevation", folder + "/ground.grib2", "--statistic", "max,min,p90,frac>=5"});
  const RegionSeriesFile file = read_region_series(folder + "/t.nc");
  for (const char* s : {"max", "min", "p90"}) {
    const SeriesPiece& p = series_of(file, "precipitation_amount", s).pieces.at(0);
    BOOST_TEST(p.values[0] == 7, boost::test_tools::tolerance(1e-3F));
    BOOST_TEST(p.coverage[0] == 1, boost::test_tools::tolerance(1e-5F));
    BOOST_TEST(std::isnan(p.values[1]));  // between 110.5, the last that is known, and 110.75
    BOOST_TEST(p.coverage[1] == 0);
    BOOST_TEST(std::isnan(p.values[2]));
  }
  BOOST_TEST(series_of(file, "precipitation_amount", "frac>=5").pieces.at(0).values[0] == 1);
}

BOOST_AUTO_TEST_CASE(a_pack_asks_for_what_its_rules_need) {
  std::vector<std::string> notes;
  const std::vector<Variable> variables{{"wind_speed_of_gust", "10 m"}, {"wind_from_direction", "10 m"}, {"precipitation_amount", "surface"}};
  const auto statistics = cli::statistics_of({{}, {"qxt_416_severe_convection"}}, variables, notes);
  BOOST_REQUIRE(statistics[0].size() == 1U);
  BOOST_TEST(statistics[0][0].name == "max");
  BOOST_TEST((statistics[1].empty() && statistics[2].empty()));
  BOOST_REQUIRE(notes.size() == 1U);
  BOOST_TEST(notes[0].find("hail_diameter (max)") != std::string::npos);
  // Of all variables, but degrees have none; nothing twice.
  const auto all = cli::statistics_of({{"max,mean,coverage", "max, p90"}, {"qxt_416_severe_convection"}}, variables, notes);
  BOOST_TEST((all[0].size() == 2U && all[1].empty() && all[2].size() == 2U));
  for (const char* bad : {"maximum", "wind_speed: max", "wind_from_direction: max", "", "wind_speed_of_gust@10 m:"})
    BOOST_CHECK_THROW(cli::statistics_of({{bad}, {}}, variables, notes), Error);
  BOOST_CHECK_THROW(cli::statistics_of({{}, {"no_such_pack"}}, variables, notes), Error);
}

BOOST_AUTO_TEST_CASE(the_other_files_name_the_statistic_of_each_series) {
  const std::string folder = temporary_folder("statistics-files");
  write_forecast(folder);
  write_boxes(folder + "/towns.geojson", kBoxes);
  run_forecast(folder, {"--statistic", "wind_speed@10 m: frac>=10.5,max", "--csv", folder + "/t.csv", "--geojson", folder + "/t.geojson", "--meteogram",
                        "plain", "--meteogram-folder", folder + "/pictures"});
  const std::string csv = read_text_file(folder + "/t.csv"), json = read_text_file(folder + "/t.geojson");
  BOOST_TEST(csv.starts_with("code,name,quantity,level,units,member,begin,end,value,coverage,statistic\n"));
  BOOST_TEST(csv.find("hills,hills,wind_speed,10 m,1,0,") != std::string::npos, csv);
  BOOST_TEST(csv.find(",frac>=10.5\n") != std::string::npos);
  BOOST_TEST(json.find("\"wind_speed_10_m_frac_at_least_10_5\"") != std::string::npos, json);
  BOOST_TEST(json.find("\"statistic\":\"max\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(disaggregated_rain_of_townships_is_that_of_the_fine_grid) {
  const std::string folder = temporary_folder("statistics-rainfarm");
  write_forecast(folder);
  write_boxes(folder + "/towns.geojson", kBoxes);
  const std::vector<std::string> ground{"--elevation", folder + "/ground.grib2"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), ground.begin(), ground.end());
    return more;
  };
  run_forecast(folder, with({"--disaggregate", "--statistic", "precipitation_amount@surface: max"}));
  run_forecast(folder, with({}), "/smooth.nc");
  const Grid fine = cli::grid_over(read_regions({folder + "/towns.geojson", "", "code", "", "", ""}), 0.01);
  GridNetcdfWriter like(folder + "/like.nc", fine, {"like", "test", "", {}, kMadeRun});
  like.write(like.add({"air_temperature", "", *find_quantity("air_temperature"), TimeKind::instant, {{kMadeRun, kMadeRun}}, "2 m"}), 0, Field(fine, {}).view());
  like.close();
  BOOST_REQUIRE(guyu_said(with({"downscale", folder + "/forecast.grib2", "--like", folder + "/like.nc", "--disaggregate", "--variables",
                                "precipitation_amount@surface", "--out", folder + "/fine.nc"}))
                    .code == 0);
  const RegionSeriesFile file = read_region_series(folder + "/t.nc"), smooth = read_region_series(folder + "/smooth.nc");
  const HazardSeries &rain = series_of(file, "precipitation_amount", "mean"), &most = series_of(file, "precipitation_amount", "max"),
                     &plain = series_of(smooth, "precipitation_amount", "mean");
  int compared = 0;
  double apart = 0;
  for (const Field& f : read_file(folder + "/fine.nc").fields) {
    const auto m = static_cast<std::size_t>(*f.meta.member);
    for (std::size_t t = 0; t < rain.pieces.size(); ++t) {
      if (!(rain.pieces[t].interval == f.meta.valid)) continue;
      for (std::size_t b = 0; b < kBoxes.size(); ++b) {
        double sum = 0, area = 0;
        float largest = 0;
        for (const auto& [v, a] : cells_in(f, kBoxes[b])) sum += static_cast<double>(v) * a, area += a, largest = std::max(largest, v);
        const double mean = double{rain.pieces[t].members[m][b]};
        BOOST_TEST(std::abs(mean - sum / area) < 2e-3);
        BOOST_TEST(std::abs(most.pieces[t].members[m][b] - largest) < 1e-3F);
        apart = std::max(apart, std::abs(mean - double{plain.pieces[t].members[m][b]}));
        ++compared;
      }
    }
  }
  BOOST_TEST(compared == 2 * 2 * 3);
  BOOST_TEST(apart > 0.5);  // small townships have structures that the forecast has not
  BOOST_TEST(guyu_run({"forecast", folder + "/forecast.grib2", "--regions", folder + "/towns.geojson", "--code", "code", "--disaggregate", "--out",
                       folder + "/none.nc"}) == cli::exit_user_error);  // without a ground there is no fine grid
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu::test
