// The shipped cycles that decide several packs, on the data that they are made for.
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <set>

#include "cli/demo/case_files.h"
#include "cli/run/cycle.h"
#include "cli/run/run_config.h"
#include "tests/cli/guyu_run.h"

using namespace guyu;
using namespace guyu::cli;
namespace {
std::set<std::string> hazards_of(const CycleResult& r) {
  std::set<std::string> hazards;
  for (const RiskRow& row : r.risk.rows) hazards.insert(row.hazard);
  return hazards;
}
std::size_t reached(const CycleResult& r, const std::string& hazard, Level level) {
  std::size_t n = 0;
  for (const RiskRow& row : r.risk.rows) n += row.hazard == hazard && row.level >= level ? 1 : 0;
  return n;
}
std::size_t known(const CycleResult& r, const std::string& hazard) { return reached(r, hazard, Level::none); }
const RegionColumn* named_column(const CycleResult& r, const std::string& name) {
  for (const RegionColumn& c : r.table.columns)
    if (c.name == name) return &c;
  return nullptr;
}
}  // namespace
BOOST_AUTO_TEST_SUITE(shipped_hazards)

BOOST_AUTO_TEST_CASE(the_demos_data_are_decided_on_by_four_packs_at_once) {
  const std::string folder = test::temporary_folder("demo_hazards");
  const demo::StormCase c = demo::storm_case();
  demo::write_case(c, demo::made_up_province(c.grid.crs()), folder + "/data");
  const CycleResult r = run_cycle({"demo_hazards", folder + "/data", folder + "/out", c.last_cycle, "", "", {}});
  BOOST_TEST((hazards_of(r) == std::set<std::string>{"landslide", "rain_grade_12h", "rain_grade_24h", "rainstorm"}));
  BOOST_TEST(r.report.hazard_levels.size() == 4U);
  BOOST_TEST(reached(r, "rainstorm", Level::blue) > 0U);
  BOOST_TEST(reached(r, "rain_grade_12h", Level::blue) >= reached(r, "rainstorm", Level::blue));  // half of the signal's rain is a grade already
  // Where Caine's threshold is passed the township files hold its ratio, and the joint share is no more than either hazard's own.
  const RegionColumn *ratio = named_column(r, "landslide_ratio"), *joint = named_column(r, "joint_rainstorm_and_landslide");
  BOOST_REQUIRE((ratio && joint));
  for (const RiskRow& row : r.risk.rows) {
    if (row.hazard == "rainstorm" || row.hazard == "landslide") BOOST_TEST(joint->values[row.region] <= row.probability[1] + 1e-6F);
    if (row.hazard == "landslide" && row.level >= Level::yellow) BOOST_TEST(ratio->values[row.region] > 0.5F);
  }
  // Grades are not warned of.
  for (const auto& a : r.report.alerts) BOOST_TEST(a.event.find("rain_grade") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_model_run_gives_heat_and_fire_beside_rain) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  // As the head of the configuration says.
  const std::string folder = test::temporary_folder("ruc13_hazards"), in = folder + "/in";
  std::filesystem::create_directories(in + "/series");
  for (const char* name : {"nwp", "regions"})
    std::filesystem::create_directory_symlink(std::filesystem::absolute(data) / name, std::filesystem::path(in) / name);
  BOOST_REQUIRE(test::guyu_said({"forecast", in + "/nwp/ruc13_20050807/2005080700", "--variables", "air_temperature@2 m,relative_humidity@2 m,wind_speed@10 m",
                                 "--regions", in + "/regions/us_counties.gpkg", "--code", "id", "--name", "name", "--out", in + "/series/ruc13_2005080700.nc"})
                    .code <= 1);
  const CycleResult r = run_cycle({"ruc13_hazards", in, folder + "/out", parse_time("2005-08-07T01:00:00Z"), "", "", {}});
  BOOST_TEST((hazards_of(r) == std::set<std::string>{"fire_weather", "heat", "rain_grade_12h", "rainstorm"}));
  BOOST_TEST(known(r, "fire_weather") > 500U);
  BOOST_TEST(known(r, "rainstorm") > 500U);
  // Noon is within what the model run tells, and the index is that of the model.
  const RegionColumn* index = named_column(r, "fire_weather_index");
  BOOST_REQUIRE(index != nullptr);
  for (const RiskRow& row : r.risk.rows)
    if (row.hazard == "fire_weather" && row.level >= Level::blue) BOOST_TEST(index->values[row.region] >= 5);
  BOOST_TEST(named_column(r, "joint_heat_and_fire") != nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
