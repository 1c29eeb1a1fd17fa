#include "cli/shipped_files.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "cli/run/run_config.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::cli;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(shipped_files)

BOOST_AUTO_TEST_CASE(an_unknown_name_lists_the_shipped_ones) {
  BOOST_CHECK_EXCEPTION(find_config_file("no_such_pack", "rules", ""), Error,
                        [](const Error& e) { return std::string(e.what()).find("cma_2007_rainstorm") != std::string::npos; });
}

BOOST_AUTO_TEST_CASE(a_path_is_taken_relative_to_its_base_and_a_bare_name_is_not) {
  const std::string folder = test::temporary_folder("shipped");
  write_file_atomically(folder + "/rules/mine.toml", "");
  BOOST_TEST(find_config_file("rules/mine.toml", "rules", folder) == folder + "/rules/mine.toml");
  BOOST_CHECK_THROW(find_config_file("mine", "rules", folder), Error);
}

BOOST_AUTO_TEST_CASE(every_shipped_cycle_configuration_is_sound) {
  int checked = 0;
  for (const auto& entry : fs::directory_iterator(configs_folder())) {
    if (entry.path().extension() != ".toml") continue;
    BOOST_TEST_CONTEXT(entry.path()) BOOST_CHECK_NO_THROW(load_run_config(entry.path().stem().string(), ""));
    ++checked;
  }
  BOOST_TEST(checked >= 3);
}

BOOST_AUTO_TEST_SUITE_END()
