#include "products/grid_netcdf.h"

#include <netcdf.h>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <limits>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"
#include "tests/support/test_data.h"

using namespace guyu;
namespace fs = std::filesystem;

namespace {
const TimePoint kIssue = parse_time("2024-07-01T03:00:00Z");
const std::string kLonLat = "+proj=longlat +datum=WGS84 +no_defs";

Field ramp(const Grid& grid) {
  Field f(grid, {});
  for (std::size_t k = 0; k < f.values().size(); ++k) f.values()[k] = static_cast<float>(k) * 0.25F;
  f.values()[1] = std::numeric_limits<float>::quiet_NaN();
  return f;
}

void write(const std::string& path, const Field& f) {
  GridNetcdfWriter writer(path, f.grid(), {"a title", "1.2.3", "c0ffee", {"in.h5 00ff"}, kIssue});
  const std::size_t rate = writer.add({"rate", "a rate", quantities::rainfall_rate(), TimeKind::instant, {{kIssue, kIssue}}, "surface"});
  const std::size_t amount = writer.add({"amount",
                                         "an amount",
                                         quantities::precipitation_amount(),
                                         TimeKind::accumulation,
                                         {{kIssue, kIssue + Seconds(300)}, {kIssue + Seconds(300), kIssue + Seconds(600)}},
                                         "surface"});
  writer.write(rate, 0, f.view());
  for (const std::size_t step : {std::size_t{0}, std::size_t{1}}) writer.write(amount, step, f.view());
  writer.close();
}

struct Reading {
  explicit Reading(const std::string& path) { BOOST_REQUIRE(nc_open(path.c_str(), NC_NOWRITE, &id) == NC_NOERR); }
  ~Reading() { nc_close(id); }
  int var(const std::string& name) const {
    int v = -1;
    BOOST_REQUIRE_MESSAGE(nc_inq_varid(id, name.c_str(), &v) == NC_NOERR, name);
    return v;
  }
  std::vector<double> all(const std::string& name, std::size_t n) const {
    std::vector<double> values(n);
    BOOST_REQUIRE(nc_get_var_double(id, var(name), values.data()) == NC_NOERR);
    return values;
  }
  std::string text(int v, const char* name) const {
    std::size_t n = 0;
    if (nc_inq_attlen(id, v, name, &n) != NC_NOERR) return "";
    std::string s(n, '\0');
    nc_get_att_text(id, v, name, s.data());
    return s;
  }
  int id = 0;
};
}  // namespace

BOOST_AUTO_TEST_SUITE(grid_netcdf)

BOOST_AUTO_TEST_CASE(values_coordinates_times_and_bounds_come_back) {
  const std::string path = test::temporary_folder("grid_netcdf") + "/deep/er/grid.nc";
  const Grid grid(kLonLat, 110, 30, 0.5, 0.25, 4, 3);
  write(path, ramp(grid));
  const Reading r(path);
  const auto lat = r.all("lat", 3), lon = r.all("lon", 4);
  BOOST_TEST(lat[0] == 30.0);
  BOOST_TEST(lat[2] == 29.5);
  BOOST_TEST(lon[3] == 111.5);
  const auto values = r.all("rate", 12);
  BOOST_TEST(std::isnan(values[1]));
  BOOST_TEST(values[11] == 2.75);
  const auto time = r.all("time_1", 2), bounds = r.all("time_1_bounds", 4);
  BOOST_TEST(time[1] - time[0] == 300.0);
  BOOST_TEST(bounds[0] == static_cast<double>(kIssue.time_since_epoch().count()));
  BOOST_TEST(bounds[1] == time[0]);
  BOOST_TEST(r.text(NC_GLOBAL, "Conventions") == "CF-1.8");
  BOOST_TEST(r.text(NC_GLOBAL, "config_hash") == "c0ffee");
  BOOST_TEST(r.text(r.var("amount"), "cell_methods") == "time: sum");
  BOOST_TEST(r.text(r.var("amount"), "units") == "mm");
  BOOST_TEST(r.text(r.var("time_1"), "bounds") == "time_1_bounds");
}

BOOST_AUTO_TEST_CASE(members_have_an_axis_of_their_own_beside_variables_without_one) {
  const std::string path = test::temporary_folder("grid_netcdf_members") + "/grid.nc";
  const Grid grid(kLonLat, 110, 30, 0.5, 0.25, 4, 3);
  GridNetcdfWriter writer(path, grid, {"test", "0", "", {}, kIssue});
  const std::vector<Interval> times{{kIssue, kIssue}, {kIssue + Seconds(300), kIssue + Seconds(300)}};
  const std::size_t rate = writer.add({"rate", "", quantities::rainfall_rate(), TimeKind::instant, times, "", 3});
  const std::size_t mean = writer.add({"mean", "", quantities::rainfall_rate(), TimeKind::instant, times, ""});
  BOOST_CHECK_THROW(writer.add({"other", "", quantities::rainfall_rate(), TimeKind::instant, times, "", 4}), Error);
  std::vector<float> cells(12);
  const auto plane = [&](float x) {
    std::fill(cells.begin(), cells.end(), x);
    return FieldView<const float>{cells.data(), 3, 4, 4};
  };
  // Not in the order of the axes.
  for (const std::size_t m : {2U, 0U, 1U})
    for (const std::size_t s : {1U, 0U}) writer.write(rate, s, plane(static_cast<float>(10 * m + s)), m);
  writer.write(mean, 1, plane(7));
  writer.close();
  const Reading r(path);
  const auto values = r.all("rate", 3 * 2 * 12), means = r.all("mean", 2 * 12), members = r.all("member", 3);
  for (std::size_t m = 0; m < 3; ++m) {
    BOOST_TEST(members[m] == static_cast<double>(m));
    for (std::size_t s = 0; s < 2; ++s)
      for (std::size_t k = 0; k < 12; ++k) BOOST_TEST_REQUIRE(values[(m * 2 + s) * 12 + k] == static_cast<double>(10 * m + s));
  }
  BOOST_TEST(std::isnan(means[0]));
  BOOST_TEST(means[12] == 7.0);
  BOOST_TEST(r.text(r.var("member"), "standard_name") == "realization");
}

BOOST_AUTO_TEST_CASE(a_projected_grid_carries_its_mapping) {
  const std::string path = test::temporary_folder("grid_netcdf_laea") + "/grid.nc";
  write(path, ramp(Grid("+proj=laea +lat_0=55 +lon_0=10 +x_0=1950000 +y_0=-2100000 +units=m +ellps=WGS84 +no_defs", 1000, -1000, 2000, 2000, 3, 3)));
  const Reading r(path);
  BOOST_TEST(r.text(r.var("crs"), "grid_mapping_name") == "lambert_azimuthal_equal_area");
  double lon0 = 0;
  BOOST_REQUIRE(nc_get_att_double(r.id, r.var("crs"), "longitude_of_projection_origin", &lon0) == NC_NOERR);
  BOOST_TEST(lon0 == 10.0);
  BOOST_TEST(r.text(r.var("x"), "standard_name") == "projection_x_coordinate");
  BOOST_TEST(!r.text(r.var("crs"), "crs_wkt").empty());
}

BOOST_AUTO_TEST_CASE(the_same_content_gives_the_same_bytes) {
  const std::string folder = test::temporary_folder("grid_netcdf_bytes");
  const Grid grid(kLonLat, 110, 30, 0.5, 0.25, 400, 300);
  write(folder + "/a.nc", ramp(grid));
  write(folder + "/b.nc", ramp(grid));
  BOOST_TEST((read_text_file(folder + "/a.nc") == read_text_file(folder + "/b.nc")));
}

BOOST_AUTO_TEST_CASE(a_window_on_a_larger_plane_is_written_row_by_row_and_a_step_never_written_is_missing) {
  const std::string path = test::temporary_folder("grid_netcdf_window") + "/grid.nc";
  const Field large = ramp(Grid(kLonLat, 110, 30, 0.5, 0.25, 7, 5));
  {
    GridNetcdfWriter writer(path, Grid(kLonLat, 110, 30, 0.5, 0.25, 4, 3), {"t", "v", "", {}, kIssue});
    const std::size_t v =
        writer.add({"rate", "", quantities::rainfall_rate(), TimeKind::instant, {{kIssue, kIssue}, {kIssue + Seconds(60), kIssue + Seconds(60)}}, ""});
    writer.write(v, 0, {large.view().row(2) + 1, 3, 4, 7});
    writer.close();
  }
  const auto values = Reading(path).all("rate", 24);
  BOOST_TEST(values[0] == double{large.view()(2, 1)});
  BOOST_TEST(values[11] == double{large.view()(4, 4)});
  for (std::size_t k = 12; k < 24; ++k) BOOST_TEST(std::isnan(values[k]));
}

BOOST_AUTO_TEST_CASE(several_chunks_a_plane_have_the_same_bytes_for_any_number_of_threads_and_read_back_as_they_were) {
  const std::string folder = test::temporary_folder("grid_netcdf_chunks");
  constexpr std::int64_t kRows = 1203, kColumns = 1000;  // 524 rows a chunk: the last one is not full
  const Field f = ramp(Grid(kLonLat, 110, 30, 0.01, 0.01, kColumns, kRows));
  std::string one;
  for (const int threads : {1, 2, 3}) {
    set_num_threads(threads);
    const std::string path = folder + "/" + std::to_string(threads) + ".nc";
    GridNetcdfWriter writer(path, f.grid(), {"t", "v", "", {}, kIssue});
    const std::vector<Interval> times{{kIssue, kIssue}, {kIssue + Seconds(300), kIssue + Seconds(300)}};
    const std::size_t v = writer.add({"rate", "", quantities::rainfall_rate(), TimeKind::instant, times, "", 2});
    writer.write(v, 1, f.view(), 1);
    writer.close();
    if (one.empty()) one = read_text_file(path);
    BOOST_TEST((read_text_file(path) == one), threads << " threads");
  }
  set_num_threads(0);
  const Reading r(folder + "/3.nc");
  constexpr std::size_t kCells = kRows * kColumns;
  const auto values = r.all("rate", 4 * kCells);
  std::size_t wrong = 0, missing = 0;
  for (std::size_t k = 0; k < kCells; ++k) {
    const auto expected = double{f.values()[k]};
    const double found = values[3 * kCells + k];
    wrong += !(found == expected || (std::isnan(found) && std::isnan(expected)));
  }
  for (std::size_t k = 0; k < 3 * kCells; ++k) missing += std::isnan(values[k]);  // planes that were not written
  BOOST_TEST(wrong == 0U);
  BOOST_TEST(missing == 3 * kCells);
}

BOOST_AUTO_TEST_CASE(without_close_nothing_is_left_and_an_earlier_file_stays) {
  const std::string folder = test::temporary_folder("grid_netcdf_open"), path = folder + "/grid.nc";
  write_file_atomically(path, "earlier");
  {
    const Grid grid(kLonLat, 110, 30, 0.5, 0.25, 4, 3);
    GridNetcdfWriter writer(path, grid, {"t", "v", "", {}, kIssue});
    const std::size_t v = writer.add({"rate", "", quantities::rainfall_rate(), TimeKind::instant, {{kIssue, kIssue}}, ""});
    writer.write(v, 0, ramp(grid).view());
  }
  BOOST_TEST(read_text_file(path) == "earlier");
  BOOST_TEST(std::distance(fs::directory_iterator(folder), fs::directory_iterator()) == 1);
}

BOOST_AUTO_TEST_CASE(a_crs_that_nobody_knows_and_a_folder_that_cannot_be_written_are_errors) {
  const std::string folder = test::temporary_folder("grid_netcdf_bad");
  const Provenance p{"t", "v", "", {}, kIssue};
  BOOST_CHECK_THROW(GridNetcdfWriter(folder + "/a.nc", Grid("+proj=nonsense", 0, 0, 1, 1, 2, 2), p), Error);
  BOOST_CHECK_THROW(GridNetcdfWriter("/proc/none/a.nc", Grid(kLonLat, 0, 0, 1, 1, 2, 2), p), Error);
}

BOOST_AUTO_TEST_SUITE_END()
