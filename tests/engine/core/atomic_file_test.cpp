#include "engine/core/atomic_file.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "engine/core/error.h"
#include "tests/support/test_data.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(atomic_file)

BOOST_AUTO_TEST_CASE(content_is_replaced_whole_and_an_abandoned_write_leaves_the_old) {
  const std::string path = test::temporary_folder("atomic") + "/deep/er/file";
  write_file_atomically(path, "one");
  write_file_atomically(path, "two");
  {
    AtomicFile abandoned(path);
    std::ofstream(abandoned.temporary_path()) << "half";
  }
  BOOST_TEST(read_text_file(path) == "two");
  std::size_t entries = 0;
  for ([[maybe_unused]] const auto& e : std::filesystem::directory_iterator(std::filesystem::path(path).parent_path())) ++entries;
  BOOST_TEST(entries == 1U);
}

BOOST_AUTO_TEST_CASE(an_unwritable_place_is_named) {
  const std::string folder = test::temporary_folder("atomic2");
  write_file_atomically(folder + "/file", "x");
  BOOST_CHECK_EXCEPTION(write_file_atomically(folder + "/file/below", "x"), Error, [&](const Error& e) { return e.place().find("file") != std::string::npos; });
}

BOOST_AUTO_TEST_CASE(what_killed_processes_left_is_removed_and_nothing_else) {
  const std::string folder = test::temporary_folder("unfinished");
  for (const char* name : {"a.nc.tmp123", "b.tmp7", "c.gpkg.tmp12-journal", "c.gpkg.tmp12-wal", "c.gpkg.tmp12-shm", "keep.tmp", "keep.tmp-journal",
                           "keep.tmp12x", "keep.nc", ".tmp5", "below/c.tmp9"})
    write_file_atomically(folder + "/" + name, "x");
  remove_unfinished(folder);
  remove_unfinished(folder + "/absent");
  for (const char* gone : {"a.nc.tmp123", "b.tmp7", "c.gpkg.tmp12-journal", "c.gpkg.tmp12-wal", "c.gpkg.tmp12-shm"})
    BOOST_TEST(!std::filesystem::exists(folder + "/" + gone));
  for (const char* kept : {"keep.tmp", "keep.tmp-journal", "keep.tmp12x", "keep.nc", ".tmp5", "below/c.tmp9"})
    BOOST_TEST(std::filesystem::exists(folder + "/" + kept), kept);
}

BOOST_AUTO_TEST_SUITE_END()
