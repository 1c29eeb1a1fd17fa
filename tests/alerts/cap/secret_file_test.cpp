#include "alerts/cap/secret_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "engine/core/error.h"
#include "tests/support/test_data.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(secret_file)
namespace {
std::string written(const std::string& folder, const std::string& content, mode_t mode) {
  const std::string path = folder + "/secret";
  std::ofstream(path) << content;
  ::chmod(path.c_str(), mode);
  return path;
}
}  // namespace

BOOST_AUTO_TEST_CASE(a_private_file_is_read_whole_and_as_a_word) {
  const std::string path = written(test::temporary_folder("secret"), "a b \r\n", 0600);
  BOOST_TEST(read_secret_file(path) == "a b \r\n");
  BOOST_TEST(read_secret_word(path) == "a b");
}

BOOST_AUTO_TEST_CASE(a_file_open_to_others_is_refused_with_the_remedy_and_without_its_content) {
  const std::string folder = test::temporary_folder("secret");
  for (const mode_t mode : {0640U, 0604U, 0620U, 0602U, 0610U, 0644U}) {
    const std::string path = written(folder, "hunter2", mode);
    BOOST_CHECK_EXCEPTION(read_secret_file(path), Error,
                          [&](const Error& e) { return e.remedy() == "chmod 600 " + path && std::string(e.what()).find("hunter2") == std::string::npos; });
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_secret_file_is_refused) {
  const std::string folder = test::temporary_folder("secret");
  BOOST_CHECK_THROW(read_secret_file(folder), Error);
  BOOST_CHECK_THROW(read_secret_file(folder + "/none"), Error);
  BOOST_CHECK_THROW(read_secret_word(written(folder, " \n", 0600)), Error);
  BOOST_REQUIRE(::mkfifo((folder + "/pipe").c_str(), 0600) == 0);
  BOOST_CHECK_THROW(read_secret_file(folder + "/pipe"), Error);
  BOOST_REQUIRE(::truncate(written(folder, "x", 0600).c_str(), 2 * 1024 * 1024) == 0);
  BOOST_CHECK_THROW(read_secret_file(folder + "/secret"), Error);
  if (::geteuid() == 0) {  // another's file, which only root can make here
    const std::string path = written(folder, "x", 0600);
    BOOST_REQUIRE(::chown(path.c_str(), 12345, 12345) == 0);
    BOOST_CHECK_THROW(read_secret_file(path), Error);
  }
}

BOOST_AUTO_TEST_SUITE_END()
