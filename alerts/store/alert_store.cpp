#include "alerts/store/alert_store.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "alerts/store/row_time.h"
#include "alerts/store/schema.h"
#include "engine/core/error.h"

namespace guyu {
namespace {
using nlohmann::json;

json packed(const Evidence& e) {
  return {{"rule", e.rule},
          {"window_begin", to_iso(e.window.begin)},
          {"window_end", to_iso(e.window.end)},
          {"threshold", e.threshold},
          {"observed", e.observed},
          {"forecast", e.forecast},
          {"coverage", e.coverage},
          {"data_age_s", e.data_age.count()},
          {"already_reached", e.already_reached},
          {"probability", e.probability},
          {"unit", e.unit}};
}

std::string members_json(const Decision& d) {
  json members = json::array();
  for (const AlertMember& m : d.alert.members)
    members.push_back({{"code", m.code},
                       {"level", to_string(m.level)},
                       {"valid_begin", to_iso(m.valid.begin)},
                       {"valid_end", to_iso(m.valid.end)},
                       {"evidence", packed(m.evidence)}});
  return members.dump();
}

Database& migrated(Database& db, Database::Mode mode) {
  if (mode == Database::Mode::write) {
    migrate(db);
  } else if (const int version = store_version(db); version != kStoreVersion) {
    throw Error(db.path(), fmt::format("is of version {}, this program reads {}", version, kStoreVersion),
                "start guyu dispatch once, which brings it up to date");
  }
  return db;
}

StoredEvent event_of(const Statement& s) {
  return {s.text(0),
          s.text(1),
          s.text(2),
          static_cast<Level>(s.integer(3)),
          time_of(s.integer(4)),
          time_of(s.integer(5)),
          time_of(s.integer(6)),
          json::parse(s.text(7)).get<std::vector<std::string>>()};
}

constexpr const char* kDecisions = "SELECT seq, item, event, action, reason, detail, identifier, members, at, level, previous FROM decisions ";

std::vector<StoredDecision> decisions_of(Statement& s) {
  std::vector<StoredDecision> found;
  while (s.step()) {
    found.push_back({s.integer(0), s.text(1), s.text(2), s.text(3), s.text(4), s.text(5), s.text(6), s.text(7), time_of(s.integer(8)),
                     static_cast<Level>(s.integer(9)), static_cast<Level>(s.integer(10))});
  }
  return found;
}

constexpr const char* kEvents = "SELECT event, hazard, state, level, onset, expires, updated, regions FROM alerts ";
}  // namespace

AlertStore::AlertStore(const std::string& path, Database::Mode mode, const char* vfs)
    : db_(path, mode, vfs), audit_(migrated(db_, mode)), messages_(db_, audit_), outbox_(db_, audit_), book_(db_) {}

std::optional<std::string> AlertStore::answer(const std::string& item) {
  Statement s = db_.prepare("SELECT answer FROM items WHERE name = ?");
  s.bind(item);
  if (!s.step()) return {};
  return s.text(0);
}
void AlertStore::finish_item(const std::string& item, const std::string& kind, TimePoint at, const std::string& answer) {
  db_.prepare("INSERT INTO items VALUES(?,?,?,?)").bind(item, kind, seconds_of(at), answer).run();
}

void AlertStore::add_cycle(const std::string& item, TimePoint issue, TimePoint at, const std::string& evidence) {
  db_.prepare("INSERT INTO cycles(item, issue, done_at, evidence) VALUES(?,?,?,?)").bind(item, seconds_of(issue), seconds_of(at), evidence).run();
}
std::optional<StoredCycle> AlertStore::cycle(const std::string& item) {
  Statement s = db_.prepare("SELECT item, evidence, issue, done_at FROM cycles WHERE item = ?");
  s.bind(item);
  if (!s.step()) return {};
  return StoredCycle{s.text(0), s.text(1), time_of(s.integer(2)), time_of(s.integer(3))};
}
std::optional<StoredCycle> AlertStore::newest_cycle() {
  Statement s = db_.prepare("SELECT item, evidence, issue, done_at FROM cycles ORDER BY seq DESC LIMIT 1");
  if (!s.step()) return {};
  return StoredCycle{s.text(0), s.text(1), time_of(s.integer(2)), time_of(s.integer(3))};
}

void AlertStore::set_event(const Alert& a, AlertState state, TimePoint at) {
  json regions = json::array();
  for (const AlertMember& m : a.members) regions.push_back(m.code);
  db_.prepare("INSERT OR REPLACE INTO alerts(event, hazard, state, level, onset, expires, updated, regions) VALUES(?,?,?,?,?,?,?,?)")
      .bind(a.event, a.hazard, state == AlertState::active ? "active" : "ended", static_cast<int>(a.level), seconds_of(a.onset), seconds_of(a.expires),
            seconds_of(at), regions.dump())
      .run();
}

void AlertStore::add_decision(const std::string& item, const Decision& d, TimePoint at, const std::string& actor) {
  const std::string members = members_json(d), action(to_string(d.action));
  db_.prepare("INSERT INTO decisions(item, at, event, action, reason, detail, level, previous, identifier, members) VALUES(?,?,?,?,?,?,?,?,?,?)")
      .bind(item, seconds_of(at), d.alert.event, action, d.reason, d.detail, static_cast<int>(d.alert.level), static_cast<int>(d.previous_level), d.identifier,
            members)
      .run();
  audit_.append(at, actor, "decision",
                decision_digest(db_.last_row(), d.alert.event, action, d.reason, static_cast<int>(d.alert.level), d.identifier, members));
}

std::vector<StoredEvent> AlertStore::events(bool with_ended) {
  std::vector<StoredEvent> found;
  Statement s = db_.prepare(std::string(kEvents) + (with_ended ? "" : "WHERE state = 'active' ") + "ORDER BY level DESC, onset, event");
  while (s.step()) found.push_back(event_of(s));
  return found;
}
std::optional<StoredEvent> AlertStore::event(const std::string& name) {
  Statement s = db_.prepare(std::string(kEvents) + "WHERE event = ?");
  s.bind(name);
  if (!s.step()) return {};
  return event_of(s);
}

std::vector<StoredDecision> AlertStore::decisions(const std::string& event) {
  Statement s = db_.prepare(std::string(kDecisions) + "WHERE event = ? ORDER BY seq");
  s.bind(event);
  return decisions_of(s);
}
std::vector<StoredDecision> AlertStore::last_decisions(const std::string& item, std::size_t most) {
  Statement s = db_.prepare(std::string(kDecisions) + "WHERE item = ? ORDER BY seq DESC LIMIT ?");
  s.bind(item, most);
  std::vector<StoredDecision> found = decisions_of(s);
  std::reverse(found.begin(), found.end());
  return found;
}

bool AlertStore::raise(const std::string& alarm, const std::string& detail, TimePoint at) {
  {
    Statement s = db_.prepare("SELECT 1 FROM alarms WHERE name = ? AND cleared IS NULL");
    s.bind(alarm);
    if (s.step()) return false;
  }
  db_.prepare("INSERT OR REPLACE INTO alarms VALUES(?,?,NULL,?)").bind(alarm, seconds_of(at), detail).run();
  audit_.append(at, "dispatch", "alarm", alarm + ": " + detail);
  return true;
}
bool AlertStore::clear(const std::string& alarm, TimePoint at) {
  db_.prepare("UPDATE alarms SET cleared = ? WHERE name = ? AND cleared IS NULL").bind(seconds_of(at), alarm).run();
  if (db_.changes() == 0) return false;
  audit_.append(at, "dispatch", "alarm over", alarm);
  return true;
}
std::vector<Alarm> AlertStore::alarms() {
  std::vector<Alarm> found;
  Statement s = db_.prepare("SELECT name, detail, since FROM alarms WHERE cleared IS NULL ORDER BY since, name");
  while (s.step()) found.push_back({s.text(0), s.text(1), time_of(s.integer(2))});
  return found;
}

std::int64_t AlertStore::forget(TimePoint before, TimePoint now, std::int64_t most_messages) {
  constexpr Seconds kAnswersKept = std::chrono::hours(24 * 30);  // nobody hands the same item in again after that
  const std::int64_t limit = seconds_of(before);
  db_.execute("CREATE TEMP TABLE IF NOT EXISTS gone(seq INTEGER PRIMARY KEY); DELETE FROM temp.gone;");
  db_.prepare(
         "INSERT INTO temp.gone SELECT m.seq FROM messages m LEFT JOIN alerts a ON a.event = m.event WHERE m.expires < ? AND coalesce(a.state, 'ended') = "
         "'ended' "
         "AND m.state != 'proposed' AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message = m.seq AND (o.state IN ('queued', 'accepted') OR o.changed_at >= "
         "?)) LIMIT ?")
      .bind(limit, limit, most_messages)
      .run();
  db_.execute(
      "DELETE FROM receipts WHERE key IN (SELECT o.key FROM outbox o JOIN temp.gone g ON g.seq = o.message);"
      "DELETE FROM outbox WHERE message IN (SELECT seq FROM temp.gone);"
      "DELETE FROM messages WHERE seq IN (SELECT seq FROM temp.gone);");
  const std::int64_t messages = db_.changes();
  const auto of_no_message = [](const char* table) { return fmt::format("NOT EXISTS (SELECT 1 FROM messages m WHERE m.event = {}.event)", table); };
  db_.prepare("DELETE FROM decisions WHERE at < ? AND NOT EXISTS (SELECT 1 FROM alerts a WHERE a.event = decisions.event AND a.state = 'active') AND " +
              of_no_message("decisions"))
      .bind(limit)
      .run();
  db_.prepare("DELETE FROM alerts WHERE state = 'ended' AND updated < ? AND " + of_no_message("alerts")).bind(limit).run();
  db_.prepare("DELETE FROM cycles WHERE done_at < ? AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.item = cycles.item)").bind(limit).run();
  db_.prepare("DELETE FROM items WHERE done_at < ? AND name NOT IN (SELECT item FROM cycles ORDER BY seq DESC LIMIT 1)")
      .bind(std::max(limit, seconds_of(now - kAnswersKept)))
      .run();
  audit_.append(now, "dispatch", "forget", to_iso(before));
  return messages;
}

void backup_store(const std::string& path, const std::string& copy) {
  Database from(path, Database::Mode::read);
  store_version(from);
  {
    Database to(copy, Database::Mode::write);
    sqlite3_backup* backup = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
    if (!backup) throw Error(copy, sqlite3_errmsg(to.handle()));
    const int code = sqlite3_backup_step(backup, -1);
    sqlite3_backup_finish(backup);
    if (code != SQLITE_DONE) throw Error(copy, std::string("the copy failed: ") + sqlite3_errstr(code));
    to.execute("PRAGMA journal_mode=DELETE");  // one file that can be carried away
  }
  Database check(copy, Database::Mode::read);
  Statement s = check.prepare("PRAGMA integrity_check");
  s.step();
  if (s.text(0) != "ok") throw Error(copy, "the copy is damaged: " + s.text(0), "copy again to another disk");
}

}  // namespace guyu
