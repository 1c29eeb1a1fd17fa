#include "engine/convection/isotherm_height.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <utility>
#include <vector>

#include "engine/core/error.h"
#include "engine/core/plane.h"

using namespace guyu;
namespace {

struct Profile {
  std::vector<Plane> kelvin, height;
  Profile(const std::vector<std::pair<float, float>>& points) {
    for (const auto& [h, t] : points) kelvin.emplace_back(1, 1, t), height.emplace_back(1, 1, h);
  }
  float of(double temperature) const {
    std::vector<TemperatureLevel> levels;
    for (std::size_t k = 0; k < kelvin.size(); ++k) levels.push_back({kelvin[k].view(), height[k].view()});
    Plane out(1, 1);
    isotherm_height(levels, temperature, out.view());
    return out.values[0];
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(isotherm_height_)

BOOST_AUTO_TEST_CASE(heights_are_linear_between_levels_in_any_order) {
  const Profile p({{6000, 263.15F}, {1500, 288.15F}, {3000, 278.15F}, {9000, 243.15F}});
  BOOST_TEST(p.of(273.15) == 4000, boost::test_tools::tolerance(1e-4F));  // a third of the way from 278.15 to 263.15 K
  BOOST_TEST(p.of(253.15) == 7500, boost::test_tools::tolerance(1e-4F));
}

BOOST_AUTO_TEST_CASE(an_inversion_has_the_highest_of_its_crossings) {
  BOOST_TEST(Profile({{0, 275.15F}, {1000, 271.15F}, {2000, 276.15F}, {4000, 266.15F}}).of(273.15) == 2600, boost::test_tools::tolerance(1e-4F));
}

BOOST_AUTO_TEST_CASE(what_the_levels_do_not_span_is_not_guessed) {
  BOOST_TEST(std::isnan(Profile({{0, 270}, {1000, 265}}).of(273.15)));
  BOOST_TEST(std::isnan(Profile({{0, 300}, {1000, 295}}).of(273.15)));
  BOOST_TEST(std::isnan(Profile({{0, 300}, {1000, std::nanf("")}}).of(273.15)));
  BOOST_TEST(!std::isnan(Profile({{0, 300}, {1000, std::nanf("")}, {5000, 260}}).of(273.15)));
}

BOOST_AUTO_TEST_CASE(one_level_is_a_user_error) { BOOST_CHECK_THROW(Profile({{0, 300}}).of(273.15), Error); }

BOOST_AUTO_TEST_SUITE_END()
