#include "ingest/grib_sections.h"

#include <boost/test/unit_test.hpp>

#include "tests/ingest/grib_bytes.h"

using namespace guyu;
using namespace guyu::test;
namespace {

const GribBytes kIdentity = section(1, {9}), kGrid = section(3, {3}), kProduct = section(4, {4}), kPacking = section(5, {5});
const GribBytes kNoBitmap = section(6, {255}), kBitmap = section(6, {0, 0xaa}), kOldBitmap = section(6, {254}), kData = section(7, {1, 2, 3});

GribBytes body_of(const GribBytes& message, unsigned number) {
  const GribView s = grib_section(message, number);
  return {s.begin(), s.end()};
}

}  // namespace
BOOST_AUTO_TEST_SUITE(grib_sections)

BOOST_AUTO_TEST_CASE(numbers_are_read_highest_octet_first) {
  const GribBytes b{0x00, 0x01, 0x02, 0x03, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  BOOST_TEST(big_endian(b, 0, 4) == 0x00010203U);
  BOOST_TEST(big_endian(b, 2, 2) == 0x0203U);
  BOOST_TEST(big_endian(b, 4, 8) == 0xffffffffffffffffU);
  BOOST_TEST(big_endian(b, 4, 0) == 0U);
}

BOOST_AUTO_TEST_CASE(a_message_of_one_field_comes_back_as_it_is) {
  const GribBytes one = message({kIdentity, kGrid, kProduct, kPacking, kNoBitmap, kData});
  const auto fields = split_fields(one);
  BOOST_REQUIRE(fields.size() == 1U);
  BOOST_TEST(fields[0] == one, boost::test_tools::per_element());
  BOOST_TEST(body_of(one, 7) == kData, boost::test_tools::per_element());
  BOOST_TEST(grib_section(one, 2).empty());
  const GribBytes first_edition{'G', 'R', 'I', 'B', 0, 0, 12, 1, '7', '7', '7', '7'};
  BOOST_TEST(split_fields(first_edition).at(0) == first_edition, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_not_repeated_stays_in_force) {
  const GribBytes second_product = section(4, {44}), second_data = section(7, {7}), third_grid = section(3, {33}), local = section(2, {2});
  const auto fields = split_fields(message({kIdentity, local, kGrid, kProduct, kPacking, kBitmap, kData,  //
                                            second_product, kPacking, kOldBitmap, second_data,            //
                                            third_grid, kProduct, kPacking, kNoBitmap, kData}));
  BOOST_REQUIRE(fields.size() == 3U);
  BOOST_TEST(body_of(fields[1], 3) == kGrid, boost::test_tools::per_element());
  BOOST_TEST(body_of(fields[1], 4) == second_product, boost::test_tools::per_element());
  BOOST_TEST(body_of(fields[1], 6) == kBitmap, boost::test_tools::per_element());  // "as defined before" is written out
  BOOST_TEST(body_of(fields[1], 7) == second_data, boost::test_tools::per_element());
  BOOST_TEST(body_of(fields[2], 3) == third_grid, boost::test_tools::per_element());
  BOOST_TEST(body_of(fields[2], 6) == kNoBitmap, boost::test_tools::per_element());
  for (const GribBytes& f : fields) {
    BOOST_TEST(big_endian(f, 8, 8) == f.size());  // each states its own length
    BOOST_TEST(body_of(f, 2) == local, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(lengths_that_do_not_add_up_give_nothing) {
  BOOST_TEST(split_fields({}).empty());
  BOOST_TEST(split_fields(message({})).empty());
  BOOST_TEST(split_fields(message({kIdentity, kGrid, kProduct, kPacking, kData})).empty());                  // no section 6
  BOOST_TEST(split_fields(message({kIdentity, kGrid, kProduct, kPacking, kOldBitmap, kData})).empty());      // a bitmap that was never given
  BOOST_TEST(split_fields(message({kIdentity, kGrid, kProduct, kPacking, section(8, {}), kData})).empty());  // no such section
  BOOST_TEST(split_fields(message({kIdentity, kGrid, kProduct, kPacking, section(6, {}), kData})).empty());  // no indicator
  const GribBytes whole = message({kIdentity, kGrid, kProduct, kPacking, kNoBitmap, kData});
  for (std::size_t at = 16; at <= 40; at += 6) {  // sections 1, 3, 4, 5 and 6, of six octets each
    GribBytes wrong = whole;
    ++wrong[at + 3];
    BOOST_TEST(split_fields(wrong).empty(), at);
    wrong[at + 3] = 0;
    BOOST_TEST(split_fields(wrong).empty(), at);
  }
  GribBytes cut(whole.begin(), whole.end() - 6);
  BOOST_TEST(split_fields(cut).empty());
}

BOOST_AUTO_TEST_SUITE_END()
