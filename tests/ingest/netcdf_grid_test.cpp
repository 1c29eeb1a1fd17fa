#include "ingest/netcdf_grid.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/error.h"
#include "tests/support/netcdf_writer.h"
#include "tests/support/test_data.h"

using namespace guyu;
using test::NetcdfWriter;
namespace {

struct Axes {
  std::vector<double> x, y;
  bool x_first = false;
  std::string x_name = "longitude", y_name = "latitude", x_units = "degrees_east", y_units = "degrees_north";
};

std::optional<NetcdfRaster> raster(const Axes& a, const std::string& proj = "") {
  const std::string path = test::temporary_folder("netcdf-grid") + "/file.nc";
  {
    NetcdfWriter w(path);
    const int y = w.axis("row", a.y_name, a.y_units, a.y.size()), x = w.axis("column", a.x_name, a.x_units, a.x.size());
    w.variable("rain", NC_FLOAT, a.x_first ? std::vector<int>{x, y} : std::vector<int>{y, x});
    if (!proj.empty()) w.text(NC_GLOBAL, "proj_string", proj);
    w.put("row", a.y);
    w.put("column", a.x);
  }
  const NetcdfFile f(path);
  return NetcdfRaster::of(f, *f.find("rain"));
}

// The cells of a plane 1, 2, 3, ... in the file's order, as the grid has them.
std::vector<float> arranged(const NetcdfRaster& r) {
  std::vector<float> raw(static_cast<std::size_t>(r.grid().size())), out(raw.size());
  for (std::size_t k = 0; k < raw.size(); ++k) raw[k] = static_cast<float>(k + 1);
  r.arrange(raw, out);
  return out;
}

void refused(const Axes& a, const std::string& part, const std::string& proj = "") {
  BOOST_CHECK_EXCEPTION(raster(a, proj), Error, [&](const Error& e) {
    BOOST_TEST_CONTEXT(e.what()) BOOST_TEST(e.reason().find(part) != std::string::npos);
    return true;
  });
}

}  // namespace
BOOST_AUTO_TEST_SUITE(netcdf_grid)

BOOST_AUTO_TEST_CASE(all_directions_and_orders_give_row_0_north_and_column_0_west) {
  const std::vector<double> east{100, 101, 102}, west{102, 101, 100}, north{31, 30}, south{30, 31};
  const struct {
    Axes axes;
    std::vector<float> cells;
  } cases[] = {{{east, north}, {1, 2, 3, 4, 5, 6}}, {{east, south}, {4, 5, 6, 1, 2, 3}},       {{west, north}, {3, 2, 1, 6, 5, 4}},
               {{west, south}, {6, 5, 4, 3, 2, 1}}, {{east, north, true}, {1, 3, 5, 2, 4, 6}}, {{west, south, true}, {6, 4, 2, 5, 3, 1}}};
  for (const auto& c : cases) {
    const auto r = raster(c.axes);
    BOOST_REQUIRE(r.has_value());
    BOOST_TEST((r->grid() == Grid("+proj=longlat +datum=WGS84 +no_defs", 100, 31, 1, 1, 3, 2)));
    BOOST_TEST(arranged(*r) == c.cells, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(longitudes_that_start_anew_at_the_date_line_are_one_grid) {
  const auto over = raster({{178, 179, -180}, {31, 30}}), back = raster({{-179, -180, 179}, {31, 30}});
  BOOST_REQUIRE((over.has_value() && back.has_value()));
  BOOST_TEST((over->grid() == Grid("+proj=longlat +datum=WGS84 +no_defs", 178, 31, 1, 1, 3, 2)));
  BOOST_TEST((back->grid().x(0) == -181.0 || back->grid().x(0) == 179.0));
  BOOST_TEST(arranged(*back) == (std::vector<float>{3, 2, 1, 6, 5, 4}), boost::test_tools::per_element());
  refused({{170, -170, 170}, {31, 30}}, "not evenly");
}

BOOST_AUTO_TEST_CASE(rows_may_be_uneven_and_columns_may_not) {
  const auto gauss = raster({{0, 90, 180, 270}, {80, 50, 10, -30, -75}});
  BOOST_REQUIRE(gauss.has_value());
  BOOST_TEST(!gauss->grid().has_uniform_rows());
  BOOST_TEST(gauss->grid().y(3) == -30.0);
  BOOST_TEST(gauss->grid().x(0) == -180.0);  // the whole circle turned
  BOOST_TEST(arranged(*gauss).front() == 3.0F);
  refused({{100, 101, 103}, {31, 30}}, "not evenly spaced");
}

BOOST_AUTO_TEST_CASE(spacings_of_float_coordinates_come_out_as_they_were_meant) {
  std::vector<double> x, y;
  for (int k = 0; k < 700; ++k) x.push_back(static_cast<double>(static_cast<float>(-130 + 0.01 * k)));
  for (int k = 0; k < 300; ++k) y.push_back(55 - k * (1.0 / 3));
  const auto r = raster({x, y});
  BOOST_REQUIRE(r.has_value());
  BOOST_TEST(r->grid().has_uniform_rows());
  BOOST_TEST(r->grid().dx() == 0.01, boost::test_tools::tolerance(1e-5));
  BOOST_TEST(r->grid().dy() == 1.0 / 3);  // to the bit: every row is then what the file says
}

BOOST_AUTO_TEST_CASE(projected_coordinates_need_a_projection_and_a_unit) {
  const std::string proj = "+proj=laea +lat_0=52 +lon_0=10 +ellps=GRS80";
  const Axes km{{-2, 0, 2}, {4, 2}, false, "projection_x_coordinate", "projection_y_coordinate", "km", "km"};
  const auto r = raster(km, proj);
  BOOST_REQUIRE(r.has_value());
  BOOST_TEST((r->grid() == Grid(proj, -2000, 4000, 2000, 2000, 3, 2)));
  refused(km, "names no grid mapping");
  Axes odd = km;
  odd.x_units = "furlong";
  refused(odd, "furlong", proj);
}

BOOST_AUTO_TEST_CASE(axes_that_do_not_make_a_raster_are_none_or_named) {
  BOOST_TEST(!raster({{100, 101}, {31, 30}, false, "longitude", "projection_y_coordinate"}).has_value());  // one of each kind
  BOOST_TEST(!raster({{100, 101}, {100, 101}, false, "longitude", "longitude", "degrees_east", "degrees_east"}).has_value());
  refused({{100}, {31, 30}}, "fewer than two");
  refused({{100, 100}, {31, 30}}, "not monotonic");
  refused({{100, 101}, {31, 30, 30.5}}, "not monotonic");
  refused({{100, std::nan(""), 102}, {31, 30}}, "not monotonic");
}

BOOST_AUTO_TEST_CASE(an_axis_that_runs_against_the_cells_own_latitudes_yields_to_them) {
  // Mercator on a sphere, whose northing has a closed form.
  const double radius = 6371000, pi = 3.14159265358979;
  const auto northing = [&](double latitude) { return radius * std::log(std::tan(pi / 4 + latitude * pi / 360)); };
  const std::string proj = "+proj=merc +R=6371000 +lon_0=0 +units=m +no_defs";
  for (const bool turned : {false, true}) {
    const std::string path = test::temporary_folder("netcdf-grid") + "/file.nc";
    {
      NetcdfWriter w(path);
      const int y = w.axis("y", "projection_y_coordinate", "m", 3), x = w.axis("x", "projection_x_coordinate", "m", 2);
      w.variable("rain", NC_FLOAT, {y, x});
      const int lat = w.variable("latitudes", NC_DOUBLE, {y, x}), lon = w.variable("longitudes", NC_DOUBLE, {y, x});
      w.text(NC_GLOBAL, "proj_string", proj);
      const double top = northing(52), bottom = northing(50), middle = (top + bottom) / 2;
      w.put("y", {top, middle, bottom});
      w.put("x", {radius * 10 * pi / 180, radius * 11 * pi / 180});
      w.put(lat, turned ? std::vector<double>{50, 50, 51, 51, 52, 52} : std::vector<double>{52, 52, 51, 51, 50, 50});
      w.put(lon, {10, 11, 10, 11, 10, 11});
    }
    const NetcdfFile f(path);
    const auto r = NetcdfRaster::of(f, *f.find("rain"));
    BOOST_REQUIRE(r.has_value());
    BOOST_TEST(r->contradiction().empty() == !turned);
    BOOST_TEST(arranged(*r).front() == (turned ? 5.0F : 1.0F));  // the north-western cell
    BOOST_TEST(r->grid().y(0) > r->grid().y(2));
  }
}

BOOST_AUTO_TEST_SUITE_END()
