#include "ingest/netcdf_packing.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>

#include "tests/support/netcdf_writer.h"
#include "tests/support/test_data.h"

using namespace guyu;
using test::NetcdfWriter;
namespace {

// The packing of a scalar variable of this type with these attributes.
NetcdfPacking packing(nc_type type, const std::function<void(NetcdfWriter&, int)>& attributes, int mode = 0) {
  const std::string path = test::temporary_folder("packing") + "/file.nc";
  {
    NetcdfWriter w(path, NC_CLOBBER | mode);
    attributes(w, w.variable("v", type, {}));
  }
  const NetcdfFile f(path);
  return NetcdfPacking(f, *f.find("v"));
}
void none(NetcdfWriter&, int) {}

}  // namespace
BOOST_AUTO_TEST_SUITE(netcdf_packing)

BOOST_AUTO_TEST_CASE(scale_comes_before_offset) {
  const auto p = packing(NC_SHORT, [](NetcdfWriter& w, int v) {
    w.number(v, "scale_factor", NC_DOUBLE, {0.25});
    w.number(v, "add_offset", NC_DOUBLE, {-10});
  });
  BOOST_TEST(p(0) == -10.0F);
  BOOST_TEST(p(100) == 15.0F);
  BOOST_TEST(std::isnan(p(NC_FILL_SHORT)));  // no fill declared: the library's
}

BOOST_AUTO_TEST_CASE(missing_values_are_stored_ones_and_there_may_be_several) {
  const auto p = packing(NC_INT, [](NetcdfWriter& w, int v) {
    w.number(v, "scale_factor", NC_DOUBLE, {2});
    w.number(v, "_FillValue", NC_INT, {-1});
    w.number(v, "missing_value", NC_INT, {-7, -8});
  });
  for (const double raw : {-1.0, -7.0, -8.0}) BOOST_TEST(std::isnan(p(raw)));
  BOOST_TEST(p(-2) == -4.0F);                                           // not the real value -1
  BOOST_TEST(p(NC_FILL_INT) == static_cast<float>(2.0 * NC_FILL_INT));  // a fill of its own is declared
}

BOOST_AUTO_TEST_CASE(a_float_sentinel_written_as_double_is_the_float_in_the_cells) {
  const auto p = packing(NC_FLOAT, [](NetcdfWriter& w, int v) { w.number(v, "missing_value", NC_DOUBLE, {-999.9}); });
  BOOST_TEST(std::isnan(p(static_cast<double>(-999.9F))));
  BOOST_TEST(std::isnan(p(std::nan(""))));
  BOOST_TEST(!std::isnan(p(-999)));
}

BOOST_AUTO_TEST_CASE(unsigned_storage_wraps_values_and_sentinels_alike) {
  const auto p = packing(NC_BYTE, [](NetcdfWriter& w, int v) {
    w.text(v, "_Unsigned", "true");
    w.number(v, "_FillValue", NC_BYTE, {-1});
    w.number(v, "valid_range", NC_BYTE, {0, -6});  // 0 to 250
  });
  BOOST_TEST(p(-128) == 128.0F);
  BOOST_TEST(p(-6) == 250.0F);
  BOOST_TEST(std::isnan(p(-5)));
  BOOST_TEST(std::isnan(p(-1)));
  BOOST_TEST(p(127) == 127.0F);
}

BOOST_AUTO_TEST_CASE(limits_of_another_type_than_a_packed_variables_are_real_values) {
  const auto real = packing(NC_SHORT, [](NetcdfWriter& w, int v) {
    w.number(v, "scale_factor", NC_FLOAT, {0.5});
    w.number(v, "valid_max", NC_FLOAT, {10});
  });
  BOOST_TEST(real(20) == 10.0F);
  BOOST_TEST(std::isnan(real(21)));
  const auto stored = packing(NC_SHORT, [](NetcdfWriter& w, int v) {
    w.number(v, "scale_factor", NC_FLOAT, {0.5});
    w.number(v, "valid_max", NC_SHORT, {10});
  });
  BOOST_TEST(stored(10) == 5.0F);
  BOOST_TEST(std::isnan(stored(11)));
  const auto falling = packing(NC_SHORT, [](NetcdfWriter& w, int v) {  // a negative scale turns real limits round
    w.number(v, "scale_factor", NC_FLOAT, {-1});
    w.number(v, "valid_range", NC_FLOAT, {-3, 0});
  });
  BOOST_TEST(falling(3) == -3.0F);
  BOOST_TEST(std::isnan(falling(4)));
  BOOST_TEST(std::isnan(falling(-1)));
}

BOOST_AUTO_TEST_CASE(single_bytes_have_no_default_fill) {
  const auto p = packing(NC_BYTE, none);
  for (int raw = -128; raw < 128; ++raw) BOOST_TEST(p(raw) == static_cast<float>(raw));
}

BOOST_AUTO_TEST_SUITE_END()
