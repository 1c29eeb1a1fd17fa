#include <boost/test/unit_test.hpp>
#include <cmath>

#include "ingest/reader.h"
#include "ingest/station_tables.h"
#include "tests/support/netcdf_writer.h"
#include "tests/support/test_data.h"

using namespace guyu;
using test::NetcdfWriter;
namespace {

// Three stations, two times; values station * 10 + time.
std::string series_file(bool station_first, bool bounds, const std::string& unit) {
  const std::string path = test::temporary_folder("netcdf_stations") + "/gauges.nc";
  NetcdfWriter w(path, NC_CLOBBER | NC_NETCDF4);
  const int s = w.dim("station", 3), t = w.axis("time", "time", "minutes since 2021-07-20 03:00:00", 2), two = w.dim("two", 2), wide = w.dim("width", 8);
  const int lon = w.variable("lon", NC_DOUBLE, {s}), lat = w.variable("lat", NC_DOUBLE, {s}), z = w.variable("altitude", NC_FLOAT, {s});
  const int id = w.variable("station_code", NC_CHAR, {s, wide});
  w.text(id, "cf_role", "timeseries_id");
  const int rain = w.variable("rain", NC_FLOAT, station_first ? std::vector{s, t} : std::vector{t, s});
  w.text(rain, "standard_name", "thickness_of_rainfall_amount");
  if (!unit.empty()) w.text(rain, "units", unit);
  w.number(rain, "missing_value", NC_FLOAT, {9999});
  if (bounds) w.text(0, "bounds", "time_bounds");
  const int b = bounds ? w.variable("time_bounds", NC_DOUBLE, {t, two}) : -1;
  w.put("time", {0, 10});
  if (bounds) w.put(b, {-60, 0, -50, 10});
  w.put(lon, {114, 115, 116}), w.put(lat, {30, 31, 32}), w.put(z, {5, 6, 7});
  w.put(rain, station_first ? std::vector<double>{0, 1, 10, 11, 20, 9999} : std::vector<double>{0, 10, 20, 1, 11, 9999});
  return path;
}

std::vector<StationTable> series_tables(const std::string& path) { return reader_for(path).station_tables(path, {}); }

}  // namespace
BOOST_AUTO_TEST_SUITE(netcdf_stations)

BOOST_AUTO_TEST_CASE(series_of_stations_come_in_either_order_of_dimensions) {
  for (const bool station_first : {true, false}) {
    const auto tables = series_tables(series_file(station_first, true, "mm"));
    BOOST_REQUIRE(tables.size() == 2U);
    BOOST_TEST((tables[0].meta.quantity == quantities::precipitation_amount()));
    BOOST_TEST(to_iso(tables[0].meta.valid.begin) == "2021-07-20T02:00:00Z");
    BOOST_TEST(to_iso(tables[1].meta.valid.end) == "2021-07-20T03:10:00Z");
    BOOST_REQUIRE(tables[1].stations.size() == 3U);
    BOOST_TEST(tables[1].stations[1].value == 11.0F);
    BOOST_TEST(std::isnan(tables[1].stations[2].value));
    BOOST_TEST(tables[1].stations[1].longitude == 115.0);
    BOOST_TEST(tables[1].stations[1].elevation == 6.0F);
    BOOST_TEST(tables[0].notes.empty());
    BOOST_TEST(tables[0].problems.empty());
  }
}

BOOST_AUTO_TEST_CASE(without_bounds_and_unit_the_step_and_millimetres_are_taken_and_told) {
  const auto tables = series_tables(series_file(true, false, ""));
  BOOST_TEST(to_iso(tables[1].meta.valid.begin) == "2021-07-20T03:00:00Z");
  BOOST_TEST((tables[0].meta.valid.length() == Seconds(600)));
  BOOST_REQUIRE(tables[0].notes.size() == 2U);
  BOOST_TEST(tables[0].notes[0].find("states no unit: taken as mm") != std::string::npos);
  BOOST_TEST(tables[0].notes[1].find("taken over the 10 min before") != std::string::npos);
  BOOST_TEST((series_tables(series_file(true, false, "sum 5min")).at(0).meta.valid.length() == Seconds(300)));
  BOOST_CHECK_THROW(series_tables(series_file(true, false, "K")), Error);
}

BOOST_AUTO_TEST_CASE(tables_become_series_with_a_row_for_each_station) {
  std::vector<StationTable> tables = series_tables(series_file(true, true, "mm"));
  tables[0].stations.pop_back();
  tables[1].stations.push_back(tables[1].stations[0]);  // twice in one table
  const StationSeries s = station_series(tables, "precipitation_amount");
  BOOST_TEST((s.kind == TimeKind::accumulation));
  BOOST_REQUIRE(s.stations.size() == 4U);
  BOOST_REQUIRE(s.times.size() == 2U);
  BOOST_TEST(s.at(1, 0) == 10.0F);
  BOOST_TEST(s.at(1, 1) == 11.0F);
  BOOST_TEST(std::isnan(s.at(2, 0)));
  BOOST_TEST(s.at(3, 1) == s.at(0, 1));
  BOOST_TEST(station_series(tables, "wind_speed").stations.empty());
}

BOOST_AUTO_TEST_CASE(the_gauges_and_radar_of_gothenburg_are_read) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  const std::string folder = data + "/gauge/openmrg/OpenMRG/";
  const StationFiles files = read_station_files({folder + "openmrg_municp_gauge_5min_2h.nc", folder + "openmrg_smhi_gauge_5min_2h.nc"});
  BOOST_TEST(files.problems.empty());
  const StationSeries s = station_series(files.tables, "precipitation_amount");
  BOOST_REQUIRE(s.stations.size() == 11U);
  BOOST_REQUIRE(s.times.size() == 31U);
  BOOST_TEST(s.stations[10].code == "SMHI");
  BOOST_TEST(s.stations[2].code == "2");
  BOOST_TEST(s.at(2, 9) == 0.5F);
  BOOST_TEST(to_iso(s.times[0].end) == "2015-07-25T12:30:00Z");
  BOOST_TEST((s.times[0].length() == Seconds(300)));
  const FileFields radar = read_file(folder + "openmrg_rad_5min_2h.nc", {{"precipitation_amount"}});
  BOOST_REQUIRE(radar.fields.size() == 31U);
  BOOST_TEST((radar.fields[0].meta.kind == TimeKind::accumulation));
  BOOST_TEST((radar.fields[0].meta.valid == s.times[0]));
}

BOOST_AUTO_TEST_SUITE_END()
