#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "engine/core/atomic_file.h"
#include "tests/cli/guyu_run.h"
#include "tests/support/test_data.h"

using namespace guyu;
using guyu::test::guyu_run;
namespace fs = std::filesystem;
namespace {
struct Inputs {
  std::string folder = test::temporary_folder("map_verb"), grid = folder + "/grid.000", regions = folder + "/regions.geojson", out = folder + "/out.png";
  Inputs() {
    // MICAPS diamond 4: a 3 x 3 grid of one degree from 110E 30N; the value is the row from the south.
    write_file_atomically(grid, "diamond 4 test_rain\n21 07 20 08 000 9999\n1 1 110 112 30 32 3 3 1 0 10 1 0\n0 0 0\n1 1 1\n2 2 2\n");
    write_file_atomically(regions, R"({"type":"FeatureCollection","features":[
 {"type":"Feature","properties":{"code":"0110","name":"谷雨镇","parent":"甲县"},"geometry":{"type":"Polygon","coordinates":[[[110.5,30.5],[111.5,30.5],[111.5,31.5],[110.5,31.5],[110.5,30.5]]]}}]})");
  }
};
bool is_png(const std::string& path) { return fs::exists(path) && read_text_file(path).substr(0, 8) == "\x89PNG\r\n\x1a\n"; }
}  // namespace
BOOST_AUTO_TEST_SUITE(map_verb)

BOOST_AUTO_TEST_CASE(a_field_is_drawn_with_and_without_regions) {
  const Inputs in;
  BOOST_REQUIRE(guyu_run({"map", "--input", in.grid, "--out", in.out}) == 0);
  BOOST_TEST(is_png(in.out));
  const std::string bare = read_text_file(in.out);
  BOOST_REQUIRE(guyu_run({"map", "--input", in.grid, "--out", in.out}) == 0);
  BOOST_TEST((read_text_file(in.out) == bare));
  BOOST_REQUIRE(guyu_run({"map", "--input", in.grid, "--regions", in.regions, "--code", "code", "--name", "name", "--parent", "parent", "--title", "谷雨",
                          "--bbox", "110,30,112,32", "--width", "800", "--out", in.out}) == 0);
  BOOST_TEST(is_png(in.out));
  BOOST_TEST((read_text_file(in.out) != bare));
}

BOOST_AUTO_TEST_CASE(mistakes_of_the_user_exit_with_two_and_leave_no_picture) {
  const Inputs in;
  BOOST_TEST(guyu_run({"map", "--input", in.grid}) == 2);
  BOOST_TEST(guyu_run({"map", "--input", "absent.grib", "--out", in.out}) == 2);
  BOOST_TEST(guyu_run({"map", "--input", in.grid, "--quantity", "air_temperature_of_mars", "--out", in.out}) == 2);
  BOOST_TEST(guyu_run({"map", "--input", in.grid, "--index", "7", "--out", in.out}) == 2);
  BOOST_TEST(guyu_run({"map", "--input", in.grid, "--bbox", "1,2,3", "--out", in.out}) == 2);
  BOOST_TEST(guyu_run({"map", "--input", in.grid, "--bbox", "5,40,5,50", "--out", in.out}) == 2);
  BOOST_TEST(guyu_run({"map", "--input", in.grid, "--width", "3", "--out", in.out}) == 2);
  BOOST_TEST(guyu_run({"map", "--input", in.grid, "--regions", in.regions, "--out", in.out}) == 2);
  BOOST_TEST(!fs::exists(in.out));
}

BOOST_AUTO_TEST_CASE(inspect_draws_each_field_under_its_name) {
  const Inputs in;
  const std::string folder = in.folder + "/pictures";
  BOOST_REQUIRE(guyu_run({"inspect", in.grid, "--png", folder}) == 0);
  std::size_t pictures = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    ++pictures;
    BOOST_TEST(entry.path().filename().string().rfind("grid_0_", 0) == 0U);
    BOOST_TEST(is_png(entry.path().string()));
  }
  BOOST_TEST(pictures == 1U);
}

BOOST_AUTO_TEST_CASE(real_radar_files_of_several_formats_are_drawn) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  const Inputs in;
  for (const char* file : {"/radar/knmi_20100826/RAD_NL25_RAP_5min_201008260315.h5", "/radar/opera_20180824/T_PAAH21_C_EUOC_20180824184500.hdf",
                           "/radar/bom66_20201031/66_20201031_045000.prcp-c10.nc", "/nwp/grib2_models/aifs-single-t500.grib2"}) {
    if (!fs::exists(data + file)) continue;
    fs::remove(in.out);
    BOOST_TEST(guyu_run({"map", "--input", data + file, "--out", in.out}) == 0, file);
    BOOST_TEST(is_png(in.out), file);
  }
}

BOOST_AUTO_TEST_SUITE_END()
