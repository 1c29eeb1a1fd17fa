#include "cli/run/run_lock.h"

#include <boost/test/unit_test.hpp>
#include <memory>

#include "engine/core/error.h"
#include "tests/support/test_data.h"

using namespace guyu;
using guyu::cli::RunLock;

BOOST_AUTO_TEST_SUITE(run_lock)

BOOST_AUTO_TEST_CASE(a_second_run_into_the_same_folder_is_refused_until_the_first_ends) {
  const std::string folder = test::temporary_folder("lock") + "/state";
  auto first = std::make_unique<RunLock>(folder);
  BOOST_CHECK_EXCEPTION(RunLock{folder}, Error, [](const Error& e) { return std::string(e.what()).find("another run") != std::string::npos; });
  first.reset();
  BOOST_CHECK_NO_THROW(RunLock{folder});
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_made_is_named) {
  BOOST_CHECK_EXCEPTION(RunLock{"/proc/none/state"}, Error, [](const Error& e) { return std::string(e.what()).find("/proc/none/state") != std::string::npos; });
}

BOOST_AUTO_TEST_SUITE_END()
