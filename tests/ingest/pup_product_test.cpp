#include "ingest/pup_product.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"
#include "tests/ingest/pup_sample.h"

using namespace guyu;

BOOST_AUTO_TEST_SUITE(pup_product)

BOOST_AUTO_TEST_CASE(the_head_tells_place_and_time_of_the_volume_and_not_of_the_making) {
  const PupProduct p = PupProduct::open(test::pup_raster_file(37, {0x8002, 0x0205}, {{0x20}}));
  BOOST_TEST(p.code() == 37);
  BOOST_TEST(p.latitude() == 23.004);
  BOOST_TEST(p.longitude() == 113.355);
  BOOST_TEST(p.height_m() == 592 * 0.3048);
  BOOST_TEST(to_iso(p.volume_time()) == "2011-09-16T01:00:01Z");
  BOOST_TEST(p.block(0).value() == 120U);
  BOOST_TEST(!p.block(1).has_value());
}

BOOST_AUTO_TEST_CASE(levels_have_signs_and_scales_and_codes_have_no_value) {
  const auto t = PupProduct::open(test::pup_raster_file(37, {0x8002, 0x0105, 0x0205, 0x1019, 0x2028}, {{0x20}})).thresholds();
  BOOST_TEST(!t[0].has_value());
  BOOST_TEST(*t[1] == -5);
  BOOST_TEST(*t[2] == 5);
  BOOST_TEST(*t[3] == 2.5);
  BOOST_TEST(*t[4] == 2);
}

BOOST_AUTO_TEST_CASE(a_truncated_file_and_another_kind_are_refused) {
  const std::string path = test::pup_raster_file(37, {0x8002}, {{0x20}}), whole = read_text_file(path);
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{60}, std::size_t{121}, whole.size() - 1}) {
    write_file_atomically(path, whole.substr(0, bytes));
    BOOST_CHECK_THROW(PupProduct::open(path), Error);
  }
  write_file_atomically(path, std::string(300, 'x'));
  BOOST_CHECK_THROW(PupProduct::open(path), Error);
}

BOOST_AUTO_TEST_SUITE_END()
