#include "alerts/dispatch/desk.h"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <set>

#include "alerts/dispatch/routing.h"
#include "engine/core/error.h"
#include "tests/alerts/dispatch/station_case.h"

using namespace guyu;
using namespace guyu::test;

namespace {
// Desk and store, as one process has them.
struct Open {
  explicit Open(Station& s) : store(s.folder.store(), Database::Mode::write), desk(store, s.folder, s.config) {}
  AlertStore store;
  Desk desk;
};
}  // namespace

BOOST_AUTO_TEST_SUITE(desk)

BOOST_AUTO_TEST_CASE(a_life_through_restarts_is_the_life_of_one_process) {
  Station together("desk_together"), apart("desk_apart");
  const std::vector<std::pair<int, std::string>> cycles{{0, "...."},  {10, "yy.."}, {20, "oo.b"}, {30, "oo.b"},
                                                        {40, "????"}, {50, "...."}, {60, "...."}, {90, "...."}};
  std::string one, many;
  {
    Open o(together);
    for (const auto& [m, letters] : cycles) one += words(o.desk.work(together.item(m, letters), minute(m))) + "\n";
  }
  for (const auto& [m, letters] : cycles) {
    Open o(apart);
    many += words(o.desk.work(apart.item(m, letters), minute(m))) + "\n";
  }
  BOOST_TEST(one == many);
  BOOST_TEST(one.find("issue:onset:Yellow:Alert:approved") != std::string::npos, one);
  BOOST_TEST(one.find("update:escalation:Orange:Update:approved") != std::string::npos, one);
  BOOST_TEST(one.find("cancel:all_clear_after_hold") != std::string::npos, one);
  Open o(apart);
  BOOST_TEST(check_audit(o.store.db()).empty());
}

// With very many events an answer that told of each would be most of what a cycle writes.
BOOST_AUTO_TEST_CASE(of_decisions_that_keep_all_as_it_is_a_thousand_are_listed_and_all_are_counted) {
  Station s("desk_many", 1203);
  const auto single = [&](int m, const std::string& letters) {
    Handover h = s.handover(m, letters);
    h.settings.book.group_cap = 1;
    return read_item(s.folder, put_item(s.folder, "cycle", to_bytes(h)));
  };
  Open o(s);
  std::string letters(1203, 'y');
  const DeskAnswer onset = o.desk.work(single(0, letters), minute(0));
  BOOST_TEST(onset.lines.size() == 1203U);  // what is told to receivers is told here
  letters[1201] = 'r';
  const DeskAnswer answer = o.desk.work(single(10, letters), minute(10));
  BOOST_TEST(answer.lines.size() == 1001U);
  BOOST_TEST(answer.lines[0].reason == "escalation");
  BOOST_TEST(std::count_if(answer.lines.begin(), answer.lines.end(), [](const DeskLine& l) { return l.action == "keep"; }) == 1000);
  BOOST_TEST(answer.text == "1203 decisions, 1203 active (1202 stay as they are, of which 1000 are listed)");
  BOOST_TEST(o.desk.book().active().size() == 1203U);
  const InboxItem last = single(20, letters);
  BOOST_TEST(to_json(o.desk.work(last, minute(20))) == to_json(o.desk.work(last, minute(20))));
  // Exactly a thousand are all listed, and nothing is said of a limit.
  Station t("desk_thousand", 1000);
  Open p(t);
  for (int m : {0, 10}) {
    Handover h = t.handover(m, std::string(1000, 'y'));
    h.settings.book.group_cap = 1;
    const DeskAnswer a = p.desk.work(read_item(t.folder, put_item(t.folder, "cycle", to_bytes(h))), minute(m));
    BOOST_TEST(a.lines.size() == 1000U);
    BOOST_TEST(a.text == "1000 decisions, 1000 active");
  }
}

BOOST_AUTO_TEST_CASE(of_very_many_messages_an_answer_lists_two_thousand_and_the_store_has_the_rest) {
  constexpr std::size_t kAll = 2105;
  Station s("desk_very_many", kAll);
  Open o(s);
  Handover h = s.handover(0, std::string(kAll, 'y'));
  h.settings.book.group_cap = 1;
  const InboxItem item = read_item(s.folder, put_item(s.folder, "cycle", to_bytes(h)));
  const DeskAnswer answer = o.desk.work(item, minute(0));
  BOOST_TEST(answer.lines.size() == kMostListed);
  BOOST_TEST(answer.unlisted == kAll - kMostListed);
  BOOST_TEST(answer.text == "2105 decisions, 2105 active");
  BOOST_TEST(to_json(o.desk.work(item, minute(5))) == to_json(answer));
  DeskAnswer whole = answer, shorter = answer;
  list_all(whole, item.name, o.store);
  BOOST_TEST(whole.unlisted == 0U);
  BOOST_REQUIRE(whole.lines.size() == kAll);
  std::set<std::string> identifiers, regions;
  for (const DeskLine& l : whole.lines) {
    identifiers.insert(l.identifier);
    regions.insert(l.regions.begin(), l.regions.end());
    BOOST_REQUIRE(o.store.messages().newest(l.identifier));
  }
  BOOST_TEST(identifiers.size() == kAll);
  BOOST_TEST(regions.size() == kAll);
  // What the store says of a decision is what the desk would have said.
  shorter.lines.resize(1900), shorter.unlisted += 100;
  list_all(shorter, item.name, o.store);
  BOOST_TEST(to_json(shorter) == to_json(whole));
  // What the store does not hold is told, not left out.
  DeskAnswer more = answer;
  more.unlisted = kAll + 1;
  const std::string before = to_json(more);
  BOOST_CHECK_THROW(list_all(more, item.name, o.store), Error);
  BOOST_TEST(to_json(more) == before);
}

// The queues take these rows as they are, so they must be what a restart would read.
BOOST_AUTO_TEST_CASE(the_rows_that_the_desk_hands_on_are_those_of_the_store) {
  Station s("desk_rows");
  Notebook all, later;
  s.config.channels = {notebook("all", all, {"a", "b"}), notebook("later", later)};
  for (ChannelConfig& c : s.config.channels) c.route.heartbeats = true;
  s.config.channels[1].route.quiet = {0, 24 * 60 - 1};
  Open o(s);
  std::map<std::int64_t, OutboxRow> queue;
  const auto as_text = [](const OutboxRow& r) {
    return fmt::format("{} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {}", r.seq, r.key, r.message, r.event, r.channel, r.target, to_string(r.state),
                       r.attempts, to_iso(r.queued_at), to_iso(r.next_attempt), to_iso(r.changed_at), r.detail, to_string(r.level), r.msg_type, r.hazard,
                       to_iso(r.sent), to_iso(r.expires), r.dead_since.has_value());
  };
  const std::vector<std::pair<int, std::string>> cycles{{0, "yy.b"}, {10, "oo.b"}, {20, "r..."}, {40, "...."}, {60, "...."}, {70, "y..y"}};
  for (const auto& [m, letters] : cycles) {
    o.desk.work(s.item(m, letters), minute(m));
    const OutboxChanges changes = o.desk.outbox_changes();
    BOOST_TEST(!changes.added.empty());
    for (const OutboxRow& row : changes.added) queue[row.seq] = row;
    for (const std::int64_t seq : changes.changed) queue[seq] = *o.store.outbox().at(seq);
    std::erase_if(queue, [](const auto& r) { return is_final(r.second.state); });
    const std::vector<OutboxRow> open = o.store.outbox().open();
    BOOST_REQUIRE(open.size() == queue.size());
    for (const OutboxRow& row : open) BOOST_TEST(as_text(row) == as_text(queue.at(row.seq)));
    BOOST_TEST(o.desk.outbox_changes().added.empty());
  }
  // What was not committed is not handed on.
  o.store.db().execute("CREATE TRIGGER broken BEFORE INSERT ON items BEGIN SELECT raise(ABORT, 'broken'); END");
  BOOST_CHECK_THROW(o.desk.work(s.item(80, "rrrr"), minute(80)), StoreError);
  BOOST_TEST(o.desk.outbox_changes().added.empty());
}

// The book is stepped in place: whatever goes wrong, what is in memory is what the store holds.
BOOST_AUTO_TEST_CASE(after_a_failure_the_book_is_what_the_store_holds) {
  Station s("desk_failure"), whole("desk_no_failure");
  Open o(s), other(whole);
  o.desk.work(s.item(0, "yy.."), minute(0));
  other.desk.work(whole.item(0, "yy.."), minute(0));
  const std::string before = o.desk.book().to_json();
  const InboxItem next = s.item(10, "or.b");
  for (const char* table : {"book_parts", "cycles", "decisions", "messages", "items"}) {
    o.store.db().execute(std::string("CREATE TRIGGER broken BEFORE INSERT ON ") + table + " BEGIN SELECT raise(ABORT, 'broken'); END");
    BOOST_CHECK_THROW(o.desk.work(next, minute(10)), StoreError);
    BOOST_TEST(o.desk.book().to_json() == before, table);
    const std::string event = o.desk.book().active().front().event;
    if (std::string(table) == "items" || std::string(table) == "decisions") {
      BOOST_CHECK_THROW(o.desk.work(s.command("cancel", event, "li"), minute(10)), StoreError);
      BOOST_TEST(o.desk.book().to_json() == before, table);
    }
    o.store.db().execute("DROP TRIGGER broken");
  }
  // An operator's mistake after the book was touched: words for a language that there is not.
  Command edit;
  edit.verb = "edit", edit.subject = o.desk.book().active().front().event, edit.as = "li";
  edit.texts["xx"]["headline"] = "?";
  const DeskAnswer refused = o.desk.work(read_item(s.folder, put_item(s.folder, "command", to_json(edit))), minute(10));
  BOOST_TEST(!refused.error.empty());
  BOOST_TEST(o.desk.book().to_json() == before);
  BOOST_TEST(words(o.desk.work(next, minute(10))) == words(other.desk.work(whole.item(10, "or.b"), minute(10))));
  BOOST_TEST(o.desk.book().to_json() == other.desk.book().to_json());
  const auto kept = o.store.book().read();
  BOOST_REQUIRE(kept);
  BOOST_TEST(to_json(*kept) == o.desk.book().to_json());
  BOOST_TEST(check_audit(o.store.db()).empty());
}

BOOST_AUTO_TEST_CASE(an_item_that_was_done_is_not_done_twice) {
  Station s("desk_twice");
  const InboxItem item = s.item(0, "yy..");
  Open o(s);
  const DeskAnswer first = o.desk.work(item, minute(0));
  const AuditHead head = o.store.audit_head();
  const DeskAnswer again = o.desk.work(item, minute(5));
  BOOST_TEST(to_json(first) == to_json(again));
  BOOST_TEST(o.store.audit_head().seq == head.seq);
}

BOOST_AUTO_TEST_CASE(each_channel_gets_what_it_is_for_and_a_cancel_reaches_whoever_was_told) {
  Station s("desk_routes");
  Notebook all, orange, east, drills;
  s.config.channels = {notebook("all", all), notebook("orange", orange), notebook("east", east), notebook("drills", drills)};
  s.config.channels[1].route.min_level = Level::orange;
  s.config.channels[2].route.regions = {"r000c003"};
  s.config.channels[3].route.statuses = {"exercise"};
  Open o(s);
  const auto lanes = [&](const std::string& channel) {
    std::string text;
    for (const StoredEvent& e : o.store.events(true))
      for (const OutboxRow& r : o.store.outbox().of_lane(e.event, channel, "")) text += r.msg_type + ":" + std::string(to_string(r.state)) + " ";
    return text;
  };
  o.desk.work(s.item(0, "yy.."), minute(0));
  BOOST_TEST(lanes("all") == "Alert:queued ");
  BOOST_TEST(lanes("orange") == "");
  BOOST_TEST(lanes("east") == "");
  o.desk.work(s.item(10, "oo.."), minute(10));
  BOOST_TEST(lanes("orange") == "Update:queued ");
  for (const OutboxRow& r : o.store.outbox().open()) o.store.outbox().begin_attempt(r.seq, minute(10));  // all were sent
  o.desk.work(s.item(20, "yy.."), minute(20));
  o.desk.work(s.item(31, "yy.."), minute(31));  // down to yellow: below the channel's level, and yet it must be told
  BOOST_TEST(lanes("orange") == "Update:queued Update:queued ");
  for (const OutboxRow& r : o.store.outbox().open()) o.store.outbox().begin_attempt(r.seq, minute(31));
  o.desk.work(s.item(40, "...."), minute(40));
  o.desk.work(s.item(51, "...."), minute(51));
  BOOST_TEST(lanes("orange") == "Update:queued Update:queued Cancel:queued ");
  BOOST_TEST(lanes("drills") == "");
  BOOST_TEST(lanes("east") == "");
}

BOOST_AUTO_TEST_CASE(a_cancel_takes_the_place_of_what_was_never_sent) {
  Station s("desk_unsent");
  Notebook all;
  s.config.channels = {notebook("all", all)};
  Open o(s);
  o.desk.work(s.item(0, "yy.."), minute(0));
  o.desk.work(s.item(10, "...."), minute(10));
  o.desk.work(s.item(21, "...."), minute(21));
  BOOST_TEST(o.store.outbox().open().empty());
}

BOOST_AUTO_TEST_CASE(reviewed_messages_wait_for_another_person) {
  Station s("desk_review");
  Notebook all;
  s.config.channels = {notebook("all", all)};
  s.config.approval.review = true;
  Open o(s);
  const DeskAnswer proposed = o.desk.work(s.item(0, "yy.."), minute(0));
  BOOST_TEST(words(proposed) == "issue:onset:Yellow:Alert:proposed");
  BOOST_TEST(o.store.outbox().open().empty());
  const std::string id = proposed.lines[0].identifier;
  // Words by li, so li may not approve them.
  Command edit;
  edit.verb = "edit";
  edit.subject = id;
  edit.as = "li";
  edit.texts["en-US"]["headline"] = "Leave the valley now";
  const DeskAnswer edited = o.desk.work(read_item(s.folder, put_item(s.folder, "command", to_json(edit))), minute(1));
  BOOST_TEST(edited.error == "");
  BOOST_TEST(o.desk.work(s.command("approve", id, "li"), minute(2)).error.find("another person") != std::string::npos);
  BOOST_TEST(o.store.outbox().open().empty());
  BOOST_TEST(o.desk.work(s.command("approve", id, "wang"), minute(2)).error == "");
  const auto rows = o.store.outbox().open();
  BOOST_REQUIRE(rows.size() == 1U);
  BOOST_TEST(rows[0].key == id + "|1|all|");
  const auto sent = o.store.messages().at(rows[0].message);
  BOOST_TEST(sent->message.xml.find("<headline>Leave the valley now</headline>") != std::string::npos);
  BOOST_TEST(sent->approver == "wang");
  BOOST_TEST(o.desk.work(s.command("approve", id, "wang"), minute(3)).error.find("not proposed") != std::string::npos);
  BOOST_TEST(check_audit(o.store.db()).empty());
}

BOOST_AUTO_TEST_CASE(what_follows_an_unapproved_message_speaks_to_people_who_were_told_nothing) {
  Station s("desk_unapproved");
  Notebook all;
  s.config.channels = {notebook("all", all)};
  s.config.approval.review = true;
  Open o(s);
  const std::string first = o.desk.work(s.item(0, "yy.."), minute(0)).lines[0].identifier;
  const DeskAnswer risen = o.desk.work(s.item(10, "oo.."), minute(10));
  BOOST_TEST(words(risen) == "issue:escalation:Orange:Alert:proposed");
  BOOST_TEST((o.store.messages().newest(first)->state == MessageState::withdrawn));
  o.desk.work(s.item(20, "...."), minute(20));
  const DeskAnswer over = o.desk.work(s.item(31, "...."), minute(31));
  BOOST_TEST(words(over) == "cancel:all_clear_after_hold:Orange");
  BOOST_TEST(o.store.outbox().open().empty());
  BOOST_TEST(o.store.messages().in_state(MessageState::proposed).empty());
}

BOOST_AUTO_TEST_CASE(a_rejected_event_is_quiet_until_it_rises) {
  Station s("desk_reject");
  s.config.approval.review = true;
  Open o(s);
  const std::string id = o.desk.work(s.item(0, "yy.."), minute(0)).lines[0].identifier;
  BOOST_TEST(o.desk.work(s.command("reject", id, "wang"), minute(1)).error == "");
  BOOST_TEST(words(o.desk.work(s.item(10, "yy.."), minute(10))).find("proposed") == std::string::npos);
  BOOST_TEST(words(o.desk.work(s.item(20, "oo.."), minute(20))).find("Orange:Alert:proposed") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_cancelled_event_does_not_come_back_with_the_next_cycle) {
  Station s("desk_cancel");
  Open o(s);
  const std::string event = o.desk.work(s.item(0, "yy.."), minute(0)).lines[0].event;
  const DeskAnswer cancelled = o.desk.work(s.command("cancel", event, "wang"), minute(1));
  BOOST_TEST(words(cancelled) == "cancel:cancelled_by_operator:Yellow:Cancel:approved");
  for (const DeskLine& l : o.desk.work(s.item(10, "yy.."), minute(10)).lines) BOOST_TEST(l.identifier == "");
  BOOST_TEST(o.store.events(false).empty());
}

// Regions that are held back for days would else fill the store with the same words.
BOOST_AUTO_TEST_CASE(what_stays_held_back_is_kept_once_and_again_when_it_comes_back) {
  Station s("desk_held");
  Open o(s);
  const std::string event = o.desk.work(s.item(0, "yy.."), minute(0)).lines[0].event;
  o.desk.work(s.command("cancel", event, "wang"), minute(1));
  const auto holds = [&](int m, const std::string& letters) {
    const DeskAnswer a = o.desk.work(s.item(m, letters), minute(m));
    const bool said = words(a).find("hold:muted") != std::string::npos;
    std::size_t kept = 0;
    for (const StoredDecision& d : o.store.decisions("")) kept += d.action == "hold";
    return std::to_string(said) + ":" + std::to_string(kept);
  };
  BOOST_TEST(holds(10, "yy..") == "1:1");
  BOOST_TEST(holds(20, "yy..") == "1:1");
  BOOST_TEST(holds(30, "y...") == "1:1");  // the hold time of the other region is still running
  BOOST_TEST(holds(41, "y...") == "1:2");  // one of them is clear
  BOOST_TEST(holds(50, "y...") == "1:2");
  BOOST_TEST(check_audit(o.store.db()).empty());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_used_is_refused_and_changes_nothing) {
  Station s("desk_unusable");
  Open o(s);
  o.desk.work(s.item(60, "yy.."), minute(60));
  const AuditHead head = o.store.audit_head();
  BOOST_CHECK_THROW(o.desk.work(s.item(30, "oo.."), minute(61)), Error);  // an older cycle
  BOOST_CHECK_THROW(o.desk.work({"1.cycle.json", "{", "root"}, minute(61)), Error);
  Handover strange = s.handover(70, "yy..");
  strange.regions = "not_there";
  BOOST_CHECK_THROW(o.desk.work({"2.cycle.json", to_bytes(strange), "root"}, minute(70)), Error);
  BOOST_TEST(o.store.audit_head().seq == head.seq);
  BOOST_TEST(words(o.desk.work(s.item(70, "yy.."), minute(70))).find("keep:unchanged") == 0U);
}

BOOST_AUTO_TEST_CASE(every_cycle_gives_one_sign_of_life_that_names_what_is_unknown) {
  Station s("desk_heartbeat");
  Notebook watch;
  s.config.channels = {notebook("watch", watch)};
  s.config.channels[0].route.heartbeats = true;
  Open o(s);
  o.desk.work(s.item(0, "..?."), minute(0));
  o.desk.work(s.item(10, "...."), minute(10));
  const auto rows = o.store.outbox().open();
  BOOST_REQUIRE(rows.size() == 1U);  // the newer takes the place of the unsent older
  const auto first = o.store.messages().of_event(kHeartbeatHazard).front().message;
  BOOST_TEST(first.xml.find("<value>r000c002</value>") != std::string::npos);
  BOOST_TEST(first.xml.find("<status>System</status>") != std::string::npos);
  BOOST_TEST(CapChecker({schema_path()}).check(first.xml).empty());
}

BOOST_AUTO_TEST_CASE(two_cycles_of_one_second_give_two_signs_of_life_and_so_do_two_sources) {
  Station s("desk_heartbeat_second");
  Open o(s);
  const auto work = [&](const std::string& config) {
    Handover h = s.handover(0, "y...");
    h.config = config;
    o.desk.work(read_item(s.folder, put_item(s.folder, "cycle", to_bytes(h))), minute(0));
  };
  work("rain"), work("rain"), work("wind"), work("rain");
  std::set<std::string> identifiers;
  for (const StoredMessage& m : o.store.messages().of_event(kHeartbeatHazard)) {
    identifiers.insert(m.message.identifier);
    BOOST_TEST(m.message.identifier.rfind("2.49.0.1.156.0.20190610000000.0.", 0) == 0U, m.message.identifier);
    BOOST_TEST(m.message.identifier.find_first_not_of("0123456789.") == std::string::npos, m.message.identifier);
  }
  BOOST_TEST(identifiers.size() == 4U);
}

BOOST_AUTO_TEST_CASE(quiet_hours_hold_the_lesser_levels_back_to_their_end_over_midnight_too) {
  Route route;
  route.quiet = {22 * 60, 6 * 60};
  OutgoingMessage m;
  m.level = Level::yellow;
  const auto at = [&](const char* t) { return to_iso(first_attempt(route, m, parse_time(t), 480)); };  // local time is 8 h ahead
  BOOST_TEST(at("2024-06-18T13:59:59Z") == "2024-06-18T13:59:59Z");                                    // 21:59:59
  BOOST_TEST(at("2024-06-18T14:00:30Z") == "2024-06-18T22:00:00Z");
  BOOST_TEST(at("2024-06-18T21:59:30Z") == "2024-06-18T22:00:00Z");
  BOOST_TEST(at("2024-06-18T22:00:00Z") == "2024-06-18T22:00:00Z");
  m.level = Level::orange;
  BOOST_TEST(at("2024-06-18T16:00:00Z") == "2024-06-18T16:00:00Z");
}

BOOST_AUTO_TEST_CASE(waits_double_up_to_the_longest_and_differ_between_deliveries) {
  const Pace pace;
  std::set<std::int64_t> waits;
  for (int k = 0; k < 100; ++k) {
    const auto w = retry_wait(pace, 8, "key" + std::to_string(k)).count();
    BOOST_TEST((w >= 128 && w <= 256));
    waits.insert(w);
  }
  BOOST_TEST(waits.size() > 40U);
  BOOST_TEST((retry_wait(pace, 60, "key") <= pace.retry_longest));
  BOOST_TEST((retry_wait(pace, 1, "key") >= Seconds{1}));
}

BOOST_AUTO_TEST_CASE(region_sets_come_back_from_the_archive_as_they_were) {
  const std::string folder = temporary_folder("archive");
  RegionSet set = mesh_regions(110, 30, 110.2, 30.1, 0.1);
  set.regions[0].name = "清源镇";
  set.regions[0].shape[0].holes.push_back(set.regions[0].shape[0].outer);
  RegionArchive archive(folder);
  const std::string name = archive.keep(set);
  BOOST_TEST(archive.keep(set) == name);
  const auto back = RegionArchive(folder).get(name);
  BOOST_TEST(back->hash() == set.hash());
  BOOST_TEST(back->regions[0].name == "清源镇");
  std::filesystem::resize_file(folder + "/" + name + ".regions", 100);
  BOOST_CHECK_THROW(RegionArchive(folder).get(name), Error);
}

BOOST_AUTO_TEST_SUITE_END()
