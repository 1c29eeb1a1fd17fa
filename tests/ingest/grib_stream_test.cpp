#include "ingest/grib_stream.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/ingest/grib_bytes.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::test;
namespace {

std::string text(const GribBytes& b) { return {b.begin(), b.end()}; }

// Of edition 1: indicator, `body` octets, end.
GribBytes first_edition(std::size_t body) { return joined({{'G', 'R', 'I', 'B'}, octets(body + 12, 3), {1}, GribBytes(body, 0x11), {'7', '7', '7', '7'}}); }

struct Found {
  std::vector<GribBytes> messages;
  std::vector<std::string> problems;
};
Found all_of(const std::string& bytes) {
  const std::string path = temporary_folder("grib-stream") + "/file.grib";
  write_file_atomically(path, bytes);
  GribStream stream(path);
  Found found;
  std::string problem;
  while (auto m = stream.next(problem)) {
    if (problem.empty()) found.messages.push_back(std::move(*m));
    else found.problems.push_back(problem);
  }
  return found;
}

}  // namespace
BOOST_AUTO_TEST_SUITE(grib_stream)

BOOST_AUTO_TEST_CASE(what_stands_between_messages_is_passed_over) {
  const GribBytes two = message({section(1, {1, 2, 3})}), one = first_edition(40);
  const std::string padding(70000, 'G');  // longer than a block, and full of first letters
  const Found f = all_of("ZCZC 123 HTXX01\r\r\n" + text(two) + "GRIBBLE!" + padding + text(one) + "\r\n" + text(two) + "GRIB");
  BOOST_TEST(f.problems.empty());
  BOOST_REQUIRE(f.messages.size() == 3U);
  BOOST_TEST(f.messages[0] == two, boost::test_tools::per_element());
  BOOST_TEST(f.messages[1] == one, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_indicator_across_two_blocks_is_seen) {
  const GribBytes two = message({section(1, {1})});
  for (const std::size_t before : {65529U, 65532U, 65535U, 65536U}) BOOST_TEST(all_of(std::string(before, '.') + text(two)).messages.size() == 1U, before);
}

BOOST_AUTO_TEST_CASE(a_cut_or_damaged_message_is_told_and_the_next_one_found) {
  const GribBytes two = message({section(1, {1, 2, 3})});
  Found f = all_of(text(two) + text(two).substr(0, text(two).size() - 1));
  BOOST_TEST(f.messages.size() == 1U);
  BOOST_REQUIRE(f.problems.size() == 1U);
  BOOST_TEST(f.problems[0].find("truncated") != std::string::npos);

  GribBytes no_end = two;
  no_end.back() = '8';
  f = all_of(text(no_end) + text(two));
  BOOST_TEST(f.messages.size() == 1U);
  BOOST_TEST(f.problems.size() == 1U);

  GribBytes huge = two;
  for (std::size_t k = 8; k < 16; ++k) huge[k] = 0xff;
  f = all_of(text(huge) + text(two));
  BOOST_TEST(f.messages.size() == 1U);
  BOOST_TEST(f.problems.size() == 1U);

  GribBytes short_one = two;
  short_one[15] = 3;
  BOOST_TEST(all_of(text(short_one)).problems.size() == 1U);
}

BOOST_AUTO_TEST_CASE(long_messages_of_edition_1_count_in_units_of_120_octets) {
  // Section 1 of 28 octets without grid and bitmap, then section 4, whose stated length below 120 says by how much 120 x units is too much.
  constexpr std::size_t kUnits = 70000;  // 8.4 MB
  constexpr std::uint64_t kLess = 40;
  const std::size_t total = kUnits * 120 - kLess + 4;
  GribBytes product = joined({octets(28, 3), GribBytes(25, 0)});
  GribBytes m = joined({{'G', 'R', 'I', 'B'}, octets(0x800000U | kUnits, 3), {1}, product, octets(kLess, 3)});
  m.resize(total, 0x22);
  std::copy_n("7777", 4, m.end() - 4);
  const Found f = all_of(text(m) + "rest");
  BOOST_TEST(f.problems.empty());
  BOOST_REQUIRE(f.messages.size() == 1U);
  BOOST_TEST(f.messages[0].size() == total);
}

BOOST_AUTO_TEST_CASE(a_file_without_messages_ends_at_once) {
  BOOST_TEST(all_of("").messages.empty());
  BOOST_TEST(all_of("GRIB").problems.empty());
  BOOST_TEST(all_of(std::string(200000, 'x')).problems.empty());
  BOOST_CHECK_THROW(GribStream("/nowhere/at/all.grib"), Error);
}

BOOST_AUTO_TEST_SUITE_END()
