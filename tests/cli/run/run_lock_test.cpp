#include "cli/run/run_lock.h"

#include <boost/test/unit_test.hpp>
#include <optional>

#include "engine/core/error.h"
#include "tests/support/test_data.h"

using guyu::Error;
using guyu::FileLock;
using guyu::cli::lock_run;

BOOST_AUTO_TEST_SUITE(run_lock)

BOOST_AUTO_TEST_CASE(a_second_run_into_the_same_folder_is_refused_until_the_first_ends) {
  const std::string folder = guyu::test::temporary_folder("lock") + "/state";
  std::optional<FileLock> first = lock_run(folder);
  BOOST_CHECK_EXCEPTION(lock_run(folder), Error, [](const Error& e) { return std::string(e.what()).find("another run") != std::string::npos; });
  first.reset();
  BOOST_CHECK_NO_THROW(lock_run(folder));
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_made_is_named) {
  BOOST_CHECK_EXCEPTION(lock_run("/proc/none/state"), Error,
                        [](const Error& e) { return std::string(e.what()).find("/proc/none/state") != std::string::npos; });
}

BOOST_AUTO_TEST_SUITE_END()
