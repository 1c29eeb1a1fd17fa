#include "alerts/store/schema.h"

#include <fmt/format.h>

#include <array>

#include "engine/core/error.h"

namespace guyu {
namespace {
constexpr std::int64_t kApplication = 0x47755975;  // "GuYu"

// One entry per version; an entry is never changed once released. Times are seconds since 1970, UTC.
constexpr std::array<const char*, kStoreVersion> kSteps{R"sql(
  -- The book's state, one row.
  CREATE TABLE book(id INTEGER PRIMARY KEY CHECK (id = 1), state TEXT NOT NULL);
  -- What was taken from the inbox, with what was answered: an item is never done twice.
  CREATE TABLE items(name TEXT PRIMARY KEY, kind TEXT NOT NULL, done_at INTEGER NOT NULL, answer TEXT NOT NULL) WITHOUT ROWID;
  -- One row per cycle that was decided on: what stood behind it.
  CREATE TABLE cycles(seq INTEGER PRIMARY KEY, item TEXT NOT NULL UNIQUE, issue INTEGER NOT NULL, done_at INTEGER NOT NULL, evidence TEXT NOT NULL);
  CREATE INDEX cycles_issue ON cycles(issue);
  -- Events as they stand.
  CREATE TABLE alerts(event TEXT PRIMARY KEY, hazard TEXT NOT NULL, level INTEGER NOT NULL, state TEXT NOT NULL, onset INTEGER NOT NULL, expires INTEGER NOT NULL,
                      regions TEXT NOT NULL, updated INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX alerts_state ON alerts(state);
  -- What was decided about an event and why.
  CREATE TABLE decisions(seq INTEGER PRIMARY KEY, item TEXT NOT NULL, at INTEGER NOT NULL, event TEXT NOT NULL, action TEXT NOT NULL, reason TEXT NOT NULL,
                         detail TEXT NOT NULL, level INTEGER NOT NULL, previous INTEGER NOT NULL, identifier TEXT NOT NULL, members TEXT NOT NULL);
  CREATE INDEX decisions_event ON decisions(event);
  -- Messages, exact bytes. state: proposed, approved, rejected, withdrawn.
  CREATE TABLE messages(seq INTEGER PRIMARY KEY, identifier TEXT NOT NULL, revision INTEGER NOT NULL, event TEXT NOT NULL, hazard TEXT NOT NULL,
                        msg_type TEXT NOT NULL, reason TEXT NOT NULL, level INTEGER NOT NULL, status TEXT NOT NULL, sent INTEGER NOT NULL, expires INTEGER NOT NULL,
                        state TEXT NOT NULL, author TEXT NOT NULL, approver TEXT, content TEXT NOT NULL, xml BLOB NOT NULL, sha256 TEXT NOT NULL,
                        UNIQUE(identifier, revision));
  CREATE INDEX messages_event ON messages(event);
  CREATE INDEX messages_state ON messages(state);
  -- One row per message, channel and target.
  CREATE TABLE outbox(seq INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, message INTEGER NOT NULL REFERENCES messages(seq), event TEXT NOT NULL, channel TEXT NOT NULL,
                      target TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, queued_at INTEGER NOT NULL, next_attempt INTEGER NOT NULL,
                      changed_at INTEGER NOT NULL, detail TEXT NOT NULL DEFAULT '');
  CREATE INDEX outbox_state ON outbox(state);
  CREATE INDEX outbox_message ON outbox(message);
  CREATE INDEX outbox_event ON outbox(event, channel, target);
  CREATE TABLE receipts(seq INTEGER PRIMARY KEY, key TEXT NOT NULL, at INTEGER NOT NULL, sender TEXT NOT NULL, taken INTEGER NOT NULL, detail TEXT NOT NULL,
                        came_at INTEGER NOT NULL);
  CREATE INDEX receipts_key ON receipts(key);
  CREATE TABLE alarms(name TEXT PRIMARY KEY, since INTEGER NOT NULL, cleared INTEGER, detail TEXT NOT NULL) WITHOUT ROWID;
  -- Each row's hash covers the row before.
  CREATE TABLE audit(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL, hash TEXT NOT NULL);
)sql",
                                                        R"sql(
  -- What is under way in a lane, however long its past is: heartbeats never end.
  CREATE INDEX outbox_open ON outbox(event, channel, target) WHERE state IN ('queued', 'accepted');
)sql",
                                                        R"sql(
  -- The book's state but for its head, which stays in book, in parts: a cycle writes those that it changed. What an older program left in book is whole, and parted
  -- by the next cycle.
  CREATE TABLE book_parts(part INTEGER PRIMARY KEY, state TEXT NOT NULL);
)sql",
                                                        R"sql(
  -- Since when a delivery is a dead letter that nobody has seen to; NULL: it is none. Those of older versions are the ones that their alarm still stands for.
  ALTER TABLE outbox ADD COLUMN dead_since INTEGER;
  UPDATE outbox SET dead_since = changed_at WHERE (state = 'refused' OR (state = 'expired' AND detail = 'its message ran out before it could be sent'
                                                                           AND event != 'heartbeat' AND key NOT LIKE '%|repeat-%'))
         AND EXISTS (SELECT 1 FROM alarms WHERE name = 'dead_letter.' || outbox.channel AND cleared IS NULL);
  CREATE INDEX outbox_dead ON outbox(channel) WHERE dead_since IS NOT NULL;
  -- What is forgotten is found without reading everything else.
  CREATE INDEX messages_expires ON messages(expires);
  CREATE INDEX decisions_at ON decisions(at);
  CREATE INDEX decisions_item ON decisions(item);
)sql"};

std::int64_t pragma(Database& db, const char* name) {
  Statement s = db.prepare(fmt::format("PRAGMA {}", name));
  s.step();
  return s.integer(0);
}
}  // namespace

int store_version(Database& db) {
  const std::int64_t application = pragma(db, "application_id"), version = pragma(db, "user_version");
  if (application == 0 && version == 0) {
    Statement tables = db.prepare("SELECT count(*) FROM sqlite_master");
    tables.step();
    if (tables.integer(0) == 0) return 0;
  }
  if (application != kApplication) throw Error(db.path(), "is not an alert store", "name another file or folder");
  return static_cast<int>(version);
}

void migrate(Database& db) {
  Transaction transaction(db);
  const int version = store_version(db);
  if (version > kStoreVersion)
    throw Error(db.path(), fmt::format("is of version {}, this program knows up to {}", version, kStoreVersion),
                "use the program that wrote it, or a newer one");
  if (version == kStoreVersion) return;
  for (int v = version; v < kStoreVersion; ++v) db.execute(kSteps[static_cast<std::size_t>(v)]);
  db.execute(fmt::format("PRAGMA application_id={}", kApplication));
  db.execute(fmt::format("PRAGMA user_version={}", kStoreVersion));
  transaction.commit();
}

}  // namespace guyu
