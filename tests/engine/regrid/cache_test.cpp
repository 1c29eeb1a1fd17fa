#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/regrid/weights.h"
#include "tests/engine/regrid/grids.h"
#include "tests/support/test_data.h"

using namespace guyu;
namespace {
const Grid kFine("EPSG:32650", 0.5, 9.5, 1, 1, 10, 10), kCoarse("EPSG:32650", 1, 9, 2, 2, 6, 5);
bool same(const RegridWeights& a, const RegridWeights& b) {
  return a.row_begin == b.row_begin && a.source_nx == b.source_nx && a.target_ny == b.target_ny &&
         std::equal(a.entries.begin(), a.entries.end(), b.entries.begin(), b.entries.end(),
                    [](auto& p, auto& q) { return p.source == q.source && p.weight == q.weight; });
}
}  // namespace
BOOST_AUTO_TEST_SUITE(cache)

BOOST_AUTO_TEST_CASE(weights_survive_the_cache_and_a_damaged_one_is_computed_anew) {
  const std::string folder = test::temporary_folder("regrid");
  const RegridWeights nearest = compute_regrid_weights(kFine, kCoarse, RegridMethod::nearest),
                      mean = compute_regrid_weights(kFine, kCoarse, RegridMethod::conservative);
  for (int turn = 0; turn < 3; ++turn) {
    BOOST_TEST(same(mean, load_or_compute_regrid_weights(folder, kFine, kCoarse, RegridMethod::conservative)));
    BOOST_TEST(same(nearest, load_or_compute_regrid_weights(folder, kFine, kCoarse, RegridMethod::nearest)));
    if (turn < 1) continue;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(220);
      file.put('\x55');
    }
  }
  BOOST_TEST(std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator()) == 2);
}

BOOST_AUTO_TEST_CASE(what_is_stored_is_what_is_taken_and_for_these_grids_alone) {
  const std::string folder = test::temporary_folder("regrid-hit");
  load_or_compute_regrid_weights(folder, kFine, kCoarse, RegridMethod::nearest);
  const std::filesystem::path file = std::filesystem::directory_iterator(folder)->path();
  const auto written = std::filesystem::last_write_time(file);
  load_or_compute_regrid_weights(folder, kFine, kCoarse, RegridMethod::nearest);
  BOOST_TEST((std::filesystem::last_write_time(file) == written));  // read, not made anew
  const Grid moved("EPSG:32650", 1.25, 9, 2, 2, 6, 5);
  BOOST_TEST(!same(load_or_compute_regrid_weights(folder, kFine, moved, RegridMethod::conservative),
                   load_or_compute_regrid_weights(folder, kFine, kCoarse, RegridMethod::conservative)));
  // The file of one pair of grids under the name of another is not taken.
  const RegridWeights right = compute_regrid_weights(kFine, moved, RegridMethod::nearest);
  load_or_compute_regrid_weights(folder, kFine, moved, RegridMethod::nearest);
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path() != file) std::filesystem::copy_file(file, entry.path(), std::filesystem::copy_options::overwrite_existing);
  }
  BOOST_TEST(same(load_or_compute_regrid_weights(folder, kFine, moved, RegridMethod::nearest), right));
}

BOOST_AUTO_TEST_CASE(no_folder_means_no_file_and_a_folder_that_cannot_be_is_named) {
  BOOST_TEST(same(load_or_compute_regrid_weights("", kFine, kCoarse, RegridMethod::nearest), compute_regrid_weights(kFine, kCoarse, RegridMethod::nearest)));
  const std::string folder = test::temporary_folder("regrid-blocked");
  write_file_atomically(folder + "/file", "x");
  BOOST_CHECK_THROW(load_or_compute_regrid_weights(folder + "/file", kFine, kCoarse, RegridMethod::nearest), Error);
}

BOOST_AUTO_TEST_SUITE_END()
