#include "cli/jobs/archive.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/cli/guyu_run.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::cli;
namespace fs = std::filesystem;

namespace {
void cycle(const std::string& out, const std::string& name, bool done = true) {
  const std::string folder = out + "/cycles/" + name;
  for (const char* file : {"/grids.nc", "/townships.nc", "/townships.gpkg", "/levels.png", "/report.json", "/manifest.json", "/before/rain_history.nc"})
    write_file_atomically(folder + file, "0123456789");
  if (done) write_file_atomically(folder + "/done.json", "{}");
}
bool names(const std::vector<Expired>& all, const std::string& path) {
  return std::any_of(all.begin(), all.end(), [&](const Expired& e) { return e.path == path; });
}
}  // namespace

BOOST_AUTO_TEST_SUITE(archive)

BOOST_AUTO_TEST_CASE(each_kind_goes_at_its_own_age_and_the_newest_cycle_stays) {
  const std::string out = test::temporary_folder("archive");
  for (const char* t : {"20230101T000000Z", "20240601T000000Z", "20240620T000000Z", "20240628T000000Z"}) cycle(out, t);
  write_file_atomically(out + "/late/20240601T000600Z/cycles/x", "0123456789");
  write_file_atomically(out + "/cap/2.49.0.1.156.xml", "warning");
  write_file_atomically(out + "/cycles/notes.txt", "of a person");
  const TimePoint now = parse_time("2024-07-01T00:00:00Z");
  const auto gone = expired_products(out, usual_retention(), now);
  BOOST_TEST(names(gone, "cycles/20230101T000000Z"));  // 547 days
  for (const char* part : {"grids.nc", "levels.png", "before"}) BOOST_TEST(names(gone, std::string("cycles/20240601T000000Z/") + part), part);
  BOOST_TEST(!names(gone, "cycles/20240601T000000Z/townships.nc"));  // 30 days of 90
  BOOST_TEST(!names(gone, "cycles/20240601T000000Z/report.json"));
  BOOST_TEST(names(gone, "cycles/20240620T000000Z/before"));
  BOOST_TEST(!names(gone, "cycles/20240628T000000Z/before"));  // the newest
  BOOST_TEST(names(gone, "late/20240601T000600Z"));
  for (const Expired& e : gone) BOOST_TEST(e.bytes >= 10, e.path);
  for (const Expired& e : gone) BOOST_TEST((e.path.rfind("cap", 0) != 0 && e.path.find("notes") == std::string::npos));
}

BOOST_AUTO_TEST_CASE(nothing_goes_without_apply_and_what_went_is_told_afterwards) {
  const std::string out = test::temporary_folder("archive_apply");
  for (const char* t : {"20240601T000000Z", "20240628T000000Z"}) cycle(out, t);
  const auto said = test::guyu_said({"archive", out, "--now", "2024-07-01T00:00:00Z"});
  BOOST_TEST(said.code == 0);
  BOOST_TEST(said.out.find("would go") != std::string::npos);
  BOOST_TEST(fs::exists(out + "/cycles/20240601T000000Z/grids.nc"));
  BOOST_TEST(test::guyu_run({"archive", out, "--now", "2024-07-01T00:00:00Z", "--apply", "--keep", "maps=ever"}) == 0);
  BOOST_TEST(!fs::exists(out + "/cycles/20240601T000000Z/grids.nc"));
  BOOST_TEST(fs::exists(out + "/cycles/20240601T000000Z/levels.png"));
  BOOST_TEST(fs::exists(out + "/cycles/20240628T000000Z/grids.nc"));
  BOOST_TEST(read_text_file(out + "/cycles/20240601T000000Z/retired.json").find("grids.nc") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_cycle_that_was_never_done_keeps_its_parts_until_its_folder_goes) {
  const std::string out = test::temporary_folder("archive_undone");
  cycle(out, "20240601T000000Z", false);
  cycle(out, "20240628T000000Z");
  const TimePoint now = parse_time("2024-07-01T00:00:00Z");
  BOOST_TEST(expired_products(out, usual_retention(), now).empty());
  BOOST_TEST(expired_products(out, parse_retention("cycles=20 d"), now).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_wrong_word_is_named) {
  for (const char* wrong : {"pictures=3 d", "grids=soon", "grids", "grids=-3 d"})
    BOOST_CHECK_EXCEPTION(parse_retention(wrong), Error, [](const Error& e) { return e.place() == "--keep"; });
  BOOST_TEST(test::guyu_run({"archive", "/proc/none"}) == 2);
}

BOOST_AUTO_TEST_SUITE_END()
