#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>

#include "engine/core/atomic_file.h"
#include "ingest/reader.h"
#include "tests/cli/guyu_run.h"
#include "tests/support/test_data.h"

using namespace guyu;
using guyu::test::guyu_run;
namespace {

// MICAPS diamond 4: 4 x 3 cells of one degree; the reader gives no quantity that it knows, so that values stay as they are.
std::string small_grid(const std::string& folder) {
  write_file_atomically(folder + "/grid.000", "diamond 4 test\n21 07 20 08 000 9999\n1 1 110 113 30 32 4 3 1 0 10 1 0\n0 0 0 0\n0 5 0 0\n0 0 0 9\n");
  return folder + "/grid.000";
}

Field the_field(const std::string& path) {
  FileFields f = read_file(path);
  BOOST_REQUIRE(f.fields.size() == 1U);
  return std::move(f.fields.front());
}

}  // namespace
BOOST_AUTO_TEST_SUITE(postprocess_verb)

BOOST_AUTO_TEST_CASE(thresholds_and_vicinities_are_written_as_fields) {
  const std::string folder = test::temporary_folder("postprocess"), in = small_grid(folder), out = folder + "/out.nc";
  BOOST_REQUIRE(guyu_run({"postprocess", "threshold", "--input", in, "--threshold", "4", "--out", out}) == 0);
  const Field truth = the_field(out);  // north first
  BOOST_TEST(truth.meta.quantity.unit == "1");
  for (std::int64_t j = 0; j < 3; ++j)
    for (std::int64_t i = 0; i < 4; ++i) BOOST_TEST(truth.view()(j, i) == ((j == 1 && i == 1) || (j == 0 && i == 3) ? 1.0F : 0.0F));
  BOOST_REQUIRE(guyu_run({"postprocess", "vicinity", "--input", in, "--radius-km", "120", "--out", out}) == 0);
  const Field near = the_field(out);
  BOOST_TEST((near.view()(2, 0) == 5 && near.view()(2, 3) == 0 && near.view()(0, 2) == 9));
  BOOST_REQUIRE(guyu_run({"postprocess", "neighbourhood", "--input", in, "--radius-km", "120", "--out", out}) == 0);
  BOOST_TEST(the_field(out).view()(2, 0) == 1.25F);
}

// The published answers again, through files and the command line.
BOOST_AUTO_TEST_CASE(the_verbs_give_what_the_operators_give_on_published_cases) {
  const std::string data = test::real_data();
  const std::string root = data + "/reference/improver/";
  if (data.empty() || !std::filesystem::is_directory(root)) return;
  const std::string folder = test::temporary_folder("postprocess"), out = folder + "/out.nc";
  const auto differs = [&](const std::string& answer, double allowed) {
    const Field ours = the_field(out), theirs = the_field(root + answer);
    std::size_t n = 0;
    BOOST_REQUIRE(ours.values().size() == theirs.values().size());
    for (std::size_t k = 0; k < ours.values().size(); ++k) n += std::abs(ours.values()[k] - theirs.values()[k]) <= allowed ? 0U : 1U;
    return n;
  };
  BOOST_REQUIRE(
      guyu_run({"postprocess", "threshold", "--input", root + "threshold/basic/input.nc", "--threshold", "6.85 degC", "--over-members", "--out", out}) == 0);
  BOOST_TEST(differs("threshold/coord_collapse/kgo.nc", 1e-6) == 0U);
  const std::string lapse = root + "temp-lapse-rate/basic/";
  BOOST_REQUIRE(guyu_run({"postprocess", "lapse-rate", "--input", lapse + "temperature_at_screen_level.nc", "--ground", lapse + "ukvx_orography.nc",
                          lapse + "ukvx_landmask.nc", "--out", out}) == 0);
  BOOST_TEST(differs("temp-lapse-rate/basic/kgo.nc", 2e-8) == 0U);
  const std::string wet = root + "wet-bulb-temperature/basic/enukx_";
  BOOST_REQUIRE(guyu_run({"postprocess", "wet-bulb", "--input", wet + "temperature.nc", wet + "relative_humidity.nc", wet + "pressure.nc", "--out", out}) == 0);
  BOOST_TEST(differs("wet-bulb-temperature/basic/with_id_attr/kgo.nc", 0.051) == 0U);  // the answer's own precision is 0.05 K
}

BOOST_AUTO_TEST_CASE(mistakes_of_the_user_exit_with_two_and_write_nothing) {
  const std::string folder = test::temporary_folder("postprocess"), in = small_grid(folder), out = folder + "/out.nc";
  const auto run = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "postprocess");
    words.insert(words.end(), {"--input", in, "--out", out});
    return guyu_run(words);
  };
  BOOST_TEST(run({"threshold"}) == 2);
  BOOST_TEST(run({"threshold", "--threshold", "4 hours"}) == 2);
  BOOST_TEST(run({"threshold", "--threshold", "4", "--comparison", "=>"}) == 2);
  BOOST_TEST(run({"threshold", "--threshold", "4", "--quantity", "wind_speed"}) == 2);
  BOOST_TEST(run({"vicinity", "--radius-km", "1"}) == 2);
  BOOST_TEST(run({"vicinity", "--radius-km", "120", "--statistic", "median"}) == 2);
  BOOST_TEST(run({"neighbourhood", "--radius-km", "120", "--shape", "hexagon"}) == 2);
  BOOST_TEST(run({"percentiles", "--percentiles", "101"}) == 2);
  BOOST_TEST(run({"wet-bulb"}) == 2);
  BOOST_TEST(run({"orographic", "--ground", in}) == 2);
  BOOST_TEST(!std::filesystem::exists(out));
}

BOOST_AUTO_TEST_SUITE_END()
