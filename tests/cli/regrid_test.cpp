#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "engine/core/atomic_file.h"
#include "ingest/reader.h"
#include "tests/cli/guyu_run.h"
#include "tests/support/test_data.h"

using namespace guyu;
using guyu::test::guyu_run;
namespace {
// MICAPS diamond 4: a 3 x 3 grid of one degree from 110E 30N; the value is the row from the south.
std::string input(const std::string& folder) {
  write_file_atomically(folder + "/grid.000", "diamond 4 test_rain\n21 07 20 08 000 9999\n1 1 110 112 30 32 3 3 1 0 10 1 0\n0 0 0\n1 1 1\n2 2 2\n");
  return folder + "/grid.000";
}
}  // namespace
BOOST_AUTO_TEST_SUITE(regrid_verb)

BOOST_AUTO_TEST_CASE(fields_come_back_from_the_written_file_on_the_wanted_grid) {
  const std::string folder = test::temporary_folder("regrid_verb"), in = input(folder), out = folder + "/out.nc";
  BOOST_REQUIRE(guyu_run({"regrid", "--input", in, "--bbox", "110.25,30.25,111.75,31.75", "--spacing", "0.5", "--out", out, "--cache", folder + "/cache"}) ==
                0);
  const FileFields was = read_file(in), is = read_file(out);
  BOOST_REQUIRE(is.fields.size() == 1U);
  const Field& f = is.fields.front();
  BOOST_TEST(f.grid().nx() == 3);
  BOOST_TEST(f.grid().ny() == 3);
  BOOST_TEST(f.grid().y(0) == 31.5);
  BOOST_TEST((f.meta.valid == was.fields.front().meta.valid));
  for (std::int64_t j = 0; j < 3; ++j) BOOST_TEST(f.view()(j, 1) == static_cast<float>(1.5 - 0.5 * static_cast<double>(j)));
  BOOST_TEST(!std::filesystem::is_empty(folder + "/cache"));

  const std::string like = folder + "/like.nc";  // and a file of another kind may lend its grid
  BOOST_REQUIRE(guyu_run({"regrid", "--input", in, "--like", out, "--method", "conservative", "--out", like}) == 0);
  BOOST_TEST(read_file(like).fields.front().grid().x(0) == 110.5);
}

BOOST_AUTO_TEST_CASE(mistakes_of_the_user_exit_with_two_and_write_nothing) {
  const std::string folder = test::temporary_folder("regrid_verb"), in = input(folder), out = folder + "/out.nc";
  const std::vector<std::string> good{"regrid", "--input", in, "--out", out, "--bbox", "110,30,112,32", "--spacing", "0.5"};
  const auto with = [&](std::vector<std::string> more) {
    std::vector<std::string> words = good;
    words.insert(words.end(), more.begin(), more.end());
    return guyu_run(words);
  };
  BOOST_TEST(with({"--method", "cubic"}) == 2);
  BOOST_TEST(with({"--missing", "zero"}) == 2);
  BOOST_TEST(with({"--crs", "EPSG:nothing"}) == 2);
  BOOST_TEST(with({"--like", in}) == 2);
  BOOST_TEST(guyu_run({"regrid", "--input", in, "--out", out}) == 2);
  BOOST_TEST(guyu_run({"regrid", "--input", in, "--out", out, "--bbox", "112,30,110,29", "--spacing", "1"}) == 2);
  BOOST_TEST(guyu_run({"regrid", "--input", in, "--out", out, "--bbox", "10,30,12,32", "--spacing", "1"}) == 2);  // elsewhere
  BOOST_TEST(!std::filesystem::exists(out));
}

BOOST_AUTO_TEST_SUITE_END()
