#include "alerts/dispatch/dispatcher.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/alerts/dispatch/station_case.h"

using namespace guyu;
using namespace guyu::test;
using namespace std::chrono_literals;

namespace {
// A dispatcher whose clock is set by hand.
struct Daemon {
  explicit Daemon(Station& s, TimePoint start = minute(0))
      : now(start), dispatcher(
                        s.folder, s.config, *FileLock::try_take(s.folder.lock()), [this] { return now.load(); },
                        [this](const std::string& event, const auto& fields) {
                          for (const auto& [name, value] : fields)
                            if (name == "name") log.push_back(event + " " + value);
                        }) {}
  std::size_t turn() { return dispatcher.drain(3000ms); }
  std::atomic<TimePoint> now;
  std::vector<std::string> log;
  Dispatcher dispatcher;
};
std::string states(AlertStore& store) {
  std::string text;
  for (const OutboxCount& c : store.outbox().counts()) text += c.channel + ":" + std::string(to_string(c.state)) + "=" + std::to_string(c.rows) + " ";
  return text;
}
bool has_alarm(AlertStore& store, const std::string& name) {
  for (const Alarm& a : store.alarms())
    if (a.name == name) return true;
  return false;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(dispatcher)

BOOST_AUTO_TEST_CASE(a_cycle_in_the_inbox_becomes_deliveries_and_an_answer) {
  Station s("dispatch_cycle");
  Notebook book;
  s.config.channels = {notebook("book", book, {"north", "south"})};
  Daemon d(s);
  const std::string name = s.put(0, "yy.o");
  BOOST_TEST(d.turn() == 0U);
  BOOST_TEST(states(d.dispatcher.store()) == "book:delivered=4 ");
  BOOST_TEST(book.keys.size() == 4U);
  BOOST_TEST(book.keys[0].find("|0|book|") != std::string::npos);
  BOOST_TEST((book.messages[0]->level == Level::orange));  // the severest first
  BOOST_TEST(waiting_items(s.folder).empty());
  BOOST_TEST(take_answer(s.folder, name).has_value());
}

BOOST_AUTO_TEST_CASE(a_channel_gets_the_texts_if_it_asks_for_them) {
  Station s("dispatch_texts");
  Notebook reader, carrier;
  carrier.needs_texts = false;
  s.config.channels = {notebook("reader", reader), notebook("carrier", carrier)};
  for (int m : {0, 10}) {  // the first batch may come before the channel is there to be asked
    Daemon d(s, minute(m));
    std::this_thread::sleep_for(200ms);
    s.put(m, m == 0 ? "y..." : "o...");
    d.turn();
  }
  BOOST_REQUIRE(reader.messages.size() == 2U);
  BOOST_REQUIRE(carrier.messages.size() == 2U);
  BOOST_TEST(!reader.messages[1]->texts.empty());
  BOOST_TEST(carrier.messages[1]->texts.empty());
  BOOST_TEST(carrier.messages[1]->xml == reader.messages[1]->xml);
  BOOST_TEST((carrier.messages[1]->regions == reader.messages[1]->regions));
}

BOOST_AUTO_TEST_CASE(a_failed_delivery_is_tried_again_and_keeps_its_key) {
  Station s("dispatch_retry");
  Notebook book;
  book.answers[""] = {Verdict::retry, Verdict::retry};
  s.config.channels = {notebook("book", book)};
  Daemon d(s);
  s.put(0, "y...");
  BOOST_TEST(d.turn() == 1U);
  for (int k = 1; k <= 4; ++k) d.now = minute(0) + Seconds{10 * k}, d.turn();
  BOOST_TEST(states(d.dispatcher.store()) == "book:delivered=1 ");
  BOOST_REQUIRE(book.keys.size() == 3U);
  BOOST_TEST(book.keys[0] == book.keys[2]);
}

BOOST_AUTO_TEST_CASE(what_was_accepted_is_sent_again_until_its_receipt_comes) {
  Station s("dispatch_receipt");
  Notebook book;
  book.confirms = true;
  book.usual = Verdict::accepted;
  s.config.channels = {notebook("book", book)};
  Daemon d(s);
  s.put(0, "y...");
  d.turn();
  d.now = minute(2);
  d.turn();
  BOOST_REQUIRE(book.keys.size() == 2U);
  BOOST_TEST(book.keys[0] == book.keys[1]);
  BOOST_TEST(states(d.dispatcher.store()) == "book:accepted=1 ");
  d.dispatcher.take_receipts(
      {{book.keys[0], minute(2), "county", true, ""}, {book.keys[0], minute(2), "county", true, ""}, {"unknown", minute(2), "x", true, ""}});
  d.now = minute(9);
  d.turn();
  BOOST_TEST(states(d.dispatcher.store()) == "book:delivered=1 ");
  BOOST_TEST(book.keys.size() == 2U);
}

BOOST_AUTO_TEST_CASE(receipts_come_as_files_too) {
  Station s("dispatch_receipt_file");
  Notebook book;
  book.confirms = true;
  book.usual = Verdict::accepted;
  s.config.channels = {notebook("book", book)};
  Daemon d(s);
  s.put(0, "y...");
  d.turn();
  write_file_atomically(s.folder.receipts() + "/1.json", "{\"key\": \"" + book.keys[0] + "\", \"from\": \"loudspeaker 7\"}");
  write_file_atomically(s.folder.receipts() + "/2.json", "nonsense");
  d.now = minute(0) + 1s;
  d.turn();
  BOOST_TEST(states(d.dispatcher.store()) == "book:delivered=1 ");
  BOOST_TEST(!std::filesystem::exists(s.folder.receipts() + "/1.json"));
}

BOOST_AUTO_TEST_CASE(a_receiver_that_refuses_is_a_dead_letter_with_an_alarm) {
  Station s("dispatch_refused");
  Notebook book;
  book.usual = Verdict::refused;
  s.config.channels = {notebook("book", book)};
  Daemon d(s);
  s.put(0, "y...");
  BOOST_TEST(d.turn() == 0U);
  BOOST_TEST(states(d.dispatcher.store()) == "book:refused=1 ");
  BOOST_TEST(has_alarm(d.dispatcher.store(), "dead_letter.book"));
  BOOST_TEST(d.dispatcher.alarms().find("dead_letter.book") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_alarm_of_dead_letters_ends_when_each_was_delivered_after_all_or_dismissed) {
  Station s("dispatch_dead_over");
  Notebook book;
  book.usual = Verdict::refused;
  s.config.channels = {notebook("book", book)};
  const auto standing = [](AlertStore& store) { return has_alarm(store, "dead_letter.book"); };
  const auto identifier = [](const OutboxRow& r) { return r.key.substr(0, r.key.find('|')); };
  std::string second;
  {
    Daemon d(s);
    AlertStore& store = d.dispatcher.store();
    s.put(0, "y..o");
    d.turn();
    const std::vector<OutboxRow> dead = store.outbox().dead();
    BOOST_REQUIRE(dead.size() == 2U);
    second = identifier(dead[1]);
    book.usual = Verdict::delivered;
    s.command("resend", identifier(dead[0]));
    d.now = minute(0) + 1s;
    d.turn(), d.turn();
    d.now = minute(0) + 2s;
    d.turn();
    BOOST_TEST(states(store) == "book:delivered=1 book:refused=1 ");
    BOOST_TEST(standing(store));  // for the other one
    s.command("dismiss", identifier(dead[0]));
    d.now = minute(0) + 3s;
    d.turn();
    BOOST_TEST(standing(store));  // that one is none any more
  }
  Daemon d(s, minute(1));  // a restart sees to nothing
  AlertStore& store = d.dispatcher.store();
  d.turn();
  BOOST_TEST(standing(store));
  s.command("dismiss", second, "li");
  d.now = minute(1) + 1s;
  d.turn();
  BOOST_TEST(!standing(store));
  BOOST_TEST(d.dispatcher.alarms().find("dead_letter") == std::string::npos);
  BOOST_TEST(states(store) == "book:delivered=1 book:refused=1 ");  // it stays as it ended
  {
    Statement said = store.db().prepare("SELECT count(*) FROM audit WHERE what = 'dismiss' AND actor = 'li' AND detail LIKE ? || '%'");
    said.bind(second);
    BOOST_TEST(said.step());
    BOOST_TEST(said.integer(0) == 1);
  }
  book.usual = Verdict::refused;
  s.put(2, "r...");
  d.now = minute(2);
  d.turn();
  BOOST_TEST(standing(store));  // a new one is a new alarm
  s.command("dismiss", "book");
  d.now = minute(3);
  d.turn();
  BOOST_TEST(!standing(store));
  BOOST_TEST(check_audit(store.db()).empty());
}

BOOST_AUTO_TEST_CASE(a_receipt_that_refuses_is_a_dead_letter_until_one_that_takes) {
  Station s("dispatch_dead_receipt");
  Notebook book;
  book.confirms = true;
  book.usual = Verdict::accepted;
  s.config.channels = {notebook("book", book)};
  Daemon d(s);
  s.put(0, "y...");
  d.turn();
  d.dispatcher.take_receipts({{book.keys.at(0), minute(0), "county", false, "full"}});
  d.now = minute(1);
  d.turn(), d.turn();
  BOOST_TEST(has_alarm(d.dispatcher.store(), "dead_letter.book"));
  d.dispatcher.take_receipts({{book.keys.at(0), minute(1), "county", true, ""}});
  d.now = minute(2);
  d.turn(), d.turn();
  BOOST_TEST(!has_alarm(d.dispatcher.store(), "dead_letter.book"));
}

BOOST_AUTO_TEST_CASE(a_message_that_ran_out_unsent_is_an_alarm_and_is_not_sent) {
  Station s("dispatch_expired");
  Notebook book;
  book.usual = Verdict::retry;
  s.config.channels = {notebook("book", book)};
  Daemon d(s);
  s.put(0, "y...");
  d.turn();
  d.now = minute(10);
  d.turn();
  BOOST_TEST(has_alarm(d.dispatcher.store(), "undelivered.book"));
  const std::size_t before = book.keys.size();
  book.usual = Verdict::delivered;
  d.now = minute(60 * 30);
  d.turn();
  BOOST_TEST(book.keys.size() == before);
  BOOST_TEST(states(d.dispatcher.store()) == "book:expired=1 ");
  BOOST_TEST(has_alarm(d.dispatcher.store(), "dead_letter.book"));
}

BOOST_AUTO_TEST_CASE(a_stuck_or_broken_channel_holds_nobody_else_up) {
  Station s("dispatch_stuck");
  Notebook stuck, broken, good;
  stuck.stuck = true;
  broken.throws = true;
  s.config.channels = {notebook("stuck", stuck), notebook("broken", broken), notebook("good", good)};
  {
    Daemon d(s);
    s.put(0, "y..o");
    d.dispatcher.drain(500ms);
    BOOST_TEST(good.keys.size() == 2U);
    BOOST_TEST(states(d.dispatcher.store()).find("good:delivered=2") != std::string::npos);
    stuck.stuck = false;
    d.turn();
    BOOST_TEST(states(d.dispatcher.store()).find("stuck:delivered=2") != std::string::npos);
    broken.throws = false;
    d.now = minute(1);
    d.turn();
    BOOST_TEST(states(d.dispatcher.store()).find("broken:delivered=2") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(another_process_goes_on_with_what_is_open) {
  Station s("dispatch_restart");
  Notebook book;
  book.usual = Verdict::retry;
  s.config.channels = {notebook("book", book)};
  {
    Daemon d(s);
    s.put(0, "y..o");
    d.turn();
  }
  book.usual = Verdict::delivered;
  Daemon d(s, minute(5));
  BOOST_TEST(d.turn() == 0U);
  BOOST_TEST(states(d.dispatcher.store()) == "book:delivered=2 ");
}

BOOST_AUTO_TEST_CASE(a_standing_warning_is_repeated_under_new_keys_until_a_later_message) {
  Station s("dispatch_repeat");
  Notebook book;
  s.config.channels = {notebook("speakers", book)};
  s.config.channels[0].route.repeat_every = Seconds{300};
  Daemon d(s);
  s.put(0, "y...");
  d.turn();
  for (int m : {4, 5, 10, 11}) d.now = minute(m), d.turn();
  BOOST_REQUIRE(book.keys.size() == 3U);
  BOOST_TEST(book.keys[1] == book.keys[0] + "|repeat-1");
  BOOST_TEST(book.keys[2] == book.keys[0] + "|repeat-2");
  d.now = minute(12);
  s.put(12, "o...");
  d.turn();
  const std::string newest = book.keys.back();
  d.now = minute(17);
  d.turn();
  BOOST_TEST(book.keys.back() == newest + "|repeat-1");
}

BOOST_AUTO_TEST_CASE(silence_is_an_alarm_and_a_cycle_ends_it) {
  Station s("dispatch_silence");
  Notebook book;
  s.config.channels = {notebook("book", book)};
  Daemon d(s);
  d.now = minute(16);
  d.turn();
  BOOST_TEST(has_alarm(d.dispatcher.store(), "heartbeat_missed"));
  s.put(16, "....");
  d.turn();
  d.now = minute(17);
  d.turn();
  BOOST_TEST(!has_alarm(d.dispatcher.store(), "heartbeat_missed"));
}

BOOST_AUTO_TEST_CASE(a_damaged_item_is_kept_aside_and_the_others_go_on) {
  Station s("dispatch_damaged");
  Notebook book;
  s.config.channels = {notebook("book", book)};
  Daemon d(s);
  const std::string bad = put_item(s.folder, "cycle", "{\"version\": 1}");
  s.put(0, "y...");
  d.turn();
  BOOST_TEST(book.keys.size() == 1U);
  BOOST_TEST(std::filesystem::exists(s.folder.refused() + "/" + bad));
  BOOST_TEST(read_text_file(s.folder.refused() + "/" + bad + ".reason").find("is not a handover") != std::string::npos);
  BOOST_TEST(has_alarm(d.dispatcher.store(), "refused_item"));
  d.now = minute(1);
  d.turn();
  BOOST_TEST(has_alarm(d.dispatcher.store(), "refused_item"));
  for (const std::string& file : {bad, bad + ".reason"}) std::filesystem::remove(s.folder.refused() + "/" + file);  // somebody has looked at it
  d.now = minute(2);
  d.turn();
  BOOST_TEST(!has_alarm(d.dispatcher.store(), "refused_item"));
}

// The file was taken away, or cannot be moved: neither is a reason to end, nor to hold the others up.
BOOST_AUTO_TEST_CASE(an_item_that_cannot_be_set_aside_holds_nobody_up) {
  Station s("dispatch_stuck_item");
  Notebook book;
  s.config.channels = {notebook("book", book)};
  Daemon d(s);
  const std::string bad = put_item(s.folder, "cycle", "nonsense");
  std::filesystem::remove_all(s.folder.refused());
  write_file_atomically(s.folder.refused(), "a file where the folder should be");
  s.put(0, "y...");
  d.turn();
  BOOST_TEST(book.keys.size() == 1U);
  BOOST_TEST(waiting_items(s.folder) == (std::vector<std::string>{bad}), boost::test_tools::per_element());
  std::filesystem::remove(s.folder.refused());
  s.folder.make();
  d.now = minute(1);
  d.turn();
  BOOST_TEST(waiting_items(s.folder).empty());
  BOOST_TEST(std::filesystem::exists(s.folder.refused() + "/" + bad));
}

BOOST_AUTO_TEST_CASE(a_store_that_cannot_be_written_keeps_the_item_and_heals) {
  Station s("dispatch_full");
  Notebook book;
  s.config.channels = {notebook("book", book)};
  Daemon d(s);
  d.dispatcher.store().db().execute("PRAGMA max_page_count = 30");
  s.put(0, "yo.r");
  d.turn();
  BOOST_TEST(waiting_items(s.folder).size() == 1U);
  BOOST_TEST(book.keys.empty());
  BOOST_TEST(d.dispatcher.alarms().find("store: ") != std::string::npos);
  d.dispatcher.store().db().execute("PRAGMA max_page_count = 100000");
  d.now = minute(0) + 5s;
  d.turn();
  BOOST_TEST(waiting_items(s.folder).empty());
  BOOST_TEST(book.keys.size() == 3U);
  BOOST_TEST(d.dispatcher.alarms().find("store: ") == std::string::npos);
  BOOST_TEST(check_audit(d.dispatcher.store().db()).empty());
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_set_back_delays_no_delivery_and_no_alarm) {
  Station s("dispatch_clock_back");
  Notebook book;
  book.answers[""] = {Verdict::retry};
  s.config.channels = {notebook("book", book)};
  {
    Daemon d(s, minute(120));
    s.put(0, "y...");
    d.turn();
    BOOST_TEST(states(d.dispatcher.store()) == "book:queued=1 ");
    d.now = minute(1);
    d.turn(), d.turn();
    BOOST_TEST(states(d.dispatcher.store()) == "book:delivered=1 ");
    d.now = minute(22);
    d.turn();
    BOOST_TEST(has_alarm(d.dispatcher.store(), "heartbeat_missed"));
    book.answers[""] = {Verdict::retry};
    d.now = minute(140);
    s.put(20, "o...");
    d.turn();
    BOOST_TEST(states(d.dispatcher.store()) == "book:delivered=1 book:queued=1 ");
  }
  Daemon d(s, minute(20));  // it was set back while nobody was here
  d.turn();
  BOOST_TEST(states(d.dispatcher.store()) == "book:delivered=2 ");
}

// What was taken from receivers while the disk was full is kept when there is room; what the store refuses is tried once a second.
BOOST_AUTO_TEST_CASE(a_store_that_cannot_be_written_is_not_worn_out_and_loses_no_receipt) {
  Station s("dispatch_full_calm");
  Notebook book;
  book.confirms = true;
  book.usual = Verdict::accepted;
  s.config.channels = {notebook("book", book)};
  Daemon d(s);
  s.put(0, "y...");
  d.turn();
  Database& db = d.dispatcher.store().db();
  db.execute("CREATE TRIGGER full_c BEFORE INSERT ON cycles BEGIN SELECT RAISE(ABORT, 'no room'); END;");
  db.execute("CREATE TRIGGER full_r BEFORE INSERT ON receipts BEGIN SELECT RAISE(ABORT, 'no room'); END;");
  s.put(10, "o...");
  d.dispatcher.take_receipts({{book.keys.at(0), minute(0), "county", true, ""}});
  d.now = minute(0) + 10s;
  d.turn();
  db.execute("DROP TRIGGER full_c; DROP TRIGGER full_r;");
  d.turn();
  BOOST_TEST(waiting_items(s.folder).size() == 1U);  // not again in the same second
  BOOST_TEST(states(d.dispatcher.store()) == "book:delivered=1 ");
  d.now = minute(0) + 11s;
  d.turn();
  BOOST_TEST(waiting_items(s.folder).empty());
  BOOST_TEST(d.dispatcher.alarms().find("store: ") == std::string::npos);
  BOOST_TEST(check_audit(db).empty());
}

BOOST_AUTO_TEST_CASE(alarms_and_their_end_go_out_once_by_the_channel_that_the_station_names) {
  Station s("dispatch_alarms");
  Notebook book, duty;
  s.config.channels = {notebook("book", book), notebook("duty", duty)};
  s.config.channels[1].route.hazards = {"nothing else"};
  s.config.alarm_channel = "duty";
  const auto headlines = [&] {
    std::string text;
    for (const auto& m : duty.messages) text += m->texts.at(0).headline + "\n";
    return text;
  };
  {
    Daemon d(s);
    d.now = minute(16);  // no cycle ever came
    d.turn(), d.turn();
    BOOST_TEST(headlines() == "ALARM: heartbeat_missed\n");
    BOOST_TEST(duty.messages.at(0)->xml.find("<status>System</status>") != std::string::npos);
    BOOST_TEST(duty.messages[0]->texts[0].description.find("no cycle since 2019-06-10T00:00:00Z") != std::string::npos, duty.messages[0]->texts[0].description);
    d.now = minute(17);
    d.turn(), d.turn();
    BOOST_TEST(duty.messages.size() == 1U);
  }
  Daemon d(s, minute(18));  // after a restart it is not told again
  d.now = minute(18) + 1s;
  d.turn(), d.turn();
  BOOST_TEST(duty.messages.size() == 1U, headlines());
  book.usual = Verdict::refused;
  s.put(18, "y...");
  d.turn();
  d.now = minute(19);
  d.turn(), d.turn();
  BOOST_TEST(headlines().find("Alarm over: heartbeat_missed\n") != std::string::npos, headlines());
  BOOST_TEST(headlines().find("ALARM: dead_letter.book\n") != std::string::npos, headlines());
  BOOST_TEST(duty.messages.size() == 3U);
  BOOST_TEST(book.messages.size() == 1U);  // those who are warned are not told
  BOOST_TEST(check_audit(d.dispatcher.store().db()).empty());
}

BOOST_AUTO_TEST_CASE(a_proposal_that_nobody_approves_is_told_of) {
  Station s("dispatch_alarm_unapproved");
  Notebook duty;
  s.config.channels = {notebook("duty", duty)};
  s.config.alarm_channel = "duty";
  s.config.approval.review = true;
  Daemon d(s);
  s.put(0, "y...");
  d.turn();
  BOOST_TEST(duty.messages.empty());
  d.now = minute(6);
  d.turn(), d.turn();
  BOOST_REQUIRE(duty.messages.size() == 1U);
  BOOST_TEST(duty.messages[0]->texts.at(0).headline == "ALARM: unapproved");
  d.now = minute(60 * 24);
  d.turn();
  BOOST_TEST(has_alarm(d.dispatcher.store(), "unapproved_expired"));
  s.command("dismiss", "unapproved_expired");
  d.now = minute(60 * 24) + 1s;
  d.turn();
  BOOST_TEST(!has_alarm(d.dispatcher.store(), "unapproved_expired"));
  BOOST_TEST(d.dispatcher.alarms().find("unapproved_expired") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_alarm_channels_own_trouble_does_not_breed_notices) {
  Station s("dispatch_alarm_itself");
  Notebook duty;
  duty.usual = Verdict::refused;
  s.config.channels = {notebook("duty", duty)};
  s.config.alarm_channel = "duty";
  Daemon d(s);
  for (int m = 16; m < 26; ++m) d.now = minute(m), d.turn();
  BOOST_TEST(duty.messages.size() == 1U);
  BOOST_TEST(d.dispatcher.alarms().find("dead_letter.duty") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(only_one_writer_serves_a_folder) {
  Station s("dispatch_lock");
  const auto first = FileLock::try_take(s.folder.lock());
  BOOST_TEST(first.has_value());
  BOOST_TEST(!FileLock::try_take(s.folder.lock()).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
