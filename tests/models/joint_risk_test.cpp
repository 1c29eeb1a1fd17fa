#include "models/joint_risk.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/support/test_data.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(joint_risk)

BOOST_AUTO_TEST_CASE(hazards_at_once_are_those_of_the_same_members) {
  // Four members, two regions; levels by member, then region.
  const std::vector<std::int8_t> rain{1, 2, 1, 0, 0, -1, 2, 1}, wind{1, 0, 0, 0, 2, 1, 3, -1};
  const JointEvent event{"both", {"rainstorm", "gale"}, Level::blue};
  const JointProbability p = joint_probability(event, {{"gale", &wind}, {"rainstorm", &rain}}, 4, 2);
  // Region 0: members 0 and 3 have both, each hazard alone has three of four: not their product.
  BOOST_TEST(p.least[0] == 0.5F);
  BOOST_TEST(p.most[0] == 0.5F);
  // Region 1: no member for sure; member 2 (rain unknown, wind) and member 3 (rain, wind unknown) perhaps.
  BOOST_TEST(p.least[1] == 0.0F);
  BOOST_TEST(p.most[1] == 0.5F);
  // A hazard that nobody judged can be told of by nobody.
  const JointProbability q = joint_probability({"x", {"rainstorm", "hail"}, Level::blue}, {{"rainstorm", &rain}}, 4, 2);
  BOOST_TEST(q.least[0] == 0.0F);
  BOOST_TEST(q.most[0] == 0.75F);
}

BOOST_AUTO_TEST_CASE(risk_is_hazard_by_exposure_by_vulnerability_and_unknown_where_one_is) {
  const std::string path = test::temporary_folder("risk") + "/p.toml";
  const std::string pack =
      "name='x'\nhazard='rainstorm'\nsource='s'\nedition='e'\nverified=true\n"
      "[[risk]]\nattribute='people'\nbounds=['1000']\nblue=['none','blue']\nyellow=['blue','yellow']\norange=['yellow','orange']\nred=['orange','red']\n"
      "[[risk]]\nattribute='slope'\nbounds=['15']\nblue=['blue','yellow']\nyellow=['yellow','orange']\norange=['orange','red']\nred=['red','red']\n"
      "[[rule]]\nlevel='blue'\nwindow='3 h'\nthreshold='30 mm'\n";
  write_file_atomically(path, pack);
  const RulePack p = load_rule_pack(path);
  HazardInputs in;
  in.regions = 6;
  in.attributes = {{"people", "1", {10, 5000, 5000, 999, std::nanf(""), 5000}}, {"slope", "degree", {20, 20, 3, 20, 20, std::nanf("")}}};
  const auto risk = risk_levels({Level::blue, Level::blue, Level::orange, Level::red, Level::blue, Level::none}, p.risk, in);
  BOOST_TEST((risk == std::vector<Level>{Level::none, Level::yellow, Level::orange, Level::red, Level::unknown, Level::none}));
  write_file_atomically(path, pack + "[[risk]]\nattribute='people'\nbounds=['1','2']\nblue=['none','blue']\nyellow=['blue']\norange=['red']\nred=['red']\n");
  BOOST_CHECK_EXCEPTION(load_rule_pack(path), Error, [](const Error& e) { return std::string(e.what()).find("2 levels for 3 classes") != std::string::npos; });
}

BOOST_AUTO_TEST_SUITE_END()
