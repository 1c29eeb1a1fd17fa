#include <boost/test/unit_test.hpp>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "models/rules/rule_pack.h"
#include "tests/models/pack_inputs_case.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::test;
namespace {

std::string written(const std::string& rules) {
  const std::string path = temporary_folder("rule_pack") + "/p.toml";
  write_file_atomically(path, "name='x'\nhazard='gale'\nsource='s'\nedition='e'\nverified=true\n" + rules);
  return path;
}
std::string fault_of(const std::string& rules) {
  try {
    load_rule_pack(written(rules));
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}
bool says(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

struct Figure {
  const char* pack;
  Level level;
  const char* words;
};

// The figures of the criteria that the packs were written by, in the words of `guyu rules show`.
const Figure kFigures[] = {
    {"cma_2007_rainstorm", Level::blue, "sum of precipitation_amount over 12 h >= 50 mm, within 12 h"},
    {"cma_2007_rainstorm", Level::red, "sum of precipitation_amount over 3 h >= 100 mm, within 3 h"},
    {"cma_2007_snowstorm", Level::blue, "sum of snowfall_amount over 12 h >= 4 mm, within 12 h"},
    {"cma_2007_snowstorm", Level::yellow, "sum of snowfall_amount over 12 h >= 6 mm, within 12 h"},
    {"cma_2007_snowstorm", Level::red, "sum of snowfall_amount over 6 h >= 15 mm, within 6 h"},
    {"cma_2007_cold_wave", Level::blue,
     "all of: fall within 2 days of the minimum of air_temperature over 24 h >= 8 K; air_temperature <= 4 degC; wind_speed >= 8 m s-1, within 2 days"},
    {"cma_2007_cold_wave", Level::red,
     "all of: fall within 24 h of the minimum of air_temperature over 24 h >= 16 K; air_temperature <= 0 degC; wind_speed >= 10.8 m s-1, within 24 h"},
    {"cma_2007_gale", Level::blue, "any of: wind_speed >= 10.8 m s-1; wind_speed_of_gust >= 13.9 m s-1, within 24 h"},
    {"cma_2007_gale", Level::yellow, "any of: wind_speed >= 17.2 m s-1; wind_speed_of_gust >= 20.8 m s-1, within 12 h"},
    {"cma_2007_gale", Level::red, "any of: wind_speed >= 32.7 m s-1; wind_speed_of_gust >= 37 m s-1, within 6 h"},
    {"cma_2007_typhoon", Level::red, "any of: wind_speed >= 32.7 m s-1; wind_speed_of_gust >= 41.5 m s-1, and tropical_cyclone_influence >= 0.5, within 6 h"},
    {"cma_2007_dust_storm", Level::orange, "all of: visibility_in_air < 500 m; dust_probability >= 0.5, at the same time, within 6 h"},
    {"cma_2007_heat", Level::yellow, "maximum of air_temperature over 24 h >= 35 degC for 3 days, within 3 days, decided daily at 20:00"},
    {"cma_2007_heat", Level::red, "air_temperature >= 40 degC, within 24 h"},
    {"cma_2007_drought", Level::orange, "any of: drought_return_period >= 25 year; drought_affected_crop_fraction >= 0.4, within 7 days"},
    {"cma_2007_lightning", Level::red, "lightning_probability (max over the area) >= 0.8, within 2 h"},
    {"cma_2007_hail", Level::orange, "hail_probability (max over the area) >= 0.3, within 6 h"},
    {"cma_2007_frost", Level::blue, "surface_temperature < 0 degC, within 2 days"},
    {"cma_2007_frost", Level::orange, "surface_temperature < -5 degC, within 24 h"},
    {"cma_2007_fog", Level::red, "all of: visibility_in_air < 50 m; relative_humidity >= 80 %, at the same time, within 2 h"},
    {"cma_2007_haze", Level::yellow, "all of: visibility_in_air < 3000 m; relative_humidity < 80 %, at the same time, within 12 h"},
    {"cma_2007_road_ice", Level::yellow, "all of: road_surface_temperature < 0 degC; sum of precipitation_amount over 1 h >= 0.1 mm, within 12 h"},
    {"beijing_heat", Level::blue, "maximum of air_temperature over 24 h >= 35 degC for 2 days, within 2 days, decided daily at 20:00"},
    {"beijing_lightning", Level::red, "all of: lightning_probability (max over the area) >= 0.8; wind_speed_of_gust >= 17.2 m s-1, within 2 h"},
    {"gbt_28592_rain_24h", Level::blue, "sum of precipitation_amount over 24 h >= 10 mm, within 24 h"},
    {"gbt_28592_rain_12h", Level::orange, "sum of precipitation_amount over 12 h >= 30 mm, within 12 h"},
    {"gbt_28592_snow_24h", Level::blue, "sum of snowfall_amount over 24 h >= 2.5 mm, within 24 h"},
    {"qxt_416_severe_convection", Level::orange, "hail_diameter (max over the area) >= 20 mm, within 2 h"},
    {"us_severe_thunderstorm", Level::yellow,
     "any of: hail_diameter (max over the area) >= 25.4 mm; wind_speed_of_gust (max over the area) >= 25.9283 m s-1, within 1 h"},
    {"drought_spi", Level::red, "standardized_precipitation_index <= -2, within 24 h"},
    {"drought_mi", Level::blue, "relative_moisture_index <= -0.4, within 24 h"},
    {"drought_soil", Level::orange, "soil_relative_moisture <= 0.4, within 24 h"},
    {"fire_weather", Level::red, "fire_weather_index >= 33, within 24 h"},
    {"dry_hot_wind", Level::orange,
     "all of: maximum of air_temperature over 24 h >= 35 degC; relative_humidity at 14:00 <= 25 %; wind_speed at 14:00 >= 3 m s-1, at the same time, within 24 "
     "h, "
     "decided daily at 20:00, from 05-01 to 06-20"},
    {"landslide_caine", Level::yellow, "landslide_ratio (max over the area) >= 1, within 24 h"},
    {"efas_flash_flood", Level::orange, "runoff_index >= the region's own runoff_index_5yr, within 2 days, where catchment_area < 2000 km2"},
    {"shaking", Level::red, "seismic_intensity >= 6.5, within 1 h"},
};
}  // namespace
BOOST_AUTO_TEST_SUITE(pack_reader)

BOOST_AUTO_TEST_CASE(every_shipped_pack_loads_and_says_where_it_comes_from) {
  const auto names = shipped_packs();
  BOOST_TEST(names.size() >= 40U);
  for (const std::string& name : names) {
    const RulePack pack = shipped_pack(name);
    BOOST_TEST(!pack.source.empty(), name);
    for (const Rule& r : pack.rules) BOOST_TEST(!r.source.empty(), name);
  }
}

BOOST_AUTO_TEST_CASE(shipped_packs_say_the_figures_of_the_criteria) {
  for (const Figure& f : kFigures) {
    std::string of_level;
    bool found = false;
    for (const Rule& r : shipped_pack(f.pack).rules) {
      if (r.level != f.level) continue;
      of_level += "\n  " + describe(r);
      found = found || describe(r) == f.words;
    }
    BOOST_TEST(found, f.pack << ": " << f.words << " is not among" << of_level);
  }
}

BOOST_AUTO_TEST_CASE(a_wind_force_is_its_least_wind_and_a_fall_has_no_zero_point) {
  const RulePack pack = load_rule_pack(written(
      "[[rule]]\nlevel='blue'\nquantity='wind_speed'\nthreshold='6 Bft'\nwithin='24 h'\n"
      "[[rule]]\nlevel='yellow'\nquantity='air_temperature'\naggregate='minimum'\nwindow='24 h'\nchange='fall'\nchange_over='48 h'\nthreshold='8 degC'\n"));
  BOOST_TEST(pack.rules[1].conditions[0].threshold == 10.8);
  BOOST_TEST(pack.rules[0].conditions[0].threshold == 8.0, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(says(fault_of("[[rule]]\nlevel='blue'\nquantity='wind_speed'\nthreshold='18 Bft'\nwithin='24 h'\n"), "no wind force 18"));
}

BOOST_AUTO_TEST_CASE(all_faults_are_told_together_with_line_and_remedy) {
  const std::string all = fault_of(
      "[[rule]]\nlevel='blue'\nquantity='wind_sped'\nthreshold='8 m/s'\nwithin='24 h'\n"
      "[[rule]]\nlevel='red'\nquantity='wind_speed'\nthreshold='8 K'\nwithin='24 h'\n"
      "[[rule]]\nlevel='orange'\nquantity='wind_speed'\nthreshold='9 m/s'\nwithin='24 h'\ncombine='at least 2'\n"
      "[[rule]]\nlevel='yellow'\nquantity='wind_speed'\nthreshold='9 m/s'\nwithin='24 h'\nseason=['02-30..03-01']\n");
  BOOST_TEST(says(all, "did you mean \"wind_speed\""), all);
  BOOST_TEST(says(all, "p.toml:8:"), all);
  BOOST_TEST(says(all, "\"at least 2\" cannot be made of 1 conditions"), all);
  BOOST_TEST(says(all, "\"02-30\" is no day of the year"), all);
}

BOOST_AUTO_TEST_CASE(a_condition_that_makes_no_sense_is_refused) {
  BOOST_TEST(says(fault_of("[[rule]]\nlevel='blue'\nquantity='wind_speed'\nthreshold='8 m/s'\nwindow='24 h'\n"), "needs an aggregate"));
  BOOST_TEST(says(fault_of("[[rule]]\nlevel='blue'\nquantity='wind_speed'\naggregate='sum'\nwindow='3 h'\nthreshold='8 m/s'\n"), "no sum over time"));
  const std::string places = "[[rule]]\nlevel='blue'\nwindow='3 h'\nthreshold='8 mm'\nstatistic='max'\n";
  BOOST_TEST(fault_of(places) == "");
  BOOST_TEST(says(fault_of(places + "quantity='snowfall_amount'\n"), "not of snowfall_amount"));
  BOOST_TEST(says(fault_of(places + "lasting='2 h'\n"), "not of what held before"));
  BOOST_TEST(says(fault_of(places + "change='rise'\nchange_over='3 h'\n"), "nothing is known of its change"));
  BOOST_TEST(says(fault_of(places + "at='14:00'\n"), "not of times of day before"));
  BOOST_TEST(says(fault_of(places + "daily_at='20:00'\n"), "not of times of day before"));
  BOOST_TEST(says(fault_of("[[rule]]\nlevel='blue'\nwindow='3 h'\n"), "no threshold"));
  BOOST_TEST(says(fault_of("[[rule]]\nlevel='blue'\nquantity='wind_speed'\nthreshold='8 m/s'\nwithin='24 h'\nchange='fall'\n"), "belong together"));
  BOOST_TEST(says(fault_of("[[rule]]\nlevel='blue'\nwindow='3 h'\nthreshold='8 mm'\n[[rule.condition]]\nthreshold='5 mm'\nwindow='1 h'\n"),
                  "below [[rule.condition]]"));
  const std::string wind = "[[rule]]\nlevel='blue'\nquantity='wind_speed'\nwithin='24 h'\n";
  BOOST_TEST(says(fault_of(wind + "threshold='8 m/s'\nstatistic='maximum'\n"), "unknown statistic 'maximum'"));
  BOOST_TEST(says(fault_of(wind + "threshold='8 m/s'\nstatistic='max,mean'\n"), "no one statistic"));
  for (const char* number : {"nan", "inf"}) {
    BOOST_TEST(says(fault_of(wind + "threshold='" + number + " m/s'\n"), "does not begin with a number"), number);
    BOOST_TEST(says(fault_of(wind + "threshold='8 m/s'\nwhere=['slope >= " + number + "']\n"), "compares with no number"), number);
  }
}

BOOST_AUTO_TEST_CASE(slips_of_the_pen_are_no_names_and_no_figures) {
  const std::string wind = "[[rule]]\nlevel='blue'\nquantity='wind_speed'\nwithin='24 h'\n";
  for (const char* text : {"Bft", "8 Bft or so", "about 8 Bft", "8Bft 3"}) BOOST_TEST(!fault_of(wind + "threshold='" + text + "'\n").empty(), text);
  BOOST_TEST(fault_of(wind + "threshold='8Bft'\n").empty());
  BOOST_TEST(says(fault_of(wind + "threshold='attribute '\n"), "names no attribute"));
  BOOST_TEST(says(fault_of(wind + "threshold='attribute gale_2yr [m/s]'\n"), "no name of an attribute"));
  for (const char* gate : {"slope != 3", "slope ~= 3", "slope [degree] > 3"})
    BOOST_TEST(says(fault_of(wind + "threshold='8 Bft'\nwhere=['" + gate + "']\n"), "no name of an attribute"), gate);
  BOOST_TEST(fault_of(wind + "threshold='8 Bft'\nwhere=['land cover == 3','slope>=15 degree']\n").empty());
  for (const char* date : {"June 2007", "2007-6-12", "2007-02-30"})
    BOOST_TEST(says(fault_of("effective='" + std::string(date) + "'\n" + wind + "threshold='8 Bft'\n"), "is no date"), date);
  BOOST_TEST(fault_of("effective='2007-06-12'\n" + wind + "threshold='8 Bft'\n").empty());
}

BOOST_AUTO_TEST_CASE(a_share_of_the_area_has_a_share_for_its_threshold) {
  const Rule r = load_rule_pack(written("[[rule]]\nlevel='blue'\nquantity='wind_speed'\nstatistic='frac>=10.8'\nthreshold='30 %'\nwithin='24 h'\n")).rules[0];
  BOOST_TEST(r.conditions[0].threshold == 0.3);
  BOOST_TEST(r.conditions[0].unit == "1");
  BOOST_TEST(says(describe(r), "(frac>=10.8 over the area) >= 0.3,"), describe(r));
}

BOOST_AUTO_TEST_CASE(classes_of_risk_are_bounded_by_numbers_that_ascend) {
  const auto risk = [](const char* bounds) {
    return fault_of(std::string("[[risk]]\nattribute='people'\nbounds=") + bounds +
                    "\nblue=['none','blue','blue']\nyellow=['none','blue','blue']\norange=['none','blue','blue']\nred=['none','blue','blue']\n"
                    "[[rule]]\nlevel='red'\nwindow='3 h'\nthreshold='100 mm'\n");
  };
  BOOST_TEST(risk("['10','200']").empty());
  BOOST_TEST(says(risk("['200','200']"), "do not ascend"));
  BOOST_TEST(says(risk("['10','nan']"), "\"nan\" is no number"));
  BOOST_TEST(says(risk("['10','20 people']"), "is no number"));
}

BOOST_AUTO_TEST_CASE(a_level_can_have_its_own_probability_or_a_ratio_of_cost_to_loss) {
  const RulePack pack =
      load_rule_pack(written("decision_probability=0.6\n[[level]]\nlevel='red'\ncost_loss=0.1\n[[rule]]\nlevel='red'\nwindow='3 h'\nthreshold='100 mm'\n"));
  BOOST_TEST(pack.needed_probability(Level::red) == 0.1);
  BOOST_TEST(pack.needed_probability(Level::blue) == 0.6);
  BOOST_TEST(says(fault_of("[[level]]\nlevel='red'\n[[rule]]\nlevel='red'\nwindow='3 h'\nthreshold='100 mm'\n"), "neither"));
}

BOOST_AUTO_TEST_CASE(only_plain_rain_is_plain_rain) {
  BOOST_TEST(rain_rules(shipped_pack("beijing_rainstorm")).size() == 9U);
  BOOST_CHECK_THROW(rain_rules(shipped_pack("cma_2007_gale")), Error);
  BOOST_CHECK_THROW(rain_rules(shipped_pack("cma_2007_snowstorm")), Error);
}

BOOST_AUTO_TEST_SUITE_END()
