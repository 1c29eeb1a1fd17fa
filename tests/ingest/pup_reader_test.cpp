#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "ingest/reader.h"
#include "tests/ingest/pup_sample.h"
#include "tests/ingest/refusal.h"

using namespace guyu;
using guyu::test::pup_raster_file;

BOOST_AUTO_TEST_SUITE(pup_reader_)

BOOST_AUTO_TEST_CASE(cells_have_the_middle_of_their_level_and_stand_around_the_radar) {
  // Two rows: no data, 5 to 10, 10 and above; then three cells of no data.
  const FileFields file = read_file(pup_raster_file(37, {0x8002, 0x0205, 0x020a}, {{0x10, 0x11, 0x12}, {0x30}}));
  BOOST_TEST(file.format == "PUP");
  const Field& f = file.fields.at(0);
  BOOST_TEST(f.meta.quantity.name == "equivalent_reflectivity_factor");
  BOOST_TEST(to_iso(f.meta.valid.end) == "2011-09-16T01:00:01Z");
  BOOST_TEST(f.meta.level == "composite");
  BOOST_TEST((f.grid().nx() == 3 && f.grid().ny() == 2));
  BOOST_TEST((f.grid().x(1) == 0 && f.grid().y(0) == 500 && f.grid().dx() == 1000));
  BOOST_TEST(f.view()(0, 0) == -32);
  BOOST_TEST(f.view()(0, 1) == 7.5F);
  BOOST_TEST(f.view()(0, 2) == 12.5F);
  BOOST_TEST(f.view()(1, 2) == -32);
}

BOOST_AUTO_TEST_CASE(echo_tops_come_in_metres_and_cells_out_of_range_are_missing) {
  std::vector<std::vector<int>> rows(116);
  for (auto& r : rows) r = {0xf1, 0xf1, 0xf1, 0xf1, 0xf1, 0xf1, 0xf1, 0xb1, 0x00};
  const FileFields file = read_file(pup_raster_file(41, {0x8002, 30, 35}, rows, 4));
  const Field& f = file.fields.at(0);
  BOOST_TEST(f.meta.quantity.unit == "m");
  BOOST_TEST(f.grid().dx() == 4000);
  BOOST_TEST(f.view()(58, 58) == 32.5F * 304.8F, boost::test_tools::tolerance(1e-5F));
  BOOST_TEST(std::isnan(f.view()(0, 0)));  // 325 km away
  BOOST_TEST(!std::isnan(f.view()(58, 2)));
}

BOOST_AUTO_TEST_CASE(damage_is_named) {
  test::says(pup_raster_file(37, {0x8002}, {{0x30}, {0x20}}), "row 2");
  test::says(pup_raster_file(37, {0x8002}, {{0x20}, {0x30}}), "longer");
  test::says(pup_raster_file(27, {0x8002}, {{0x30}}), "product 27");
  test::says(test::pup_storm_file({}, 0), "guyu cells --against");
}

BOOST_AUTO_TEST_CASE(a_real_volume_agrees_with_what_its_head_says_of_it) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  const std::string folder = data + "/radar/guangzhou_pup_20110916";
  const auto greatest = [](const Field& f) {
    float out = 0;
    for (const float v : f.values()) out = v > out ? v : out;
    return out;
  };
  const FileFields cr = read_file(folder + "/CR/37/20110916.010001.00.37.200");
  BOOST_TEST((cr.fields.at(0).grid().nx() == 464 && cr.fields.at(0).grid().ny() == 464));
  BOOST_TEST(greatest(cr.fields[0]) == 67.5F);  // its head says 68 dBZ
  const FileFields liquid = read_file(folder + "/VIL/57/20110916.010001.00.57.200"), top = read_file(folder + "/ET/41/20110916.010001.00.41.200");
  BOOST_TEST(greatest(liquid.fields.at(0)) == 12.5F);                                                                                     // 14 kg m-2
  BOOST_TEST(greatest(top.fields.at(0)) == 32.5F * 304.8F, boost::test_tools::tolerance(1e-5F));                                          // 33 thousand feet
  BOOST_TEST(std::count_if(cr.fields[0].values().begin(), cr.fields[0].values().end(), [](float v) { return std::isnan(v); }) > 40'000);  // the corners
}

BOOST_AUTO_TEST_SUITE_END()
