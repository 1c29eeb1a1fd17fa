#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "alerts/dispatch/dispatcher.h"
#include "alerts/dispatch/region_archive.h"
#include "tests/alerts/cap/messages.h"
#include "tests/alerts/lifecycle/timeline.h"
#include "tests/cli/guyu_run.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::test;
using nlohmann::json;
namespace fs = std::filesystem;

// `guyu alerts` as people use it: on a store that the real writer filled, with a station whose only channel is a folder.
namespace {
TimePoint this_second() { return std::chrono::floor<Seconds>(std::chrono::system_clock::now()); }

struct Bureau {
  explicit Bureau(const std::string& name, const std::string& more = "") : top(temporary_folder("cli_alerts_" + name)), folder{top + "/out/alerts"} {
    folder.make();
    write_file_atomically(station(), more + "[[spool]]\nname = \"box\"\nfolder = \"sent\"\naccept = [\"actual\"]\n");
  }
  std::string station() const { return top + "/station.toml"; }

  // One cycle, decided and delivered.
  void cycle(const std::string& letters) {
    Handover h;
    h.author = "guyu run";
    h.config = "county.toml";
    h.config_hash = "0123456789abcdef";
    h.risk = Timeline::table(letters, this_second());
    for (RiskRow& row : h.risk.rows) row.evidence.unit = unit;
    if (edit) edit(h.risk);
    h.risk.trails.push_back(
        {"r000c001", "rainstorm", {{"rainstorm.yellow.6h", Level::yellow, Answer::yes, "", h.risk.rows[0].valid, 50, 20, 40, 1, 1, 0, 10}}});
    // Another hazard, whose name this one's begins with.
    h.risk.trails.push_back({"r000c001", "rain", {{"rain.blue.1h", Level::blue, Answer::no, "", h.risk.rows[0].valid, 90, 20, 40, 1, 0, 0, 30}}});
    h.regions = RegionArchive(folder.regions()).keep(mesh_regions(110, 30, 110.4, 30.1, 0.1));
    h.interval = Seconds{600};
    h.inputs.push_back({"radar/0800.h5", "observation", std::string(64, 'a'), "", this_second(), Seconds{120}});
    h.settings.cap = cap_settings();
    h.settings.cap.status = RunStatus::actual;
    put_item(folder, "cycle", to_bytes(h));
    Dispatcher writer(folder, load_station(station(), top + "/out"), *FileLock::try_take(folder.lock()), this_second, [](const std::string&, const auto&) {});
    writer.drain(std::chrono::seconds(5));
  }
  Said alerts(const std::string& verb, std::vector<std::string> words = {}) const {
    words.insert(words.begin(), {"alerts", verb, "--alerts", folder.root});
    return guyu_said(words);
  }
  Said decide(const std::string& verb, std::vector<std::string> words) const {
    words.insert(words.end(), {"--station", station()});
    return alerts(verb, std::move(words));
  }
  json listed(std::vector<std::string> words = {}) const {
    words.push_back("--json");
    return json::parse(alerts("list", std::move(words)).out);
  }
  AlertStore store() const { return AlertStore(folder.store(), Database::Mode::read); }
  std::string event() const { return store().events(true).at(0).event; }
  std::vector<StoredMessage> messages() const { return store().messages().of_event(event()); }
  std::string sent(const std::string& identifier) const { return top + "/out/sent/" + identifier + ".xml"; }

  std::string top, unit = "mm";
  std::function<void(RiskTable&)> edit;  // of what is handed over
  AlertFolder folder;
};

constexpr const char* kReview = "[approval]\nmode = \"review\"\n";
bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
}  // namespace

BOOST_AUTO_TEST_SUITE(alerts_verb)

BOOST_AUTO_TEST_CASE(list_tells_what_stands_what_was_delivered_and_with_all_what_has_ended) {
  Bureau b("list");
  BOOST_TEST(b.alerts("list").code == 2);  // no store yet
  b.cycle("....");
  BOOST_TEST(holds(b.alerts("list").out, "no alerts"));
  b.cycle("yy.o");
  const Said said = b.alerts("list");
  BOOST_TEST(said.code == 0);
  BOOST_TEST(said.out.find("Orange") < said.out.find("Yellow"));  // the severest first
  BOOST_TEST(holds(said.out, "2 region(s): r000c000 r000c001"), said.out);
  json j = b.listed();
  BOOST_REQUIRE(j["events"].size() == 2U);
  BOOST_TEST(j["events"][0]["level"] == "Orange");
  BOOST_TEST(j["events"][1]["regions"] == json({"r000c000", "r000c001"}));
  BOOST_TEST(j["proposals"].empty());
  BOOST_REQUIRE(j["deliveries"].size() == 1U);
  BOOST_TEST(j["deliveries"][0]["state"] == "delivered");
  BOOST_TEST(j["deliveries"][0]["rows"] == 2);
  BOOST_TEST(b.decide("cancel", {j["events"][0]["event"]}).code == 0);
  BOOST_TEST(b.listed()["events"].size() == 1U);
  j = b.listed({"--all"});
  BOOST_REQUIRE(j["events"].size() == 2U);
  BOOST_TEST(j["events"][0]["state"] == "ended");
}

BOOST_AUTO_TEST_CASE(show_tells_an_event_by_its_own_name_and_by_that_of_a_message) {
  Bureau b("show");
  b.cycle("yy..");
  b.cycle("oo..");
  const std::string event = b.event(), second = b.messages().at(1).message.identifier;
  const json j = json::parse(b.alerts("show", {event, "--json"}).out);
  BOOST_TEST(j["level"] == "Orange");
  BOOST_REQUIRE(j["decisions"].size() == 2U);
  BOOST_TEST(j["decisions"][0]["reason"] == "onset");
  BOOST_TEST(j["decisions"][1]["reason"] == "escalation");
  BOOST_REQUIRE(j["messages"].size() == 2U);
  BOOST_TEST(j["messages"][1]["type"] == "Update");
  BOOST_TEST(j["messages"][1]["deliveries"][0]["state"] == "delivered");
  BOOST_TEST(b.alerts("show", {second, "--json"}).out == b.alerts("show", {event, "--json"}).out);
  BOOST_TEST(holds(b.alerts("show", {event}).out, second));
  BOOST_TEST(b.alerts("show", {"nothing"}).code == 2);
}

BOOST_AUTO_TEST_CASE(why_tells_the_amounts_rules_and_inputs_of_one_region) {
  Bureau b("why");
  b.cycle("yy..");
  const std::string event = b.event();
  const json j = json::parse(b.alerts("why", {event, "--region", "r000c001", "--json"}).out);
  BOOST_TEST(j["region"] == "r000c001");
  BOOST_TEST(j["decided"]["reason"] == "onset");
  BOOST_TEST(j["evidence"]["observed"] == 20);
  BOOST_TEST(j["evidence"]["forecast"] == 40);
  BOOST_TEST(j["evidence"]["threshold"] == 50);
  BOOST_REQUIRE(j["rules"].size() == 1U);
  BOOST_TEST(j["rules"][0]["margin"] == 10);
  BOOST_REQUIRE(j["inputs"].size() == 1U);
  BOOST_TEST(j["inputs"][0]["sha256"] == std::string(64, 'a'));
  const std::string text = b.alerts("why", {event, "--region", "r000c001"}).out;
  for (const char* part : {"observed 20.0 + still expected 40.0 against 50.0 mm", "10.0 mm less would have been a no", "radar/0800.h5", "2 min old"})
    BOOST_TEST(holds(text, part), text);
  BOOST_TEST(b.alerts("why", {event, "--region", "r000c003"}).code == 2);  // not warned of
  BOOST_TEST(j["evidence"]["unit"] == "mm");
  // By the name of a message: its own decision, whatever was decided since.
  b.cycle("oo..");
  const std::string first = b.messages().at(0).message.identifier;
  BOOST_TEST(json::parse(b.alerts("why", {first, "--json"}).out)["decided"]["reason"] == "onset");
  BOOST_TEST(json::parse(b.alerts("why", {event, "--json"}).out)["decided"]["reason"] == "escalation");
}

BOOST_AUTO_TEST_CASE(why_names_the_unit_of_hazards_that_are_no_rain) {
  Bureau b("why_unit");
  b.unit = "m s-1";
  b.cycle("yy..");
  const std::string text = b.alerts("why", {b.event()}).out;
  BOOST_TEST(holds(text, "observed 20.0 + still expected 40.0 against 50.0 m s-1\n"), text);
}

BOOST_AUTO_TEST_CASE(why_takes_the_region_that_is_surest_of_the_highest_level_also_where_less_is_worse) {
  Bureau b("why_cold");
  b.unit = "degC";
  b.edit = [](RiskTable& risk) {  // frost: the first is far below its threshold in few futures, the second in nearly all
    risk.rows[0].evidence.threshold = risk.rows[1].evidence.threshold = 4;
    risk.rows[0].evidence.observed = 3, risk.rows[0].evidence.forecast = 0, risk.rows[0].evidence.probability = 0.6;
    risk.rows[1].evidence.observed = -2, risk.rows[1].evidence.forecast = 0, risk.rows[1].evidence.probability = 0.95;
  };
  b.cycle("yy..");
  BOOST_TEST(json::parse(b.alerts("why", {b.event(), "--json"}).out)["region"] == "r000c001");
}

BOOST_AUTO_TEST_CASE(a_proposal_goes_out_when_somebody_else_approves_it_and_not_before) {
  Bureau b("approve", kReview);
  b.cycle("yy..");
  const std::string id = b.messages().at(0).message.identifier;
  BOOST_TEST(b.listed()["proposals"].size() == 1U);
  BOOST_TEST(holds(b.alerts("list").out, "waiting for approval"));
  BOOST_TEST(!fs::exists(b.sent(id)));
  const Said edited = b.decide("edit", {id, "--as", "li", "--language", "en-US", "--headline", "Leave the valley now"});
  BOOST_TEST(edited.code == 0);
  BOOST_TEST(holds(edited.out, "revision 1"), edited.out);
  BOOST_TEST(b.decide("approve", {id, "--as", "li"}).code == 2);  // who wrote it
  BOOST_TEST(!fs::exists(b.sent(id)));
  const Said approved = b.decide("approve", {id, "--as", "wang", "--why", "seen on two radars"});
  BOOST_TEST(holds(approved.out, "approved by wang"), approved.out);
  BOOST_REQUIRE(fs::exists(b.sent(id)));
  BOOST_TEST(holds(read_text_file(b.sent(id)), "Leave the valley now"));
  BOOST_TEST(b.decide("approve", {id, "--as", "wang"}).code == 2);  // it is approved
  BOOST_TEST(b.decide("approve", {"2.49.0.1.156.0.1.1"}).code == 2);
  BOOST_TEST(b.alerts("audit").code == 0);
}

BOOST_AUTO_TEST_CASE(only_those_whom_the_station_names_may_approve) {
  Bureau b("approvers", std::string(kReview) + "approvers = [\"chief\"]\n");
  b.cycle("yy..");
  const std::string id = b.messages().at(0).message.identifier;
  BOOST_TEST(b.decide("approve", {id, "--as", "wang"}).code == 2);
  BOOST_TEST(b.decide("approve", {id, "--as", "chief"}).code == 0);
}

BOOST_AUTO_TEST_CASE(a_rejected_event_is_quiet_until_it_rises) {
  Bureau b("reject", kReview);
  b.cycle("yy..");
  const std::string id = b.messages().at(0).message.identifier;
  const Said said = b.decide("reject", {id, "--as", "wang", "--why", "radar clutter"});
  BOOST_TEST(said.code == 0);
  BOOST_TEST(b.listed()["events"].empty());
  BOOST_TEST(b.decide("reject", {id, "--as", "wang"}).code == 2);
  b.cycle("yy..");
  BOOST_TEST(b.listed()["proposals"].empty());
  b.cycle("ry..");
  BOOST_TEST(b.listed()["proposals"].size() == 1U);
  BOOST_TEST(!fs::exists(b.top + "/out/sent/" + id + ".xml"));
  BOOST_TEST(holds(b.alerts("show", {id}).out, "radar clutter"));
}

BOOST_AUTO_TEST_CASE(a_cancelled_event_is_ended_for_its_receivers_and_only_once) {
  Bureau b("cancel");
  b.cycle("yy..");
  const std::string event = b.event();
  const Said said = b.decide("cancel", {event, "--as", "wang", "--why", "the gauge was broken"});
  BOOST_TEST(said.code == 0);
  BOOST_TEST(holds(said.out, "Cancel"), said.out);
  const auto messages = b.messages();
  BOOST_REQUIRE(messages.size() == 2U);
  BOOST_REQUIRE(fs::exists(b.sent(messages[1].message.identifier)));
  BOOST_TEST(holds(read_text_file(b.sent(messages[1].message.identifier)), messages[0].message.identifier));  // it says what it ends
  BOOST_TEST(b.decide("cancel", {event}).code == 2);
  BOOST_TEST(b.decide("cancel", {"nothing"}).code == 2);
  b.cycle("yy..");
  BOOST_TEST(b.listed()["events"].empty());  // quiet at this level
  BOOST_TEST(b.alerts("audit").code == 0);
}

BOOST_AUTO_TEST_CASE(other_words_for_what_is_out_are_an_update) {
  Bureau b("edit");
  b.cycle("yy..");
  const std::string event = b.event();
  BOOST_TEST(b.decide("edit", {event, "--language", "en-US"}).code == 2);  // nothing is changed
  BOOST_TEST(b.decide("edit", {event, "--headline", "x"}).code == 2);      // whose words?
  BOOST_TEST(b.messages().size() == 1U);
  const Said said = b.decide("edit", {event, "--language", "en-US", "--headline", "The dam holds", "--instruction", "Stay at home"});
  BOOST_TEST(said.code == 0);
  const auto messages = b.messages();
  BOOST_REQUIRE(messages.size() == 2U);
  BOOST_TEST(messages[1].message.msg_type == "Update");
  const std::string xml = read_text_file(b.sent(messages[1].message.identifier));
  BOOST_TEST(holds(xml, "The dam holds"));
  BOOST_TEST(holds(xml, "Stay at home"));
  BOOST_TEST(holds(said.out, "The dam holds"), said.out);
}

BOOST_AUTO_TEST_CASE(a_message_is_delivered_again_under_its_key) {
  Bureau b("resend");
  b.cycle("yy..");
  const std::string id = b.messages().at(0).message.identifier;
  fs::remove(b.sent(id));
  BOOST_TEST(b.decide("resend", {id, "--channel", "nowhere"}).code == 2);
  const Said said = b.decide("resend", {id, "--channel", "box"});
  BOOST_TEST(said.code == 0);
  BOOST_TEST(holds(said.out, "1 deliveries are sent again"), said.out);
  BOOST_TEST(fs::exists(b.sent(id)));
  const json j = json::parse(b.alerts("show", {id, "--json"}).out);
  BOOST_REQUIRE(j["messages"][0]["deliveries"].size() == 1U);
  BOOST_TEST(j["messages"][0]["deliveries"][0]["attempts"] == 2);
}

BOOST_AUTO_TEST_CASE(a_dead_letter_is_listed_until_it_is_dismissed) {
  Bureau b("dismiss");
  b.cycle("yy..");
  const std::string id = b.messages().at(0).message.identifier;
  BOOST_TEST(b.decide("dismiss", {id}).code == 2);  // it was delivered
  {
    AlertStore store(b.folder.store(), Database::Mode::write);
    Transaction t(store.db());
    store.outbox().bury(store.outbox().of_message(1).at(0).seq, OutboxState::refused, this_second(), "the box is full");
    t.commit();
  }
  BOOST_TEST(b.listed()["dead_letters"][0]["detail"] == "the box is full");
  BOOST_TEST(holds(b.alerts("list").out, "the box is full"));
  const Said said = b.decide("dismiss", {id, "--why", "told by telephone"});
  BOOST_TEST(said.code == 0);
  BOOST_TEST(holds(said.out, "1 dead letter(s) dismissed"), said.out);
  BOOST_TEST(b.listed()["dead_letters"].empty());
  BOOST_TEST(b.alerts("audit").code == 0);
}

BOOST_AUTO_TEST_CASE(every_message_is_exported_byte_for_byte) {
  Bureau b("export");
  b.cycle("yy.o");
  b.cycle("oo.o");
  BOOST_TEST(b.alerts("export", {b.top + "/all"}).code == 0);
  AlertStore store = b.store();
  std::size_t messages = 0;
  for (const StoredEvent& e : store.events(true)) {
    for (const StoredMessage& m : store.messages().of_event(e.event)) {
      BOOST_TEST(read_text_file(b.top + "/all/" + m.message.identifier + ".xml") == m.message.xml);
      ++messages;
    }
  }
  BOOST_TEST(messages == 3U);
  BOOST_TEST(json::parse(read_text_file(b.top + "/all/alerts.json")).size() == 2U);
  BOOST_TEST(b.alerts("export", {b.top + "/one", "--event", b.event()}).code == 0);
  BOOST_TEST(json::parse(read_text_file(b.top + "/one/alerts.json")).size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_audit_finds_what_was_altered_and_what_was_cut_off) {
  Bureau b("audit");
  b.cycle("yy..");
  Said said = b.alerts("audit");
  BOOST_TEST(said.code == 0);
  BOOST_TEST(holds(said.out, "intact"), said.out);
  b.cycle("oo..");
  const std::string heartbeat = b.folder.root + "/heartbeat.xml";  // of the newest cycle; its head is older than what the cycle wrote
  BOOST_TEST(b.alerts("audit", {"--heartbeat", heartbeat}).code == 0);
  BOOST_TEST(b.alerts("audit", {"--heartbeat", b.station()}).code == 2);
  {
    Database db(b.folder.store(), Database::Mode::write);
    db.execute("SAVEPOINT whole; UPDATE messages SET xml = x'3C' WHERE seq = 1; RELEASE whole");
  }
  said = b.alerts("audit");
  BOOST_TEST(said.code == 1);
  BOOST_TEST(holds(said.out, "the bytes of message"), said.out);
  {
    Database db(b.folder.store(), Database::Mode::write);
    db.execute("DELETE FROM audit; DELETE FROM receipts; DELETE FROM outbox; DELETE FROM messages; DELETE FROM decisions");
  }
  BOOST_TEST(b.alerts("audit").code == 0);  // an empty chain is whole by itself
  said = b.alerts("audit", {"--heartbeat", heartbeat});
  BOOST_TEST(said.code == 1);
  BOOST_TEST(holds(said.out, "was published as the head and is gone"), said.out);
}

BOOST_AUTO_TEST_CASE(a_copy_that_is_put_back_is_what_was_copied_and_a_damaged_one_is_refused) {
  Bureau b("backup");
  b.cycle("yy..");
  BOOST_TEST(b.alerts("backup", {b.top + "/copy.db"}).code == 0);
  const std::string before = b.alerts("list", {"--json"}).out;
  b.cycle("rr..");
  BOOST_TEST(b.alerts("list", {"--json"}).out != before);
  {
    const auto busy = FileLock::try_take(b.folder.lock());
    BOOST_TEST(b.alerts("restore", {b.top + "/copy.db"}).code == 2);  // a writer is there
  }
  BOOST_TEST(b.alerts("restore", {b.top + "/copy.db"}).code == 0);
  BOOST_TEST(b.alerts("list", {"--json"}).out == before);
  BOOST_TEST(fs::exists(b.folder.store() + ".before-restore"));
  {
    Database db(b.top + "/copy.db", Database::Mode::write);
    db.execute("UPDATE audit SET detail = 'x' WHERE seq = 1");
  }
  BOOST_TEST(b.alerts("restore", {b.top + "/copy.db"}).code == 2);
  BOOST_TEST(b.alerts("list", {"--json"}).out == before);
  b.cycle("rr..");  // and goes on
  BOOST_TEST(b.listed()["events"][0]["level"] == "Red");
}

BOOST_AUTO_TEST_SUITE_END()
