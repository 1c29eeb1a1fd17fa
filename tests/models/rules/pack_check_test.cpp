#include "models/rules/pack_check.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/models/pack_inputs_case.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::test;
namespace {

RulePack pack_of(const std::string& rules) {
  const std::string path = temporary_folder("pack_check") + "/p.toml";
  write_file_atomically(path, "name='x'\nhazard='gale'\nsource='s'\nedition='e'\nverified=true\n" + rules);
  return load_rule_pack(path);
}
std::string refusal_of(const std::string& rules) {
  try {
    pack_of(rules);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}
bool holds(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }
std::string warnings_of(const RulePack& pack) {
  std::string all;
  for (const PackFinding& f : check_pack(pack)) all += f.what + "\n";
  return all;
}
std::string wind(const char* level, const char* is, const char* threshold, const char* within, const char* more = "") {
  return std::string("[[rule]]\nquantity='wind_speed'\nlevel='") + level + "'\nis='" + is + "'\nthreshold='" + threshold + "'\nwithin='" + within + "'\n" +
         more;
}
}  // namespace
BOOST_AUTO_TEST_SUITE(pack_check)

BOOST_AUTO_TEST_CASE(levels_nest_by_threshold_time_and_window) {
  BOOST_TEST(refusal_of(wind("blue", "at least", "8 m/s", "24 h") + wind("red", "at least", "12 m/s", "24 h")).empty());
  BOOST_TEST(holds(refusal_of(wind("blue", "at least", "12 m/s", "24 h") + wind("red", "at least", "8 m/s", "24 h")), "must nest"));
  // Red would be seen whenever blue is: it looks further at the same wind.
  BOOST_TEST(holds(refusal_of(wind("blue", "at least", "8 m/s", "6 h") + wind("red", "at least", "8 m/s", "24 h")), "must nest"));
  BOOST_TEST(refusal_of(wind("blue", "at least", "8 m/s", "24 h") + wind("red", "at least", "8 m/s", "6 h")).empty());
  // Of what is worse when it is less.
  BOOST_TEST(holds(refusal_of(wind("blue", "below", "1 m/s", "24 h") + wind("red", "below", "2 m/s", "24 h")), "must nest"));
  BOOST_TEST(refusal_of(wind("blue", "below", "2 m/s", "24 h") + wind("red", "below", "1 m/s", "24 h")).empty());
  // In another season it can be seen.
  BOOST_TEST(refusal_of(wind("blue", "at least", "12 m/s", "24 h", "season=['01-01..02-01']\n") +
                        wind("red", "at least", "8 m/s", "24 h", "season=['06-01..07-01']\n"))
                 .empty());
}

BOOST_AUTO_TEST_CASE(any_is_easier_than_all) {
  const std::string both =
      "\n[[rule.condition]]\nquantity='wind_speed'\nthreshold='10 m/s'\n[[rule.condition]]\nquantity='wind_speed_of_gust'\nthreshold='15 m/s'\n";
  const auto rule = [&](const char* level, const char* combine) {
    return std::string("[[rule]]\nlevel='") + level + "'\nwithin='6 h'\ncombine='" + combine + "'\n" + both;
  };
  BOOST_TEST(refusal_of(rule("blue", "any") + rule("red", "all")).empty());
  BOOST_TEST(holds(refusal_of(rule("blue", "all") + rule("red", "any")), "must nest"));
}

BOOST_AUTO_TEST_CASE(what_can_never_hold_is_an_error_and_what_holds_always_a_warning) {
  BOOST_TEST(holds(refusal_of(wind("blue", "at least", "900 m/s", "24 h")), "can never hold"));
  BOOST_TEST(holds(refusal_of(wind("blue", "below", "0 m/s", "24 h")), "can never hold"));
  BOOST_TEST(holds(warnings_of(pack_of(wind("blue", "at least", "0 m/s", "24 h"))), "holds always"));
  BOOST_TEST(holds(refusal_of(wind("blue", "at least", "8 m/s", "24 h", "daily_at='20:00'\nhours='08:00..18:00'\n")), "outside of its hours"));
  BOOST_TEST(holds(refusal_of("[[rule]]\nlevel='blue'\nwithin='6 h'\ntogether='time'\n[[rule.condition]]\nquantity='wind_speed'\nthreshold='10 m/s'\n"
                              "[[rule.condition]]\nquantity='wind_speed'\nis='below'\nthreshold='5 m/s'\n"),
                   "at one time"));
  BOOST_TEST(holds(refusal_of(wind("blue", "at least", "8 m/s", "24 h", "hours='10:00..10:00'\n")), "hours begin when they end"));
  BOOST_TEST(holds(refusal_of(wind("blue", "at least", "8 m/s", "24 h", "where=['height >= 1 km','height < 800 m']\n")), "no region has height >= 1 km"));
  BOOST_TEST(holds(refusal_of(wind("blue", "at least", "8 m/s", "24 h", "where=['cover = 3','cover = 4']\n")), "no region has"));
  BOOST_TEST(refusal_of(wind("blue", "at least", "8 m/s", "24 h", "where=['height >= 1 km','height <= 1000 m','cover = 3']\n")).empty());
  BOOST_TEST(holds(warnings_of(pack_of(wind("blue", "at least", "8 m/s", "6 h", "daily_at='20:00'\n"))), "unknown for most of the day"));
}

BOOST_AUTO_TEST_CASE(a_needless_rule_is_a_warning_and_a_rule_given_twice_an_error) {
  BOOST_TEST(holds(warnings_of(pack_of(wind("blue", "at least", "8 m/s", "24 h") + wind("blue", "at least", "12 m/s", "12 h"))), "holds whenever"));
  BOOST_TEST(holds(refusal_of(wind("blue", "at least", "8 m/s", "24 h") + wind("blue", "at least", "12 m/s", "24 h")), "stands twice"));
  BOOST_TEST(warnings_of(pack_of(wind("blue", "at least", "8 m/s", "24 h", "name='a'\n") + wind("blue", "below", "1 m/s", "24 h", "name='b'\n"))).empty());
}

BOOST_AUTO_TEST_CASE(rules_without_inputs_are_named_with_what_is_lacking) {
  const auto lacking = [](const RulePack& pack, const AvailableInputs& available) {
    std::string all;
    for (const PackFinding& f : check_inputs(pack, available)) all += f.what + "\n";
    return all;
  };
  const RulePack gale = shipped_pack("cma_2007_gale");
  BOOST_TEST(lacking(gale, {{{"wind_speed", "mean"}, {"wind_speed_of_gust", "mean"}}, {}, Seconds(0)}).empty());
  BOOST_TEST(holds(lacking(gale, {{{"wind_speed", "mean"}}, {}, Seconds(0)}), "can hold but never be ruled out"));
  BOOST_TEST(holds(lacking(gale, {}), "gale.red.6h can never hold with these inputs: nothing gives wind_speed, wind_speed_of_gust"));
  BOOST_TEST(holds(lacking(shipped_pack("efas_flash_flood"), {{{"runoff_index", "mean"}}, {}, Seconds(0)}), "attribute catchment_area"));
  BOOST_TEST(holds(lacking(gale, {{{"wind_speed", "mean"}, {"wind_speed_of_gust", "mean"}}, {}, Seconds(3600)}), "looks 24 h ahead, the run 1 h"));
  const RulePack steep = pack_of(wind("blue", "at least", "8 m/s", "24 h", "where=['slope >= 15 degree']\n"));
  BOOST_TEST(lacking(steep, {{{"wind_speed", "mean"}}, {{"slope", "degree"}}, Seconds(0)}).empty());
  BOOST_TEST(lacking(steep, {{{"wind_speed", "mean"}}, {{"slope"}}, Seconds(0)}).empty());
  BOOST_TEST(holds(lacking(steep, {{{"wind_speed", "mean"}}, {{"slope", "m"}}, Seconds(0)}), "it is in m"));
}

BOOST_AUTO_TEST_CASE(no_shipped_pack_has_a_finding) {
  for (const std::string& name : shipped_packs()) BOOST_TEST(warnings_of(shipped_pack(name)) == "", name);
}

BOOST_AUTO_TEST_SUITE_END()
