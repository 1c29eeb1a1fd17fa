#include "ingest/netcdf_classic.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/support/netcdf_writer.h"
#include "tests/support/test_data.h"

using namespace guyu;
namespace {

std::string file(const std::string& bytes) {
  const std::string path = test::temporary_folder("classic") + "/file.nc";
  write_file_atomically(path, bytes);
  return path;
}

// A small file of the library's own making.
std::string whole(int mode) {
  const std::string path = test::temporary_folder("classic-whole") + "/whole.nc";
  {
    test::NetcdfWriter w(path, NC_CLOBBER | mode);
    const int y = w.axis("lat", "latitude", "degrees_north", 2), x = w.axis("lon", "longitude", "degrees_east", 3);
    const int v = w.variable("rain", NC_SHORT, {y, x});
    w.text(v, "units", "mm");
    w.number(v, "valid_range", NC_SHORT, {0, 100});
    w.put(v, {0, 1, 2, 3, 4, 5});
  }
  return read_text_file(path);
}

std::string big(std::uint64_t value, int octets) {
  std::string out;
  for (int k = octets; k-- > 0;) out += static_cast<char>(value >> (8 * k) & 0xffU);
  return out;
}

// CDF-1 by hand: one dimension "n" of 4, one variable "v" on dimension `dim` of type `type`.
std::string by_hand(std::uint64_t dim, std::uint64_t type, std::uint64_t dimensions = 1, std::uint64_t name_length = 1) {
  const std::string name = big(name_length, 4) + "n" + std::string(3, '\0');
  return std::string("CDF\x01") + big(0, 4) + big(0x0a, 4) + big(dimensions, 4) + name + big(4, 4) + big(0, 8) + big(0x0b, 4) + big(1, 4) + big(1, 4) + "v" +
         std::string(3, '\0') + big(1, 4) + big(dim, 4) + big(0, 8) + big(type, 4) + big(16, 4) + big(80, 4) + std::string(16, '\0');
}

void refused(const std::string& bytes) {
  const std::string path = file(bytes);
  BOOST_CHECK_EXCEPTION(check_classic_header(path), Error, [&](const Error& e) { return e.place() == path; });
}

}  // namespace
BOOST_AUTO_TEST_SUITE(netcdf_classic)

BOOST_AUTO_TEST_CASE(headers_of_every_classic_version_pass) {
  for (const int mode : {0, NC_64BIT_OFFSET, NC_64BIT_DATA}) BOOST_CHECK_NO_THROW(check_classic_header(file(whole(mode))));
  BOOST_CHECK_NO_THROW(check_classic_header(file(by_hand(0, 4))));
}

BOOST_AUTO_TEST_CASE(other_files_are_none_of_its_business) {
  for (const char* bytes : {"", "CD", "\x89HDF\r\n\x1a\n", "GRIB"}) BOOST_CHECK_NO_THROW(check_classic_header(file(bytes)));
}

BOOST_AUTO_TEST_CASE(every_cut_header_is_refused) {
  const std::string bytes = by_hand(0, 4);
  const std::size_t header = bytes.size() - 16;  // then the values, which are not its business
  for (std::size_t n = 4; n < header; ++n) refused(bytes.substr(0, n));
  BOOST_CHECK_NO_THROW(check_classic_header(file(bytes.substr(0, header))));
}

BOOST_AUTO_TEST_CASE(lists_that_cannot_be_are_refused) {
  refused("CDF\x03" + by_hand(0, 4).substr(4));  // no such version
  refused(by_hand(1, 4));                        // a dimension that does not exist
  refused(by_hand(0, 0));                        // a type that does not exist
  refused(by_hand(0, 7));                        // a type of CDF-5
  refused(by_hand(0, 4, 0xffffffffU));           // more dimensions than octets
  refused(by_hand(0, 4, 2));                     // a second dimension where the attributes begin
  refused(by_hand(0, 4, 1, 0xfffffff0U));        // a name longer than the file
  refused(by_hand(0, 4, 1, 0));                  // no name
}

BOOST_AUTO_TEST_SUITE_END()
