#include "engine/cycle/arrival.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "engine/core/atomic_file.h"
#include "tests/support/test_data.h"

using namespace guyu;

namespace {
void touch(const std::string& path, TimePoint t) {
  const timespec when{t.time_since_epoch().count(), 0};
  const timespec times[2] = {when, when};
  ::utimensat(AT_FDCWD, path.c_str(), times, 0);
}
}  // namespace

BOOST_AUTO_TEST_SUITE(arrival)

BOOST_AUTO_TEST_CASE(a_sidecar_says_when_a_file_arrived_and_else_its_time_of_change_does) {
  const std::string path = test::temporary_folder("arrival") + "/f.nc";
  BOOST_TEST(!file_arrival(path).has_value());
  write_file_atomically(path, "content");
  touch(path, parse_time("2024-07-01T00:10:00Z"));
  BOOST_TEST(to_iso(file_arrival(path)->time) == "2024-07-01T00:10:00Z");
  BOOST_TEST(!file_arrival(path)->sidecar);
  write_file_atomically(path + ".arrival", " 2024-06-30T23:59:30Z\n");
  BOOST_TEST(to_iso(file_arrival(path)->time) == "2024-06-30T23:59:30Z");
  BOOST_TEST(file_arrival(path)->sidecar);
}

BOOST_AUTO_TEST_CASE(a_sidecar_that_cannot_be_read_counts_as_none) {
  const std::string path = test::temporary_folder("arrival_bad") + "/f.nc";
  write_file_atomically(path, "content");
  touch(path, parse_time("2024-07-01T00:10:00Z"));
  for (const char* text : {"", "yesterday", "\n\n"}) {
    write_file_atomically(path + ".arrival", text);
    BOOST_TEST(to_iso(file_arrival(path)->time) == "2024-07-01T00:10:00Z");
  }
}

BOOST_AUTO_TEST_SUITE_END()
