#include "engine/cycle/inventory.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/support/test_data.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(inventory)

BOOST_AUTO_TEST_CASE(names_state_times_and_others_are_passed_over) {
  const std::string root = test::temporary_folder("inventory");
  for (const char* name : {"radar/20240701/r_0006.h5", "radar/20240701/r_0000.h5", "radar/20240702/r_0012.h5", "radar/20240701/r_junk.h5",
                           "radar/20240701/r_0000.h5.tmp", "radar/readme"})
    write_file_atomically(root + "/" + name, "x");
  const auto items = find_inputs(root, "radar/%Y%m%d/r_%H%M.h5");
  BOOST_REQUIRE(items.size() == 3U);
  BOOST_TEST(to_iso(items[0].time) == "2024-07-01T00:00:00Z");
  BOOST_TEST(to_iso(items[1].time) == "2024-07-01T00:06:00Z");
  BOOST_TEST(to_iso(items[2].time) == "2024-07-02T00:12:00Z");
}

BOOST_AUTO_TEST_CASE(dots_are_literal_and_stars_are_not) {
  const std::string root = test::temporary_folder("inventory2");
  for (const char* name : {"a.20240701.b", "aX20240701.b", "a.20241301.b", "a.2024183.nc"}) write_file_atomically(root + "/" + name, "x");
  BOOST_TEST(find_inputs(root, "a.%Y%m%d.b").size() == 1U);
  BOOST_TEST(find_inputs(root, "a?%Y%m%d.*").size() == 2U);
  const auto by_day = find_inputs(root, "a.%Y%j.nc");
  BOOST_REQUIRE(by_day.size() == 1U);
  BOOST_TEST(to_iso(by_day[0].time) == "2024-07-01T00:00:00Z");
}

BOOST_AUTO_TEST_CASE(a_wrong_pattern_or_folder_is_named) {
  const std::string root = test::temporary_folder("inventory3");
  BOOST_CHECK_THROW(find_inputs(root, "*.h5"), Error);
  BOOST_CHECK_THROW(find_inputs(root, "%Y%q.h5"), Error);
  BOOST_CHECK_THROW(check_input_pattern("%Y%q.h5"), Error);
  BOOST_CHECK_NO_THROW(check_input_pattern("absent/%Y.h5"));
  BOOST_CHECK_EXCEPTION(find_inputs(root, "absent/%Y.h5"), Error, [](const Error& e) { return e.place().find("absent") != std::string::npos; });
}

BOOST_AUTO_TEST_SUITE_END()
