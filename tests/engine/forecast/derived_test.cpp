#include "engine/forecast/derived.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <map>

#include "engine/core/error.h"

namespace guyu {
namespace {

float one(const std::string& output, const std::string& level, std::vector<std::pair<Variable, float>> inputs) {
  std::set<Variable> available;
  std::map<Variable, float> have;
  for (const auto& [v, x] : inputs) available.insert(v), have[v] = x;
  const DerivationPlan plan = plan_derivation({output, level}, available);
  BOOST_REQUIRE_MESSAGE(plan.possible, plan.missing);
  for (const DerivationStep& s : plan.steps) {
    std::vector<const float*> in;
    for (const Variable& v : s.inputs) in.push_back(&have.at(v));
    float out = 0;
    s.derivation->evaluate(in, &out, 1);
    have[s.output] = out;
  }
  return have.at({output, level});
}

const Variable kT{"air_temperature", "2 m"}, kTd{"dew_point_temperature", "2 m"}, kRh{"relative_humidity", "2 m"}, kP{"surface_air_pressure", "surface"};
const Variable kU{"eastward_wind", "10 m"}, kV{"northward_wind", "10 m"};

}  // namespace

BOOST_AUTO_TEST_SUITE(derived_fields)

BOOST_AUTO_TEST_CASE(wind_of_known_triangles) {
  BOOST_TEST(one("wind_speed", "10 m", {{kU, 3}, {kV, -4}}) == 5);
  BOOST_TEST(one("wind_from_direction", "10 m", {{kU, 0}, {kV, -1}}) == 360);  // from the north
  BOOST_TEST(one("wind_from_direction", "10 m", {{kU, -1}, {kV, 0}}) == 90, boost::test_tools::tolerance(1e-6F));
  BOOST_TEST(one("wind_from_direction", "10 m", {{kU, 1}, {kV, 0}}) == 270, boost::test_tools::tolerance(1e-6F));
  BOOST_TEST(std::isnan(one("wind_from_direction", "10 m", {{kU, 0}, {kV, 0}})));
}

BOOST_AUTO_TEST_CASE(humidity_and_dew_point_are_inverse_to_each_other) {
  for (const float t : {250.0F, 280.0F, 305.0F}) {
    for (const float rh : {0.1F, 0.5F, 0.95F}) {
      const float td = one("dew_point_temperature", "2 m", {{kT, t}, {kRh, rh}});
      BOOST_TEST(one("relative_humidity", "2 m", {{kT, t}, {kTd, td}}) == rh, boost::test_tools::tolerance(2e-4F));
    }
  }
}

// Psychrometric chart at sea level: 30 degC and 50 % have a wet bulb of 22.0 degC and a dew point of 18.4 degC.
BOOST_AUTO_TEST_CASE(wet_bulb_agrees_with_the_psychrometric_chart) {
  BOOST_TEST(one("wet_bulb_temperature", "2 m", {{kT, 303.15F}, {kRh, 0.5F}, {kP, 101325}}) - 273.15F == 22.0F, boost::test_tools::tolerance(0.01F));
  BOOST_TEST(one("dew_point_temperature", "2 m", {{kT, 303.15F}, {kRh, 0.5F}}) - 273.15F == 18.4F, boost::test_tools::tolerance(0.01F));
  BOOST_TEST(one("wet_bulb_temperature", "2 m", {{kT, 293.15F}, {kRh, 1}, {kP, 90000}}) == 293.15F, boost::test_tools::tolerance(1e-4F));
}

BOOST_AUTO_TEST_CASE(a_plan_goes_through_what_must_be_derived_first) {
  const DerivationPlan plan = plan_derivation({"wet_bulb_temperature", "2 m"}, {kT, kTd, kP});
  BOOST_REQUIRE(plan.possible);
  BOOST_REQUIRE(plan.steps.size() == 2);
  BOOST_TEST(plan.steps[0].output.quantity == "relative_humidity");
  BOOST_TEST((plan.needed == std::set<Variable>{kT, kTd, kP}));
}

BOOST_AUTO_TEST_CASE(what_is_there_is_not_derived) {
  const DerivationPlan plan = plan_derivation(kRh, {kT, kTd, kRh});
  BOOST_TEST(plan.steps.empty());
  BOOST_TEST(plan.needed.size() == 1);
}

BOOST_AUTO_TEST_CASE(missing_inputs_give_missing_outputs) {
  const float nan = std::nanf("");
  BOOST_TEST(std::isnan(one("wind_speed", "10 m", {{kU, nan}, {kV, 1}})));
  BOOST_TEST(std::isnan(one("relative_humidity", "2 m", {{kT, 280}, {kTd, nan}})));
  BOOST_TEST(std::isnan(one("wet_bulb_temperature", "2 m", {{kT, 280}, {kRh, nan}, {kP, 1e5F}})));
}

BOOST_AUTO_TEST_CASE(freezing_level_of_a_column) {
  const float z[] = {3000, 1000, 0, 5000}, t[] = {268.15F, 278.15F, 288.15F, 255};
  BOOST_TEST(freezing_level(t, z, 0) == 2000, boost::test_tools::tolerance(1e-5F));
  const float cold[] = {253.15F, 263.15F, 263.15F, 240};
  BOOST_TEST(freezing_level(cold, z, 150) == 150);  // all below freezing: at the ground
  const float warm[] = {285, 288, 290, 280};
  BOOST_TEST(std::isnan(freezing_level(warm, z, 0)));
}

BOOST_AUTO_TEST_CASE(freezing_level_takes_every_level_that_has_both) {
  std::set<Variable> available;
  for (const char* level : {"500 hPa", "700 hPa", "850 hPa"}) available.insert({"air_temperature", level});
  for (const char* level : {"500 hPa", "850 hPa", "1000 hPa"}) available.insert({"geopotential_height", level});
  const DerivationPlan plan = plan_derivation({"freezing_level_altitude", ""}, available);
  BOOST_REQUIRE(plan.possible);
  BOOST_TEST(plan.needed.size() == 4);
}

BOOST_AUTO_TEST_CASE(words_name_variables) {
  BOOST_TEST((parse_variable("air_temperature@2 m") == kT));
  BOOST_TEST((parse_variable("freezing_level_altitude") == Variable{"freezing_level_altitude", ""}));
  BOOST_CHECK_THROW(parse_variable("@2 m"), Error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
