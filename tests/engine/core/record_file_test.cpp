#include "engine/core/record_file.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "engine/core/error.h"
#include "tests/support/test_data.h"

using namespace guyu;
namespace {
const std::vector<double> kNumbers{1.5, -2, 1e300};
const std::vector<std::int32_t> kNone;
void write(const std::string& path) {
  RecordWriter w(path, "GUYUTT01", "key");
  w.put(kNumbers);
  w.put(kNone);
  w.commit();
}
bool readable(const std::string& path) {
  auto r = RecordReader::open(path, "GUYUTT01", "key");
  std::vector<double> numbers;
  std::vector<std::int32_t> none{1};
  return r && r->take(numbers) && r->take(none) && r->finished() && numbers == kNumbers && none.empty();
}
}  // namespace
BOOST_AUTO_TEST_SUITE(record_file)

BOOST_AUTO_TEST_CASE(arrays_come_back_under_their_own_magic_and_key_only) {
  const std::string path = test::temporary_folder("records") + "/a.bin";
  BOOST_TEST(!readable(path));
  write(path);
  BOOST_TEST(readable(path));
  BOOST_TEST(!RecordReader::open(path, "GUYUTT02", "key"));
  BOOST_TEST(!RecordReader::open(path, "GUYUTT01", "other"));
}

BOOST_AUTO_TEST_CASE(any_changed_or_lost_byte_is_noticed) {
  const std::string path = test::temporary_folder("records") + "/a.bin";
  write(path);
  const std::string whole = read_text_file(path);
  for (std::size_t k = 0; k < whole.size(); ++k) {
    std::string damaged = whole;
    damaged[k] = static_cast<char>(damaged[k] ^ 0x41);
    write_file_atomically(path, damaged);
    BOOST_TEST_REQUIRE(!readable(path));
    write_file_atomically(path, whole.substr(0, k));
    BOOST_TEST_REQUIRE(!readable(path));
  }
  write_file_atomically(path, whole + "x");
  BOOST_TEST(!readable(path));
}

BOOST_AUTO_TEST_CASE(without_commit_nothing_is_left) {
  const std::string folder = test::temporary_folder("records");
  { RecordWriter w(folder + "/a.bin", "GUYUTT01", "key"); }
  BOOST_TEST(std::filesystem::is_empty(folder));
}

BOOST_AUTO_TEST_SUITE_END()
