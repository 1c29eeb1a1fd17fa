#include "engine/config/toml_source.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/support/test_data.h"

using namespace guyu;
namespace {
TableSpec spec() {
  TableSpec hazard{"hazard", "A hazard.", true, false, {{"name", ParamType::text, "its name"}, {"warn", ParamType::quantity, "amount", "50 mm", "mm", 0, 500}},
                   {}};
  TableSpec motion{"motion",
                   "Motion.",
                   false,
                   false,
                   {{"frames", ParamType::integer, "frames", "3", "", 2, 4}, {"method", ParamType::text, "method", "flow", "", 0, 0, {"flow", "none"}}},
                   {}};
  return {"", "", false, false, {{"step", ParamType::duration, "step", "5 min", "", 60, 3600}, {"files", ParamType::text_list, "files", ""}}, {hazard, motion}};
}
std::string file(const std::string& text) {
  const std::string path = test::temporary_folder("toml") + "/c.toml";
  write_file_atomically(path, text);
  return path;
}
std::string fault_of(const std::string& text) {
  try {
    load_config(file(text), spec());
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}
bool has(const std::string& s, const char* part) { return s.find(part) != std::string::npos; }
}  // namespace
BOOST_AUTO_TEST_SUITE(toml_source)

BOOST_AUTO_TEST_CASE(values_arrive_in_canonical_units_with_defaults_filled_in) {
  const Config c =
      load_config(file("step = \"10 min\"\nfiles = [\"a\", \"b\"]\n[[hazard]]\nname = \"rain\"\nwarn = \"5 cm\"\n[[hazard]]\nname = \"more\"\n"), spec());
  BOOST_TEST(c.root.duration("step").count() == 600);
  BOOST_TEST(c.root.texts("files").size() == 2U);
  BOOST_REQUIRE(c.root.tables("hazard").size() == 2U);
  BOOST_TEST(c.root.tables("hazard")[0].number("warn") == 50.0);
  BOOST_TEST(c.root.tables("hazard")[1].number("warn") == 50.0);
  BOOST_TEST(!c.root.tables("hazard")[1].given("warn"));
  BOOST_TEST(c.root.table("motion").integer("frames") == 3);
  BOOST_TEST(c.hash.size() == 64U);
}

BOOST_AUTO_TEST_CASE(every_fault_is_reported_at_once_with_its_place) {
  const std::string f = fault_of("stepp = \"5 min\"\n[[hazard]]\nwarm = \"50 mm\"\n[motion]\nframes = 9\nmethod = \"flaw\"\n");
  BOOST_TEST(has(f, "c.toml:1:1: unknown key \"stepp\"; did you mean \"step\"?"), f);
  BOOST_TEST(has(f, "c.toml:3:1: unknown key \"warm\" in [hazard]; did you mean \"warn\"?"), f);
  BOOST_TEST(has(f, "\"name\" in [hazard] is absent"), f);
  BOOST_TEST(has(f, "c.toml:5:10: \"frames\" is 9, outside 2 to 4"), f);
  BOOST_TEST(has(f, "did you mean \"flow\"?"), f);
  BOOST_TEST(has(fault_of("files = []\nstep = \"1 s\"\n"), "c.toml:2:8: \"step\" is 1 s, outside 60 to 3600 s"));
  BOOST_TEST(has(fault_of("files = []\n[[hazard]]\nname = \"a\"\nwarn = \"1 m\"\n"), "is 1000 mm, outside 0 to 500 mm"));
}

BOOST_AUTO_TEST_CASE(wrong_types_units_and_syntax_are_named) {
  BOOST_TEST(has(fault_of("[[hazard]]\nname = \"a\"\nwarn = 50\n"), "with its unit"));
  BOOST_TEST(has(fault_of("[[hazard]]\nname = \"a\"\nwarn = \"50 K\"\n"), "cannot convert"));
  BOOST_TEST(has(fault_of("step = \"5 fortnights\"\n"), "no duration"));
  BOOST_TEST(has(fault_of("step = \"1e30 h\"\nfiles = []\n"), "too long"));
  const std::string f = fault_of("files = []\n[motion]\nmethod = 3\n");
  BOOST_TEST(has(f, "\"method\" must be a text"));
  BOOST_TEST(!has(f, "the choices are"), f);
  BOOST_TEST(has(fault_of("step = \n"), "c.toml:1:"));
  BOOST_TEST(has(fault_of("[hazard]\nname = \"a\"\n"), "[[hazard]] list of tables"));
  BOOST_TEST(has(fault_of("[motion]\nframes = 2.5\n"), "whole number"));
}

BOOST_AUTO_TEST_CASE(a_variant_brings_its_own_parameters_and_no_others) {
  const TableSpec model{"model",
                        "A model.",
                        true,
                        false,
                        {{"name", ParamType::text, "which"}},
                        {},
                        "name",
                        {{"fire", "Fire.", false, false, {{"start", ParamType::number, "start", "85", "", 0, 101}}},
                         {"slide", "Slides.", false, false, {{"longest", ParamType::duration, "longest", "48 h"}}}}};
  const TableSpec root{"", "", false, false, {}, {model}};
  const std::string path = test::temporary_folder("variants") + "/c.toml";
  write_file_atomically(path, "[[model]]\nname = \"fire\"\nstart = 90\n[[model]]\nname = \"slide\"\n");
  const Config c = load_config(path, root);
  BOOST_TEST(c.root.tables("model")[0].number("start") == 90);
  BOOST_TEST((c.root.tables("model")[1].duration("longest") == Seconds(48 * 3600)));
  const auto fault = [&](const std::string& text) -> std::string {
    write_file_atomically(path, text);
    try {
      load_config(path, root);
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  };
  BOOST_TEST(fault("[[model]]\nname = \"fire\"\nlongest = \"1 h\"\n").find("unknown key \"longest\"") != std::string::npos);
  BOOST_TEST(fault("[[model]]\nname = \"fire\"\nstrat = 90\n").find("did you mean \"start\"") != std::string::npos);
  BOOST_TEST(fault("[[model]]\nname = \"fire\"\nstart = 900\n").find("outside 0 to 101") != std::string::npos);
  BOOST_TEST(fault("[[model]]\nname = \"fier\"\nstart = 90\n").find("the choices are fire, slide; did you mean \"fire\"?") != std::string::npos);
  BOOST_TEST(fault("[[model]]\nstart = 90\n").find("the key \"name\" in [model] is absent") != std::string::npos);
  BOOST_TEST(describe(root).find("#### name = \"slide\"") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
