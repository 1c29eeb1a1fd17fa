#include <boost/test/unit_test.hpp>

#include "cli/run/run_config.h"
#include "products/region_series_netcdf.h"
#include "tests/alerts/cap/keys.h"
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

BOOST_AUTO_TEST_CASE(check_knows_the_attributes_of_the_cycles_regions) {
  const std::string folder = temporary_folder("rules_attributes");
  write_file_atomically(folder + "/slopes.csv", "code,slope [degree],people\nR000C000,20,5\n");
  write_file_atomically(
      folder + "/c.toml",
      "name = \"c\"\n[mesh]\nwest = 100\nsouth = 20\neast = 101\nnorth = 21\nspacing = 0.5\n[radar]\npattern = "
      "\"r/%Y%m%d%H%M.h5\"\ninterval = \"6 min\"\nmotion_span = \"12 min\"\n[regions]\ncode = \"code\"\nattribute_tables = [\"slopes.csv\"]\n");
  const auto pack = [&](const char* gate) {
    const std::string path = folder + "/p.toml";
    write_file_atomically(
        path, std::string("name='x'\nhazard='rainstorm'\nsource='s'\nedition='e'\nverified=true\n[[rule]]\nlevel='blue'\nwindow='1 h'\nthreshold='20 "
                          "mm'\nwhere=['") +
                  gate + "']\n");
    return guyu_said({"rules", "check", path, "--config", folder + "/c.toml", "--data", folder});
  };
  const std::string code =
      cli::load_run_config(folder + "/c.toml", folder).attributes.empty() ? "" : cli::load_regions(cli::load_run_config(folder + "/c.toml", folder)).regions[0].code;
  write_file_atomically(folder + "/slopes.csv", "code,slope [degree],people\n" + code + ",20,5\n");
  const Said known = pack("slope >= 15 degree");
  BOOST_TEST(known.code == 0, known.out);
  BOOST_TEST(tells(known, ", fine"), known.out);
  BOOST_TEST(tells(pack("slope >= 15 m"), "(it is in degree)"));
  BOOST_TEST(tells(pack("land_cover = 3"), "nothing gives the attribute land_cover"));
}

BOOST_AUTO_TEST_CASE(a_signed_pack_is_taken_as_it_was_signed_and_no_other) {
  const Keys keys;
  const std::string path = keys.file("gale.toml");
  const std::string text = read_text_file("configs/rules/cma_2007_gale.toml");
  write_file_atomically(path, text);
  const std::vector<std::string> check{"rules", "check", path, "--trust", keys.file("ca.pem")};
  const Said unsigned_pack = guyu_said(check);
  BOOST_TEST(unsigned_pack.code == 2);
  BOOST_TEST(tells(unsigned_pack, "gale.toml: is not signed"), unsigned_pack.out);
  BOOST_TEST(tells(unsigned_pack, "guyu rules sign"), unsigned_pack.out);
  BOOST_REQUIRE(guyu_said({"rules", "sign", path, "--key", keys.file("signer.key"), "--certificate", keys.file("signer.pem")}).code == 0);
  const Said good = guyu_said(check);
  BOOST_TEST(good.code == 0, good.out);
  BOOST_TEST(tells(good, "signed by CN=Signer"), good.out);
  // One byte, even of a comment.
  write_file_atomically(path, text + "#");
  const Said changed = guyu_said(check);
  BOOST_TEST(changed.code == 2);
  BOOST_TEST(tells(changed, "gale.toml: was changed after it was signed"), changed.out);
  BOOST_TEST(guyu_said({"rules", "check", path}).code == 0);  // nobody asked for a signature
  // A pack that is not sound is not signed, and a key that others may read signs nothing.
  write_file_atomically(path, text + "[[rule]]\n");
  BOOST_TEST(guyu_said({"rules", "sign", path, "--key", keys.file("signer.key"), "--certificate", keys.file("signer.pem")}).code == 2);
  write_file_atomically(path, text);
  Keys::run("chmod 644 " + keys.file("signer.key"));
  BOOST_TEST(guyu_said({"rules", "sign", path, "--key", keys.file("signer.key"), "--certificate", keys.file("signer.pem")}).code == 2);
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
  // Places and thresholds of a region's own come from a table.
  const std::string own = temporary_folder("rules_explain_own");
  write_file_atomically(own + "/p.toml",
                        "name='x'\nhazard='gale'\nsource='s'\nedition='e'\nverified=true\n[[rule]]\nlevel='blue'\nquantity='wind_speed'\nthreshold='attribute "
                        "gale_2yr'\nwithin='24 h'\n");
  write_file_atomically(own + "/levels.csv", "code,gale_2yr [m/s]\n0110,11\n");
  const std::vector<std::string> words{"rules", "explain", own + "/p.toml", "--series", path, "--region", "0110"};
  BOOST_TEST(tells(guyu_said(words), "Blue    unknown"));
  std::vector<std::string> with_table = words;
  for (const std::string& w : {std::string("--attributes"), own + "/levels.csv"}) with_table.push_back(w);
  BOOST_TEST(tells(guyu_said(with_table), "Blue    yes"));
}

BOOST_AUTO_TEST_SUITE_END()
