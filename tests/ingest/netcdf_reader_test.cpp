#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>

#include "engine/core/error.h"
#include "ingest/reader.h"
#include "tests/ingest/refusal.h"
#include "tests/support/netcdf_writer.h"
#include "tests/support/test_data.h"

using namespace guyu;
using test::NetcdfWriter;
using test::says;
namespace {

std::string new_path() { return test::temporary_folder("netcdf") + "/file.nc"; }
// A 2 x 3 grid, latitudes 30, 29 and longitudes 100, 101, 102, with one variable of six values.
std::string write_plain(nc_type type, const std::vector<double>& values, const std::function<void(NetcdfWriter&, int)>& attributes, int mode = NC_CLOBBER) {
  const std::string path = new_path();
  NetcdfWriter w(path, mode);
  const int y = w.axis("lat", "latitude", "degrees_north", 2), x = w.axis("lon", "longitude", "degrees_east", 3);
  const int v = w.variable("rain", type, {y, x});
  w.text(v, "standard_name", "rainfall_rate");
  w.text(v, "units", "mm h-1");
  attributes(w, v);
  w.put("lat", {30, 29});
  w.put("lon", {100, 101, 102});
  w.put(v, values);
  return path;
}

}  // namespace
BOOST_AUTO_TEST_SUITE(netcdf_reader_)

BOOST_AUTO_TEST_CASE(packed_values_unpack_and_every_kind_of_missing_is_nan) {
  const std::string path = write_plain(NC_SHORT, {0, 10, -1, -9, 2000, -5}, [](NetcdfWriter& w, int v) {
    w.number(v, "scale_factor", NC_FLOAT, {0.5});
    w.number(v, "add_offset", NC_FLOAT, {1});
    w.number(v, "_FillValue", NC_SHORT, {-1});
    w.number(v, "missing_value", NC_SHORT, {-9});
    w.number(v, "valid_min", NC_SHORT, {-4});
    w.number(v, "valid_max", NC_FLOAT, {500});  // of another type: a real value
  });
  const Field f = std::move(read_file(path).fields.at(0));
  BOOST_TEST((f.meta.quantity == quantities::rainfall_rate()));
  BOOST_TEST(f.view()(0, 0) == 1.0F);
  BOOST_TEST(f.view()(0, 1) == 6.0F);
  for (const auto& [j, i] : {std::pair{0, 2}, {1, 0}, {1, 1}, {1, 2}}) BOOST_TEST(std::isnan(f.view()(j, i)));
}

BOOST_AUTO_TEST_CASE(unsigned_bytes_default_fills_and_float_sentinels) {
  const Field bytes = std::move(read_file(write_plain(NC_BYTE, {0, 1, 127, -128, -2, -1}, [](NetcdfWriter& w, int v) {
                                  w.text(v, "_Unsigned", "true");
                                  w.number(v, "_FillValue", NC_BYTE, {-1});
                                })).fields.at(0));
  BOOST_TEST(bytes.view()(1, 0) == 128.0F);
  BOOST_TEST(bytes.view()(1, 1) == 254.0F);
  BOOST_TEST(std::isnan(bytes.view()(1, 2)));
  const Field shorts = std::move(read_file(write_plain(NC_SHORT, {0, 1, 2, 3, 4, NC_FILL_SHORT}, [](NetcdfWriter&, int) {})).fields.at(0));
  BOOST_TEST(std::isnan(shorts.view()(1, 2)));
  const Field floats = std::move(
      read_file(write_plain(NC_FLOAT, {0, 1, NAN, 1e20, 4, 5}, [](NetcdfWriter& w, int v) { w.number(v, "missing_value", NC_DOUBLE, {1e20}); })).fields.at(0));
  BOOST_TEST(statistics(floats.view()).missing == 2);
}

BOOST_AUTO_TEST_CASE(units_become_canonical_and_a_name_with_a_foreign_unit_is_not_taken_for_the_quantity) {
  const std::string metres = write_plain(NC_FLOAT, {0, 1e-3, 0, 0, 0, 0}, [](NetcdfWriter& w, int v) {
    w.text(v, "standard_name", "lwe_thickness_of_precipitation_amount");
    w.text(v, "units", "m");
  });
  BOOST_TEST(std::abs(read_file(metres, {{"precipitation_amount"}}).fields.at(0).view()(0, 1) - 1.0F) < 1e-6F);
  const std::string counts = write_plain(NC_FLOAT, {0, 1, 0, 0, 0, 0}, [](NetcdfWriter& w, int v) { w.text(v, "units", "counts"); });
  BOOST_TEST(read_file(counts).fields.at(0).meta.quantity.unit == "counts");
  BOOST_CHECK_THROW(read_file(counts, {{"rainfall_rate"}}), Error);
}

// 1500 m under standard gravity, by the names of CF and of cfgrib.
BOOST_AUTO_TEST_CASE(the_ground_of_a_model_is_known_by_altitude_and_geopotential) {
  const auto only = [](const std::string& name, const std::string& standard, const std::string& unit, double value, const std::string& level_type = "") {
    const std::string path = new_path();
    {
      NetcdfWriter w(path);
      const int y = w.axis("lat", "latitude", "degrees_north", 2), x = w.axis("lon", "longitude", "degrees_east", 2);
      const int v = w.variable(name, NC_FLOAT, {y, x});
      if (!standard.empty()) w.text(v, "standard_name", standard);
      if (!level_type.empty()) w.text(v, "GRIB_typeOfLevel", level_type);
      w.text(v, "units", unit);
      w.put("lat", {30, 29});
      w.put("lon", {100, 101});
      w.put(v, std::vector<double>(4, value));
    }
    return std::move(read_file(path).fields.at(0));
  };
  for (const Field& f : {only("HSURF", "surface_altitude", "m", 1500), only("orog", "", "m", 1500), only("phis", "surface_geopotential", "m2 s-2", 14709.975),
                         only("z", "geopotential", "m**2 s**-2", 14709.975, "surface")}) {
    BOOST_TEST(f.meta.quantity.name == "surface_altitude");
    BOOST_TEST(f.meta.level == "surface");
    BOOST_TEST(f.view()(0, 0) == 1500.0F, boost::test_tools::tolerance(1e-5F));
  }
  // That of a level which the file does not tell is no ground.
  const Field aloft = only("z", "geopotential", "m**2 s**-2", 9.80665 * 5600);
  BOOST_TEST(aloft.meta.quantity.name == "geopotential_height");
  BOOST_TEST(aloft.view()(0, 0) == 5600.0F, boost::test_tools::tolerance(1e-5F));
}

BOOST_AUTO_TEST_CASE(a_variable_of_many_times_levels_and_members_gives_a_field_each) {
  const std::string path = new_path();
  {
    NetcdfWriter w(path, NC_CLOBBER | NC_NETCDF4);
    const int t = w.axis("time", "time", "hours since 2020-06-01", 2), two = w.dim("two", 2);
    const int e = w.axis("realization", "realization", "1", 2), z = w.axis("height", "height", "m", 1);
    const int y = w.axis("lat", "latitude", "degrees_north", 2), x = w.axis("lon", "longitude", "degrees_east", 2);
    const int v = w.variable("amount", NC_FLOAT, {t, e, z, y, x}), b = w.variable("time_bounds", NC_DOUBLE, {t, two});
    const int issue = w.variable("forecast_reference_time", NC_DOUBLE, {});
    w.text(v, "standard_name", "precipitation_amount"), w.text(v, "units", "kg m-2"), w.text(v, "cell_methods", "time: sum");
    w.text(0, "bounds", "time_bounds");
    w.text(issue, "standard_name", "forecast_reference_time"), w.text(issue, "units", "hours since 2020-06-01");
    w.put("time", {3, 6}), w.put(b, {0, 3, 3, 6}), w.put("realization", {0, 7}), w.put("height", {10}), w.put(issue, {-6});
    w.put("lat", {20, 21}), w.put("lon", {100, 101});
    std::vector<double> values(16);
    for (std::size_t i = 0; i < 16; ++i) values[i] = static_cast<double>(i);
    w.put(v, values);
  }
  const FileFields file = read_file(path);
  BOOST_REQUIRE(file.fields.size() == 4U);
  const Field& last = file.fields[3];
  BOOST_TEST(last.meta.member.value_or(-1) == 7);
  BOOST_TEST(last.meta.level == "10 m");
  BOOST_TEST((last.meta.kind == TimeKind::accumulation));
  BOOST_TEST(to_iso(last.meta.valid.begin) == "2020-06-01T03:00:00Z");
  BOOST_TEST(to_iso(last.meta.valid.end) == "2020-06-01T06:00:00Z");
  BOOST_TEST(to_iso(last.meta.reference) == "2020-05-31T18:00:00Z");
  BOOST_TEST(last.view()(0, 0) == 14.0F);  // the northern row is the second in the file
  BOOST_TEST(last.view()(1, 1) == 13.0F);
}

BOOST_AUTO_TEST_CASE(fields_that_are_not_selected_are_passed_over_without_their_values) {
  const std::string path = write_plain(NC_SHORT, {0, 1, 2, 3, 4, 5}, [](NetcdfWriter&, int) {});
  std::size_t asked = 0, given = 0;
  const auto none = [&](const FieldMeta& m) {
    ++asked;
    return m.quantity.name != "rainfall_rate";
  };
  const FileSummary file = read_each(path, {{}, none}, [&](Field&&) { ++given; });
  BOOST_TEST((asked == 1 && given == 0 && file.fields == 0 && file.problems.empty()));
  read_each(path, {{}, [](const FieldMeta&) { return true; }}, [&](Field&& f) { given += f.values()[5] == 5 ? 1 : 0; });
  BOOST_TEST(given == 1U);
  // A file without a wanted quantity is still an error, whatever would be selected.
  BOOST_CHECK_THROW(read_each(path, {{"air_temperature"}, none}, [](Field&&) {}), Error);
}

BOOST_AUTO_TEST_CASE(dimensions_may_stand_in_any_order) {
  const std::string path = new_path();
  {
    NetcdfWriter w(path);
    const int x = w.axis("lon", "longitude", "degrees_east", 3), t = w.axis("time", "time", "hours since 2020-06-01", 2);
    const int y = w.axis("lat", "latitude", "degrees_north", 2);
    const int v = w.variable("rain", NC_FLOAT, {x, t, y});
    w.text(v, "standard_name", "rainfall_rate"), w.text(v, "units", "mm h-1");
    w.put("lon", {100, 101, 102}), w.put("time", {1, 2}), w.put("lat", {20, 21});
    w.put(v, {0, 10, 100, 110, 1, 11, 101, 111, 2, 12, 102, 112});  // 100 t + 10 y + x
  }
  const FileFields file = read_file(path);
  BOOST_REQUIRE(file.fields.size() == 2U);
  BOOST_TEST(file.fields[1].view()(0, 2) == 112.0F);
  BOOST_TEST(file.fields[1].view()(1, 0) == 100.0F);
  BOOST_TEST(to_iso(file.fields[1].meta.valid.end) == "2020-06-01T02:00:00Z");
}

BOOST_AUTO_TEST_CASE(a_whole_circle_of_longitudes_turns_to_begin_at_the_antimeridian) {
  const std::string path = new_path();
  {
    NetcdfWriter w(path);
    const int y = w.axis("lat", "latitude", "degrees_north", 2), x = w.axis("lon", "longitude", "degrees_east", 4);
    const int v = w.variable("rain", NC_FLOAT, {y, x});
    w.text(v, "standard_name", "rainfall_rate"), w.text(v, "units", "mm h-1");
    w.put("lat", {-10, 10}), w.put("lon", {0, 90, 180, 270}), w.put(v, {0, 1, 2, 3, 10, 11, 12, 13});
  }
  const Field f = std::move(read_file(path).fields.at(0));
  BOOST_TEST(f.grid().x(0) == -180.0);
  BOOST_TEST(f.view()(0, 0) == 12.0F);
  BOOST_TEST(f.view()(1, 2) == 0.0F);
}

BOOST_AUTO_TEST_CASE(projected_grids_in_kilometres_use_the_only_mapping_of_the_file) {
  const std::string path = new_path();
  {
    NetcdfWriter w(path);
    const int y = w.axis("y", "projection_y_coordinate", "km", 2), x = w.axis("x", "projection_x_coordinate", "km", 2);
    const int v = w.variable("rain", NC_FLOAT, {y, x}), m = w.variable("crs", NC_INT, {});
    w.text(v, "standard_name", "rainfall_rate"), w.text(v, "units", "mm h-1");
    w.text(m, "grid_mapping_name", "polar_stereographic"), w.number(m, "standard_parallel", NC_DOUBLE, {60});
    w.put("y", {-3000, -3001}), w.put("x", {0, 1}), w.put(v, {0, 1, 2, 3});
  }
  const Field f = std::move(read_file(path).fields.at(0));
  BOOST_TEST(f.grid().dx() == 1000.0);
  BOOST_TEST(f.grid().y(0) == -3e6);
  BOOST_TEST(f.grid().crs().find("+proj=stere +lat_0=90 +lat_ts=60") == 0U);
}

BOOST_AUTO_TEST_CASE(times_that_cannot_be_placed_are_refused_not_set_to_the_epoch) {
  for (const auto& [units, calendar, reason] : {std::tuple{"months since 2020-01-01", "standard", "time unit"},
                                                {"days since 2020-01-01", "360_day", "calendar"},
                                                {"days since 2020-01-01", "noleap", "calendar"}}) {
    const std::string path = new_path();
    {
      NetcdfWriter w(path);
      const int t = w.axis("time", "time", units, 1);
      const int y = w.axis("lat", "latitude", "degrees_north", 2), x = w.axis("lon", "longitude", "degrees_east", 2);
      const int v = w.variable("rain", NC_FLOAT, {t, y, x});
      w.text(0, "calendar", calendar);
      w.put("time", {1}), w.put("lat", {0, 1}), w.put("lon", {0, 1}), w.put(v, {0, 1, 2, 3});
    }
    says(path, reason);
  }
}

BOOST_AUTO_TEST_CASE(files_without_a_grid_say_what_they_hold_instead) {
  const std::string path = new_path();
  {
    NetcdfWriter w(path);
    w.axis("range", "", "m", 3), w.axis("azimuth", "", "degrees", 3);
  }
  says(path, "polar radar");
  {
    NetcdfWriter w(path);
    const int j = w.dim("j", 2), i = w.dim("i", 2);
    w.text(w.variable("lon", NC_FLOAT, {j, i}), "units", "degrees_east"), w.text(w.variable("lat", NC_FLOAT, {j, i}), "units", "degrees_north");
    w.variable("rain", NC_FLOAT, {j, i});
  }
  says(path, "curvilinear");
  {
    NetcdfWriter w(path);
    const int n = w.dim("station", 5);
    w.text(w.variable("lon", NC_FLOAT, {n}), "units", "degrees_east"), w.text(w.variable("lat", NC_FLOAT, {n}), "units", "degrees_north");
  }
  says(path, "station");
  {
    NetcdfWriter w(path);
    const int t = w.axis("time", "time", "hours since 2020-06-01", NC_UNLIMITED);
    const int y = w.axis("lat", "latitude", "degrees_north", 2), x = w.axis("lon", "longitude", "degrees_east", 2);
    w.variable("rain", NC_FLOAT, {t, y, x});
    w.put("lat", {0, 1}), w.put("lon", {0, 1});
  }
  says(path, "no step");
}

BOOST_AUTO_TEST_CASE(real_files_agree_with_numbers_taken_by_another_reader) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  struct Known {
    const char* file;
    std::size_t field;
    const char* quantity;
    const char* begin;
    const char* end;
    std::int64_t missing;
    double mean;
  };
  const double n = NAN;
  for (const Known& k :
       {// means and counts from another NetCDF library
        Known{"/radar/bom66_20201031/66_20201031_000000.prcp-c10.nc", 0, "precipitation_amount", "2020-10-30T23:50:00Z", "2020-10-31T00:00:00Z", 0, 0.0030218},
        Known{"/reference/improver/nowcast-extrapolate/201811031600_radar_rainrate_composite_UK_regridded.nc", 0, "rainfall_rate", "2018-11-03T16:00:00Z",
              "2018-11-03T16:00:00Z", -1, 7.127504817626038e-08 * 3.6e6},
        Known{"/satellite/nwcsaf_crr_20180601/S_NWC_CRR_MSG4_Europe-VISIR_20180601T070000Z.nc", 1, "rainfall_rate", "2018-06-01T07:00:00Z",
              "2018-06-01T07:00:00Z", 378486, 0.052367},
        Known{"/lightning/glm/glmtools/test/data/conus/2018/Jul/02/GLM-00-00_20180702_043300_60_1src_056urad-dx_flash_extent.nc", 0, "flash_extent_density",
              "2018-07-02T04:33:00Z", "2018-07-02T04:33:00Z", 0, n}}) {
    BOOST_TEST_CONTEXT(k.file) {
      const FileFields file = read_file(data + k.file);
      const Field& f = file.fields.at(k.field);
      const auto s = statistics(f.view());
      BOOST_TEST(f.meta.quantity.name == k.quantity);
      BOOST_TEST(to_iso(f.meta.valid.begin) == k.begin);
      BOOST_TEST(to_iso(f.meta.valid.end) == k.end);
      if (k.missing >= 0) BOOST_TEST(s.missing == k.missing);
      if (!std::isnan(k.mean)) BOOST_TEST(std::abs(s.mean - k.mean) < 1e-4 * k.mean);
    }
  }
  // Columns first, angles in radians: the maximum lies at element (756, 45) of (x, y).
  const Field flash = std::move(
      read_file(data + "/lightning/glm/glmtools/test/data/conus/2018/Jul/02/GLM-00-00_20180702_043300_60_1src_056urad-dx_flash_extent.nc").fields.at(0));
  BOOST_TEST(flash.grid().nx() == 2499);
  BOOST_TEST(std::abs(flash.view()(1499 - 1 - 45, 756) - 21.000145F) < 1e-4F);
  BOOST_TEST(std::abs(flash.grid().x(756) + 2110230.2) < 100);
}

BOOST_AUTO_TEST_SUITE_END()
