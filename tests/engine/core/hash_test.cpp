#include "engine/core/hash.h"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "engine/core/error.h"
#include "tests/support/test_data.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(hash)

BOOST_AUTO_TEST_CASE(a_file_hash_is_the_published_sha256_vector) {  // FIPS 180-4 example "abc"
  const std::string path = test::temporary_folder("hash") + "/abc";
  std::ofstream(path) << "abc";
  BOOST_TEST(hash_file(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_CHECK_THROW(hash_file(path + "-absent"), Error);
}

BOOST_AUTO_TEST_SUITE_END()
