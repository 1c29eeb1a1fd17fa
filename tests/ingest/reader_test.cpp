#include "ingest/reader.h"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/ingest/refusal.h"
#include "tests/support/test_data.h"

using namespace guyu;
using test::says;
namespace fs = std::filesystem;
namespace {}  // namespace
BOOST_AUTO_TEST_SUITE(reader)

BOOST_AUTO_TEST_CASE(what_is_no_readable_file_is_named_as_such) {
  const std::string folder = test::temporary_folder("reader");
  says(folder + "/absent.grib2", "no such file");
  says(folder, "folder");
  write_file_atomically(folder + "/empty.nc", "");
  says(folder + "/empty.nc", "empty");
  BOOST_REQUIRE(mkfifo((folder + "/pipe").c_str(), 0600) == 0);
  says(folder + "/pipe", "no plain file");  // and does not wait for a writer
  write_file_atomically(folder + "/secret.nc", "CDF\x01");
  fs::permissions(folder + "/secret.nc", fs::perms::none);
  if (geteuid() != 0) says(folder + "/secret.nc", "cannot be opened");
}

BOOST_AUTO_TEST_CASE(sizes_that_the_bytes_cannot_hold_are_refused) {
  BOOST_CHECK_NO_THROW(require_plausible_size("f", 7000, 3500, 200));  // a constant field packs to nothing
  BOOST_CHECK_NO_THROW(require_plausible_size("f", 40000, 20000, 1 << 20));
  for (const auto& [nx, ny] : {std::pair<std::int64_t, std::int64_t>{0, 5}, {5, -1}, {100000, 100000}, {std::int64_t{1} << 62, std::int64_t{1} << 62}}) {
    BOOST_CHECK_THROW(require_plausible_size("f", nx, ny, 1000), Error);
  }
}

BOOST_AUTO_TEST_SUITE_END()
