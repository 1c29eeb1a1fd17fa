#include "engine/core/field_packing.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"

namespace guyu {
BOOST_AUTO_TEST_SUITE(field_packing)

BOOST_AUTO_TEST_CASE(a_grid_of_uneven_rows_comes_back_to_the_bit) {
  // Gaussian latitudes have no short decimals: sums of differences would not give them back.
  std::vector<double> rows;
  for (int j = 0; j < 40; ++j) rows.push_back(60.0 - j * 1.1 - 0.013 * j * j / 7.0);
  const Grid uneven("EPSG:4326", 70.125, 0.28125, 11, rows), even("+proj=lcc +lat_1=25 +lat_0=25 +lon_0=265", -4.2e6, 1.1e6, 13545.087, 13545.087, 30, 20);
  for (const Grid& g : {uneven, even}) {
    Packer p;
    pack_grid(p, g);
    const std::string bytes = p.take();
    Unpacker u(bytes);
    const Grid back = take_grid(u);
    BOOST_TEST((back == g));
    BOOST_TEST(back.hash() == g.hash());
    BOOST_TEST(u.empty());
  }
}

BOOST_AUTO_TEST_CASE(what_is_told_of_a_field_comes_back_whole) {
  FieldMeta m;
  m.quantity = {"t_of_nobody", "K", -1, 400};
  m.kind = TimeKind::maximum;
  m.valid = {parse_time("2024-02-29T00:00Z"), parse_time("2024-02-29T06:00Z")};
  m.reference = parse_time("2024-02-28T12:00Z");
  m.level = "850 hPa";
  m.source = "a/b.grib2";
  m.format = "GRIB2";
  for (const std::optional<int> member : {std::optional<int>(), std::optional<int>(0), std::optional<int>(50)}) {
    m.member = member;
    Packer p;
    pack_meta(p, m);
    const std::string bytes = p.take();
    Unpacker u(bytes);
    const FieldMeta back = take_meta(u);
    BOOST_TEST((back.quantity == m.quantity && back.quantity.plausible_min == -1 && back.quantity.plausible_max == 400));
    BOOST_TEST((back.kind == m.kind && back.valid == m.valid && back.reference == m.reference && back.member == m.member));
    BOOST_TEST((back.level == m.level && back.source == m.source && back.format == m.format));
    BOOST_TEST(u.empty());
  }
}

BOOST_AUTO_TEST_CASE(bytes_that_end_early_are_refused) {
  Packer p;
  pack_grid(p, Grid("EPSG:4326", 0, 0, 1, 1, 3, 3));
  const std::string bytes = p.take();
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    const std::string part = bytes.substr(0, n);
    Unpacker u(part);
    BOOST_CHECK_THROW(take_grid(u), std::exception);
  }
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace guyu
