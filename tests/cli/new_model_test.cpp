#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>

#include "engine/core/atomic_file.h"
#include "models/rules/rule_pack.h"
#include "tests/cli/guyu_run.h"
#include "tests/support/test_data.h"

using namespace guyu;
using guyu::test::guyu_run;
using guyu::test::guyu_said;
namespace fs = std::filesystem;
namespace {
// A folder that looks like a source tree.
std::string new_tree(const std::string& name) {
  const std::string root = test::temporary_folder(name);
  write_file_atomically(root + "/models/model_registry.cpp", "");
  return root;
}
bool compiles(const std::string& file, const std::string& tree) {
  const char* compiler = std::getenv("CXX");
  const std::string command = std::string(compiler ? compiler : "c++") + " -std=c++20 -fsyntax-only -Wall -Wextra -Wshadow -Wconversion -Werror -I'" + tree +
                              "' -I'" + fs::current_path().string() + "' '" + file + "'";
  return std::system(command.c_str()) == 0;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(new_model_verb)

BOOST_AUTO_TEST_CASE(a_skeleton_is_written_that_compiles_and_says_which_lines_to_add) {
  const std::string root = new_tree("new_model");
  const auto said = guyu_said({"new", "model", "soil_erosion", "--root", root});
  BOOST_REQUIRE(said.code == 0);
  for (const char* line : {"&soil_erosion_model(),", "const SeriesModel& soil_erosion_model();", "{\"soil_erosion\", \"1\", 0, 1000},"})
    BOOST_TEST(said.out.find(line) != std::string::npos, line);
  for (const char* file : {"models/soil_erosion.cpp", "tests/models/soil_erosion_test.cpp", "configs/rules/soil_erosion.toml", "docs/models/soil_erosion.md"}) {
    BOOST_REQUIRE(fs::exists(root + "/" + file));
    BOOST_TEST(read_text_file(root + "/" + file).find('@') == std::string::npos, file);
  }
  if (std::system("c++ --version > /dev/null 2>&1") != 0) {
    BOOST_TEST_MESSAGE("skipped: there is no compiler here");
    return;
  }
  BOOST_TEST(compiles(root + "/models/soil_erosion.cpp", root));
  BOOST_TEST(compiles(root + "/tests/models/soil_erosion_test.cpp", root));
}

BOOST_AUTO_TEST_CASE(the_skeletons_pack_is_sound_but_for_its_new_quantity) {
  const std::string root = new_tree("new_model_pack");
  BOOST_REQUIRE(guyu_run({"new", "model", "soil_erosion", "--root", root}) == 0);
  const std::string path = root + "/configs/rules/soil_erosion.toml";
  std::string text = read_text_file(path);
  const std::string quantity = "quantity = \"soil_erosion\"";
  text.replace(text.find(quantity), quantity.size(), "quantity = \"landslide_ratio\"");
  write_file_atomically(path, text);
  BOOST_TEST(load_rule_pack(path).rules.size() == 1U);
}

BOOST_AUTO_TEST_CASE(nothing_is_overwritten_and_odd_names_are_refused) {
  const std::string root = new_tree("new_model_twice");
  BOOST_TEST(guyu_run({"new", "model", "soil_erosion", "--root", root}) == 0);
  BOOST_TEST(guyu_run({"new", "model", "soil_erosion", "--root", root}) == 2);
  for (const char* name : {"Erosion", "../x", "1st", "_a", "a__b", "landslide_ratio", ""})
    BOOST_TEST(guyu_run({"new", "model", name, "--root", root}) == 2, name);
  BOOST_TEST(guyu_run({"new", "model", "other", "--root", root + "/nowhere"}) == 2);
}

BOOST_AUTO_TEST_SUITE_END()
