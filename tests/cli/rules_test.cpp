#include <boost/test/unit_test.hpp>

#include "products/region_series_netcdf.h"
#include "tests/cli/guyu_run.h"

using namespace guyu;
using namespace guyu::test;
namespace {
bool tells(const Said& s, const std::string& words) { return s.out.find(words) != std::string::npos; }
}  // namespace
BOOST_AUTO_TEST_SUITE(rules_verb)

BOOST_AUTO_TEST_CASE(show_says_a_pack_in_words_and_diff_what_differs) {
  const Said shown = guyu_said({"rules", "show", "cma_2007_gale"});
  BOOST_TEST(shown.code == 0);
  BOOST_TEST(tells(shown, "any of: wind_speed >= 10.8 m s-1; wind_speed_of_gust >= 13.9 m s-1, within 24 h"), shown.out);
  const Said same = guyu_said({"rules", "diff", "cma_2007_gale", "cma_2007_gale"});
  BOOST_TEST(tells(same, "decide alike"), same.out);
  const Said other = guyu_said({"rules", "diff", "cma_2007_heat", "beijing_heat"});
  BOOST_TEST(tells(other, "heat.blue.48h\n  - (none)\n  + maximum of air_temperature over 24 h >= 35 degC for 2 days"), other.out);
}

BOOST_AUTO_TEST_CASE(check_finds_faults_and_what_a_cycle_cannot_give) {
  BOOST_TEST(guyu_said({"rules", "check", "cma_2007_rainstorm", "cma_2007_gale"}).code == 0);
  const std::string path = temporary_folder("rules_verb") + "/bad.toml";
  write_file_atomically(
      path, "name='x'\nhazard='gale'\nsource='s'\nedition='e'\nverified=true\n[[rule]]\nlevel='blue'\nquantity='wind_speed'\nthreshold='8 mm'\nwithin='6 h'\n");
  const Said bad = guyu_said({"rules", "check", path});
  BOOST_TEST(bad.code == 2);
  BOOST_TEST(tells(bad, "bad.toml:9:"), bad.out);
  const Said lacking = guyu_said({"rules", "check", "cma_2007_gale", "--config", "demo"});
  BOOST_TEST(lacking.code == 0);
  BOOST_TEST(tells(lacking, "can never hold with these inputs: nothing gives wind_speed, wind_speed_of_gust"), lacking.out);
}

BOOST_AUTO_TEST_CASE(explain_tells_each_rule_for_one_region_of_a_forecast) {
  const std::string path = temporary_folder("rules_explain") + "/series.nc";
  const TimePoint run = parse_time("2024-07-01T00:00:00Z");
  const RegionSet towns{"EPSG:4326", {{"0110", "west", "", {}}, {"0111", "east", "", {}}}, {}};
  std::vector<Interval> steps;
  for (int h = 1; h <= 24; ++h) steps.push_back({run + std::chrono::hours(h), run + std::chrono::hours(h)});
  RegionSeriesWriter writer(path, towns,
                            {{"wind_speed_10_m", "w", *find_quantity("wind_speed"), "10 m", TimeKind::instant, steps, {{}}},
                             {"gust", "g", *find_quantity("wind_speed_of_gust"), "10 m", TimeKind::instant, steps, {{}}}},
                            {"series", "test", "", {}, run});
  for (std::size_t k = 0; k < steps.size(); ++k) {
    const std::vector<float> wind{k == 20 ? 12.0F : 4.0F, 4.0F}, gust{9, 9}, all{1, 1};
    writer.write(0, 0, k, wind, all);
    writer.write(1, 0, k, gust, all);
  }
  writer.close();
  const Said west = guyu_said({"rules", "explain", "cma_2007_gale", "--series", path, "--region", "0110"});
  BOOST_TEST(west.code == 0);
  BOOST_TEST(tells(west, "Blue    yes"), west.out);
  BOOST_TEST(tells(west, "1.2 from turning, at 2024-07-01T21:00:00Z"), west.out);
  BOOST_TEST(tells(guyu_said({"rules", "explain", "cma_2007_gale", "--series", path, "--region", "0111"}), "Blue    no"));
  BOOST_TEST(guyu_said({"rules", "explain", "cma_2007_gale", "--series", path, "--region", "0112"}).code == 2);
}

BOOST_AUTO_TEST_SUITE_END()
