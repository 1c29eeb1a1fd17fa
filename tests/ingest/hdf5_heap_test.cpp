#include "ingest/hdf5_heap.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/support/hdf5_writer.h"
#include "tests/support/test_data.h"

using namespace guyu;
namespace {

std::string little(std::uint64_t value, int octets) {
  std::string out;
  for (int k = 0; k < octets; ++k) out += static_cast<char>(value >> (8 * k) & 0xffU);
  return out;
}

// A collection that states `size` octets, with one object of the index and length given.
std::string collection(std::uint64_t size, std::uint64_t index, std::uint64_t length, char version = 1) {
  return "GCOL" + std::string(1, version) + std::string(3, '\0') + little(size, 8) + little(index, 2) + little(1, 2) + little(0, 4) + little(length, 8) +
         std::string(32, 'x');
}

std::string file(const std::string& bytes) {
  const std::string path = test::temporary_folder("heap") + "/file.h5";
  write_file_atomically(path, bytes);
  return path;
}

void passes(const std::string& bytes) { BOOST_CHECK_NO_THROW(check_global_heaps(file("lead" + bytes + "tail"))); }
void refused(const std::string& bytes) {
  const std::string path = file("lead" + bytes);
  BOOST_CHECK_EXCEPTION(check_global_heaps(path), Error, [&](const Error& e) { return e.place() == path; });
}

}  // namespace
BOOST_AUTO_TEST_SUITE(hdf5_heap)

BOOST_AUTO_TEST_CASE(objects_within_their_collection_pass) {
  passes("");
  passes(collection(64, 1, 32));
  passes(collection(64, 1, 25));  // padded to whole words
  passes(collection(64, 0, 48));  // free space to the end, its own head included
}

BOOST_AUTO_TEST_CASE(objects_and_collections_that_reach_too_far_are_refused) {
  refused(collection(64, 1, 33));
  refused(collection(64, 0, 49));
  refused(collection(64, 1, 0xfffffffffffffff0U));
  refused(collection(65, 1, 32));                          // the collection passes the end of the file
  refused(collection(8, 1, 0));                            // smaller than its own head
  refused(collection(64, 1, 32) + collection(64, 1, 33));  // the second of two
}

BOOST_AUTO_TEST_CASE(data_that_only_look_like_a_collection_pass) {
  passes(collection(64, 1, 1000, 7));
  passes("GCOL");
  passes("GCOLUMN of text");
}

BOOST_AUTO_TEST_CASE(real_files_with_texts_of_variable_length_pass) {
  const std::string path = test::temporary_folder("heap-real") + "/real.h5";
  {
    test::Hdf5Writer w(path);
    w.text_as = test::Hdf5Writer::Text::variable;
    for (int k = 0; k < 200; ++k) w.text("/what", "name" + std::to_string(k), std::string(static_cast<std::size_t>(k), 'a'));
  }
  BOOST_TEST(read_text_file(path).find("GCOL") != std::string::npos);
  BOOST_CHECK_NO_THROW(check_global_heaps(path));
}

BOOST_AUTO_TEST_SUITE_END()
