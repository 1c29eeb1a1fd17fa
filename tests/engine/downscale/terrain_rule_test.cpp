#include "engine/downscale/terrain_rule.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

using namespace guyu;

namespace {
Field field_of(const std::string& quantity, float value) {
  FieldMeta meta;
  meta.quantity = *find_quantity(quantity);
  meta.level = "2 m";
  Field f(Grid("EPSG:4326", 0, 10, 1, 1, 3, 2), meta);
  for (float& v : f.values()) v = value;
  return f;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(terrain_rules)

BOOST_AUTO_TEST_CASE(only_what_lies_at_the_ground_follows_it) {
  const auto rule = [](const char* quantity, const char* level) { return terrain_rule(*find_quantity(quantity), level); };
  BOOST_TEST((rule("air_temperature", "2 m") == TerrainRule::temperature));
  BOOST_TEST((rule("air_temperature", "850 hPa") == TerrainRule::plain));
  BOOST_TEST((rule("wind_speed", "10 m") == TerrainRule::wind_speed));
  BOOST_TEST((rule("wind_speed", "50 Pa") == TerrainRule::plain));
  BOOST_TEST((rule("wind_from_direction", "850 hPa") == TerrainRule::direction));
  BOOST_TEST((rule("air_pressure_at_mean_sea_level", "mean sea level") == TerrainRule::plain));
  BOOST_TEST((rule("precipitation_amount", "surface") == TerrainRule::rain));
}

BOOST_AUTO_TEST_CASE(dew_point_falls_slower_than_temperature_at_the_same_humidity) {
  const Field t = field_of("air_temperature", 290), d = field_of("dew_point_temperature", 280);
  const Plane lapse(2, 3, -0.0065F);
  const HeightLine line = height_line(TerrainRule::dew_point, d, &t, lapse.view());
  BOOST_TEST(line.slope.values[0] == -0.0065F * (280.0F / 290) * (280.0F / 290), boost::test_tools::tolerance(1e-5F));
  BOOST_TEST(line.values.values[0] == 280.0F);
  BOOST_TEST(height_line(TerrainRule::dew_point, d, nullptr, lapse.view()).slope.values[0] == -0.0065F);
}

BOOST_AUTO_TEST_CASE(pressure_falls_by_the_hydrostatic_equation) {
  const Field p = field_of("surface_air_pressure", 100000), t = field_of("air_temperature", 288.15F);
  const Plane lapse(2, 3, 0);
  const HeightLine line = height_line(TerrainRule::pressure, p, &t, lapse.view());
  BOOST_TEST(line.logarithm);
  // Isothermal atmosphere: scale height R T / g = 8434.5 m.
  BOOST_TEST(std::exp(line.values.values[0] + 1000 * line.slope.values[0]) == 100000 * std::exp(-1000 / 8434.5F), boost::test_tools::tolerance(1e-4F));
}

BOOST_AUTO_TEST_CASE(a_lapse_rate_is_kept_until_the_temperature_changes) {
  const auto t = std::make_shared<const Field>(field_of("air_temperature", 280)), other = std::make_shared<const Field>(field_of("air_temperature", 290));
  const Plane ground(2, 3, 100);
  KeptLapseRate kept;
  const float* first = kept.of({}, t, ground.view(), {}).values.data();
  BOOST_TEST(kept.of({}, t, ground.view(), {}).values.data() == first);
  BOOST_TEST(kept.of({}, nullptr, ground.view(), {}).values[0] == -0.0065F);
  BOOST_TEST(kept.of({}, other, ground.view(), {}).values[0] == -0.0065F, boost::test_tools::tolerance(1e-5F));  // flat ground teaches nothing
}

BOOST_AUTO_TEST_CASE(what_the_surface_makes_differs_across_coasts_and_what_falls_from_above_does_not) {
  for (const char* quantity : {"air_temperature", "dew_point_temperature", "relative_humidity", "wind_speed", "wind_from_direction"}) {
    BOOST_TEST(differs_across_coasts(terrain_rule({quantity, ""}, "2 m"), "2 m"), quantity);
    BOOST_TEST(!differs_across_coasts(terrain_rule({quantity, ""}, "850 hPa"), "850 hPa"), quantity);
  }
  for (const char* quantity : {"precipitation_amount", "rainfall_rate", "surface_downwelling_shortwave_flux_in_air"})
    BOOST_TEST(!differs_across_coasts(terrain_rule({quantity, ""}, "surface"), "surface"), quantity);
}

BOOST_AUTO_TEST_SUITE_END()
