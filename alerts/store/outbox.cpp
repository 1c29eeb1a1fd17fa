#include "alerts/store/outbox.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>

#include "alerts/store/row_time.h"
#include "engine/core/error.h"

namespace guyu {
namespace {
constexpr std::array<std::string_view, 6> kOutboxStates{"queued", "accepted", "delivered", "refused", "expired", "superseded"};
constexpr const char* kOutboxColumns =
    "SELECT o.seq, o.key, o.message, o.event, o.channel, o.target, o.state, o.attempts, o.queued_at, o.next_attempt, o.changed_at, o.detail, m.level, "
    "m.msg_type, m.hazard, m.sent, m.expires, o.dead_since FROM outbox o JOIN messages m ON m.seq = o.message ";

OutboxRow outbox_row(const Statement& s) {
  OutboxRow r;
  r.seq = s.integer(0);
  r.key = s.text(1);
  r.message = s.integer(2);
  r.event = s.text(3);
  r.channel = s.text(4);
  r.target = s.text(5);
  r.state = outbox_state(s.text(6));
  r.attempts = static_cast<int>(s.integer(7));
  r.queued_at = time_of(s.integer(8));
  r.next_attempt = time_of(s.integer(9));
  r.changed_at = time_of(s.integer(10));
  r.detail = s.text(11);
  r.level = static_cast<Level>(s.integer(12));
  r.msg_type = s.text(13);
  r.hazard = s.text(14);
  r.sent = time_of(s.integer(15));
  r.expires = time_of(s.integer(16));
  if (!s.null(17)) r.dead_since = time_of(s.integer(17));
  return r;
}

std::vector<OutboxRow> all_of(Statement& s) {
  std::vector<OutboxRow> rows;
  while (s.step()) rows.push_back(outbox_row(s));
  return rows;
}
}  // namespace

std::string_view to_string(OutboxState state) { return kOutboxStates[static_cast<std::size_t>(state)]; }
OutboxState outbox_state(std::string_view name) {
  for (std::size_t i = 0; i < kOutboxStates.size(); ++i)
    if (kOutboxStates[i] == name) return static_cast<OutboxState>(i);
  throw Error("", "unknown state of a delivery '" + std::string(name) + "'");
}

std::string delivery_key(const std::string& identifier, int revision, const std::string& channel, const std::string& target) {
  return fmt::format("{}|{}|{}|{}", identifier, revision, channel, target);
}

constexpr const char* kRepeat = "|repeat-";
bool is_repeat(const std::string& key) { return key.find(kRepeat) != std::string::npos; }
int repeat_number(const std::string& key) { return is_repeat(key) ? std::atoi(key.c_str() + key.find(kRepeat) + std::string_view(kRepeat).size()) : 0; }
std::string repeat_key(const std::string& key, int n) { return key.substr(0, key.find(kRepeat)) + kRepeat + std::to_string(n); }

std::optional<std::int64_t> Outbox::add(const std::string& key, std::int64_t message, const std::string& event, const std::string& channel,
                                        const std::string& target, TimePoint now, TimePoint first_attempt) {
  db_.prepare("INSERT OR IGNORE INTO outbox(key, message, event, channel, target, state, queued_at, next_attempt, changed_at) VALUES(?,?,?,?,?,'queued',?,?,?)")
      .bind(key, message, event, channel, target, seconds_of(now), seconds_of(first_attempt), seconds_of(now))
      .run();
  if (db_.changes() == 0) return {};
  return db_.last_row();
}

void Outbox::begin_attempt(std::int64_t seq, TimePoint now) {
  db_.prepare("UPDATE outbox SET attempts = attempts + 1, changed_at = ? WHERE seq = ?").bind(seconds_of(now), seq).run();
}

void Outbox::set(std::int64_t seq, OutboxState state, TimePoint now, TimePoint next_attempt, const std::string& detail) {
  const bool made = state == OutboxState::delivered || state == OutboxState::superseded;
  db_.prepare("UPDATE outbox SET state = ?, changed_at = ?, next_attempt = ?, detail = ?, dead_since = iif(?, NULL, dead_since) WHERE seq = ?")
      .bind(to_string(state), seconds_of(now), seconds_of(next_attempt), detail, made ? 1 : 0, seq)
      .run();
}

void Outbox::bury(std::int64_t seq, OutboxState state, TimePoint now, const std::string& detail) {
  set(seq, state, now, now, detail);
  db_.prepare("UPDATE outbox SET dead_since = ? WHERE seq = ?").bind(seconds_of(now), seq).run();
}

void Outbox::dismiss(std::int64_t seq) { db_.prepare("UPDATE outbox SET dead_since = NULL WHERE seq = ?").bind(seq).run(); }

std::optional<std::int64_t> Outbox::receive(const std::string& key, TimePoint at, const std::string& from, bool taken, const std::string& detail,
                                            TimePoint now) {
  std::int64_t seq = 0;
  {
    Statement row = db_.prepare("SELECT seq, state FROM outbox WHERE key = ?");
    row.bind(key);
    if (!row.step()) return {};
    seq = row.integer(0);
    // A receiver that refused may take a later attempt; one that took stays.
    if (outbox_state(row.text(1)) == OutboxState::delivered) return {};
  }
  db_.prepare("INSERT INTO receipts(key, at, sender, taken, detail, came_at) VALUES(?,?,?,?,?,?)")
      .bind(key, seconds_of(at), from, taken ? 1 : 0, detail, seconds_of(now))
      .run();
  audit_.append(now, "receipts", "receipt", fmt::format("{} {} {} {} {}", db_.last_row(), key, seconds_of(at), from, taken ? 1 : 0));
  if (taken) set(seq, OutboxState::delivered, now, now, "receipt from " + from);
  else bury(seq, OutboxState::refused, now, from + " refused it: " + detail);
  return seq;
}

std::vector<OutboxRow> Outbox::open() {
  Statement s = db_.prepare(std::string(kOutboxColumns) + "WHERE o.state IN ('queued', 'accepted') ORDER BY o.seq");
  return all_of(s);
}

std::vector<OutboxRow> Outbox::of_message(std::int64_t message) {
  Statement s = db_.prepare(std::string(kOutboxColumns) + "WHERE o.message = ? ORDER BY o.seq");
  s.bind(message);
  return all_of(s);
}

std::vector<OutboxRow> Outbox::of_lane(const std::string& event, const std::string& channel, const std::string& target) {
  Statement s = db_.prepare(std::string(kOutboxColumns) + "WHERE o.event = ? AND o.channel = ? AND o.target = ? ORDER BY o.seq");
  s.bind(event, channel, target);
  return all_of(s);
}

std::vector<OutboxRow> Outbox::open_in_lane(const std::string& event, const std::string& channel, const std::string& target) {
  Statement s =
      db_.prepare(std::string(kOutboxColumns) + "WHERE o.event = ? AND o.channel = ? AND o.target = ? AND o.state IN ('queued', 'accepted') ORDER BY o.seq");
  s.bind(event, channel, target);
  return all_of(s);
}

std::optional<OutboxRow> Outbox::at(std::int64_t seq) {
  Statement s = db_.prepare(std::string(kOutboxColumns) + "WHERE o.seq = ?");
  s.bind(seq);
  if (!s.step()) return {};
  return outbox_row(s);
}

std::optional<OutboxRow> Outbox::find(const std::string& key) {
  Statement s = db_.prepare(std::string(kOutboxColumns) + "WHERE o.key = ?");
  s.bind(key);
  if (!s.step()) return {};
  return outbox_row(s);
}

std::vector<OutboxRow> Outbox::dead() {
  Statement s = db_.prepare(std::string(kOutboxColumns) + "WHERE o.dead_since IS NOT NULL ORDER BY o.dead_since, o.seq");
  return all_of(s);
}

std::optional<OutboxRow> Outbox::newest_dead(const std::string& channel) {
  Statement s = db_.prepare(std::string(kOutboxColumns) + "WHERE o.channel = ? AND o.dead_since IS NOT NULL ORDER BY o.dead_since DESC, o.seq DESC LIMIT 1");
  s.bind(channel);
  if (!s.step()) return {};
  return outbox_row(s);
}

std::vector<OutboxCount> Outbox::counts() {
  std::vector<OutboxCount> counts;
  Statement s = db_.prepare("SELECT channel, state, count(*) FROM outbox GROUP BY channel, state ORDER BY channel, state");
  while (s.step()) counts.push_back({s.text(0), outbox_state(s.text(1)), s.integer(2)});
  return counts;
}

}  // namespace guyu
