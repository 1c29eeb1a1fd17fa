#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <sstream>

#include "engine/core/atomic_file.h"
#include "tests/cli/guyu_run.h"
#include "tests/support/test_data.h"

using namespace guyu;
using guyu::test::guyu_run;

BOOST_AUTO_TEST_SUITE(shaking_verb)

BOOST_AUTO_TEST_CASE(a_township_at_the_epicentre_is_red_and_one_far_away_is_not) {
  const std::string folder = test::temporary_folder("shaking");
  write_file_atomically(folder + "/event.json", R"({"time":"2014-08-03T08:30:00Z","longitude":103.3,"latitude":27.1,"depth_km":12,"magnitude":6.5})");
  write_file_atomically(folder + "/regions.geojson",
                        R"({"type":"FeatureCollection","features":[
 {"type":"Feature","properties":{"code":"01","name":"a"},"geometry":{"type":"Polygon","coordinates":[[[103.2,27],[103.4,27],[103.4,27.2],[103.2,27.2],[103.2,27]]]}},
 {"type":"Feature","properties":{"code":"02","name":"b"},"geometry":{"type":"Polygon","coordinates":[[[113,27],[114,27],[114,28],[113,28],[113,27]]]}}]})");
  const std::vector<std::string> words{"shaking", folder + "/event.json", "--regions", folder + "/regions.geojson", "--code", "code", "--name", "name",
                                       "--out"};
  auto with = [&](const std::string& out) {
    std::vector<std::string> all(words);
    all.push_back(out);
    return guyu_run(all);
  };
  BOOST_REQUIRE(with(folder + "/out.csv") == 0);
  std::istringstream lines(read_text_file(folder + "/out.csv"));
  std::string head, near, far;
  std::getline(lines, head), std::getline(lines, near), std::getline(lines, far);
  BOOST_TEST(head == "code,name,distance_km,intensity,highest_intensity,peak_ground_acceleration_m_s2,level");
  BOOST_TEST(near.substr(0, 5) == "01,a,");
  BOOST_TEST(near.ends_with(",Red"), near);
  BOOST_TEST(!far.ends_with(",Red"), far);
  BOOST_REQUIRE(with(folder + "/out.gpkg") == 0);
  BOOST_TEST(std::filesystem::file_size(folder + "/out.gpkg") > 0U);
  BOOST_TEST(with(folder + "/out.shp") == 2);
}

BOOST_AUTO_TEST_SUITE_END()
