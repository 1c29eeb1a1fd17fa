#include "alerts/receive/received_store.h"

#include <algorithm>

#include "alerts/cap/cap_reader.h"
#include "alerts/cap/heartbeat.h"
#include "alerts/cap/signature.h"
#include "alerts/store/row_time.h"

namespace guyu {
namespace {
// An exercise's heartbeat must not stand for a run that has failed, so it is held to the status of its run.
std::string run_status(const CapMessage& m) {
  if (m.status != "System" || m.infos.empty()) return m.status;
  for (const CapPair& p : m.infos[0].parameters)
    if (p.name == "run_status") return p.value;
  return m.status;
}
}  // namespace

ReceivedStore::ReceivedStore(const std::string& path, ReceiverRules rules) : db_(path, Database::Mode::write), rules_(std::move(rules)) {
  db_.execute(
      "CREATE TABLE IF NOT EXISTS keys(key TEXT PRIMARY KEY, identifier TEXT NOT NULL, first INTEGER NOT NULL, times INTEGER NOT NULL) WITHOUT ROWID;"
      "CREATE TABLE IF NOT EXISTS messages(seq INTEGER PRIMARY KEY, identifier TEXT NOT NULL UNIQUE, came INTEGER NOT NULL, heartbeat INTEGER NOT NULL, xml "
      "BLOB NOT NULL);");
}

ArrivalVerdict ReceivedStore::judge(const Arrival& a, TimePoint now) const {
  ArrivalVerdict v;
  v.key = a.key;
  const CapReading read = read_cap(a.xml);
  if (!read.unreadable.empty()) {
    v.taken = false;
    v.detail = read.unreadable.front().rule + ": " + read.unreadable.front().detail;
    return v;
  }
  v.identifier = read.message.identifier;
  v.heartbeat = read_heartbeat(read.message).has_value();
  if (v.key.empty()) v.key = v.identifier;
  const std::string status = run_status(read.message);
  if (std::find(rules_.statuses.begin(), rules_.statuses.end(), status) == rules_.statuses.end()) {
    v.taken = false;
    v.detail = "status " + status + " is not accepted here";
  } else if (!rules_.ca_pem.empty()) {
    const SignatureVerdict signature = verify_signature(a.xml, {rules_.ca_pem, now});
    v.taken = signature.ok();
    if (!v.taken) v.detail = signature.state == SignatureState::none ? "it is not signed" : "signature: " + signature.reason;
  }
  return v;
}

std::vector<ArrivalVerdict> ReceivedStore::take(const std::vector<Arrival>& batch, TimePoint now) {
  std::vector<ArrivalVerdict> verdicts;
  for (const Arrival& a : batch) verdicts.push_back(judge(a, now));
  Transaction transaction(db_);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    ArrivalVerdict& v = verdicts[i];
    if (!v.taken) continue;
    db_.prepare("INSERT OR IGNORE INTO messages(identifier, came, heartbeat, xml) VALUES(?,?,?,?)")
        .bind(v.identifier, seconds_of(now), v.heartbeat ? 1 : 0, batch[i].xml)
        .run();
    v.fresh = db_.changes() > 0;
    if (!v.fresh && xml(v.identifier) != batch[i].xml) {  // an issued message is never edited: one of the two is not what was issued
      v.taken = false;
      v.detail = "other bytes are known under the identifier " + v.identifier;
      continue;
    }
    db_.prepare("INSERT INTO keys VALUES(?,?,?,1) ON CONFLICT(key) DO UPDATE SET times = times + 1").bind(v.key, v.identifier, seconds_of(now)).run();
  }
  transaction.commit();
  return verdicts;
}

std::int64_t ReceivedStore::messages() {
  Statement s = db_.prepare("SELECT count(*) FROM messages");
  s.step();
  return s.integer(0);
}
std::int64_t ReceivedStore::duplicates() {
  Statement s = db_.prepare("SELECT coalesce(sum(times - 1), 0) FROM keys");
  s.step();
  return s.integer(0);
}
std::string ReceivedStore::xml(const std::string& identifier) {
  Statement s = db_.prepare("SELECT xml FROM messages WHERE identifier = ?");
  s.bind(identifier);
  return s.step() ? s.text(0) : std::string();
}
std::vector<std::string> ReceivedStore::identifiers() {
  std::vector<std::string> found;
  Statement s = db_.prepare("SELECT identifier FROM messages ORDER BY seq");
  while (s.step()) found.push_back(s.text(0));
  return found;
}
std::optional<TimePoint> ReceivedStore::last_heartbeat() {
  Statement s = db_.prepare("SELECT max(came) FROM messages WHERE heartbeat = 1");
  if (!s.step() || s.null(0)) return {};
  return TimePoint{Seconds{s.integer(0)}};
}

}  // namespace guyu
