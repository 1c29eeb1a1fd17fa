#include "ingest/grib_payload.h"

#include <boost/test/unit_test.hpp>

#include "tests/ingest/grib_bytes.h"

using namespace guyu;
using namespace guyu::test;
namespace {

// Section 3 of so many points; 5 with the template and number of values, then the rest of it from octet 12; 7 with the packed octets.
GribBytes with(std::uint64_t points, std::uint64_t packing, std::uint64_t values, const GribBytes& rest, const GribBytes& data) {
  return message({section(1, {0}), section(3, joined({{0}, octets(points, 4), {0, 0, 0, 0}})), section(4, {0}),
                  section(5, joined({octets(values, 4), octets(packing, 2), rest})), section(6, {255}), section(7, data)});
}

// Octets 12 to 20: reference value, scales, bits; 21: type of values.
GribBytes simple(unsigned bits) { return joined({octets(0, 8), {static_cast<unsigned char>(bits), 0}}); }

struct Groups {
  std::uint64_t groups = 2, bits = 4, least_width = 2, width_bits = 2, least_length = 3, length_step = 1, last_length = 4, length_bits = 2;
};
// Octets 12 to 47 of template 5.2.
GribBytes complex_packing(const Groups& g) {
  return joined({octets(0, 8),
                 octets(g.bits, 1),
                 {0},
                 {1, 0},
                 octets(0, 8),
                 octets(g.groups, 4),
                 octets(g.least_width, 1),
                 octets(g.width_bits, 1),
                 octets(g.least_length, 4),
                 octets(g.length_step, 1),
                 octets(g.last_length, 4),
                 octets(g.length_bits, 1)});
}

// Two groups: widths 2 + 1 and 2 + 0 bits, lengths 3 + 1 and (the last) 4: 3 x 4 + 2 x 4 = 20 bits of 8 values.
GribBytes two_groups() { return {0x00, 0b01000000, 0b01000000, 0, 0, 0}; }

GribBytes jpeg(std::uint64_t width, std::uint64_t height, std::uint64_t components = 1, unsigned char depth = 7) {
  return joined({octets(0xff4fff51U, 4),
                 octets(41, 2),
                 {0, 0},
                 octets(width, 4),
                 octets(height, 4),
                 octets(0, 4),
                 octets(0, 4),
                 octets(width, 4),
                 octets(height, 4),
                 octets(0, 8),
                 octets(components, 2),
                 {depth, 1, 1}});
}
GribBytes png(std::uint64_t width, std::uint64_t height) {
  return joined({{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'}, octets(13, 4), {'I', 'H', 'D', 'R'}, octets(width, 4), octets(height, 4), octets(0, 5)});
}

}  // namespace
BOOST_AUTO_TEST_SUITE(grib_payload)

BOOST_AUTO_TEST_CASE(simple_packing_needs_its_bits) {
  BOOST_TEST(payload_fits(with(8, 0, 8, simple(12), GribBytes(12))));
  BOOST_TEST(!payload_fits(with(8, 0, 8, simple(12), GribBytes(11))));
  BOOST_TEST(payload_fits(with(8, 0, 8, simple(0), {})));             // a constant field
  BOOST_TEST(!payload_fits(with(8, 0, 9, simple(8), GribBytes(9))));  // more values than points
  BOOST_TEST(payload_fits(with(8, 0, 5, simple(8), GribBytes(5))));   // the rest is in the bitmap
  BOOST_TEST(!payload_fits(with(0xffffffffU, 0, 0xffffffffU, simple(255), GribBytes(100))));
}

BOOST_AUTO_TEST_CASE(groups_of_complex_packing_must_add_up) {
  BOOST_TEST(payload_fits(with(8, 2, 8, complex_packing({}), two_groups())));
  BOOST_TEST(!payload_fits(with(9, 2, 9, complex_packing({}), two_groups())));  // a value short
  BOOST_TEST(!payload_fits(with(7, 2, 7, complex_packing({}), two_groups())));  // one too many
  GribBytes cut = two_groups();
  cut.pop_back();  // 16 bits of 20
  BOOST_TEST(!payload_fits(with(8, 2, 8, complex_packing({}), cut)));
  for (const auto& change :
       std::vector<void (*)(Groups&)>{[](Groups& g) { g.groups = 0; }, [](Groups& g) { g.groups = 9; }, [](Groups& g) { g.bits = 33; },
                                      [](Groups& g) { g.width_bits = 33; }, [](Groups& g) { g.length_bits = 33; }, [](Groups& g) { g.least_width = 33; },
                                      [](Groups& g) { g.last_length = 5; }, [](Groups& g) { g.least_length = 0xffffffffU; }}) {
    Groups g;
    change(g);
    BOOST_TEST(!payload_fits(with(8, 2, 8, complex_packing(g), two_groups())));
  }
  BOOST_TEST(payload_fits(with(8, 2, 8, complex_packing({}), {})));  // constant
}

BOOST_AUTO_TEST_CASE(spatial_differencing_has_its_extra_octets_first) {
  const GribBytes second_order = joined({complex_packing({}), {2, 2}});  // order 2, two octets a number: six in front
  BOOST_TEST(payload_fits(with(8, 3, 8, second_order, joined({GribBytes(6), two_groups()}))));
  BOOST_TEST(!payload_fits(with(8, 3, 8, second_order, joined({GribBytes(5), two_groups()}))));
  BOOST_TEST(!payload_fits(with(8, 3, 8, complex_packing({}), two_groups())));  // the template is cut short
}

BOOST_AUTO_TEST_CASE(pictures_must_have_the_fields_size) {
  for (const std::uint64_t packing : {40U, 40000U}) {
    BOOST_TEST(payload_fits(with(12, packing, 12, simple(8), jpeg(4, 3))));
    BOOST_TEST(!payload_fits(with(12, packing, 12, simple(8), jpeg(4, 4))));
    BOOST_TEST(!payload_fits(with(12, packing, 12, simple(8), jpeg(4, 3, 3))));        // colours
    BOOST_TEST(!payload_fits(with(12, packing, 12, simple(8), jpeg(4, 3, 1, 0x87))));  // signed
    BOOST_TEST(!payload_fits(with(12, packing, 12, simple(8), png(4, 3))));
  }
  for (const std::uint64_t packing : {41U, 40010U}) {
    BOOST_TEST(payload_fits(with(12, packing, 12, simple(8), png(4, 3))));
    BOOST_TEST(!payload_fits(with(12, packing, 12, simple(8), png(3, 3))));
    BOOST_TEST(!payload_fits(with(12, packing, 12, simple(8), GribBytes(10))));
    BOOST_TEST(payload_fits(with(12, packing, 12, simple(8), {})));  // constant
  }
}

BOOST_AUTO_TEST_CASE(other_packings_and_editions_are_left_to_the_library) {
  BOOST_TEST(payload_fits(with(12, 42, 12, simple(8), {1})));
  const GribBytes first_edition{'G', 'R', 'I', 'B', 0, 0, 12, 1, '7', '7', '7', '7'};
  BOOST_TEST(payload_fits(first_edition));
  BOOST_TEST(!payload_fits(message({section(1, {0}), section(7, GribBytes(3))})));  // no grid
}

BOOST_AUTO_TEST_SUITE_END()
