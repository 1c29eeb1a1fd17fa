#include "ingest/grib_parameter.h"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "ingest/eccodes_lock.h"
#include "tests/support/grib_writer.h"
#include "tests/support/test_data.h"

namespace guyu::test {
namespace {

// What the table of names says of a message that is read back from a file.
GribParameter parameter_of(int edition, const GribKeys& keys) {
  const std::string path = temporary_folder("grib-parameter") + "/m.grib";
  std::ofstream(path, std::ios::trunc).close();
  append_grib(path, edition, latlon_keys("regular_ll", 3, 3, 110, 30, 0.25) + keys, std::vector<double>(9, 1));
  const auto lock = eccodes_lock();
  std::FILE* file = std::fopen(path.c_str(), "rb");
  int error = 0;
  const GribMessage message(codes_handle_new_from_file(nullptr, file, PRODUCT_GRIB, &error), path, 1);
  std::fclose(file);
  BOOST_REQUIRE(error == 0);
  const GribParameter cached = grib_parameter(message);
  // Asked of ecCodes itself, without what earlier messages left.
  BOOST_TEST(cached.short_name == message.text("shortName"));
  BOOST_TEST(cached.units == message.text("units"));
  BOOST_TEST(cached.level_type == message.text("typeOfLevel"));
  BOOST_TEST(cached.level == message.text("level"));
  BOOST_TEST(cached.step_type == message.text("stepType"));
  return cached;
}

GribKeys at_height(long category, long number, long height) {
  return {{"parameterCategory", category},
          {"parameterNumber", number},
          {"typeOfFirstFixedSurface", 103L},
          {"scaleFactorOfFirstFixedSurface", 0L},
          {"scaledValueOfFirstFixedSurface", height}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(grib_parameter_)

BOOST_AUTO_TEST_CASE(messages_that_differ_in_parameter_level_centre_or_statistic_have_names_of_their_own) {
  // Each pair differs in one thing; a shared answer where there must be two would fail inside parameter_of().
  const GribParameter warm = parameter_of(2, at_height(0, 0, 2)), dew = parameter_of(2, at_height(0, 6, 2)), high = parameter_of(2, at_height(0, 0, 80)),
                      wind = parameter_of(2, at_height(2, 2, 10));
  BOOST_TEST(warm.short_name == "2t");
  BOOST_TEST(dew.short_name == "2d");
  BOOST_TEST(high.level == "80");
  BOOST_TEST(wind.short_name == "10u");
  parameter_of(2, GribKeys{{"centre", 7L}} + at_height(0, 0, 2));
  parameter_of(2, GribKeys{{"discipline", 2L}} + at_height(0, 0, 2));
  const GribKeys rain{{"productDefinitionTemplateNumber", 11L}, {"parameterCategory", 1L}, {"parameterNumber", 8L}, {"typeOfFirstFixedSurface", 1L}};
  BOOST_TEST(parameter_of(2, rain + GribKeys{{"typeOfStatisticalProcessing", 1L}}).step_type == "accum");
  BOOST_TEST(parameter_of(2, rain + GribKeys{{"typeOfStatisticalProcessing", 0L}}).step_type == "avg");
}

BOOST_AUTO_TEST_CASE(time_step_and_member_share_a_name) {
  for (const long member : {0L, 1L, 50L})
    for (const long step : {0L, 3L, 240L})
      for (const long date : {20240228L, 20261130L}) {
        const GribParameter p = parameter_of(2, GribKeys{{"dataDate", date}, {"productDefinitionTemplateNumber", 1L}} + at_height(0, 0, 2) +
                                                    GribKeys{{"perturbationNumber", member}, {"stepRange", std::to_string(step)}});
        BOOST_TEST(p.short_name == "2t");
      }
}

BOOST_AUTO_TEST_CASE(edition_1_is_asked_each_time) {
  BOOST_TEST(parameter_of(1, {{"centre", 98L}, {"table2Version", 128L}, {"indicatorOfParameter", 167L}}).short_name == "2t");
  BOOST_TEST(parameter_of(1, {{"centre", 98L}, {"table2Version", 128L}, {"indicatorOfParameter", 168L}}).short_name == "2d");
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace guyu::test
