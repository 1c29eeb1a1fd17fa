#include "alerts/store/alert_store.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "alerts/store/schema.h"
#include "engine/core/error.h"
#include "tests/support/test_data.h"

using namespace guyu;
namespace fs = std::filesystem;

namespace {
const TimePoint kNow = parse_time("2024-06-18T08:00:00Z");

OutgoingMessage message(const std::string& id, const std::string& event) {
  OutgoingMessage m;
  m.identifier = id;
  m.event = event;
  m.hazard = "rainstorm";
  m.msg_type = "Alert";
  m.level = Level::yellow;
  m.sent = kNow;
  m.expires = kNow + std::chrono::hours(1);
  m.regions = {"a", "b"};
  m.texts = {{"zh-CN", "标题", "说明", "行动", "地区", "短信", "广播", "语音"}};
  m.xml = std::string("<alert>\0x</alert>", 17);
  return m;
}

// A store with two messages, deliveries, decisions and a receipt.
std::string filled(const std::string& name) {
  const std::string path = test::temporary_folder(name) + "/store.db";
  AlertStore s(path, Database::Mode::write);
  Transaction t(s.db());
  for (const char* id : {"1.1", "1.2"}) {
    const std::int64_t seq = s.messages().add(message(id, "e1"), MessageState::approved, "run", kNow);
    s.outbox().add(delivery_key(id, 0, "mqtt", ""), seq, "e1", "mqtt", "", kNow, kNow);
    Decision d;
    d.action = Action::issue;
    d.reason = reasons::onset;
    d.alert.event = "e1";
    d.alert.hazard = "rainstorm";
    d.alert.level = Level::yellow;
    d.identifier = id;
    s.set_event(d.alert, AlertState::active, kNow);
    s.add_decision("item", d, kNow, "run");
  }
  s.outbox().receive(delivery_key("1.1", 0, "mqtt", ""), kNow, "county", true, "", kNow);
  t.commit();
  return path;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(alert_store)

BOOST_AUTO_TEST_CASE(a_message_comes_back_byte_for_byte) {
  AlertStore s(filled("store_bytes"), Database::Mode::read);
  const auto m = s.messages().newest("1.1");
  BOOST_REQUIRE(m);
  const OutgoingMessage want = message("1.1", "e1");
  BOOST_TEST(m->message.xml == want.xml);
  BOOST_TEST(m->message.texts[0].speech == "语音");
  BOOST_TEST(m->message.regions == want.regions, boost::test_tools::per_element());
  BOOST_TEST((m->message.expires == want.expires));
}

BOOST_AUTO_TEST_CASE(a_message_without_its_texts_is_the_same_message) {
  AlertStore s(test::temporary_folder("store_no_texts") + "/store.db", Database::Mode::write);
  OutgoingMessage odd = message("1.1", "e1");
  odd.regions = {"330106001000", "\"]}\\", "texts", "regions", "城关镇"};
  odd.texts[0].area = "\"regions\":[\"none\"]";
  OutgoingMessage nowhere = message("1.2", "e2");
  nowhere.regions.clear();
  for (const OutgoingMessage& m : {odd, nowhere}) {
    Transaction t(s.db());
    const std::int64_t seq = s.messages().add(m, MessageState::approved, "run", kNow);
    t.commit();
    const auto whole = s.messages().at(seq), rest = s.messages().at(seq, MessageTable::Parts::no_texts);
    BOOST_REQUIRE(rest);
    BOOST_TEST(rest->message.regions == m.regions, boost::test_tools::per_element());
    BOOST_TEST(rest->message.texts.empty());
    BOOST_TEST(whole->message.texts.size() == 1U);
    BOOST_TEST(rest->message.xml == whole->message.xml);
    BOOST_TEST(rest->message.identifier == whole->message.identifier);
    BOOST_TEST((rest->message.expires == whole->message.expires && rest->message.level == whole->message.level));
  }
  for (const char* damaged : {"", "{", "{}", "{\"texts\":[]}", "{\"regions\":[\"a\",", "[\"a\"]"}) BOOST_CHECK_THROW(regions_in_content(damaged), Error);
}

BOOST_AUTO_TEST_CASE(decisions_of_an_item_come_in_their_order_from_the_last_back) {
  AlertStore s(filled("store_last_decisions"), Database::Mode::read);
  const auto last = s.last_decisions("item", 1), both = s.last_decisions("item", 5);
  BOOST_REQUIRE(last.size() == 1U);
  BOOST_TEST(last[0].identifier == "1.2");
  BOOST_REQUIRE(both.size() == 2U);
  BOOST_TEST(both[0].identifier == "1.1");
  BOOST_TEST(s.last_decisions("other", 5).empty());
}

BOOST_AUTO_TEST_CASE(what_is_not_committed_was_never_there) {
  const std::string path = filled("store_rollback");
  AlertStore s(path, Database::Mode::write);
  const AuditHead head = s.audit_head();
  {
    Transaction t(s.db());
    s.messages().add(message("1.3", "e2"), MessageState::approved, "run", kNow);
  }
  s.audit().reload();
  BOOST_TEST(!s.messages().newest("1.3"));
  BOOST_TEST(s.audit_head().hash == head.hash);
  Transaction t(s.db());
  s.messages().add(message("1.3", "e2"), MessageState::approved, "run", kNow);
  t.commit();
  BOOST_TEST(check_audit(s.db()).empty());
}

BOOST_AUTO_TEST_CASE(an_identifier_and_revision_are_given_once) {
  AlertStore s(filled("store_twice"), Database::Mode::write);
  Transaction t(s.db());
  BOOST_CHECK_THROW(s.messages().add(message("1.1", "e9"), MessageState::approved, "run", kNow), StoreError);
}

BOOST_AUTO_TEST_CASE(every_kind_of_tampering_is_found) {
  const std::vector<std::string> deeds{
      "UPDATE audit SET detail = 'x' WHERE seq = 2",
      "UPDATE audit SET actor = 'me' WHERE seq = 1",
      "UPDATE audit SET at = at + 1 WHERE seq = 3",
      "DELETE FROM audit WHERE seq = 2",
      "DELETE FROM audit WHERE seq = 1",
      "UPDATE audit SET seq = 100 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 100",
      "INSERT INTO audit SELECT seq + 1, at, actor, what, detail, hash FROM audit ORDER BY seq DESC LIMIT 1",
      "UPDATE messages SET xml = x'3C' WHERE identifier = '1.2'",
      "UPDATE messages SET identifier = '1.9' WHERE identifier = '1.2'",
      "DELETE FROM outbox WHERE message = 2; DELETE FROM messages WHERE identifier = '1.2'",
      "UPDATE decisions SET reason = 'other' WHERE seq = 1",
      "UPDATE decisions SET members = '[1]' WHERE seq = 2",
      "DELETE FROM decisions WHERE seq = 2",
      "DELETE FROM receipts",
      "UPDATE receipts SET sender = 'nobody'",
      "INSERT INTO receipts SELECT seq + 1, key, at, sender, taken, detail, came_at FROM receipts"};
  int k = 0;
  for (const std::string& deed : deeds) {
    const std::string path = filled("store_tamper_" + std::to_string(k++));
    {
      Database db(path, Database::Mode::write);
      BOOST_TEST(check_audit(db).empty());
      db.execute(deed);
      BOOST_TEST(!check_audit(db).empty(), deed);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_chain_that_lost_its_newest_rows_is_found_by_the_head_that_was_published) {
  const std::string path = filled("store_cut");
  AuditHead head;
  {
    AlertStore s(path, Database::Mode::write);
    head = s.audit_head();
    s.db().execute("DELETE FROM receipts");
    s.db().execute("DELETE FROM audit WHERE seq = " + std::to_string(head.seq));
  }
  Database db(path, Database::Mode::read);
  BOOST_TEST(check_audit(db).empty());  // the chain alone cannot know
  BOOST_TEST(!check_audit(db, head).empty());
}

BOOST_AUTO_TEST_CASE(receipts_count_once_and_unknown_ones_not_at_all) {
  AlertStore s(filled("store_receipts"), Database::Mode::write);
  const std::string key = delivery_key("1.2", 0, "mqtt", "");
  Transaction t(s.db());
  BOOST_TEST(!s.outbox().receive("nobody|0|x|", kNow, "c", true, "", kNow));
  BOOST_TEST(s.outbox().receive(key, kNow, "c", false, "full", kNow).has_value());
  BOOST_TEST((s.outbox().find(key)->state == OutboxState::refused));
  BOOST_TEST(s.outbox().receive(key, kNow, "c", true, "", kNow).has_value());
  BOOST_TEST(!s.outbox().receive(key, kNow, "c", true, "", kNow));
  BOOST_TEST((s.outbox().find(key)->state == OutboxState::delivered));
  t.commit();
  BOOST_TEST(check_audit(s.db()).empty());
}

BOOST_AUTO_TEST_CASE(old_alerts_are_forgotten_and_the_audit_stays_whole) {
  AlertStore s(filled("store_forget"), Database::Mode::write);
  {
    Transaction t(s.db());
    Alert a;
    a.event = "e1";
    a.hazard = "rainstorm";
    s.set_event(a, AlertState::ended, kNow);
    s.outbox().set(2, OutboxState::expired, kNow, kNow, "");
    t.commit();
  }
  Transaction t(s.db());
  BOOST_TEST(s.forget(kNow - std::chrono::hours(1), kNow) == 0);
  BOOST_TEST(s.forget(kNow + std::chrono::hours(2), kNow + std::chrono::hours(3)) == 2);
  t.commit();
  BOOST_TEST(!s.messages().newest("1.1"));
  BOOST_TEST(s.events(true).empty());
  BOOST_TEST(check_audit(s.db()).empty());
}

// A daemon forgets a little at a time, so that nothing waits for it; in the end all of it is gone.
BOOST_AUTO_TEST_CASE(what_is_old_is_forgotten_in_pieces_and_answers_sooner) {
  AlertStore s(filled("store_forget_pieces"), Database::Mode::write);
  Transaction t(s.db());
  Alert a;
  a.event = "e1", a.hazard = "rainstorm";
  s.set_event(a, AlertState::ended, kNow);
  s.outbox().set(2, OutboxState::expired, kNow, kNow, "");
  const auto days = [](int n) { return kNow + std::chrono::hours(24 * n); };
  for (const char* item : {"1", "2"}) {
    s.add_cycle(item, kNow, kNow, "{}");
    s.finish_item(item, "cycle", kNow, "an answer");
  }
  BOOST_TEST(s.forget(kNow - std::chrono::hours(1), days(40), 1) == 0);  // nothing but the answer of the older cycle, after a month
  BOOST_TEST(!s.answer("1").has_value());
  BOOST_TEST(s.answer("2").has_value());
  BOOST_TEST(s.forget(days(1), days(40), 1) == 1);
  BOOST_TEST(s.messages().of_event("e1").size() == 1U);
  BOOST_TEST(s.decisions("e1").size() == 2U);  // as long as a message tells of them
  BOOST_TEST(s.forget(days(1), days(40), 1) == 1);
  BOOST_TEST(s.decisions("e1").empty());
  BOOST_TEST(s.forget(days(1), days(40), 1) == 0);
  t.commit();
  BOOST_TEST(check_audit(s.db()).empty());
}

BOOST_AUTO_TEST_CASE(a_large_commit_stays_in_the_log_until_it_is_brought_into_the_file) {
  const std::string path = test::temporary_folder("store_log") + "/store.db";
  AlertStore s(path, Database::Mode::write);
  s.db().defer_checkpoints();
  s.db().checkpoint();
  const auto before = fs::file_size(path);
  {
    Transaction t(s.db());
    for (int k = 0; k < 3000; ++k) s.finish_item(std::to_string(k), "cycle", kNow, std::string(3000, 'x'));
    t.commit();
  }
  BOOST_TEST(s.db().log_pages() > 2000);
  BOOST_TEST(fs::file_size(path) == before);
  BOOST_TEST(AlertStore(path, Database::Mode::read).answer("2999").has_value());  // and yet it is there for everyone
  s.db().checkpoint();
  BOOST_TEST(s.db().log_pages() == 0);
  BOOST_TEST(fs::file_size(path) > before + 9'000'000);
  BOOST_TEST(s.answer("0").has_value());
}

BOOST_AUTO_TEST_CASE(a_copy_is_made_while_the_store_is_written) {
  const std::string path = filled("store_backup");
  AlertStore writer(path, Database::Mode::write);
  Transaction t(writer.db());
  writer.messages().add(message("1.3", "e2"), MessageState::approved, "run", kNow);
  backup_store(path, path + ".copy");
  t.commit();
  AlertStore copy(path + ".copy", Database::Mode::read);
  BOOST_TEST(copy.messages().newest("1.2").has_value());
  BOOST_TEST(!copy.messages().newest("1.3"));
  BOOST_TEST(check_audit(copy.db()).empty());
}

BOOST_AUTO_TEST_CASE(foreign_and_newer_files_are_refused) {
  const std::string folder = test::temporary_folder("store_foreign");
  {
    Database db(folder + "/other.db", Database::Mode::write);
    db.execute("CREATE TABLE t(x)");
  }
  BOOST_CHECK_EXCEPTION(AlertStore(folder + "/other.db", Database::Mode::write), Error,
                        [](const Error& e) { return e.reason().find("is not an alert store") != std::string::npos; });
  const std::string path = filled("store_newer");
  {
    Database db(path, Database::Mode::write);
    db.execute("PRAGMA user_version = 99");
  }
  BOOST_CHECK_EXCEPTION(AlertStore(path, Database::Mode::write), Error, [](const Error& e) { return e.reason().find("version 99") != std::string::npos; });
  test::temporary_folder("store_text");
  BOOST_CHECK_THROW(AlertStore("/proc/none/store.db", Database::Mode::write), StoreError);
}

BOOST_AUTO_TEST_CASE(a_store_of_the_first_version_is_brought_up_to_date_and_keeps_its_rows) {
  const std::string path = filled("store_old");
  {
    Database db(path, Database::Mode::write);
    db.execute(
        "DROP INDEX outbox_open; DROP TABLE book_parts; DROP INDEX outbox_dead; DROP INDEX messages_expires; DROP INDEX decisions_at; DROP INDEX "
        "decisions_item; ALTER TABLE outbox DROP COLUMN dead_since; PRAGMA user_version = 1");
  }
  BOOST_CHECK_EXCEPTION(AlertStore(path, Database::Mode::read), Error, [](const Error& e) { return e.reason().find("version 1") != std::string::npos; });
  AlertStore s(path, Database::Mode::write);
  Statement version = s.db().prepare("PRAGMA user_version");
  BOOST_TEST(version.step());
  BOOST_TEST(version.integer(0) == kStoreVersion);
  BOOST_TEST(s.outbox().open_in_lane("e1", "mqtt", "").size() == 1U);  // the other has its receipt
  BOOST_TEST(check_audit(s.db()).empty());
}

// Version 3 knew dead letters by their alarm alone.
BOOST_AUTO_TEST_CASE(dead_letters_of_a_store_of_version_3_are_those_that_its_alarm_stands_for) {
  const std::string path = test::temporary_folder("store_3") + "/store.db";
  {
    AlertStore s(path, Database::Mode::write);
    Transaction t(s.db());
    for (int k = 1; k <= 5; ++k) {
      const OutgoingMessage m = message("m" + std::to_string(k), "e1");
      const std::int64_t seq = s.messages().add(m, MessageState::approved, "guyu run", kNow);
      const auto add = [&](const std::string& channel) {
        return *s.outbox().add(delivery_key(m.identifier, 0, channel, ""), seq, m.event, channel, "", kNow, kNow);
      };
      const std::int64_t told = add("told"), quiet = add("quiet");
      const OutboxState state = k == 1 ? OutboxState::refused : k <= 3 ? OutboxState::expired : OutboxState::delivered;
      for (const std::int64_t row : {told, quiet})
        s.outbox().set(row, state, kNow + Seconds{k}, kNow, k == 2 ? "its message ran out before it could be sent" : "no receipt came");
    }
    s.raise("dead_letter.told", "m1", kNow);
    t.commit();
    s.db().execute(
        "DROP INDEX outbox_dead; DROP INDEX messages_expires; DROP INDEX decisions_at; DROP INDEX decisions_item; ALTER TABLE outbox DROP COLUMN dead_since; "
        "PRAGMA user_version = 3");
  }
  AlertStore s(path, Database::Mode::write);
  std::string keys;
  for (const OutboxRow& r : s.outbox().dead()) keys += r.key + " ";
  BOOST_TEST(keys == "m1|0|told| m2|0|told| ");
  BOOST_TEST((s.outbox().dead().back().dead_since == kNow + Seconds{2}));
  BOOST_TEST(s.outbox().newest_dead("told")->key == "m2|0|told|");
  BOOST_TEST(!s.outbox().newest_dead("quiet").has_value());
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_told_keeps_what_was_there_and_heals) {
  AlertStore s(filled("store_full"), Database::Mode::write);
  s.db().execute("PRAGMA max_page_count = 40");
  OutgoingMessage large = message("2.1", "e3");
  large.xml.assign(2'000'000, 'x');
  {
    Transaction t(s.db());
    BOOST_CHECK_EXCEPTION(s.messages().add(large, MessageState::approved, "run", kNow), StoreError,
                          [](const Error& e) { return e.remedy().find("free some space") != std::string::npos; });
  }
  s.audit().reload();
  BOOST_TEST(check_audit(s.db()).empty());
  s.db().execute("PRAGMA max_page_count = 100000");
  Transaction t(s.db());
  s.messages().add(large, MessageState::approved, "run", kNow);
  t.commit();
  BOOST_TEST(check_audit(s.db()).empty());
}

BOOST_AUTO_TEST_CASE(an_alarm_is_raised_once_and_ends) {
  AlertStore s(filled("store_alarm"), Database::Mode::write);
  BOOST_TEST(s.raise("heartbeat_missed", "since 08:00", kNow));
  BOOST_TEST(!s.raise("heartbeat_missed", "since 08:00", kNow));
  BOOST_TEST(s.alarms().size() == 1U);
  BOOST_TEST(s.clear("heartbeat_missed", kNow));
  BOOST_TEST(!s.clear("heartbeat_missed", kNow));
  BOOST_TEST(s.alarms().empty());
}

BOOST_AUTO_TEST_SUITE_END()
