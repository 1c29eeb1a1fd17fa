#include "alerts/store/book_table.h"

#include <boost/test/unit_test.hpp>
#include <random>

#include "alerts/lifecycle/alert_book.h"
#include "alerts/store/alert_store.h"
#include "engine/core/error.h"
#include "tests/alerts/lifecycle/timeline.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::test;

namespace {

std::int64_t count(Database& db, const std::string& sql) {
  Statement s = db.prepare(sql);
  s.step();
  return s.integer(0);
}

void keep(AlertStore& store, const AlertBook& book) {
  Transaction t(store.db());
  store.book().write(book.state());
  t.commit();
}

// What another process would read.
std::string read_again(const std::string& path) {
  AlertStore other(path, Database::Mode::read);
  const auto state = other.book().read();
  return state ? to_json(*state) : std::string();
}
}  // namespace

BOOST_AUTO_TEST_SUITE(book_table)

BOOST_AUTO_TEST_CASE(an_empty_store_has_no_book) {
  AlertStore s(temporary_folder("book_none") + "/store.db", Database::Mode::write);
  BOOST_TEST(!s.book().read());
}

// Random lives with operators in them, written step by step: what the store holds is the book, whatever changed.
BOOST_AUTO_TEST_CASE(what_is_read_is_what_stands_after_every_step) {
  const std::string path = temporary_folder("book_lives") + "/store.db";
  AlertStore s(path, Database::Mode::write);
  s.db().execute("PRAGMA synchronous = OFF");
  std::mt19937 random(5);
  std::int64_t mutes = 0, ends = 0;
  for (int life = 0; life < 20; ++life) {
    Timeline t(9);
    s.db().execute("DELETE FROM book; DELETE FROM book_parts");
    BOOST_TEST(!s.book().read());
    int minute = 0;
    for (int step = 0; step < 40; ++step) {
      minute += 10;
      std::string letters;
      for (int i = 0; i < 9; ++i) letters += step % 16 > 7 ? '.' : "??..byor"[random() % 8];
      for (const Decision& d : t.at(minute, letters)) ends += d.action == Action::cancel;
      if (random() % 4 == 0 && !t.book.active().empty()) {
        const Alert a = t.book.active()[random() % t.book.active().size()];
        const TimePoint now = t.start + std::chrono::minutes(minute);
        if (a.expires > now) {
          if (random() % 2) t.book.cancel(a.event, "li", "seen", now);
          else t.book.edit(a.event, "li", now);
        }
      }
      for (const auto& [name, hazard] : t.book.state().hazards) mutes += static_cast<std::int64_t>(hazard.mutes.size());
      keep(s, t.book);
      BOOST_REQUIRE(read_again(path) == t.book.to_json());
      if (random() % 5 == 0) s.book().read();  // as after a restart
    }
  }
  BOOST_TEST(mutes > 100);
  BOOST_TEST(ends > 20);
}

BOOST_AUTO_TEST_CASE(a_step_that_changes_one_region_writes_its_part_and_its_event_only) {
  const std::string path = temporary_folder("book_few") + "/store.db";
  AlertStore s(path, Database::Mode::write);
  BookSettings single;
  single.group_cap = 1;
  Timeline t(200, single);
  t.at(0, std::string(200, 'y'));
  keep(s, t.book);
  s.db().execute("CREATE TABLE written(part); CREATE TRIGGER seen AFTER INSERT ON book_parts BEGIN INSERT INTO written VALUES(new.part); END");
  std::string letters(200, '?');
  letters[77] = 'r';
  t.at(10, letters);
  keep(s, t.book);
  BOOST_TEST(count(s.db(), "SELECT count(*) FROM written") <= 2);
  BOOST_TEST(count(s.db(), "SELECT count(*) FROM written") >= 1);
  BOOST_TEST(read_again(path) == t.book.to_json());
  t.at(20, std::string(200, 'y'));  // all are known again
  keep(s, t.book);
  BOOST_TEST(count(s.db(), "SELECT count(*) FROM written") > 100);
  BOOST_TEST(read_again(path) == t.book.to_json());
}

BOOST_AUTO_TEST_CASE(after_a_rollback_the_book_is_read_again_and_nothing_is_missed) {
  const std::string path = temporary_folder("book_rollback") + "/store.db";
  AlertStore s(path, Database::Mode::write);
  Timeline t(9);
  t.at(0, "yy.......");
  keep(s, t.book);
  const std::string before = t.book.to_json();
  t.at(10, "rr......o");
  {
    Transaction never(s.db());
    s.book().write(t.book.state());
  }
  BOOST_TEST(read_again(path) == before);
  const auto state = s.book().read();
  BOOST_REQUIRE(state);
  BOOST_TEST(to_json(*state) == before);
  keep(s, t.book);
  BOOST_TEST(read_again(path) == t.book.to_json());
}

BOOST_AUTO_TEST_CASE(a_book_of_a_store_of_the_second_version_is_parted_by_the_next_write) {
  const std::string path = temporary_folder("book_old") + "/store.db";
  Timeline t(9);
  t.at(0, "yy..oo..r");
  t.book.cancel(t.book.active().front().event, "li", "seen", t.start + std::chrono::minutes(5));
  {
    AlertStore s(path, Database::Mode::write);
    s.db().execute(
        "DROP TABLE book_parts; DROP INDEX outbox_dead; DROP INDEX messages_expires; DROP INDEX decisions_at; DROP INDEX decisions_item; ALTER TABLE outbox "
        "DROP COLUMN dead_since; PRAGMA user_version = 2");
    s.db().prepare("INSERT INTO book VALUES(1, ?)").bind(t.book.to_json()).run();
  }
  BOOST_CHECK_EXCEPTION(AlertStore(path, Database::Mode::read), Error, [](const Error& e) { return e.reason().find("version 2") != std::string::npos; });
  AlertStore s(path, Database::Mode::write);
  const auto state = s.book().read();
  BOOST_REQUIRE(state);
  BOOST_TEST(to_json(*state) == t.book.to_json());
  AlertBook book(t.book.settings(), *state);
  t.at(10, "yy..oo..r");
  book.step(Timeline::table("yy..oo..r", t.start + std::chrono::minutes(10)), t.regions, t.start + std::chrono::minutes(10));
  BOOST_TEST(book.to_json() == t.book.to_json());
  keep(s, book);
  BOOST_TEST(read_again(path) == t.book.to_json());
  BOOST_TEST(count(s.db(), "SELECT count(*) FROM book_parts") > 0);
  BOOST_TEST(count(s.db(), "SELECT instr(state, 'r000c008') FROM book") == 0);  // the head holds no region any more
}

// Version 3 had the events in the parts of the regions' numbers.
BOOST_AUTO_TEST_CASE(a_book_whose_events_lie_among_the_regions_is_read_and_parted_anew) {
  const std::string path = temporary_folder("book_3") + "/store.db";
  Timeline t(60);
  std::string letters(60, 'y');
  for (std::size_t i = 0; i < letters.size(); i += 2) letters[i] = '.';  // thirty events
  t.at(0, letters);
  {
    AlertStore s(path, Database::Mode::write);
    keep(s, t.book);
    Statement old = s.db().prepare("SELECT p.part FROM book_parts p WHERE part >= 512");
    std::vector<std::int64_t> events;
    while (old.step()) events.push_back(old.integer(0));
    BOOST_TEST(events.size() > 10U);
    std::int64_t moved = 0;
    for (const std::int64_t part : events) {  // those whose place is free
      if (count(s.db(), "SELECT count(*) FROM book_parts WHERE part = " + std::to_string(part - 512))) continue;
      s.db().execute("UPDATE book_parts SET part = part - 512 WHERE part = " + std::to_string(part));
      ++moved;
    }
    BOOST_TEST(moved > 5);
    for (const std::int64_t part : events) s.db().execute("DELETE FROM book_parts WHERE part = " + std::to_string(part));
  }
  AlertStore s(path, Database::Mode::write);
  const auto state = s.book().read();
  BOOST_REQUIRE(state);
  BOOST_TEST(!state->alerts.empty());
  {
    Transaction w(s.db());
    s.book().write(*state);
    w.commit();
  }
  BOOST_TEST(read_again(path) == to_json(*state));
  BOOST_TEST(count(s.db(), "SELECT count(*) FROM book_parts WHERE part >= 512") > 0);
}

BOOST_AUTO_TEST_CASE(damaged_parts_are_refused_by_name) {
  const std::string path = temporary_folder("book_damaged") + "/store.db";
  AlertStore s(path, Database::Mode::write);
  Timeline t(9);
  t.at(0, "y...o...r");
  keep(s, t.book);
  const auto refuses = [&](const std::string& deed) {
    s.db().execute("SAVEPOINT deed");
    s.db().execute(deed);
    BOOST_CHECK_EXCEPTION(s.book().read(), Error, [&](const Error& e) { return e.place() == path && !e.remedy().empty(); });
    s.db().execute("ROLLBACK TO deed; RELEASE deed");
  };
  refuses("UPDATE book_parts SET part = 511 - part");                                   // in places that are not their own
  refuses("UPDATE book_parts SET part = part + 512");                                   // in places that there are not
  refuses("UPDATE book_parts SET state = substr(state, 1, 60)");                        // cut off
  refuses("DELETE FROM book_parts WHERE instr(state, '\"tracks\":[\n') > 0");           // events of regions that are gone
  refuses("UPDATE book SET state = replace(state, '\"version\":2', '\"version\":9')");  // of a newer program
  BOOST_TEST(to_json(*s.book().read()) == t.book.to_json());
}

BOOST_AUTO_TEST_SUITE_END()
