#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <random>

#include "alerts/store/alert_store.h"
#include "tests/alerts/store/power_cut_case.h"
#include "tests/support/test_data.h"

using namespace guyu;

namespace {
const TimePoint kStart = parse_time("2019-06-10T00:00:00Z");

OutgoingMessage message(const std::string& id) {
  OutgoingMessage m;
  m.identifier = id;
  m.event = "event " + id;
  m.hazard = "rainstorm";
  m.msg_type = "Alert";
  m.level = Level::yellow;
  m.sent = kStart;
  m.expires = kStart + std::chrono::hours(1);
  m.xml = std::string(3000, id.back());
  return m;
}

struct Found {
  int lost = 0, half = 0, broken = 0;
};

// Writes item after item until power fails, comes back, and counts what is missing of what was committed. `pragma`: of the writer.
Found trial(const std::string& name, int cuts, std::uint32_t seed, const std::string& pragma) {
  const std::string path = test::temporary_folder(name) + "/store.db";
  test::PowerCutVfs power(seed);
  std::mt19937 random(seed);
  Found found;
  int committed = 0, begun = 0;
  for (int cut = 0; cut < cuts; ++cut) {
    power.cut_after(1 + static_cast<int>(random() % 300));
    try {
      AlertStore store(path, Database::Mode::write, power.name());
      if (!pragma.empty()) store.db().execute(pragma);
      while (!power.dead()) {
        const std::string id = std::to_string(begun + 1);
        ++begun;
        Transaction t(store.db());
        const std::int64_t seq = store.messages().add(message(id), MessageState::approved, "run", kStart);
        store.outbox().add(delivery_key(id, 0, "mqtt", ""), seq, "event " + id, "mqtt", "", kStart, kStart);
        store.finish_item("item " + id, "cycle", kStart, "answer " + id);
        t.commit();
        committed = begun;
      }
    } catch (const StoreError&) {
      BOOST_TEST(power.dead());
    }
    const double chances[] = {0, 0.5, 0.95};
    power.restore(chances[random() % 3]);
    std::filesystem::remove(path + "-shm");  // memory only
    if (!std::filesystem::exists(path)) continue;
    AlertStore store(path, Database::Mode::write);
    Statement check = store.db().prepare("PRAGMA integrity_check");
    check.step();
    if (check.text(0) != "ok" || !check_audit(store.db()).empty()) ++found.broken;
    // From the newest back to where all is there; what was in hand may be there or not, but whole.
    for (int k = begun; k > std::max(0, begun - 400); --k) {
      const std::string id = std::to_string(k);
      const bool item = store.answer("item " + id).has_value(), sent = store.messages().newest(id).has_value(),
                 row = store.outbox().find(delivery_key(id, 0, "mqtt", "")).has_value();
      if (item != sent || sent != row) ++found.half;
      if (k <= committed && !item) ++found.lost;
    }
    // Counted once.
    Statement last = store.db().prepare("SELECT coalesce(max(CAST(substr(name, 6) AS INTEGER)), 0) FROM items");
    last.step();
    begun = committed = static_cast<int>(last.integer(0));
  }
  return found;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(power_cut)

BOOST_AUTO_TEST_CASE(what_was_committed_outlives_a_power_cut_at_any_write) {
  const Found found = trial("power_cut", 400, 20261125, "");
  BOOST_TEST(found.lost == 0);
  BOOST_TEST(found.half == 0);
  BOOST_TEST(found.broken == 0);
}

BOOST_AUTO_TEST_CASE(the_trial_notices_a_writer_that_does_not_sync) {
  BOOST_TEST(trial("power_cut_careless", 100, 7, "PRAGMA synchronous=NORMAL").lost > 0);
  const Found worse = trial("power_cut_reckless", 100, 7, "PRAGMA synchronous=OFF");
  BOOST_TEST(worse.lost + worse.half + worse.broken > 0);
}

BOOST_AUTO_TEST_SUITE_END()
