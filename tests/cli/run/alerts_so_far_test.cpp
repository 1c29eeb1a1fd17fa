#include "cli/run/alerts_so_far.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "alerts/store/schema.h"
#include "engine/core/error.h"
#include "engine/core/file_lock.h"
#include "engine/core/hash.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::cli;

namespace {
AlertFolder alert_folder(const std::string& name) {
  AlertFolder folder{test::temporary_folder(name) + "/alerts"};
  folder.make();
  return folder;
}
void make_older(const AlertFolder& folder) {
  AlertStore(folder.store(), Database::Mode::write);
  Database(folder.store(), Database::Mode::write)
      .execute(
          "DROP INDEX outbox_dead; ALTER TABLE outbox DROP COLUMN dead_since; DROP INDEX messages_expires; DROP INDEX decisions_at; "
          "DROP INDEX decisions_item; PRAGMA user_version=3");
}
}  // namespace

BOOST_AUTO_TEST_SUITE(alerts_so_far_test)

BOOST_AUTO_TEST_CASE(no_store_is_no_alerts) { BOOST_TEST(!alerts_so_far(alert_folder("so_far_none"))); }

BOOST_AUTO_TEST_CASE(a_store_whose_maker_was_killed_is_no_alerts) {
  const AlertFolder folder = alert_folder("so_far_begun");
  Database(folder.store(), Database::Mode::write).execute("PRAGMA journal_mode=WAL");
  BOOST_REQUIRE(std::filesystem::exists(folder.store()));
  BOOST_TEST(!alerts_so_far(folder));
}

BOOST_AUTO_TEST_CASE(a_store_is_read) {
  const AlertFolder folder = alert_folder("so_far_read");
  AlertStore(folder.store(), Database::Mode::write);
  const auto store = alerts_so_far(folder);
  BOOST_REQUIRE(store);
  BOOST_TEST(!store->newest_cycle().has_value());
}

BOOST_AUTO_TEST_CASE(a_store_of_an_older_program_is_brought_up_to_date) {
  const AlertFolder folder = alert_folder("so_far_older");
  make_older(folder);
  BOOST_TEST((alerts_so_far(folder) != nullptr));
}

BOOST_AUTO_TEST_CASE(a_store_of_an_older_program_that_is_running_is_left_to_it) {
  const AlertFolder folder = alert_folder("so_far_older_served");
  make_older(folder);
  const auto other = FileLock::try_take(folder.lock());
  BOOST_REQUIRE(other);
  BOOST_CHECK_EXCEPTION(alerts_so_far(folder), Error, [](const Error& e) { return e.reason().find("version 3") != std::string::npos; });
}

BOOST_AUTO_TEST_CASE(an_archive_of_an_older_program_is_read_and_left_as_it_is) {
  const AlertFolder folder = alert_folder("so_far_archive");
  make_older(folder);
  const std::string before = hash_file(folder.store()), scratch = folder.root + "/scratch.sqlite";
  BOOST_REQUIRE((archived_alerts(folder, scratch) != nullptr));
  BOOST_TEST(hash_file(folder.store()) == before);
  BOOST_TEST(std::filesystem::exists(scratch));
}

BOOST_AUTO_TEST_CASE(an_archive_of_this_version_needs_no_copy) {
  const AlertFolder folder = alert_folder("so_far_archive_new");
  BOOST_TEST(!archived_alerts(folder, folder.root + "/scratch.sqlite"));
  AlertStore(folder.store(), Database::Mode::write);
  BOOST_REQUIRE((archived_alerts(folder, folder.root + "/scratch.sqlite") != nullptr));
  BOOST_TEST(!std::filesystem::exists(folder.root + "/scratch.sqlite"));
}

BOOST_AUTO_TEST_CASE(another_file_in_its_place_is_refused) {
  const AlertFolder folder = alert_folder("so_far_other");
  Database(folder.store(), Database::Mode::write).execute("CREATE TABLE cats(name TEXT)");
  BOOST_CHECK_THROW(alerts_so_far(folder), Error);
}

BOOST_AUTO_TEST_SUITE_END()
