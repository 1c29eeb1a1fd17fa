#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <limits>

#include "ingest/projection.h"
#include "ingest/reader.h"
#include "products/grid_netcdf.h"
#include "tests/support/test_data.h"

// Grid files stand between two folders that do not know each other: what products/ writes, ingest/ reads as the same field.
using namespace guyu;

namespace {
const TimePoint kIssue = parse_time("2024-07-01T03:00:00Z");

Field ramp(const Grid& grid) {
  Field f(grid, {quantities::rainfall_rate(), TimeKind::instant, {kIssue, kIssue}, kIssue, "", {}, "", ""});
  for (std::size_t k = 0; k < f.values().size(); ++k) f.values()[k] = static_cast<float>(k) * 0.3F;
  f.values()[1] = std::numeric_limits<float>::quiet_NaN();
  return f;
}

std::vector<Field> there_and_back(const Field& f, GridVariable variable, const std::string& name) {
  const std::string path = test::temporary_folder("round_trip") + "/" + name + ".nc";
  GridNetcdfWriter writer(path, f.grid(), {"title", "1", "", {}, kIssue});
  const std::size_t steps = variable.times.size(), id = writer.add(std::move(variable));
  for (std::size_t k = 0; k < steps; ++k) writer.write(id, k, f.view());
  writer.close();
  FileFields file = read_file(path);
  BOOST_TEST(file.problems.empty());
  return std::move(file.fields);
}

struct Case {
  const char* name;
  std::string crs;
  double x0, y0, dx, dy, longitude, latitude;  // a place that the projection knows
  double metres = 1;                           // the file's unit is the metre, whatever the grid's is
};
const Case kCases[] = {
    {"mrms", "+proj=longlat +datum=WGS84 +no_defs", -129.995, 54.995, 0.01, 0.01, -100, 40},
    {"third", "+proj=longlat +datum=WGS84 +no_defs", 70.1, 55.3, 1.0 / 3, 1.0 / 7, 100, 40},
    {"wgs84", "EPSG:4326", 70, 55, 0.25, 0.25, 100, 40},
    {"knmi", "+proj=stere +lat_0=90 +lon_0=0 +lat_ts=60 +a=6378140 +b=6356750 +x_0=0 +y_0=0", 500.123, -3650500.7, 1000.0034, 1000.0049, 5, 52},
    {"ups", "EPSG:32661", 2000000, 1000000, 2000, 2000, 10, 80},
    {"south", "+proj=stere +lat_0=-90 +lat_ts=-71 +lon_0=0 +ellps=WGS84 +units=m +no_defs", 0, 0, 5000, 5000, 20, -75},
    {"oblique", "+proj=stere +lat_0=52.5 +lon_0=19.0926 +k_0=1 +ellps=WGS84 +units=m +no_defs", -300000, 400000, 1000, 1000, 19, 52},
    {"hrrr", "+proj=lcc +lat_1=38.5 +lat_2=38.5 +lat_0=38.5 +lon_0=-97.5 +R=6371229 +units=m +no_defs", -2697520.142522, 1587306.152557, 3000, 3000, -100, 40},
    {"lambert_93", "EPSG:2154", 600000, 7000000, 1000, 1000, 3, 47},
    {"lcc_1sp", "+proj=lcc +lat_1=46.8 +lat_0=46.8 +lon_0=2.337229 +k_0=0.99987742 +x_0=600000 +y_0=2200000 +ellps=clrk80 +units=m +no_defs", 500000, 2300000,
     1000, 1000, 3, 47},
    {"opera", "+proj=laea +lat_0=55.0 +lon_0=10.0 +x_0=1950000.0 +y_0=-2100000.0 +units=m +ellps=WGS84", 1000, -1000, 2000, 2000, 10, 50},
    {"offset", "+proj=laea +lat_0=54.9876543 +lon_0=10.1234567 +x_0=1952345.25 +y_0=-2101234.5 +units=m +ellps=WGS84", 1000, -1000, 2000, 2000, 10, 50},
    {"bom", "+proj=aea +lat_1=-18 +lat_2=-36 +lat_0=-27.7178 +lon_0=153.24 +a=6378137 +b=6356752.31414 +units=m", -127750, 127750, 500, 500, 153, -27},
    {"mercator", "+proj=merc +lat_ts=20 +lon_0=110 +R=6371200 +units=m +no_defs", 0, 3000000, 2500, 2500, 112, 25},
    {"web_mercator", "EPSG:3857", 12900000, 4900000, 1000, 1000, 116, 40},
    {"utm", "EPSG:32650", 400000, 4400000, 1000, 1000, 116, 40},
    {"aeqd", "+proj=aeqd +lat_0=23.2 +lon_0=113.4 +ellps=WGS84 +units=m +no_defs", -200000, 200000, 1000, 1000, 113, 23},
    {"rotated", "+proj=ob_tran +o_proj=longlat +o_lat_p=39.25 +o_lon_p=0 +lon_0=18 +R=6371229.000000 +to_meter=0.0174532925199433 +no_defs", -10, 12, 0.1, 0.1,
     15, 52},
    {"satellite", "+proj=geos +h=35785831 +lon_0=0 +sweep=y +ellps=WGS84 +units=m +no_defs", -1000000, 4000000, 3000, 3000, 5, 45},
    {"kilometres", "+proj=stere +lat_0=90 +lon_0=0 +lat_ts=60 +a=6378140 +b=6356750 +units=km +no_defs", 0.5, -3650.5, 1, 1, 5, 52, 1000},
    {"us_feet", "+proj=lcc +lat_0=40.25 +lon_0=-74 +lat_1=41.5 +lat_2=40.75 +x_0=300000 +y_0=0 +ellps=GRS80 +units=us-ft +no_defs", 900000, 300000, 5280, 5280,
     -74, 40.7, 1200.0 / 3937},
};
}  // namespace

BOOST_AUTO_TEST_SUITE(grid_file_round_trip)

BOOST_AUTO_TEST_CASE(every_projection_comes_back_as_the_same_grid_with_the_same_values) {
  for (const Case& c : kCases) {
    BOOST_TEST_CONTEXT(c.name) {
      const Field f = ramp(Grid(c.crs, c.x0, c.y0, c.dx, c.dy, 40, 30));
      const auto back = there_and_back(f, {"rainfall_rate", "", quantities::rainfall_rate(), TimeKind::instant, {{kIssue, kIssue}}, ""}, c.name);
      BOOST_REQUIRE(back.size() == 1U);
      const Grid &g = f.grid(), &h = back[0].grid();
      BOOST_TEST(h.nx() == g.nx());
      BOOST_TEST(h.ny() == g.ny());
      // The same place on earth lies at the same row and column.
      const Coordinates p = project(g.crs(), c.longitude, c.latitude), q = project(h.crs(), c.longitude, c.latitude);
      BOOST_TEST(std::abs(g.column_of(p.x) - h.column_of(q.x)) < 1e-6, g.column_of(p.x) << " " << h.column_of(q.x) << " " << h.crs());
      BOOST_TEST(std::abs(g.row_of(p.y) - h.row_of(q.y)) < 1e-6, g.row_of(p.y) << " " << h.row_of(q.y));
      if (c.metres == 1) BOOST_TEST((h.x(0) == g.x(0) && h.y(0) == g.y(0) && h.dx() == g.dx() && h.dy() == g.dy()), h.describe());
      else BOOST_TEST(h.dx() == g.dx() * c.metres, boost::test_tools::tolerance(1e-9));
      for (std::size_t k = 0; k < f.values().size(); ++k) {
        const float a = f.values()[k], b = back[0].values()[k];
        BOOST_REQUIRE((a == b || (std::isnan(a) && std::isnan(b))));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(the_grids_of_real_radar_and_forecast_files_come_back) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  for (const char* folder : {"/radar/knmi_20100826", "/radar/opera_20180824", "/radar/bom66_20201031", "/radar/mrms_conus_20190610", "/nwp/grib2_models"}) {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(data + folder)) {
      if (entry.is_regular_file()) files.push_back(entry.path().string());
    }
    std::sort(files.begin(), files.end());
    if (files.size() > 6) files.resize(1);  // of one series, one
    for (const std::string& file : files) {
      BOOST_TEST_CONTEXT(file) {
        const FileFields original = read_file(file);
        const Field& f = original.fields.at(0);
        const auto back = there_and_back(f, {"rainfall_rate", "", quantities::rainfall_rate(), TimeKind::instant, {{kIssue, kIssue}}, ""}, "real");
        BOOST_REQUIRE(back.size() == 1U);
        const Grid &g = f.grid(), &h = back[0].grid();
        // Spacings that were themselves computed may differ in the last digits: no more than a millionth of a cell over the whole grid.
        BOOST_TEST(std::abs(h.column_of(g.x(static_cast<double>(g.nx() - 1))) - static_cast<double>(g.nx() - 1)) < 1e-6);
        BOOST_TEST(std::abs(h.row_of(g.y(static_cast<double>(g.ny() - 1))) - static_cast<double>(g.ny() - 1)) < 1e-6);
        if (!(g.dx() == h.dx() && g.dy() == h.dy() && g.x(0) == h.x(0) && g.y(0) == h.y(0))) BOOST_TEST_MESSAGE("not equal to the bit: " << g.describe());
        BOOST_REQUIRE(f.values().size() == back[0].values().size());
        for (std::size_t k = 0; k < f.values().size(); ++k) {
          const float a = f.values()[k], b = back[0].values()[k];
          if (!(a == b || (std::isnan(a) && std::isnan(b)))) BOOST_FAIL("value " << k << ": " << a << " came back as " << b);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(uneven_rows_come_back_unchanged) {
  const Field f = ramp(Grid("+proj=longlat +datum=WGS84 +no_defs", 70, 0.25, 5, std::vector<double>{40.1, 39, 37.7, 36}));
  const auto back = there_and_back(f, {"rainfall_rate", "", quantities::rainfall_rate(), TimeKind::instant, {{kIssue, kIssue}}, ""}, "rows");
  BOOST_REQUIRE(back.size() == 1U);
  BOOST_TEST((back[0].grid() == f.grid()));
}

BOOST_AUTO_TEST_CASE(quantity_unit_kind_and_interval_come_back) {
  const Field f = ramp(Grid("+proj=longlat +datum=WGS84 +no_defs", 70, 50, 0.25, 0.25, 5, 4));
  const Interval first{kIssue, kIssue + Seconds(300)}, second{kIssue + Seconds(300), kIssue + Seconds(900)};
  for (const std::string& name : quantity_names()) {
    for (const TimeKind kind : {TimeKind::instant, TimeKind::accumulation, TimeKind::mean, TimeKind::maximum, TimeKind::minimum}) {
      const Quantity& q = *find_quantity(name);
      if (is_amount(q) && kind == TimeKind::instant) continue;  // no such thing
      const bool instant = kind == TimeKind::instant;
      const auto back = there_and_back(
          f, {name, "", q, kind, instant ? std::vector<Interval>{{kIssue, kIssue}, {first.end, first.end}} : std::vector<Interval>{first, second}, ""},
          "kinds");
      BOOST_REQUIRE(back.size() == 2U);
      BOOST_TEST((back[1].meta.quantity == q), name << " came back as " << back[1].meta.quantity.name);
      BOOST_TEST((back[1].meta.kind == kind), name);
      BOOST_TEST((back[1].meta.valid == (instant ? Interval{first.end, first.end} : second)), name);
      BOOST_TEST((back[1].meta.reference == kIssue), name);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
